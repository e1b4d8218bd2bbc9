/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test_web.c - the web door over a real activity.db and a real state.db. With
 * the name of a directory it writes the pages there, to be looked at.
 */
#include "tap.h"

#include "activity.h"
#include "base/clock.h"
#include "base/str.h"
#include "core/metrics.h"
#include "core/pipeline.h"
#include "exposition.h"
#include "state/state.h"
#include "store/sqlite.h"
#include "store/store.h"
#include "talk.h"
#include "web/page.h"
#include "web/web.h"

#include <time.h>
#include <unistd.h>

#define GET(path)	"GET " path " HTTP/1.1\r\nHost: localhost\r\n\r\n"

static char dir[] = "/tmp/hubstash-web-XXXXXX";
static char path[128];
static struct loop *loop;
static struct state *state;
static struct web *web;

/* An answer, kept until the next; its body and status. */
static struct buf got;
static const char *body;

static int
get(const char *request)
{
	struct talk t;
	const char *end;

	talk_open(&t, loop, web_address(web));
	t.head = str_starts(request, "HEAD");
	talk_say(&t, request);
	talk_hear(&t, 1);
	buf_fini(&got);
	got = buf_take(&t.got);
	if (t.late)
		buf_clear(&got);
	talk_close(&t);
	end = strstr(buf_str(&got), "\r\n\r\n");
	body = end != NULL ? end + 4 : "";
	return str_starts(buf_str(&got), "HTTP/1.1 ") ?
	    (int)strtol(buf_str(&got) + 9, NULL, 10) : -1;
}

static bool
has(const char *text)
{
	return strstr(buf_str(&got), text) != NULL;
}

static void
open_web(const struct web_conf *conf)
{
	struct web_conf c = *conf;
	struct err e = { 0 };

	c.listen = str_or(c.listen, "127.0.0.1:0");
	c.state = state;
	web = web_start(loop, &c, &e);
	if (web == NULL)
		printf("# %s\n", e.text);
}

/* Activity so that some of it is in each period; some is ahead of our clock. */
static void
fill(unsigned n)
{
	struct err e = { 0 };
	struct sqlite_store *s = sqlite_open(path, &e);
	int64_t shift = clock_wall_ms() - ACTIVITY_START - 199 * ACTIVITY_DAY;
	struct docs l = { 0 };

	for (unsigned i = 0; i < n; i++) {
		struct doc *d = activity_doc(i);

		d->ts_ms += shift;
		docs_add(&l, d);
	}
	is_int(sqlite_write(s, (const struct doc *const *)(uintptr_t)l.doc, l.count, &e),
	    WRITE_DONE, "documents");
	docs_fini(&l);
	sqlite_close(s);
}

/* Text of the next cell of a row, without tags. */
static const char *
cell(const char *p, char *text, size_t size)
{
	size_t n = 0;

	p = strstr(p, "<t");
	p = p != NULL ? strchr(p, '>') : NULL;
	for (; p != NULL && strncmp(p, "</td>", 5) != 0 && strncmp(p, "</th>", 5) != 0; p++) {
		if (*p == '<')
			p = strchr(p, '>');
		else if (*p != '>' && *p != ',' && n + 1 < size)
			text[n++] = *p;
		if (p == NULL)
			break;
	}
	text[n] = '\0';
	return p != NULL ? p + 5 : "";
}

/* Lines "rank name activity commits pulls merged reviews" as the page shows. */
static void
rows_of_page(struct buf *out)
{
	const char *row = strstr(body, "<tbody>"), *p;
	char text[128];

	while (row != NULL && (row = strstr(row, "<tr>")) != NULL) {
		p = row + 4;
		for (int i = 0; i < 8; i++) {
			p = cell(p, text, sizeof(text));
			if (i != 2)
				buf_printf(out, "%s%s", text, i < 7 ? " " : "\n");
		}
		row = p;
	}
}

/* The same by SQL over the bodies. */
static void
rows_of_bodies(int64_t from, int64_t to, struct buf *out)
{
	struct buf lines = BUF(1 << 20);
	char id[32], name[64];
	int activity, commits, pulls, merged, reviews, rank = 0, used;

	activity_answer(path, from, to, &lines);
	for (const char *p = buf_str(&lines); sscanf(p, "%31s %63s %d %d %d %d %d %*d\n%n",
	    id, name, &activity, &commits, &pulls, &merged, &reviews, &used) == 7; p += used)
		buf_printf(out, "%d %s %d %d %d %d %d\n", ++rank, name, activity, commits,
		    pulls, merged, reviews);
	buf_fini(&lines);
}

static void
test_list(void)
{
	static const struct {
		const char	*request;
		int		 days;
	} rows[] = { { GET("/"), 30 }, { GET("/?days=7"), 7 }, { GET("/?days=30"), 30 },
		{ GET("/?days=90"), 90 }, { GET("/?days=365"), 365 } };
	struct buf shown, want;
	char current[64];
	int64_t now;

	for (size_t i = 0; i < LEN(rows); i++) {
		shown = BUF(1 << 20);
		want = BUF(1 << 20);
		is_int(get(rows[i].request), 200, "a page");
		now = clock_wall_ms();
		rows_of_page(&shown);
		now -= now % ACTIVITY_DAY;	/* whole days, today the last of them */
		rows_of_bodies(now - (rows[i].days - 1) * ACTIVITY_DAY, now + ACTIVITY_DAY,
		    &want);
		is_str(buf_str(&shown), buf_str(&want), "lists who did how much");
		ok(want.len > 100, "which is something");
		snprintf(current, sizeof(current), "\"/?days=%d\" aria-current=\"page\"",
		    rows[i].days);
		ok(has(current) && has("\"/?days=7\"") && has("\"/?days=30\"") &&
		    has("\"/?days=90\"") && has("\"/?days=365\""), "of %d days, with links",
		    rows[i].days);
		buf_fini(&shown);
		buf_fini(&want);
	}
	ok(has("\r\nContent-Type: text/html; charset=utf-8\r\n") && !has("<script>") &&
	    !has(" style=") && has("<script type=\"module\" src=\"/assets/"), "plain HTML");
	ok(has("Activity is the number of commits"), "says what activity is");
	ok(has("<time datetime=\""), "and when somebody was last active");
}

static void
test_head(void)
{
	char length[64];
	size_t n;

	get(GET("/style.css"));
	n = strlen(body);
	snprintf(length, sizeof(length), "\r\nContent-Length: %zu\r\n", n);
	is_int(get("HEAD /style.css HTTP/1.1\r\nHost: localhost\r\n\r\n"), 200, "HEAD");
	ok(has(length) && body[0] == '\0' && n > 1000, "has the length, not the body");
	is_int(get("HEAD / HTTP/1.1\r\nHost: localhost\r\n\r\n"), 200, "HEAD of the list");
	ok(body[0] == '\0' && !has("\r\nContent-Length: 0\r\n"), "alike");
	is_int(get("HEAD /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"), 200, "of health");
}

static void
test_refused(void)
{
	is_int(get(GET("/?days=31&zone=x&%3Cscript%3E=1")), 200, "the dashboard has "
	    "parameters of its own");
	ok(has("\"/?days=30\" aria-current") && !has("<script>"), "which the list passes over");
	is_int(get(GET("/person/%3Cscript%3Ealert(1)")), 200, "and paths");
	ok(has("<tbody>") && !has("alert"), "with the same document");
	is_int(get(GET("/assets/../web.c")), 404, "no way out of the files");
	is_int(get(GET("/assets/%2e%2e/web.c")), 404, "also written so");
	is_int(get("GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n"), 421, "another Host");
	is_int(get(GET("/activity.db")), 404, "no file is served");
	is_int(get("POST / HTTP/1.1\r\nHost: localhost\r\n\r\n"), 405, "POST");
}

static double
number(const char *name)
{
	char *key = xasprintf("\n%s ", name);
	const char *at = strstr(body, key);
	double v = at != NULL ? strtod(at + strlen(key), NULL) : -1;

	free(key);
	return v;
}

/* The judge first: what it must not take. */
static void
test_judge(void)
{
#define A "# HELP a The a.\n# TYPE a gauge\n"
	static const char *const bad[] = { "", "\n", A "a 1", "a 1\n", "# HELP a The a.\na 1\n",
	    "# TYPE a gauge\na 1\n", A "b 1\n", A "a 1\na 1\n", A "a 1\n" A "a 2\n",
	    A "a x\n", A "a\n", A "a  1\n", A "a 1 \n", A "a{} 1\n", A "a{b=c} 1\n",
	    A "a{b=\"c} 1\n", A "a{b=\"\\t\"} 1\n", A "a{1b=\"c\"} 1\n", "# a\n",
	    "# HELP a_total All.\n# TYPE a_total gauge\na_total 1\n",
	    "# HELP a All.\n# TYPE a counter\na 1\n", "# HELP a the a.\n# TYPE a gauge\na 1\n",
	    "# HELP a All.\n# TYPE a number\na 1\n", "# HELP a All.\n" };
	char *wrong = exposition_wrong(A "a{b=\"c,\\\"d\\\\\",e=\"\"} 1e3\na{b=\"\"} +Inf\n",
	    NULL);
	size_t taken = 0;

	is_str(wrong, NULL, "the judge takes what is right");
	free(wrong);
	for (size_t i = 0; i < LEN(bad); i++) {
		wrong = exposition_wrong(bad[i], NULL);
		if (wrong == NULL)
			printf("# takes %s\n", bad[i]);
		taken += wrong == NULL;
		free(wrong);
	}
	is_int(taken, 0, "and nothing else");
}

static void
test_metrics(void)
{
	size_t samples;
	char *wrong;

	state_dead_add(state, &(struct dead_row){ .output = "out.x#0", .doc_id = "a",
	    .json = "{}", .times = 1 });
	state_outbox_add(state, "a", 1, "{}");
	metric_set(METRIC_GAPS_OPEN, 4);
	is_int(get(GET("/metrics")), 200, "metrics");
	ok(has("\r\nContent-Type: text/plain; version=0.0.4; charset=utf-8\r\n"), "typed");
	ok(has("\n# TYPE hubstash_gaps_open gauge\nhubstash_gaps_open 4\n"), "a gauge");
	ok(has("# TYPE hubstash_documents_in_total counter\nhubstash_documents_in_total "),
	    "a counter");
	ok(has("hubstash_build_info{version=\""), "which version");
	ok(has("\nhubstash_dead_letters 1\n") && has("\nhubstash_outbox_documents 1\n"),
	    "what is counted where it stands");
	wrong = exposition_wrong(body, &samples);
	is_str(wrong, NULL, "all of it is Prometheus' text format");
	free(wrong);
	ok(samples >= METRICS + 7, "all numbers of the table, build, process: %zu", samples);
	ok(number("process_start_time_seconds") < (double)time(NULL) + 1 &&
	    number("process_start_time_seconds") > (double)time(NULL) - 86400,
	    "it started before now");
	ok(number("process_resident_memory_bytes") > 1e6 &&
	    number("process_open_fds") > 3 && number("process_open_fds") <
	    number("process_max_fds") && number("process_cpu_seconds_total") > 0,
	    "memory, files and CPU time are some");
	is_int(get(GET("/_node/stats")), 200, "stats");
	ok(has("\r\nContent-Type: application/json\r\n") && has("\"pipelines\"") &&
	    has("\"hubstash\"") && has("\"gaps_open\": 4"), "as JSON");
}

static void
test_health(void)
{
	is_int(get(GET("/healthz")), 200, "all is well");
	ok(has("\"well\"") && has("\r\nCache-Control: no-store\r\n"), "and says so");
	state_note(state, "trouble", "GitHub says \"no\"");
	is_int(get(GET("/healthz")), 503, "GitHub does not answer");
	ok(has("GitHub says \\\"no\\\""), "with the reason");
	state_note(state, "trouble", "");
	is_int(get(GET("/healthz")), 200, "well again");
	web_stop(web);
	open_web(&(struct web_conf){ .follows = true });
	is_int(get(GET("/healthz")), 503, "no feed was read");
	ok(has("no feed has been read yet"), "is the reason");
	state_note(state, "org.sim.feed", "2026-01-01T00:00:00Z");
	metric_set(METRIC_FEED_LAG_SECONDS, 299);
	is_int(get(GET("/healthz")), 200, "a fresh feed");
	metric_set(METRIC_FEED_LAG_SECONDS, 301);
	is_int(get(GET("/healthz")), 503, "an old one");
	ok(has("301 s ago"), "is said");
	metric_set(METRIC_FEED_LAG_SECONDS, 0);
	is_int(get(GET("/")), 503, "no store, no list");
	ok(has("cannot be listed now: no output"), "says why");
}

static void
save_stream(int64_t repo, enum stream_kind kind, int64_t since)
{
	state_save_stream(state, &(struct stream_row){ .repo_id = repo, .kind = kind,
	    .cursor = "x", .since_ms = since });
}

static void
test_cover(void)
{
	int64_t now = clock_wall_ms(), long_ago = now - 400 * ACTIVITY_DAY, gap;

	get(GET("/"));
	ok(has("No repository is known yet."), "nothing is claimed at first");
	for (int64_t id = 1; id <= 2; id++) {
		state_save_repo(state, &(struct repo_row){ .id = id, .node_id = "R",
		    .org = "sim", .name = "sim/one" });
		save_stream(id, STREAM_COMMITS, long_ago);
	}
	save_stream(1, STREAM_PULLS, long_ago);
	get(GET("/"));
	ok(has("Not complete. Of 2 repositories, 1 is still being read."),
	    "a stream without contact is missing");
	save_stream(2, STREAM_PULLS, long_ago);
	get(GET("/"));
	ok(has("Complete: of 2 repositories nothing of this period"), "all of it");
	gap = state_save_gap(state, &(struct gap_row){ .repo_id = 1, .org = "sim",
	    .kind = STREAM_COMMITS, .cause = "backfill",
	    .from_ms = now - 80 * ACTIVITY_DAY, .to_ms = now - 60 * ACTIVITY_DAY,
	    .total = -1 });
	get(GET("/"));
	ok(has("Complete: "), "a gap before the period is none of it");
	get(GET("/?days=90"));
	ok(has("Not complete. Of 2 repositories, 1 is still being read."), "one within is");
	state_save_gap(state, &(struct gap_row){ .id = gap, .repo_id = 1, .org = "sim",
	    .kind = STREAM_COMMITS, .cause = "backfill", .parked = "404",
	    .from_ms = now - 80 * ACTIVITY_DAY, .to_ms = now - 60 * ACTIVITY_DAY,
	    .total = -1 });
	get(GET("/?days=90"));
	ok(has("GitHub refuses part of 1 repository"), "a parked one too");
	state_close_gap(state, gap);
	save_stream(2, STREAM_PULLS, now - 100 * ACTIVITY_DAY);
	get(GET("/?days=90"));
	ok(has("Complete: "), "covered from before the period");
	get(GET("/?days=365"));
	ok(has("Not complete. Nothing before 20") && has("hubstash backfill"),
	    "what was never asked for is said");
}

/* Names of people who would like to be more than names. */
static void
test_hostile(void)
{
	static const char evil[] = "sim-<script>alert(1)</script>\"'&\n\x7f";
	struct err e = { 0 };
	struct sqlite_store *s = sqlite_open(path, &e);
	struct doc *d = doc_new("pr:1:1", "pull_request", clock_wall_ms() - 1000);
	const struct doc *docs[] = { d };

	json_set(d->body, "hubstash.credit", json_new_array());
	json_set(d->body, "hubstash.credit_id", json_new_array());
	json_push(json_get(d->body, "hubstash.credit"), json_new_string(evil));
	json_push(json_get(d->body, "hubstash.credit_id"), json_new_string("666"));
	is_int(sqlite_write(s, docs, 1, &e), WRITE_DONE, "a hostile name");
	doc_free(d);
	sqlite_close(s);
	get(GET("/"));
	ok(!has("<script>") && has("<bdi>sim-&lt;script&gt;alert(1)&lt;/script&gt;&quot;"
	    "&#39;&amp;  </bdi>"), "is text");
	web_stop(web);
	open_web(&(struct web_conf){ .store = sqlite_reader(loop, path),
	    .title = "<b>sim</b>", .notice = "Simulated <data>." });
	get(GET("/"));
	ok(has("<p class=\"notice\">Simulated &lt;data&gt;.</p>"), "a notice");
	ok(has("<h1>&lt;b&gt;sim&lt;/b&gt;</h1>") && !has("<b>sim"), "a title");
}

static void
test_gone(void)
{
	struct talk t[3];

	for (size_t i = 0; i < LEN(t); i++) {
		talk_open(&t[i], loop, web_address(web));
		talk_say(&t[i], GET("/"));
	}
	for (size_t i = 0; i < LEN(t); i++)
		ok(str_starts(talk_hear(&t[i], 1), "HTTP/1.1 200 "), "asked at once");
	for (size_t i = 0; i < LEN(t); i++)
		talk_close(&t[i]);
	unlink(path);
	is_int(get(GET("/")), 503, "the store is gone");
	ok(has("cannot be listed now: /tmp/"), "says why");
	talk_open(&t[0], loop, web_address(web));
	talk_say(&t[0], GET("/?days=7"));
	while (buf_str(&t[0].got)[0] == '\0' && !t[0].closed) {
		web_stop(web);		/* maybe while it is asked */
		web = NULL;
		talk_hear(&t[0], 0);
	}
	ok(t[0].closed, "stopped with a request in hand");
	talk_close(&t[0]);
}

static void
test_page(const char *where)
{
	static const char *const names[] = { "page-30", "page-365" };
	struct buf css = BUF(1 << 20);
	char file[256];
	FILE *f;

	page_style(&css);
	ok(css.len > 1000 && !css.failed, "a stylesheet");
	for (size_t i = 0; where != NULL && i < LEN(names); i++) {
		get(i == 0 ? GET("/?days=30") : GET("/?days=365"));
		snprintf(file, sizeof(file), "%s/%s.html", where, names[i]);
		f = fopen(file, "w");
		fwrite(body, 1, strlen(body), f);
		fclose(f);
		snprintf(file, sizeof(file), "%s/style.css", where);
		f = fopen(file, "w");
		fwrite(css.data, 1, css.len, f);
		fclose(f);
	}
	buf_fini(&css);
}

/* Whoever signs commits chooses a name; the normaliser leaves 1024 bytes of it. */
static void
test_largest(void)
{
	static struct store_person all[PAGE_PEOPLE];
	char name[1025];
	struct buf out = BUF(PAGE_MAX);

	memset(name, '"', sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	for (size_t i = 0; i < LEN(all); i++)
		all[i] = (struct store_person){ .id = "x", .name = name,
		    .activity = INT64_MAX, .commits = INT64_MAX, .merged = INT64_MAX };
	page_people(&(struct page){ .days = 30, .now_ms = clock_wall_ms(),
	    .people = &(struct store_people){ .person = all, .count = LEN(all),
	    .people = LEN(all) } }, &out);
	ok(!out.failed && str_ends(buf_str(&out), "</html>\n"),
	    "the largest page is whole: %zu bytes", out.len);
	buf_fini(&out);
}

int
main(int argc, char **argv)
{
	struct err e = { 0 };
	char name[160];

	if (mkdtemp(dir) == NULL)
		return 1;
	snprintf(path, sizeof(path), "%s/activity.db", dir);
	got = BUF((size_t)8 << 20);
	loop = loop_new(&e);
	state = state_open(NULL, STATE_MEMORY, &e);
	fill(3000);
	open_web(&(struct web_conf){ .store = sqlite_reader(loop, path) });
	test_list();
	test_cover();
	test_page(argc > 1 ? argv[1] : NULL);
	test_head();
	test_refused();
	test_judge();
	test_metrics();
	test_hostile();
	test_gone();
	open_web(&(struct web_conf){ .follows = false });
	test_health();
	web_stop(web);
	buf_fini(&got);
	state_close(state);
	loop_free(loop);
	for (size_t i = 0; i < 2; i++) {	/* of the file that was deleted */
		snprintf(name, sizeof(name), "%s%s", path, i == 0 ? "-wal" : "-shm");
		unlink(name);
	}
	rmdir(dir);
	test_largest();
	return done();
}
