/* SPDX-License-Identifier: Apache-2.0 */
/*
 * out_elasticsearch_slot.c - see out_elasticsearch_slot.h.
 *
 *	batch   |#### done ####|------ sent ------|          |
 *	        0              at                 at + sent  count
 */
#include "plugins/out_elasticsearch_slot.h"
#include "base/log.h"
#include "base/str.h"
#include "plugins/out_elasticsearch_bulk.h"

#include <stdlib.h>

#define MAX_BODY	((size_t)96 << 20)	/* a server takes 100 MB */
#define MAX_REPLY	((size_t)32 << 20)
#define KEEP_BODY	((size_t)8 << 20)	/* of memory, between batches */
#define MIN_BYTES	((size_t)16 << 10)
#define CUTS		3	/* so often cut off: the request may be too large */

struct es_slot {
	struct es_talk		 talk;		/* first */
	struct es_writer	*writer;
	struct batch		*batch;
	struct es_outcome	*outcome;
	size_t			 at, sent, most;
	unsigned		 cuts;
	char			*uuid;		/* of the index this went to */
	struct buf		 body;
};

static flow_step_fn slot_send, slot_sent, slot_check, slot_checked, slot_finish;

static struct es_slot *
slot_of(struct flow *f)
{
	return (struct es_slot *)f;
}

/* Until the index is ready; but when we stop, nobody can say what is stored. */
static enum flow_next
slot_wait(struct es_slot *s, flow_step_fn *step, const char *name)
{
	if (!s->writer->stopping)
		return flow_park(&s->talk.flow, step, name);
	s->at = 0;
	return flow_then(&s->talk.flow, STEP(slot_finish));
}

/* One more document into the body; what cannot be sent is refused here. */
static void
slot_add(struct es_slot *s, size_t i)
{
	const char *reason;

	if (es_bulk_add(&s->body, batch_doc(s->batch, i), &reason))
		s->sent++;
	else if (s->sent == 0) {
		es_outcome_set(&s->outcome[i], OUTCOME_REFUSED, reason);
		s->at++;
	}
}

/* From ->at on, as much as goes into one request. */
static void
slot_fill(struct es_slot *s)
{
	size_t count = batch_count(s->batch), before;

	buf_clear(&s->body);
	s->sent = 0;
	while (s->at + s->sent < count && s->sent < s->most &&
	    (s->sent == 0 || s->body.len < s->writer->max_bytes)) {
		before = s->at + s->sent;
		slot_add(s, before);
		if (s->at + s->sent == before)
			break;			/* it begins the next request */
	}
}

static enum flow_next
slot_send(struct flow *f)
{
	struct es_slot *s = slot_of(f);
	struct es_writer *w = s->writer;

	if (!es_index_ready(w->index))
		return slot_wait(s, STEP(slot_send));
	if (!str_eq(s->uuid, es_index_uuid(w->index))) {
		str_set(&s->uuid, es_index_uuid(w->index));
		s->at = 0;		/* what was stored is gone with its index */
	}
	if (s->at < batch_count(s->batch))
		slot_fill(s);
	if (s->at == batch_count(s->batch))
		return flow_then(f, STEP(slot_check));
	return es_ask(&s->talk, &(struct es_request){ .method = "POST",
	    .path = w->bulk_path, .body = s->body.data, .body_len = s->body.len,
	    .lines = true, .max_reply = MAX_REPLY }, STEP(slot_sent));
}

static enum flow_next
slot_refuse_one(struct es_slot *s, const char *reason)
{
	es_outcome_set(&s->outcome[s->at], OUTCOME_REFUSED, reason);
	s->at++;
	return flow_then(&s->talk.flow, STEP(slot_send));
}

/* Less at a time until some is taken; false if it was one document already. */
static bool
slot_halve(struct es_slot *s)
{
	if (s->sent <= 1)
		return false;
	s->most = s->sent / 2;
	return true;
}

/* 413: what is too large today is too large tomorrow. */
static enum flow_next
slot_too_large(struct es_slot *s)
{
	size_t half = s->body.len / 2;

	if (!slot_halve(s))
		return slot_refuse_one(s, "413: too large alone");
	if (half < s->writer->max_bytes && half >= MIN_BYTES)
		s->writer->max_bytes = half;
	return flow_then(&s->talk.flow, STEP(slot_send));
}

static enum flow_next
slot_doubt(struct es_slot *s, enum es_doubt doubt, const char *why)
{
	es_index_doubt(s->writer->index, doubt, "%s", why);
	return flow_then(&s->talk.flow, STEP(slot_send));
}

/*
 * Those that go again are not forgotten by the operator; others: all is fine. Here
 * all of it goes again only where it is one document, which may be odd by itself:
 * it stops no other, but a closed index or a missing pipeline is seen.
 */
static void
slot_tell_again(struct es_slot *s, const struct es_outcome *o)
{
	const char *first = NULL;
	size_t again = 0;
	char *why;

	for (size_t i = 0; i < s->sent; i++)
		if (o[i].outcome == OUTCOME_AGAIN) {
			first = first != NULL ? first : o[i].reason;
			again++;
		}
	if (again > 0)
		log_warn("%s: %zu of %zu documents go again reason=%.300s",
		    s->writer->name, again, s->sent, str_or(first, "?"));
	if (again < s->sent) {
		es_index_fine(s->writer->index);
		return;
	}
	why = xasprintf("nothing is taken: %.600s", str_or(first, "?"));
	es_index_worry(s->writer->index, why);
	free(why);
}

/* A reply with a verdict on each document. */
static enum flow_next
slot_items(struct es_slot *s)
{
	struct es_outcome *o = s->outcome + s->at;

	s->cuts = 0;
	for (size_t i = 0; i < s->sent; i++)
		o[i].id = batch_doc(s->batch, s->at + i)->id;
	if (!es_bulk_outcomes(s->talk.answer, o, s->sent))
		return slot_doubt(s, ES_DOUBT_PASSING,
		    "the reply to a bulk request is none: sent again");
	if (es_bulk_all_refused(o, s->sent)) {
		char *why = xasprintf("nothing is taken: %.600s", str_or(o->reason, "?"));
		enum flow_next next = slot_doubt(s, o->status == 403 ||
		    o->status == 400 ? ES_DOUBT_PERSON : ES_DOUBT_PASSING, why);

		free(why);
		return next;
	}
	slot_tell_again(s, o);
	s->at += s->sent;
	s->most = s->most < batch_count(s->batch) / 2 ? s->most * 2 :
	    batch_count(s->batch);
	return flow_then(&s->talk.flow, STEP(slot_send));
}

/*
 * The request as a whole was refused. One document can be the cause (an action
 * that does not validate), so it is searched for by halves; other reasons are not
 * its own, and it waits.
 */
static enum flow_next
slot_bad(struct es_slot *s)
{
	const char *type = es_error_type(json_get(s->talk.answer, "error"));

	if (s->talk.status != 400)
		return slot_doubt(s, ES_DOUBT_PERSON, s->talk.why);
	if (slot_halve(s))
		return flow_then(&s->talk.flow, STEP(slot_send));
	if (str_eq(type, "action_request_validation_exception"))
		return slot_refuse_one(s, s->talk.why);
	return slot_doubt(s, ES_DOUBT_PERSON, s->talk.why);
}

/* There may be room for less. The words are those of items that are refused so. */
static enum flow_next
slot_busy(struct es_slot *s)
{
	const struct json *error = json_get(s->talk.answer, "error");
	const char *type = str_or(es_error_type(error), "too busy");
	const char *reason = es_error_reason(error);

	slot_halve(s);
	es_index_doubt(s->writer->index, ES_DOUBT_PASSING, "nothing is taken: 429 "
	    "%.100s%s%.300s", type, reason[0] != '\0' ? ": " : "", reason);
	return flow_then(&s->talk.flow, STEP(slot_send));
}

static enum flow_next
slot_sent(struct flow *f)
{
	struct es_slot *s = slot_of(f);

	switch (s->talk.verdict) {
	case ES_OK:
		return slot_items(s);
	case ES_TOO_LARGE:
		return slot_too_large(s);
	case ES_BAD:
		return slot_bad(s);
	case ES_DOWN:
		/* Some refuse what is too large by hanging up. */
		if (s->talk.cut && ++s->cuts >= CUTS) {
			s->cuts = 0;
			slot_halve(s);
		}
		break;
	case ES_GARBAGE:
		/* Each reason may be long; of fewer documents they are fewer. */
		if (f->reply.failure == HTTP_TOO_LARGE)
			slot_halve(s);
		break;
	case ES_BUSY:
		return slot_busy(s);
	case ES_DENIED:
	case ES_MISSING:
		break;
	}
	return slot_doubt(s, es_doubt_of(s->talk.verdict), s->talk.why);
}

/* All of it has an outcome. Did it go where we think? */
static enum flow_next
slot_check(struct flow *f)
{
	struct es_slot *s = slot_of(f);
	struct es_writer *w = s->writer;

	if (!es_index_ready(w->index))
		return slot_wait(s, STEP(slot_check));
	if (!str_eq(s->uuid, es_index_uuid(w->index)))
		return flow_then(f, STEP(slot_send));
	return es_ask(&s->talk, &(struct es_request){
	    .path = es_index_uuid_path(w->index) }, STEP(slot_checked));
}

static enum flow_next
slot_checked(struct flow *f)
{
	struct es_slot *s = slot_of(f);
	const char *uuid = es_index_uuid_of(s->talk.answer);

	if (s->talk.verdict == ES_OK && str_eq(uuid, s->uuid))
		return flow_then(f, STEP(slot_finish));
	if (s->talk.verdict == ES_OK || s->talk.verdict == ES_MISSING)
		es_index_doubt(s->writer->index, ES_DOUBT_NOW,
		    "the index was deleted or replaced while documents went into it");
	else
		es_index_doubt(s->writer->index, es_doubt_of(s->talk.verdict), "%s",
		    s->talk.why);
	return flow_then(f, STEP(slot_check));
}

static enum flow_next
slot_finish(struct flow *f)
{
	struct es_slot *s = slot_of(f);

	for (size_t i = 0; i < s->at; i++)
		batch_outcome(s->batch, i, s->outcome[i].outcome, s->outcome[i].reason);
	return flow_end(f);
}

/* Gives the batch back; what has no outcome yet goes again. */
static void
slot_ended(struct flow *f)
{
	struct es_slot *s = slot_of(f);
	struct batch *b = s->batch;

	for (size_t i = 0; i < batch_count(b); i++)
		free(s->outcome[i].reason);
	free(s->outcome);
	s->outcome = NULL;
	s->batch = NULL;
	if (s->body.cap > KEEP_BODY)
		buf_fini(&s->body);
	batch_done(b);
	s->writer->emptied(s->writer->arg);
}

struct es_slot *
es_slot_new(struct es_writer *w)
{
	struct es_slot *s = xcalloc(1, sizeof(*s));

	es_talk_init(&s->talk, w->es, "es.slot", slot_ended);
	s->writer = w;
	s->body = BUF(MAX_BODY);
	return s;
}

void
es_slot_free(struct es_slot *s)
{
	if (s == NULL)
		return;
	es_talk_fini(&s->talk);
	for (size_t i = 0; s->batch != NULL && i < batch_count(s->batch); i++)
		free(s->outcome[i].reason);
	free(s->outcome);
	free(s->uuid);
	buf_fini(&s->body);
	free(s);
}

bool
es_slot_busy(const struct es_slot *s)
{
	return s->batch != NULL;
}

void
es_slot_write(struct es_slot *s, struct batch *b)
{
	s->batch = b;
	s->outcome = xcalloc(batch_count(b), sizeof(*s->outcome));
	for (size_t i = 0; i < batch_count(b); i++)
		s->outcome[i].outcome = OUTCOME_AGAIN;
	s->at = 0;
	s->most = batch_count(b);
	s->cuts = 0;
	str_set(&s->uuid, es_index_uuid(s->writer->index));
	flow_start(&s->talk.flow, STEP(slot_send));
}

void
es_slot_wake(struct es_slot *s)
{
	if (s->batch != NULL)
		flow_wake(&s->talk.flow);
}

void
es_slot_give_back(struct es_slot *s)
{
	if (s->batch == NULL)
		return;
	flow_cancel(&s->talk.flow);
	slot_ended(&s->talk.flow);
}
