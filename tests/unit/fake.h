/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fake.h - plugins of the pipeline's tests. An input that emits what the test
 * asks, and outputs that do to each document what its script says: a letter a
 * try, s stored, a again, r refused, the last one for ever; "-" keeps the batch, k
 * is the end of the process.
 */
#ifndef UNIT_FAKE_H
#define UNIT_FAKE_H

#include "base/buf.h"
#include "base/str.h"
#include "conf/conf.h"
#include "core/batch.h"
#include "core/pipeline.h"
#include "core/plugin.h"
#include "io/loop.h"
#include "state/state.h"

#include <signal.h>
#include <stdlib.h>

struct fake_conf {
	char		*script, *identity, *flagged;
};

struct fake {				/* inputs and outputs alike */
	struct instance	*host;
	const struct fake_conf *conf;
	struct timer	*timer;		/* input: runs the test's step */
	struct batch	*kept;
	unsigned	 writes, asked, refills, stops;
	bool		 paused, known;
	struct buf	 got;		/* output: "id id\n", a batch a line */
};

/* Set by the test. */
static void (*fake_step)(struct fake *in);
static struct fake *fake_in, *fake_out[4];
static unsigned fake_outs;

static const struct option fake_rows[] = {
	{ .name = "script", .type = OPT_STRING, .fallback = "s",
	    .at = offsetof(struct fake_conf, script), .help = "What becomes of it." },
	{ .name = "identity", .type = OPT_STRING, .fallback = "fake",
	    .at = offsetof(struct fake_conf, identity),
	    .help = "Who it is; with a ? before it, known after a second, never: ?." },
	{ .name = "flagged", .type = OPT_STRING,
	    .at = offsetof(struct fake_conf, flagged), .help = "ID:VERSION, or fail." },
	OPT_END
};

__attribute__((unused)) static struct docs
fake_docs(const char *prefix, size_t n)
{
	struct docs docs = { 0 };

	for (size_t i = 0; i < n; i++) {
		char *id = xasprintf("%s%zu", prefix, i);
		struct doc *d = doc_new(id, "commit", 0);

		doc_set_version(d, true, 1);
		docs_add(&docs, d);
		free(id);
	}
	return docs;
}

static void
on_fake_timer(void *arg)
{
	if (fake_step != NULL)
		fake_step(arg);
}

static void
on_fake_known(void *arg)
{
	struct fake *f = arg;

	f->known = true;
	host_identified(f->host);
}

static struct fake *
fake_new(struct instance *host, const void *conf, timer_fn *on_timer)
{
	struct fake *f = xcalloc(1, sizeof(*f));

	*f = (struct fake){ .host = host, .conf = conf, .got = BUF(1u << 20) };
	f->timer = timer_new(host_loop(host), on_timer, f);
	return f;
}

static void *
fake_in_open(struct instance *host, const void *conf, struct err *e)
{
	UNUSED(e);
	return fake_in = fake_new(host, conf, on_fake_timer);
}

static void *
fake_out_open(struct instance *host, const void *conf, struct err *e)
{
	const struct fake_conf *c = conf;

	if (str_eq(c->script, "closed")) {
		err_set(e, ERR_REMOTE, 0, "it would not open");
		return NULL;
	}
	return fake_out[fake_outs++] = fake_new(host, conf, on_fake_known);
}

static void
fake_close(void *self)
{
	struct fake *f = self;

	timer_free(f->timer);
	buf_fini(&f->got);
	free(f);
}

static void
fake_in_start(void *self)
{
	struct fake *f = self;

	timer_set(f->timer, 0);
}

static void
fake_pause(void *self, bool on)
{
	struct fake *f = self;

	f->paused = on;
}

static void
fake_refill(void *self)
{
	struct fake *f = self;

	f->refills++;
}

static void
fake_stop(void *self)
{
	struct fake *f = self;

	f->stops++;
	host_stopped(f->host);
}

static void
fake_out_start(void *self)
{
	struct fake *f = self;

	f->known = f->conf->identity[0] != '?';
	if (f->known)
		host_identified(f->host);
	else if (f->conf->identity[1] != '\0')
		timer_set(f->timer, 1000);
}

static bool
fake_identity(void *self, char *text, size_t size)
{
	struct fake *f = self;

	return f->known && str_copy(text, size, f->conf->identity);
}

static void
fake_write(void *self, struct batch *b)
{
	struct fake *f = self;
	const char *script = f->conf->script;
	char what = script[f->writes < strlen(script) ? f->writes : strlen(script) - 1];

	f->writes++;
	if (what == 'k')
		raise(SIGKILL);
	for (size_t i = 0; i < batch_count(b); i++) {
		buf_printf(&f->got, "%s%s", i > 0 ? " " : "", batch_doc(b, i)->id);
		if (what != 'a')
			batch_outcome(b, i, what == 'r' ? OUTCOME_REFUSED :
			    OUTCOME_STORED, what == 'r' ? "bad field" : NULL);
	}
	buf_puts(&f->got, "\n");
	if (what == '-')
		f->kept = b;
	else
		batch_done(b);
}

/* flagged is "ID:VERSION"; with "!" in front the first question fails. */
static void
fake_flagged(void *self, int64_t repo_id, int64_t below, size_t max,
    void (*found)(void *arg, struct docs *docs, bool failed), void *arg)
{
	struct fake *f = self;
	const char *s = f->conf->flagged;
	struct docs docs = { 0 };
	struct doc *d;
	int64_t version = 0;
	char *id;

	UNUSED(repo_id);
	UNUSED(below);
	UNUSED(max);
	f->asked++;
	if (s != NULL && s[0] == '!' && f->asked == 1) {
		found(arg, &docs, true);
		return;
	}
	if (s != NULL) {
		s += s[0] == '!';
		id = xstrndup(s, strcspn(s, ":"));
		d = doc_new(id, "commit", 0);
		if (str_i64(strchr(s, ':') + 1, &version))
			d->version = version;
		doc_str(d, "from", host_name(f->host));
		docs_add(&docs, d);
		free(id);
	}
	found(arg, &docs, false);
}

static enum filter_verdict
fake_apply(void *self, struct doc *d)
{
	UNUSED(self);
	return str_starts(d->id, "drop") ? FILTER_DROP : FILTER_KEEP;
}

static const struct input fake_input = {
	.plugin = { "gen", "Emits.", fake_rows, sizeof(struct fake_conf) },
	.open = fake_in_open, .start = fake_in_start, .pause = fake_pause,
	.refill = fake_refill, .stop = fake_stop, .close = fake_close,
};
static const struct filter fake_filter = {
	.plugin = { "sieve", "Drops.", fake_rows, sizeof(struct fake_conf) },
	.open = fake_in_open, .apply = fake_apply, .close = fake_close,
};
static const struct output fake_output = {
	.plugin = { "keep", "Does as its script says.", fake_rows,
	    sizeof(struct fake_conf) },
	.open = fake_out_open, .start = fake_out_start, .write = fake_write,
	.stop = fake_stop, .close = fake_close, .identity = fake_identity,
	.flagged = fake_flagged,
};

const struct input *const inputs[] = { &fake_input, NULL };
#ifndef FAKE_FILTERS
#define FAKE_FILTERS	&fake_filter
#endif
const struct filter *const filters[] = { FAKE_FILTERS, NULL };
#ifndef FAKE_OUTPUTS		/* a test may add real ones */
#define FAKE_OUTPUTS	&fake_output
#endif
const struct output *const outputs[] = { FAKE_OUTPUTS, NULL };

/* One pipeline from its text to its end. */
struct fake_run {
	struct loop	*loop;
	struct state	*state;
	struct pipeline	*pipeline;
	struct err	 err;
	struct buf	 said;		/* diags */
	int		 status;	/* -1: has not ended */
};

static void
on_fake_ended(void *arg, int status)
{
	struct fake_run *r = arg;

	r->status = status;
	loop_stop(r->loop);
}

/* dir NULL: in memory. False: r->said or r->err. */
static bool
fake_open(struct fake_run *r, const char *dir, enum run_mode mode, const char *text)
{
	struct diags d = { 0 };
	struct conf *c;
	struct err e;

	*r = (struct fake_run){ .status = -1, .said = BUF(1u << 16) };
	fake_outs = 0;
	r->loop = loop_new(&e);
	r->state = state_open(dir, dir != NULL ? STATE_ENGINE : STATE_MEMORY, &r->err);
	if (r->loop == NULL || r->state == NULL)
		die("cannot begin: %s", r->err.text);
	c = conf_parse("t.conf", text, strlen(text), &d);
	r->pipeline = pipeline_new(&(struct pipeline_conf){ .loop = r->loop,
	    .state = r->state, .data_dir = dir, .mode = mode, .ended = on_fake_ended,
	    .arg = r }, conf_sections(c), &d, &r->err);
	conf_free(c);
	diags_text(&d, &r->said);
	diags_fini(&d);
	return r->pipeline != NULL;
}

static void
fake_fini(struct fake_run *r)
{
	pipeline_free(r->pipeline);
	state_close(r->state);
	loop_free(r->loop);
	buf_fini(&r->said);
	fake_step = NULL;
}

#endif
