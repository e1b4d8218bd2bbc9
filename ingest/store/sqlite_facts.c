/* SPDX-License-Identifier: Apache-2.0 */
/* sqlite_facts.c - see sqlite_facts.h. */
#include "store/sqlite_facts.h"
#include "base/clock.h"
#include "base/str.h"

#include <stdlib.h>

#define MAX_KNOWN	100000	/* numbers of names in memory */
#define MAX_LIST	((size_t)64 << 10)	/* bytes of one list of numbers */

/* Binds from ?1 on; see fact_bind. */
static const char put_sql[] =
    "INSERT INTO facts(seq, id, kind, ts, repo, state, flags, credit, agents, "
    "additions, deletions, punch, merged, closed, first_review, merge, author) "
    "VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17) "
    "ON CONFLICT(id) DO UPDATE SET seq = ?1, kind = ?3, ts = ?4, repo = ?5, state = ?6, "
    "flags = ?7, credit = ?8, agents = ?9, additions = ?10, deletions = ?11, "
    "punch = ?12, merged = ?13, closed = ?14, first_review = ?15, merge = ?16, "
    "author = ?17";

enum {
	AT_SEQ = 1, AT_ID, AT_KIND, AT_TS, AT_REPO, AT_STATE, AT_FLAGS, AT_CREDIT,
	AT_AGENTS, AT_ADDITIONS, AT_DELETIONS, AT_PUNCH, AT_MERGED, AT_CLOSED,
	AT_FIRST_REVIEW, AT_MERGE, AT_AUTHOR
};

bool
facts_open(struct facts *f, sqlite3 *db)
{
	*f = (struct facts){ .db = db, .numbers = map_new(), .key = BUF(1 << 16),
		.credit = BUF(MAX_LIST), .agents = BUF(MAX_LIST) };
	return sqlite3_prepare_v3(db, put_sql, -1, SQLITE_PREPARE_PERSISTENT, &f->put,
	    NULL) == SQLITE_OK &&
	    sqlite3_prepare_v3(db, "SELECT number FROM names WHERE kind = ?1 AND id = ?2 "
	    "AND name = ?3 AND org = ?4", -1, SQLITE_PREPARE_PERSISTENT, &f->find,
	    NULL) == SQLITE_OK &&
	    sqlite3_prepare_v3(db, "INSERT INTO names(kind, id, name, org) "
	    "VALUES(?1, ?2, ?3, ?4)", -1, SQLITE_PREPARE_PERSISTENT, &f->name,
	    NULL) == SQLITE_OK;
}

void
facts_close(struct facts *f)
{
	sqlite3_finalize(f->put);
	sqlite3_finalize(f->find);
	sqlite3_finalize(f->name);
	map_free(f->numbers);
	buf_fini(&f->key);
	buf_fini(&f->credit);
	buf_fini(&f->agents);
	*f = (struct facts){ 0 };
}

void
facts_forget(struct facts *f)
{
	map_free(f->numbers);
	f->numbers = map_new();
}

bool
facts_begin(struct facts *f)
{
	sqlite3_stmt *q = NULL;

	if (sqlite3_prepare_v2(f->db, "SELECT max(seq) FROM facts", -1, &q, NULL) ==
	    SQLITE_OK && sqlite3_step(q) == SQLITE_ROW)
		f->seq = sqlite3_column_int64(q, 0);
	return sqlite3_finalize(q) == SQLITE_OK && q != NULL;
}

static void
bind_str(sqlite3_stmt *q, int at, const char *text)
{
	sqlite3_bind_text(q, at, text, -1, SQLITE_STATIC);
}

static void
bind_name(sqlite3_stmt *q, enum name_kind kind, const char *id, const char *name,
    const char *org)
{
	sqlite3_reset(q);
	sqlite3_bind_int(q, 1, (int)kind);
	bind_str(q, 2, id);
	bind_str(q, 3, name);
	bind_str(q, 4, org);
}

/* Found, or made. */
static bool
ask_number(struct facts *f, enum name_kind kind, const char *id, const char *name,
    const char *org, int64_t *number)
{
	int code;

	bind_name(f->find, kind, id, name, org);
	code = sqlite3_step(f->find);
	if (code == SQLITE_ROW)
		*number = sqlite3_column_int64(f->find, 0);
	sqlite3_reset(f->find);
	if (code != SQLITE_DONE)
		return code == SQLITE_ROW;
	bind_name(f->name, kind, id, name, org);
	code = sqlite3_step(f->name);
	sqlite3_reset(f->name);
	*number = sqlite3_last_insert_rowid(f->db);
	return code == SQLITE_DONE;
}

static bool
number_of(struct facts *f, enum name_kind kind, const char *id, const char *name,
    const char *org, int64_t *number)
{
	void *known;

	buf_clear(&f->key);
	buf_printf(&f->key, "%d%s\n%s\n%s", (int)kind, id, name, org);
	known = map_get(f->numbers, buf_str(&f->key));
	if (known != NULL) {
		*number = (int64_t)(intptr_t)known;
		return true;
	}
	if (!ask_number(f, kind, id, name, org, number))
		return false;
	if (map_count(f->numbers) >= MAX_KNOWN)
		facts_forget(f);
	map_set(f->numbers, buf_str(&f->key), (void *)(intptr_t)*number);
	return true;
}

/* Whether it counts as activity (docs/documents.md, "Activity"). */
static bool
counts(const struct doc *d)
{
	if (str_eq(d->action, "commit"))
		return json_true(d->body, "github.commit.default_branch") &&
		    json_is(json_get(d->body, "github.commit.merge"), JSON_BOOL) &&
		    !json_true(d->body, "github.commit.merge");
	if (str_eq(d->action, "review"))
		return !json_true(d->body, "github.review.self") &&
		    !json_true(d->body, "github.review.reply");
	return str_eq(d->action, "pull_request");
}

static bool
is_false(const struct json *body, const char *path)
{
	return json_is(json_get(body, path), JSON_BOOL) && !json_true(body, path);
}

static int
flags_of(const struct doc *d)
{
	return (counts(d) ? FACT_COUNTED : 0) |
	    (is_false(d->body, "hubstash.bot") ? FACT_HUMAN : 0) |
	    (json_true(d->body, "hubstash.bot") ? FACT_BOT : 0) |
	    (is_false(d->body, "github.review.pull_author_bot") ? FACT_PEER : 0);
}

static enum fact_state
state_of(const struct doc *d)
{
	static const struct {
		const char	*action, *path, *text;
		enum fact_state	 state;
	} states[] = {
		{ "pull_request", "github.pull_request.state", "open", FACT_OPEN },
		{ "pull_request", "github.pull_request.state", "closed", FACT_CLOSED },
		{ "pull_request", "github.pull_request.state", "merged", FACT_MERGED },
		{ "review", "github.review.state", "approved", FACT_APPROVED },
		{ "review", "github.review.state", "changes_requested", FACT_CHANGES },
		{ "review", "github.review.state", "commented", FACT_COMMENTED },
		{ "review", "github.review.state", "dismissed", FACT_DISMISSED },
	};

	for (size_t i = 0; i < LEN(states); i++)
		if (str_eq(d->action, states[i].action) &&
		    str_eq(json_str(d->body, states[i].path), states[i].text))
			return states[i].state;
	return FACT_NO_STATE;
}

static bool
named_before(const struct json *ids, size_t i)
{
	for (size_t k = 0; k < i; k++)
		if (str_eq(json_text(json_at(ids, k)), json_text(json_at(ids, i))))
			return true;
	return false;
}

static void
add_number(struct buf *list, int64_t number)
{
	buf_printf(list, "%s%lld", list->len > 0 ? " " : "", (long long)number);
}

/* Each person, or agent, once, under the first of its names. */
static bool
list_numbers(struct facts *f, const struct doc *d)
{
	const struct json *ids = json_get(d->body, "hubstash.credit_id");
	const struct json *names = json_get(d->body, "hubstash.credit");
	const struct json *agents = json_get(d->body, "hubstash.agents");
	int64_t number;
	const char *id;

	buf_clear(&f->credit);
	buf_clear(&f->agents);
	for (size_t i = 0; json_is(ids, JSON_ARRAY) && i < json_len(ids); i++) {
		id = json_text(json_at(ids, i));
		if (id == NULL || named_before(ids, i))
			continue;
		if (!number_of(f, NAME_PERSON, id,
		    str_or(json_text(json_at(names, i)), id), "", &number))
			return false;
		add_number(&f->credit, number);
	}
	for (size_t i = 0; json_is(agents, JSON_ARRAY) && i < json_len(agents); i++) {
		id = json_text(json_at(agents, i));
		if (id == NULL || named_before(agents, i))
			continue;
		if (!number_of(f, NAME_PLAIN, "", id, "", &number))
			return false;
		add_number(&f->agents, number);
	}
	return true;
}

static void
bind_list(struct facts *f, int at, const struct buf *list)
{
	int64_t number;

	if (list->len == 0)
		sqlite3_bind_null(f->put, at);
	else if (str_i64(buf_str(list), &number))
		sqlite3_bind_int64(f->put, at, number);
	else
		bind_str(f->put, at, buf_str(list));
}

static void
bind_int(struct facts *f, int at, const struct doc *d, const char *path)
{
	int64_t v;

	if (json_int(d->body, path, &v))
		sqlite3_bind_int64(f->put, at, v);
	else
		sqlite3_bind_null(f->put, at);
}

static void
bind_time(struct facts *f, int at, const struct doc *d, const char *path)
{
	int64_t ms;
	int offset;

	if (clock_parse_iso(str_or(json_str(d->body, path), ""), &ms, &offset))
		sqlite3_bind_int64(f->put, at, ms);
	else
		sqlite3_bind_null(f->put, at);
}

/* When in the week: (weekday - 1) * 24 + hour. */
static void
bind_punch(struct facts *f, const struct doc *d)
{
	int64_t hour, weekday;

	if (json_int(d->body, "github.commit.weekday", &weekday) && weekday >= 1 &&
	    weekday <= 7 && json_int(d->body, "github.commit.hour", &hour) && hour >= 0 &&
	    hour < 24)
		sqlite3_bind_int64(f->put, AT_PUNCH, (weekday - 1) * 24 + hour);
	else
		sqlite3_bind_null(f->put, AT_PUNCH);
}

/* What stands in documents of its kind alone. */
static void
bind_kind(struct facts *f, const struct doc *d)
{
	for (int at = AT_ADDITIONS; at <= AT_AUTHOR; at++)
		sqlite3_bind_null(f->put, at);
	if (str_eq(d->action, "commit")) {
		bind_int(f, AT_ADDITIONS, d, "github.commit.additions");
		bind_int(f, AT_DELETIONS, d, "github.commit.deletions");
		bind_punch(f, d);
	} else if (str_eq(d->action, "pull_request")) {
		bind_time(f, AT_MERGED, d, "github.pull_request.merged_at");
		bind_time(f, AT_CLOSED, d, "github.pull_request.closed_at");
		bind_int(f, AT_FIRST_REVIEW, d,
		    "github.pull_request.first_review_bucket");
		bind_int(f, AT_MERGE, d, "github.pull_request.merge_bucket");
	}
}

static bool
bind_names(struct facts *f, const struct doc *d)
{
	const char *author = str_eq(d->action, "review") ?
	    json_str(d->body, "github.review.pull_author") : NULL;
	int64_t number;

	if (!number_of(f, NAME_ACTION, d->action, "", "", &number))
		return false;
	sqlite3_bind_int64(f->put, AT_KIND, number);
	if (!number_of(f, NAME_REPO, str_or(json_str(d->body, "github.repo_id"), ""),
	    str_or(json_str(d->body, "github.repo"), ""),
	    str_or(json_str(d->body, "github.org"), ""), &number))
		return false;
	sqlite3_bind_int64(f->put, AT_REPO, number);
	if (author == NULL)
		return true;
	if (!number_of(f, NAME_PLAIN, "", author, "", &number))
		return false;
	sqlite3_bind_int64(f->put, AT_AUTHOR, number);
	return true;
}

bool
facts_put(struct facts *f, const struct doc *d)
{
	int code;

	sqlite3_reset(f->put);
	bind_kind(f, d);
	if (!bind_names(f, d) || !list_numbers(f, d))
		return false;
	sqlite3_bind_int64(f->put, AT_SEQ, ++f->seq);
	bind_str(f->put, AT_ID, d->id);
	sqlite3_bind_int64(f->put, AT_TS, d->ts_ms);
	sqlite3_bind_int64(f->put, AT_STATE, (int)state_of(d));
	sqlite3_bind_int64(f->put, AT_FLAGS, flags_of(d));
	bind_list(f, AT_CREDIT, &f->credit);
	bind_list(f, AT_AGENTS, &f->agents);
	code = sqlite3_step(f->put);
	sqlite3_reset(f->put);
	return code == SQLITE_DONE;
}

/* One that is stored; what cannot be read of it counts for nothing. */
static bool
make_one(struct facts *f, sqlite3_stmt *q)
{
	struct doc d = { 0 };
	struct err e;
	bool good;

	d.id = xstrdup(str_or((const char *)sqlite3_column_text(q, 0), ""));
	d.action = xstrdup(str_or((const char *)sqlite3_column_text(q, 1), ""));
	d.ts_ms = sqlite3_column_int64(q, 2);
	d.body = json_parse(str_or((const char *)sqlite3_column_text(q, 3), ""),
	    (size_t)sqlite3_column_bytes(q, 3), &e);
	good = facts_put(f, &d);
	free(d.id);
	free(d.action);
	json_free(d.body);
	return good;
}

bool
facts_make(struct store_file *file, struct err *e)
{
	struct facts f = { 0 };
	sqlite3_stmt *q = NULL;
	int code = SQLITE_ERROR;

	if (facts_open(&f, file->db) && facts_begin(&f) &&
	    sqlite3_prepare_v2(file->db, "SELECT id, action, ts, body FROM documents", -1,
	    &q, NULL) == SQLITE_OK)
		while ((code = sqlite3_step(q)) == SQLITE_ROW)
			if (!make_one(&f, q))
				break;
	if (code != SQLITE_DONE)
		store_file_err(file, e);	/* before what is closed says otherwise */
	sqlite3_finalize(q);
	facts_close(&f);
	return code == SQLITE_DONE;
}
