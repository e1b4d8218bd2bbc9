/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cube_follow.c - see cube.h: the cube brought up to date with the file, by what
 * has a greater seq than was read before.
 */
#include "store/cube.h"
#include "store/panel.h"

#include "base/str.h"

#include <errno.h>
#include <stdlib.h>

#define LOOK	65536	/* facts between two looks at the ceiling */

enum {
	AT_SEQ, AT_DOC, AT_KIND, AT_TS, AT_REPO, AT_STATE, AT_FLAGS, AT_CREDIT,
	AT_AGENTS, AT_ADDITIONS, AT_DELETIONS, AT_PUNCH, AT_MERGED, AT_CLOSED,
	AT_FIRST_REVIEW, AT_MERGE, AT_AUTHOR
};

#define COLUMNS								\
	"SELECT seq, doc, kind, ts, repo, state, flags, credit, agents, additions, " \
	"deletions, punch, merged, closed, first_review, merge, author FROM facts "

static bool
damaged(const struct store_file *file, struct err *e)
{
	return err_set(e, ERR_CONFIG, 0, "%s is damaged: its facts do not fit its names. "
	    "Move it away, and all is read again", file->path);
}

static const char *
text_at(sqlite3_stmt *q, int at)
{
	return str_or((const char *)sqlite3_column_text(q, at), "");
}

static bool
follow_names(struct cube *c, struct store_file *file, struct err *e)
{
	sqlite3_stmt *q = NULL;
	bool fits = true;

	if (sqlite3_prepare_v2(file->db, "SELECT number, kind, id, name, org FROM names "
	    "WHERE number > ?1 ORDER BY number", -1, &q, NULL) == SQLITE_OK)
		sqlite3_bind_int64(q, 1, c->names > 0 ? (int64_t)c->names - 1 : 0);
	while (fits && sqlite3_step(q) == SQLITE_ROW)
		fits = cube_add_name(c, sqlite3_column_int64(q, 0),
		    sqlite3_column_int(q, 1), text_at(q, 2), text_at(q, 3),
		    text_at(q, 4));
	if (q == NULL || (sqlite3_finalize(q) != SQLITE_OK && fits))
		return store_file_err(file, e);
	return fits || damaged(file, e);
}

static enum cube_kind
kind_of(const char *action)
{
	static const struct {
		const char	*action;
		enum cube_kind	 kind;
	} kinds[] = {
		{ "commit", CUBE_COMMIT }, { "pull_request", CUBE_PULL },
		{ "review", CUBE_REVIEW }, { "issue", CUBE_ISSUE },
		{ "issue_comment", CUBE_COMMENT }, { "review_comment", CUBE_COMMENT },
		{ "commit_comment", CUBE_COMMENT }, { "release", CUBE_RELEASE },
	};

	for (size_t i = 0; i < LEN(kinds); i++)
		if (str_eq(action, kinds[i].action))
			return kinds[i].kind;
	return CUBE_OTHER;
}

/* GitHub's counts have 32 bits. */
static int32_t
count_at(sqlite3_stmt *q, int at)
{
	int64_t v = sqlite3_column_int64(q, at);

	return v > INT32_MAX ? INT32_MAX : v < 0 ? 0 : (int32_t)v;
}

/* Dates of GitHub are whole seconds, after 1970. */
static uint32_t
seconds_at(sqlite3_stmt *q, int at)
{
	int64_t s = sqlite3_column_int64(q, at) / 1000;

	return s > UINT32_MAX ? UINT32_MAX : s < 0 ? 0 : (uint32_t)s;
}

static int16_t
hours_at(sqlite3_stmt *q, int at)
{
	int64_t v = sqlite3_column_int64(q, at) - PANEL_HOURS_LOW;

	if (sqlite3_column_type(q, at) == SQLITE_NULL)
		return -1;
	return (int16_t)(v < 0 ? 0 : v >= PANEL_HOURS ? PANEL_HOURS - 1 : v);
}

static void
read_kind(struct fact *r, sqlite3_stmt *q)
{
	switch (r->kind) {
	case CUBE_COMMIT:
		r->commit.additions = count_at(q, AT_ADDITIONS);
		r->commit.deletions = count_at(q, AT_DELETIONS);
		r->commit.punch = sqlite3_column_type(q, AT_PUNCH) == SQLITE_NULL ? -1 :
		    (int16_t)sqlite3_column_int(q, AT_PUNCH);
		break;
	case CUBE_PULL:
		r->pull.merged_s = seconds_at(q, AT_MERGED);
		r->pull.closed_s = seconds_at(q, AT_CLOSED);
		r->pull.first_review = hours_at(q, AT_FIRST_REVIEW);
		r->pull.merge = hours_at(q, AT_MERGE);
		break;
	case CUBE_REVIEW:
		r->review.author = (uint32_t)sqlite3_column_int64(q, AT_AUTHOR);
		break;
	default:
		break;
	}
}

/* Whether a name of that kind stands under the number. */
static bool
number_fits(const struct cube *c, int64_t number, enum name_kind kind)
{
	return number > 0 && (uint64_t)number < c->names &&
	    c->name[number].kind == (int)kind;
}

/* The first row of a document, but for who. */
static bool
read_fact(struct cube *c, sqlite3_stmt *q)
{
	int64_t action = sqlite3_column_int64(q, AT_KIND);
	int64_t repo = sqlite3_column_int64(q, AT_REPO);
	int64_t author = sqlite3_column_int64(q, AT_AUTHOR);
	struct fact *r;

	if (!number_fits(c, action, NAME_ACTION) || c->action.n > UINT16_MAX ||
	    !number_fits(c, repo, NAME_REPO) ||
	    (author != 0 && !number_fits(c, author, NAME_PLAIN)))
		return false;
	r = cube_add(c);
	*r = (struct fact){
		.ts_ms = sqlite3_column_int64(q, AT_TS),
		.doc = (uint32_t)sqlite3_column_int64(q, AT_DOC),
		.repo = (uint32_t)repo, .action = (uint16_t)c->name[action].of,
		.kind = (uint8_t)kind_of(c->name[action].id),
		.state = (uint8_t)sqlite3_column_int(q, AT_STATE),
		.flags = (uint8_t)sqlite3_column_int(q, AT_FLAGS), .mark = CUBE_FIRST,
	};
	read_kind(r, q);
	return r->kind != CUBE_COMMIT || (r->commit.punch >= -1 &&
	    r->commit.punch < 7 * 24);
}

/* One of those a document names: in its first row if that has nobody yet. */
static bool
add_who(struct cube *c, int64_t number, uint8_t mark)
{
	struct fact *r = &c->row[c->n - 1];

	if (!number_fits(c, number, mark == 0 ? NAME_PERSON : NAME_PLAIN))
		return false;
	if (r->who != 0) {
		r = cube_add(c);
		r->mark = 0;
	}
	r->who = (uint32_t)number;
	r->mark = (uint8_t)((r->mark & CUBE_FIRST) | mark);
	return true;
}

/* A number, or a text of several. */
static bool
add_list(struct cube *c, sqlite3_stmt *q, int at, uint8_t mark)
{
	const char *s;
	char *end;

	if (sqlite3_column_type(q, at) == SQLITE_NULL)
		return true;
	if (sqlite3_column_type(q, at) == SQLITE_INTEGER)
		return add_who(c, sqlite3_column_int64(q, at), mark);
	for (s = text_at(q, at); *s != '\0'; s = end) {
		if (!add_who(c, strtoll(s, &end, 10), mark) || end == s)
			return false;
		end += *end == ' ';
	}
	return true;
}

static bool
follow_fact(struct cube *c, sqlite3_stmt *q)
{
	int64_t doc = sqlite3_column_int64(q, AT_DOC);
	int64_t seq = sqlite3_column_int64(q, AT_SEQ);

	if (doc <= 0 || doc > (int64_t)(CUBE_MAX_BYTES / sizeof(*c->place)))
		return false;
	c->seq = seq > c->seq ? seq : c->seq;
	cube_remove(c, (uint32_t)doc);
	if (sqlite3_column_type(q, AT_KIND) == SQLITE_NULL)
		return true;
	if (!read_fact(c, q) || !add_list(c, q, AT_CREDIT, 0) ||
	    !add_list(c, q, AT_AGENTS, CUBE_AGENT))
		return false;
	cube_added(c, (uint32_t)doc);
	return true;
}

static bool
too_big(const struct cube *c, const struct store_file *file, struct err *e)
{
	return err_set(e, ERR_LIMIT, 0, "%s holds more than the dashboard can keep in "
	    "memory (%zu MiB): let it read Elasticsearch", file->path,
	    c->max_bytes >> 20);
}

static bool
follow_facts(struct cube *c, struct store_file *file, struct err *e)
{
	sqlite3_stmt *q = NULL;
	bool fits = true, small = true;

	sqlite3_prepare_v2(file->db, c->seq == 0 ? COLUMNS :
	    COLUMNS "WHERE seq > ?1 ORDER BY seq", -1, &q, NULL);
	if (c->seq != 0)
		sqlite3_bind_int64(q, 1, c->seq);
	for (size_t n = 1; fits && small && sqlite3_step(q) == SQLITE_ROW; n++) {
		fits = follow_fact(c, q);
		small = n % LOOK != 0 || cube_bytes(c) <= c->max_bytes;
	}
	if (q == NULL || (sqlite3_finalize(q) != SQLITE_OK && fits && small))
		return store_file_err(file, e);
	if (!small || cube_bytes(c) > c->max_bytes)
		return too_big(c, file, e);
	return fits || damaged(file, e);
}

static bool
count_documents(struct cube *c, struct store_file *file, struct err *e)
{
	sqlite3_stmt *q = NULL;
	bool good;

	sqlite3_prepare_v2(file->db, "SELECT value FROM meta WHERE key = 'documents'", -1,
	    &q, NULL);
	good = sqlite3_step(q) == SQLITE_ROW;
	if (good)
		c->documents = sqlite3_column_int64(q, 0);
	if (sqlite3_finalize(q) != SQLITE_OK || q == NULL)
		return store_file_err(file, e);
	return good || damaged(file, e);
}

bool
cube_follow(struct cube *c, struct store_file *file, struct err *e)
{
	if (!follow_names(c, file, e) || !follow_facts(c, file, e) ||
	    !count_documents(c, file, e))
		return false;
	return cube_settle(c, file) || store_file_err(file, e);
}
