/* SPDX-License-Identifier: Apache-2.0 */
/*
 * status.c - hubstash status: the people first, then the work: how far it is, what
 * is missing and why, what is wrong. All of it is gathered into one JSON object,
 * which is printed as it is or as text.
 */
#include "base/clock.h"
#include "base/str.h"
#include "cmd/cmd.h"
#include "cmd/reader.h"
#include "cmd/status_text.h"
#include "data/json.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DAYS		30
#define PEOPLE		50

static void
set_time(struct json *o, const char *path, int64_t ms)
{
	char text[CLOCK_TEXT];

	if (ms > 0)
		json_set_str(o, path, clock_iso(ms, text));
}

static void
on_people(void *arg, const struct store_people *people, const struct err *err)
{
	struct json *o = arg, *list = json_new_array();

	UNUSED(err);
	for (size_t i = 0; i < people->count; i++) {
		const struct store_person *p = &people->person[i];
		struct json *row = json_new_object();

		json_set_str(row, "person", p->name);
		json_set_str(row, "person_id", p->id);
		json_set_int(row, "activity", p->activity);
		json_set_int(row, "commits", p->commits);
		json_set_int(row, "pull_requests", p->pulls);
		json_set_int(row, "merged", p->merged);
		json_set_int(row, "reviews", p->reviews);
		set_time(row, "last_active", p->last_ms);
		json_push(list, row);
	}
	json_set(o, "people", list);
	json_set_int(o, "people_count", people->people);
	json_set_int(o, "documents", people->documents);
}

/* "org.sim-works.feed" is "org sim-works feed": dots make objects. */
static void
set_note(struct json *notes, const char *key, const char *value)
{
	char *name = xstrdup(key);

	for (char *p = name; *p != '\0'; p++)
		if (*p == '.')
			*p = ' ';
	if (*value != '\0')
		json_set(notes, name, json_new_string(value));
	free(name);
}

static void
on_note(void *arg, const char *key, const char *value)
{
	struct json *o = arg, *row;
	int64_t since_ms = 0;
	int n = 0;

	if (!str_starts(key, "trouble:")) {
		set_note(json_get(o, "notes"), key, value);
		return;
	}
	if (sscanf(value, "%" SCNd64 " %n", &since_ms, &n) < 1)
		n = 0;
	row = json_new_object();
	json_set_str(row, "instance", key + strlen("trouble:"));
	set_time(row, "since", since_ms);
	json_set_str(row, "text", value + n);
	json_push(json_get(o, "troubles"), row);
}

/* Names of repositories by id, for rows that only know the id. */
static void
on_repo(void *arg, const struct repo_row *r)
{
	static const char *const states[] = { "followed", "skipped", "parked", "left",
	    "gone" };
	struct json *o = arg, *row;
	char key[32];
	int64_t n = 0;

	snprintf(key, sizeof(key), "%" PRId64, r->id);
	json_set_str(json_get(o, "names"), key, r->name);
	json_int(json_get(o, "repositories"), states[r->state], &n);
	json_set_int(json_get(o, "repositories"), states[r->state], n + 1);
	if (r->state != REPO_PARKED)
		return;
	row = json_new_object();
	json_set_str(row, "repository", r->name);
	json_set_str(row, "reason", r->reason);
	json_push(json_get(o, "parked"), row);
}

static const char *
repo_name(const struct json *o, int64_t id)
{
	char key[32];

	snprintf(key, sizeof(key), "%" PRId64, id);
	return str_or(json_str(json_get(o, "names"), key), id == 0 ? "" : key);
}

static void
count(struct json *o, const char *name)
{
	int64_t n = 0;

	json_int(o, name, &n);
	json_set_int(o, name, n + 1);
}

static void
on_stream(void *arg, const struct stream_row *s)
{
	struct json *o = arg, *row;

	count(json_get(o, "streams"), "all");
	if (s->wanted > s->done)
		count(json_get(o, "streams"), "due");
	if (s->parked == NULL && s->fails == 0)
		return;
	row = json_new_object();
	json_set_str(row, "repository", repo_name(o, s->repo_id));
	json_set_str(row, "kind", stream_kind_name(s->kind));
	json_set_int(row, "failures", s->fails);
	json_set_str(row, "reason", str_or(s->parked, "it is tried again"));
	json_push(json_get(o, "parked"), row);
}

static void
on_gap(void *arg, const struct gap_row *g)
{
	struct json *o = arg, *row = json_new_object();

	json_set_str(row, "repository", repo_name(o, g->repo_id));
	json_set_str(row, "organization", g->org);
	json_set_str(row, "kind", stream_kind_name(g->kind));
	json_set_str(row, "cause", g->cause);
	set_time(row, "from", g->from_ms);
	set_time(row, "to", g->to_ms);
	json_set_str(row, "keys", g->keys);
	json_set_int(row, "read", g->read);
	json_set_str(row, "parked", g->parked);
	json_push(json_get(o, "gaps"), row);
}

static void
on_coverage(void *arg, const struct stream_row *s)
{
	struct json *o = arg, *row = json_new_object();

	json_set_str(row, "repository", repo_name(o, s->repo_id));
	json_set_str(row, "kind", stream_kind_name(s->kind));
	set_time(row, "since", s->since_ms);
	set_time(row, "settled", s->settled_ms);
	json_push(json_get(o, "coverage"), row);
}

/* *status becomes 2 when the store is there and cannot be read. */
static struct json *
gather(struct reader *r, bool coverage, int *status)
{
	static const char *const objects[] = { "notes", "repositories", "streams",
	    "names" }, *const arrays[] = { "troubles", "parked", "gaps" };
	struct json *o = json_new_object();
	struct err e;

	json_set_int(o, "days", DAYS);
	if (!coverage && !reader_people(r, DAYS, PEOPLE, on_people, o, &e)) {
		json_set_str(o, "people_unknown", e.text);
		*status = e.kind == ERR_CONFIG ? cmd_fail(&e) : 0;
	}
	for (size_t i = 0; i < LEN(objects); i++)
		json_set(o, objects[i], json_new_object());
	for (size_t i = 0; i < LEN(arrays); i++)
		json_set(o, arrays[i], json_new_array());
	state_repos(r->state, on_repo, o);
	state_streams(r->state, on_stream, o);
	if (coverage) {
		json_set(o, "coverage", json_new_array());
		state_streams(r->state, on_coverage, o);
	}
	state_gaps(r->state, on_gap, o);
	state_notes(r->state, on_note, o);
	json_set_int(o, "dead_letters", state_dead_count(r->state));
	json_set_int(o, "outbox", state_outbox_count(r->state));
	json_del(o, "names");
	return o;
}

int
cmd_status(struct args *a)
{
	struct buf out = BUF(256u << 20);
	struct reader r = { 0 };
	struct err e;
	char *dir = cmd_data_dir(a, &e);
	struct json *o;
	int status = 0;

	if (dir == NULL || !reader_open(&r, dir, &e)) {
		status = cmd_fail(&e);
		goto out;
	}
	o = gather(&r, a->coverage, &status);
	if (!state_commit(r.state, &e)) {	/* what was read is not all */
		err_at(&e, "%s", dir);
		json_free(o);
		status = cmd_fail(&e);
		goto out;
	}
	if (a->json)
		json_pretty(o, &out);
	else
		status_text(o, &out);
	json_free(o);
	buf_puts(&out, a->json ? "\n" : "");
	fwrite(buf_str(&out), 1, out.len, stdout);
out:
	reader_close(&r);
	buf_fini(&out);
	free(dir);
	return status;
}
