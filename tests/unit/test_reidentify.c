/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is stored goes through filters again: read twice, in pages, from stores that
 * cannot be asked at once; written where it differs, moved, deleted, refused; stopped
 * on the way, and begun again.
 */
#define FAKE_OUTPUTS	&fake_output, &shelf_output
#define FAKE_FILTERS	&fake_filter, &who_filter

#include "core/plugin.h"
#include "tap.h"

extern const struct output shelf_output;
extern const struct filter who_filter;

#include "fake.h"

#define MAX_PAGE	2

static struct fake_run run;
static struct docs shelf;		/* what the store holds */
static unsigned fails, pages, writes, stop_at;
static unsigned learned, applied, unlearned;

static size_t
place_of(const char *id)
{
	size_t i;

	for (i = 0; i < shelf.count; i++)
		if (str_eq(shelf.doc[i]->id, id))
			break;
	return i;
}

static int
by_id(const void *a, const void *b)
{
	return strcmp((*(struct doc *const *)a)->id, (*(struct doc *const *)b)->id);
}

static void
shelf_page(void *self, const char *after, size_t max, found_fn *found, void *arg)
{
	struct docs docs = { 0 };

	UNUSED(self);
	UNUSED(max);
	pages++;
	if (fails > 0) {
		fails--;
		found(arg, &docs, true);
		return;
	}
	if (stop_at != 0 && pages == stop_at)
		pipeline_stop(run.pipeline);
	if (shelf.count > 0)
		qsort(shelf.doc, shelf.count, sizeof(*shelf.doc), by_id);
	for (size_t i = 0; i < shelf.count && docs.count < MAX_PAGE; i++)
		if (strcmp(shelf.doc[i]->id, after) > 0)
			docs_add(&docs, doc_copy(shelf.doc[i]));
	found(arg, &docs, false);
}

static void
put(const struct doc *d)
{
	size_t at = place_of(d->id);

	if (at < shelf.count) {
		doc_free(shelf.doc[at]);
		shelf.doc[at] = shelf.doc[--shelf.count];
	}
	if (d->body != NULL)
		docs_add(&shelf, doc_copy(d));
}

static void
shelf_write(void *self, struct batch *b)
{
	UNUSED(self);
	for (size_t i = 0; i < batch_count(b); i++) {
		const struct doc *d = batch_doc(b, i);
		bool bad = str_starts(d->id, "bad");

		writes++;
		if (!bad)
			put(d);
		batch_outcome(b, i, bad ? OUTCOME_REFUSED : OUTCOME_STORED,
		    bad ? "a fault" : NULL);
	}
	batch_done(b);
}

const struct output shelf_output = {
	.plugin = { "shelf", "Holds documents.", fake_rows, sizeof(struct fake_conf) },
	.open = fake_out_open, .start = fake_out_start, .write = shelf_write,
	.stop = fake_stop, .close = fake_close, .identity = fake_identity,
	.page = shelf_page,
};

static void
who_learn(void *self, struct doc *d)
{
	UNUSED(self);
	UNUSED(d);
	learned++;
	unlearned += applied > 0;
}

static enum filter_verdict
who_apply(void *self, struct doc *d)
{
	UNUSED(self);
	applied++;
	if (str_starts(d->id, "drop"))
		return FILTER_DROP;
	if (str_starts(d->id, "move")) {
		char *id = xasprintf("a%s", d->id);

		doc_str(d, "event.id", id);
		free(d->id);
		d->id = id;
	} else if (!str_starts(d->id, "same"))
		doc_str(d, "name", "new");
	return FILTER_KEEP;
}

const struct filter who_filter = {
	.plugin = { "who", "Concludes.", fake_rows, sizeof(struct fake_conf) },
	.open = fake_in_open, .apply = who_apply, .close = fake_close,
	.learn = who_learn,
};

static void
fill(const char *const *ids)
{
	docs_fini(&shelf);
	for (; *ids != NULL; ids++) {
		struct doc *d = doc_new(*ids, "commit", 0);

		doc_set_version(d, true, 7);
		docs_add(&shelf, d);
	}
}

/* "id id*", * where it was written with the new name. */
static const char *
shelved(void)
{
	static struct buf text;

	text.max = 4096;
	buf_clear(&text);
	if (shelf.count > 0)
		qsort(shelf.doc, shelf.count, sizeof(*shelf.doc), by_id);
	for (size_t i = 0; i < shelf.count; i++)
		buf_printf(&text, "%s%s%s", i > 0 ? " " : "", shelf.doc[i]->id,
		    json_str(shelf.doc[i]->body, "name") != NULL ? "*" : "");
	return buf_str(&text);
}

static struct reidentify_count
play(const char *text, int status, const char *what)
{
	struct reidentify_count c;

	pages = writes = learned = applied = unlearned = 0;
	if (!fake_open(&run, NULL, RUN_REIDENTIFY, text))
		die("%s%s", buf_str(&run.said), run.err.text);
	pipeline_start(run.pipeline);
	loop_run(run.loop);
	is_int(run.status, status, what);
	c = pipeline_reidentified(run.pipeline);
	fake_fini(&run);
	return c;
}

#define TEXT	"input { gen { } } filter { who { } sieve { } } output { shelf { } }"

static void
test_all(void)
{
	static const char *const ids[] = { "a", "b", "drop1", "move1", "same1", "same2",
	    "z", NULL };
	struct reidentify_count c;

	fill(ids);
	fails = 1;
	c = play(TEXT, 0, "all of it");
	is_str(shelved(), "a* amove1 b* same1 same2 z*", "as the filter says");
	is_int(c.learned, 7, "learned first");
	is_int(unlearned, 0, "all before anything is applied");
	is_int(c.changed, 4, "what differs");
	is_int(c.dropped, 1, "what is dropped");
	is_int(writes, 6, "nothing else is written");
	is_int(shelf.doc[0]->version, ((int64_t)1 << 48) + 7, "versions are kept");
	ok(fake_in != NULL, "no input was opened, filters were");
	c = play(TEXT, 0, "once more");
	is_int(c.changed, 1, "what gets a name only now");
	c = play(TEXT, 0, "and again");
	is_int(c.changed + c.dropped, 0, "nothing is left to do");
	is_int(writes, 0, "nor written");
	fill((const char *const[]){ NULL });
	c = play(TEXT, 0, "an empty store");
	is_int(c.read, 0, "has nothing");
}

static void
test_refused(void)
{
	static const char *const ids[] = { "a", "bad1", "c", NULL };
	struct reidentify_count c;

	fill(ids);
	c = play(TEXT, 1, "one is refused");
	is_int(c.refused, 1, "and counted");
	is_str(shelved(), "a* bad1 c*", "the others are stored");
}

/* Three pages and an empty one, twice. */
static void
test_stopped(void)
{
	static const char *const ids[] = { "a", "b", "c", "d", "e", NULL };

	for (stop_at = 1; stop_at < 8; stop_at++) {
		fill(ids);
		play(TEXT, 75, "stopped at a page");
	}
	stop_at = 0;
	play(TEXT, 0, "begun again");
	is_str(shelved(), "a* b* c* d* e*", "all is done");
	is_int(applied, 5, "each was looked at");
}

static void
test_nothing(void)
{
	play("input { gen { } } output { keep { } }", 0, "an output without pages");
	is_int(pages, 0, "is not read");
}

int
main(void)
{
	test_all();
	test_refused();
	test_stopped();
	test_nothing();
	docs_fini(&shelf);
	return done();
}
