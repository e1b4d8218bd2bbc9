/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ask.c - the dashboard's questions, asked of a store:
 *
 *	ask sqlite FILE [QUESTION...]
 *	ask elasticsearch URL INDEX [QUESTION...]
 *
 * A QUESTION is panel=people&from=…&to=… as in docs/dashboard.md: from and to are
 * ISO 8601; interval is hour, day, week (from Monday) or month, of UTC, or edges=MS,…
 * are the moments themselves; who is humans (as without it), bots or all; org,
 * repository, person and kind may come again; max, sort, ascending, after, text.
 * Without one each line of stdin is one.
 * One JSON line an answer, in order: what is answered, or {"error": why}.
 *
 * Of a FILE a line of stdin may also be a document's body, which is written (with
 * those beside it, when something else comes), or "delete ID", as a person would.
 */
#include "base/clock.h"
#include "base/str.h"
#include "io/loop.h"
#include "store/es_read.h"
#include "store/panel.h"
#include "store/sqlite.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DAY_MS	INT64_C(86400000)

struct lists {
	const char	*s[4][STORE_MAX_LIST + 1];
	size_t		 n[4];
};

struct asked {
	struct store_question	 q;
	struct lists		 lists;
	int64_t			 edges[STORE_MAX_EDGES + 1];
	const char		*interval;
};

static struct loop *loop;
static const char *file;		/* NULL: none to be written */
static struct sqlite_store *writer;
static struct docs docs;		/* to be written */

static void
say_error(const char *why)
{
	struct buf b = BUF(1 << 20);

	buf_json(&b, why);
	printf("{\"error\":%s}\n", buf_str(&b));
	buf_fini(&b);
}

/* %41 is A, + a blank; in place. */
static void
unescape(char *s)
{
	char *to = s, hex[3] = "";

	for (; *s != '\0'; s++) {
		*to = *s == '+' ? ' ' : *s;
		if (*s == '%' && s[1] != '\0' && s[2] != '\0') {
			memcpy(hex, s + 1, 2);
			*to = (char)strtol(hex, NULL, 16);
			s += 2;
		}
		to++;
	}
	*to = '\0';
}

/* When the next bucket begins. */
static int64_t
next_edge(int64_t ms, const char *interval)
{
	int64_t day = ms / DAY_MS;
	int month, year;
	char text[CLOCK_TEXT];

	if (str_eq(interval, "hour"))
		return (ms / (DAY_MS / 24) + 1) * (DAY_MS / 24);
	if (str_eq(interval, "day"))
		return (day + 1) * DAY_MS;
	if (str_eq(interval, "week"))
		return ((day + 3) / 7 * 7 + 4) * DAY_MS;	/* day 4 was a Monday */
	clock_iso(ms, text);
	if (sscanf(text, "%d-%d", &year, &month) != 2)
		return ms + DAY_MS;
	return clock_days(month == 12 ? year + 1 : year, month % 12 + 1, 1) * DAY_MS;
}

static void
put_edges(struct asked *a)
{
	int64_t ms = a->q.from_ms;
	size_t n = 0;

	while (ms < a->q.to_ms && n < STORE_MAX_EDGES) {
		a->edges[n++] = ms;
		ms = next_edge(ms, str_or(a->interval, "month"));
	}
	a->edges[n++] = a->q.to_ms;
	a->q.edges = a->edges;
	a->q.edge_count = n;
}

/* "MS,MS,…": any moments, in place of an interval. */
static bool
read_edges(struct asked *a, const char *value)
{
	char *end;

	for (const char *s = value; a->q.edge_count < LEN(a->edges); s = end + 1) {
		a->edges[a->q.edge_count++] = strtoll(s, &end, 10);
		if (*end == '\0')
			return true;
		if (*end != ',')
			return false;
	}
	return false;
}

static bool
one_of(const char *const *words, size_t n, const char *value, unsigned *at)
{
	for (size_t i = 0; i < n; i++)
		if (str_eq(words[i], value)) {
			*at = (unsigned)i;
			return true;
		}
	return false;
}

static bool
set_list(struct asked *a, const char *key, const char *value)
{
	static const char *const keys[] = { "org", "repository", "person", "kind" };
	unsigned i;

	if (!one_of(keys, LEN(keys), key, &i) || a->lists.n[i] > STORE_MAX_LIST)
		return false;
	a->lists.s[i][a->lists.n[i]++] = value;
	return true;
}

static bool
set_one(struct asked *a, const char *key, const char *value)
{
	static const char *const who[] = { "humans", "bots", "all" };
	static const char *const sort[] = { "activity", "commits", "pull_requests", "merged",
		"reviews", "additions", "deletions", "repositories", "last", "name" };
	struct store_question *q = &a->q;
	unsigned word = 0;
	int64_t v;
	int offset;

	if (str_eq(key, "panel"))
		return store_panel_of(value, &q->panel);
	if (str_eq(key, "from"))
		return clock_parse_iso(value, &q->from_ms, &offset);
	if (str_eq(key, "to"))
		return clock_parse_iso(value, &q->to_ms, &offset);
	if (str_eq(key, "max") && str_i64(value, &v)) {
		q->max = (unsigned)v;
		return true;
	}
	if (str_eq(key, "who") && one_of(who, LEN(who), value, &word)) {
		q->who = (enum store_who)word;
		return true;
	}
	if (str_eq(key, "sort") && one_of(sort, LEN(sort), value, &word)) {
		q->sort = (enum store_sort)word;
		return true;
	}
	if (str_eq(key, "ascending"))
		return (q->ascending = str_eq(value, "true")) || str_eq(value, "false");
	if (str_eq(key, "edges"))
		return read_edges(a, value);
	if (str_eq(key, "interval"))
		return (a->interval = value) != NULL;
	if (str_eq(key, "after"))
		return (q->after = value) != NULL;
	if (str_eq(key, "text"))
		return (q->text = value) != NULL;
	return set_list(a, key, value);
}

/* The text is cut up, and borrowed. */
static bool
read_question(struct asked *a, char *text)
{
	char *save = NULL;

	a->q.to_ms = STORE_LAST_MS;
	for (char *p = strtok_r(text, "&", &save); p != NULL;
	    p = strtok_r(NULL, "&", &save)) {
		char *value = strchr(p, '=');

		if (value == NULL)
			return false;
		*value++ = '\0';
		unescape(value);
		if (!set_one(a, p, value))
			return false;
	}
	a->q.orgs = (struct store_list){ a->lists.s[0], a->lists.n[0] };
	a->q.repos = (struct store_list){ a->lists.s[1], a->lists.n[1] };
	a->q.people = (struct store_list){ a->lists.s[2], a->lists.n[2] };
	a->q.kinds = (struct store_list){ a->lists.s[3], a->lists.n[3] };
	if (a->q.edge_count == 0)
		put_edges(a);
	a->q.edges = a->edges;
	return true;
}

static void
on_answer(void *arg, const struct json *answer, const struct err *e)
{
	struct buf b = BUF((size_t)256 << 20);

	UNUSED(arg);
	if (answer == NULL) {
		say_error(e->text);
	} else {
		json_print(answer, &b);
		printf("%s\n", buf_str(&b));
	}
	fflush(stdout);
	buf_fini(&b);
	loop_stop(loop);
}

static void
ask(struct store *s, char *text)
{
	struct asked *a = xcalloc(1, sizeof(*a));

	if (read_question(a, text)) {
		store_ask(s, &a->q, on_answer, NULL);
		loop_run(loop);
	} else {
		say_error("no such question");
		fflush(stdout);
	}
	free(a);
}

static void
flush(void)
{
	struct err e = { 0 };

	if (docs.count == 0)
		return;
	if (writer == NULL)
		writer = sqlite_open(file, &e);
	if (writer == NULL || sqlite_write(writer, (const struct doc *const *)
	    (uintptr_t)docs.doc, docs.count, &e) != WRITE_DONE)
		die("%s", e.text);
	docs_fini(&docs);
	docs = (struct docs){ 0 };
}

static void
add_document(const char *line)
{
	struct err e = { 0 };
	struct json *body = json_parse(line, strlen(line), &e);
	int64_t version = 0;
	struct doc *d;

	if (body == NULL || !json_int(body, "hubstash.version", &version))
		die("no document: %s", line);
	d = doc_stored(body, version);
	if (d == NULL)
		die("a document without id or time: %s", line);
	docs_add(&docs, d);
}

static void
delete_document(const char *id)
{
	sqlite3_stmt *q = NULL;
	sqlite3 *db = NULL;

	flush();
	if (sqlite3_open(file, &db) != SQLITE_OK || sqlite3_prepare_v2(db,
	    "DELETE FROM documents WHERE id = ?1", -1, &q, NULL) != SQLITE_OK ||
	    sqlite3_bind_text(q, 1, id, -1, SQLITE_STATIC) != SQLITE_OK ||
	    sqlite3_step(q) != SQLITE_DONE || sqlite3_changes(db) != 1)
		die("delete %s: %s", id, sqlite3_errmsg(db));
	sqlite3_finalize(q);
	sqlite3_close(db);
}

static void
take_line(struct store *s, char *line)
{
	if (file != NULL && line[0] == '{') {
		add_document(line);
	} else if (file != NULL && str_starts(line, "delete ")) {
		delete_document(line + sizeof("delete ") - 1);
	} else {
		flush();
		ask(s, line);
	}
}

static struct store *
open_store(int argc, char **argv, int *first, struct err *e)
{
	if (argc >= 3 && str_eq(argv[1], "sqlite")) {
		*first = 3;
		file = argv[2];
		return sqlite_reader(loop, argv[2]);
	}
	if (argc >= 4 && str_eq(argv[1], "elasticsearch")) {
		static char *urls[1];

		*first = 4;
		urls[0] = argv[2];
		return es_reader(loop, &(struct es_conf){ .hosts = urls, .host_count = 1,
		    .max_inflight = 2, .timeout_ms = 60000, .rest_ms = 1000 }, argv[3], e);
	}
	err_set(e, ERR_CONFIG, 0, "ask sqlite FILE | elasticsearch URL INDEX [QUESTION...]");
	return NULL;
}

int
main(int argc, char **argv)
{
	struct err e = { 0 };
	struct store *s;
	char *line = NULL;
	size_t size = 0;
	int first = 0;

	loop = loop_new(&e);
	s = open_store(argc, argv, &first, &e);
	if (s == NULL) {
		fprintf(stderr, "ask: %s\n", e.text);
		loop_free(loop);
		return 2;
	}
	for (int i = first; i < argc; i++)
		ask(s, argv[i]);
	while (first == argc && getline(&line, &size, stdin) > 0) {
		line[strcspn(line, "\n")] = '\0';
		take_line(s, line);
	}
	free(line);
	flush();
	sqlite_close(writer);
	store_free(s);
	loop_free(loop);
	return 0;
}
