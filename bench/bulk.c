/* SPDX-License-Identifier: Apache-2.0 */
/*
 * bulk.c - documents into a real Elasticsearch, two ways, for bulk.js to compare:
 *
 *	bulk floor URL INDEX FILE	bodies built before the clock starts, posted by
 *					a minimal libcurl loop over two connections
 *	bulk memory URL INDEX FILE	the same documents, from memory through a
 *					pipeline with the output elasticsearch
 *
 * The documents are those of FILE's events. Prints {"documents", "seconds",
 * "cpu"}: from the first request to the last reply,
 * or from the first document handed over to the last one settled; CPU of this
 * process in that time.
 */
#include "base/buf.h"
#include "base/clock.h"
#include "conf/conf.h"
#include "core/pipeline.h"
#include "github/event.h"
#include "github/people.h"
#include "io/file.h"
#include "io/loop.h"
#include "plugins/out_elasticsearch_bulk.h"
#include "state/state.h"

#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define BODY_BYTES	((size_t)5 << 20)
#define BODY_DOCS	5000		/* at most, as the output does */
#define CONNECTIONS	2
#define PAGE		500
#define LINE_MAX_BYTES	((size_t)64 << 20)

static struct docs docs;

static double
clock_s(clockid_t id)
{
	struct timespec t;

	clock_gettime(id, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static struct {
	double	wall, cpu;
} began;

static void
begin(void)
{
	began.wall = clock_s(CLOCK_MONOTONIC);
	began.cpu = clock_s(CLOCK_PROCESS_CPUTIME_ID);
}

static void
tell(size_t n)
{
	printf("{\"documents\":%zu,\"seconds\":%.3f,\"cpu\":%.3f}\n", n,
	    clock_s(CLOCK_MONOTONIC) - began.wall,
	    clock_s(CLOCK_PROCESS_CPUTIME_ID) - began.cpu);
}

static void
load(const char *path)
{
	struct people_rules *rules = people_rules_new();
	struct normal n = { .rules = rules, .now_ms = clock_wall_ms() };
	struct file_item item;
	enum file_got got;
	struct err e;
	struct file *f = file_open(path, LINE_MAX_BYTES, &e);

	while (f != NULL && (got = file_next(f, &item, &e)) != FILE_END) {
		struct hints hints = { 0 };
		struct json *j;

		if (got != FILE_ITEM)
			continue;
		j = json_parse(item.text, item.len, &e);
		if (j == NULL || !event_read(&n, j, EVENT_RECORDED, &docs, &hints, &e))
			die("%s: %s", path, e.text);
		hints_fini(&hints);
		json_free(j);
	}
	if (docs.count == 0)
		die("%s: no documents", path);
	file_close(f);
	people_rules_free(rules);
}

/* The floor. */

static struct {
	struct buf	*body;
	size_t		 n, next;
	char		*url;
	struct curl_slist *headers;
} posts;

static void
build(void)
{
	const char *why;
	unsigned in_body = BODY_DOCS;

	for (size_t i = 0; i < docs.count; i++) {
		const struct doc *d = docs.doc[i];
		struct buf *b = posts.n > 0 ? &posts.body[posts.n - 1] : NULL;

		if (in_body == BODY_DOCS || !es_bulk_add(b, d, &why)) {
			posts.body = xrealloc(posts.body, (posts.n + 1) * sizeof(*b));
			b = &posts.body[posts.n++];
			*b = BUF(BODY_BYTES);
			in_body = 0;
			if (!es_bulk_add(b, d, &why))
				die("%s: %s", d->id, why);
		}
		in_body++;
	}
}

static size_t
ignore(char *p, size_t size, size_t n, void *arg)
{
	UNUSED(p);
	UNUSED(arg);
	return size * n;
}

static bool
post(CURLM *multi, CURL *e)
{
	if (posts.next == posts.n)
		return false;
	curl_easy_setopt(e, CURLOPT_POSTFIELDSIZE_LARGE,
	    (curl_off_t)posts.body[posts.next].len);
	curl_easy_setopt(e, CURLOPT_POSTFIELDS, posts.body[posts.next++].data);
	curl_multi_add_handle(multi, e);
	return true;
}

static void
check_reply(CURL *e, CURLcode code)
{
	long status = 0;

	curl_easy_getinfo(e, CURLINFO_RESPONSE_CODE, &status);
	if (code != CURLE_OK || status != 200)
		die("a bulk failed: %s, status %ld", curl_easy_strerror(code), status);
}

static void
run_floor(void)
{
	CURLM *multi = curl_multi_init();
	CURL *easy[CONNECTIONS];
	int running = 0, left, in_flight = 0;
	CURLMsg *m;

	for (int i = 0; i < CONNECTIONS; i++) {
		easy[i] = curl_easy_init();
		curl_easy_setopt(easy[i], CURLOPT_URL, posts.url);
		curl_easy_setopt(easy[i], CURLOPT_HTTPHEADER, posts.headers);
		curl_easy_setopt(easy[i], CURLOPT_WRITEFUNCTION, ignore);
		in_flight += post(multi, easy[i]);
	}
	while (in_flight > 0) {
		curl_multi_perform(multi, &running);
		while ((m = curl_multi_info_read(multi, &left)) != NULL) {
			CURL *e = m->easy_handle;

			check_reply(e, m->data.result);
			curl_multi_remove_handle(multi, e);
			in_flight += post(multi, e) ? 0 : -1;
		}
		if (in_flight > 0)
			curl_multi_poll(multi, NULL, 0, 1000, NULL);
	}
	for (int i = 0; i < CONNECTIONS; i++)
		curl_easy_cleanup(easy[i]);
	curl_multi_cleanup(multi);
}

static int
bench_floor(const char *url, const char *index)
{
	size_t n = docs.count;

	build();
	docs_fini(&docs);
	posts.url = xasprintf("%s/%s/_bulk?" ES_BULK_QUERY, url, index);
	posts.headers = curl_slist_append(NULL, "Content-Type: application/x-ndjson");
	posts.headers = curl_slist_append(posts.headers, "Expect:");
	begin();
	run_floor();
	tell(n);
	for (size_t i = 0; i < posts.n; i++)
		buf_fini(&posts.body[i]);
	free(posts.body);
	free(posts.url);
	curl_slist_free_all(posts.headers);
	return 0;
}

/* From memory. */

struct page {
	struct origin	origin;		/* first */
};

static struct {
	struct instance	*host;
	struct timer	*turn;
	struct loop	*loop;
	struct page	*page;
	size_t		 n, next, pages, settled;
	bool		 paused;
	int		 status;
} memory;

static void
on_settled(struct origin *o)
{
	UNUSED(o);
	if (++memory.settled < memory.pages)
		return;
	tell(memory.n);
	host_finished(memory.host);
}

static void
on_turn(void *arg)
{
	struct docs some = { 0 };

	UNUSED(arg);
	for (unsigned i = 0; i < PAGE && memory.next < memory.n; i++)
		docs_add(&some, docs.doc[memory.next++]);
	host_emit(memory.host, &some,
	    &memory.page[(memory.next - 1) / PAGE].origin);
	if (memory.next < memory.n && !memory.paused)
		timer_set(memory.turn, 0);
}

static void *
in_open(struct instance *host, const void *conf, struct err *e)
{
	UNUSED(conf);
	UNUSED(e);
	memory.host = host;
	memory.turn = timer_new(host_loop(host), on_turn, NULL);
	return &memory;
}

static void
in_start(void *self)
{
	UNUSED(self);
	begin();
	timer_set(memory.turn, 0);
}

static void
in_pause(void *self, bool on)
{
	UNUSED(self);
	memory.paused = on;
	if (!on && memory.next < memory.n)
		timer_set(memory.turn, 0);
}

static void
in_stop(void *self)
{
	UNUSED(self);
	host_stopped(memory.host);
}

static void
in_close(void *self)
{
	UNUSED(self);
	timer_free(memory.turn);
}

static const struct option no_rows[] = { OPT_END };
static const struct input in_bench = {
	.plugin = { .name = "bench", .help = "Documents from memory.", .options = no_rows,
	    .conf_size = 1 },
	.open = in_open, .start = in_start, .pause = in_pause, .stop = in_stop,
	.close = in_close,
};
extern const struct output out_elasticsearch;

const struct input *const inputs[] = { &in_bench, NULL };
const struct filter *const filters[] = { NULL };
const struct output *const outputs[] = { &out_elasticsearch, NULL };

static void
on_ended(void *arg, int status)
{
	UNUSED(arg);
	memory.status = status;
	loop_stop(memory.loop);
}

static int
bench_memory(const char *url, const char *index)
{
	char *text = xasprintf("input { bench { } } output { elasticsearch { hosts => "
	    "[\"%s\"] index => \"%s\" } }", url, index);
	struct diags d = { 0 };
	struct conf *conf = conf_parse("bench", text, strlen(text), &d);
	struct pipeline *p = NULL;
	struct state *state;
	struct err e = { 0 };

	memory.n = docs.count;
	memory.pages = (memory.n + PAGE - 1) / PAGE;
	memory.page = xcalloc(memory.pages, sizeof(*memory.page));
	for (size_t i = 0; i < memory.pages; i++)
		memory.page[i].origin.settled = on_settled;
	memory.loop = loop_new(&e);
	state = state_open(NULL, STATE_MEMORY, &e);
	if (memory.loop != NULL && state != NULL)
		p = pipeline_new(&(struct pipeline_conf){ .loop = memory.loop,
		    .state = state, .mode = RUN_BACKFILL, .ended = on_ended },
		    conf_sections(conf), &d, &e);
	if (p == NULL)
		die("no pipeline: %s", e.text);
	pipeline_start(p);
	loop_run(memory.loop);
	pipeline_free(p);
	state_close(state);
	loop_free(memory.loop);
	conf_free(conf);
	diags_fini(&d);
	free(docs.doc);			/* the documents were handed over */
	free(memory.page);
	free(text);
	return memory.status;
}

int
main(int argc, char **argv)
{
	xmemory_init();
	if (argc != 5)
		die("usage: bulk floor|memory URL INDEX FILE");
	load(argv[4]);
	if (strcmp(argv[1], "floor") == 0)
		return bench_floor(argv[2], argv[3]);
	return bench_memory(argv[2], argv[3]);
}
