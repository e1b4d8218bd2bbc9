/* SPDX-License-Identifier: Apache-2.0 */
/*
 * activity.h - documents of an invented organisation for tests of stores, the
 * same for the same number, and the answer to "who does how much" computed
 * from stored bodies alone, by SQL over their JSON.
 */
#ifndef UNIT_ACTIVITY_H
#define UNIT_ACTIVITY_H

#include "base/buf.h"
#include "data/doc.h"

#include <sqlite3.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#define ACTIVITY_START	INT64_C(1767225600000)	/* 2026-01-01 */
#define ACTIVITY_DAY	INT64_C(86400000)

static inline uint32_t
activity_random(uint64_t *seed)
{
	*seed = *seed * 6364136223846793005u + 1442695040888963407u;
	return (uint32_t)(*seed >> 33);
}

/* Two of nine people go by two names; one name is two people's. */
static inline void
activity_credit(struct doc *d, unsigned person, bool late)
{
	static const char *const names[] = { "sim-ada", "sim-bo", "sim-cy", "sim-di",
		"sim-ed", "sim-flo", "sim-gus", "sim-bo", "sim-ida" };
	char id[16];

	if (json_get(d->body, "hubstash.credit") == NULL) {
		json_set(d->body, "hubstash.credit", json_new_array());
		json_set(d->body, "hubstash.credit_id", json_new_array());
	}
	snprintf(id, sizeof(id), "%u", 1000 + person);
	json_push(json_get(d->body, "hubstash.credit_id"), json_new_string(id));
	json_push(json_get(d->body, "hubstash.credit"), json_new_string(
	    late && person == 2 ? "sim-cyrus" : late && person == 3 ? "sim-Di" :
	    names[person]));
}

/* Document number n of 200 days; now and then many are of one moment. */
static inline struct doc *
activity_doc(unsigned n)
{
	uint64_t seed = n * 2654435761u + 12345;
	int64_t ts = ACTIVITY_START;
	struct doc *d;
	char id[64];
	unsigned kind;

	for (int i = 0; i < 4; i++)
		activity_random(&seed);
	kind = activity_random(&seed) % 10;
	ts += activity_random(&seed) % (200 * 86400) / 43200 * INT64_C(43200000);
	snprintf(id, sizeof(id), "%s:%u",
	    kind < 5 ? "commit" : kind < 7 ? "pr" : kind < 9 ? "review" : "issue", n);
	d = doc_new(id, kind < 5 ? "commit" : kind < 7 ? "pull_request" :
	    kind < 9 ? "review" : "issue", ts);
	doc_set_version(d, true, 1767225600 + n);
	doc_str(d, "github.repo_id", n % 3 == 0 ? "77" : "78");
	if (kind < 5) {
		doc_bool(d, "github.commit.default_branch",
		    activity_random(&seed) % 10 > 0);
		if (activity_random(&seed) % 20 > 0)	/* else a partial one */
			doc_bool(d, "github.commit.merge",
			    activity_random(&seed) % 6 == 0);
	} else if (kind < 7) {
		doc_str(d, "github.pull_request.state",
		    activity_random(&seed) % 2 ? "merged" : "open");
	} else if (kind < 9) {
		if (activity_random(&seed) % 8 > 0)
			doc_bool(d, "github.review.self",
			    activity_random(&seed) % 5 == 0);
		doc_bool(d, "github.review.reply", activity_random(&seed) % 7 == 0);
	}
	if (activity_random(&seed) % 12 > 0) {		/* else a bot's */
		unsigned first = activity_random(&seed) % 9;

		activity_credit(d, first, n % 2);
		if (activity_random(&seed) % 4 == 0)
			activity_credit(d, (first + 1) % 9, n % 2);
		if (activity_random(&seed) % 40 == 0)
			activity_credit(d, first, n % 2);	/* twice in one document */
	}
	return d;
}

/* Lines "id name activity commits pulls merged reviews last", in order. */
static inline void
activity_answer(const char *path, int64_t from, int64_t to, struct buf *out)
{
	static const char text[] =
	    "WITH c AS (SELECT DISTINCT d.id, d.ts, d.action, d.body, j.value who "
	    "  FROM documents d, json_each(d.body, '$.hubstash.credit_id') j "
	    "  WHERE d.ts >= ?1 AND d.ts < ?2 AND (d.action = 'pull_request' "
	    "  OR d.action = 'commit' "
	    "    AND json_type(d.body, '$.github.commit.default_branch') = 'true' "
	    "    AND json_type(d.body, '$.github.commit.merge') = 'false' "
	    "  OR d.action = 'review' "
	    "    AND ifnull(json_extract(d.body, '$.github.review.self'), 0) = 0 "
	    "    AND ifnull(json_extract(d.body, '$.github.review.reply'), 0) = 0)), "
	    "k AS (SELECT d.id, d.ts, d.body, j.value who, min(j.key) key "
	    "  FROM documents d, json_each(d.body, '$.hubstash.credit_id') j "
	    "  GROUP BY d.id, j.value), "
	    "n AS (SELECT who, (SELECT json_extract(x.body, '$.hubstash.credit[' || "
	    "    x.key || ']') FROM k x WHERE x.who = c.who "
	    "    ORDER BY x.ts DESC, x.id LIMIT 1) name, "
	    "  count(*) activity, sum(action = 'commit') commits, "
	    "  sum(action = 'pull_request') pulls, "
	    "  sum(action = 'pull_request' AND "
	    "    json_extract(body, '$.github.pull_request.state') = 'merged') merged, "
	    "  sum(action = 'review') reviews, max(ts) last FROM c GROUP BY who) "
	    "SELECT who || ' ' || name || ' ' || activity || ' ' || commits || ' ' || "
	    "  pulls || ' ' || merged || ' ' || reviews || ' ' || last "
	    "FROM n ORDER BY activity DESC, name, who";
	sqlite3_stmt *q = NULL;
	sqlite3 *db = NULL;

	if (sqlite3_open_v2(path, &db, SQLITE_OPEN_READONLY, NULL) == SQLITE_OK &&
	    sqlite3_prepare_v2(db, text, -1, &q, NULL) == SQLITE_OK) {
		sqlite3_bind_int64(q, 1, from);
		sqlite3_bind_int64(q, 2, to);
		while (sqlite3_step(q) == SQLITE_ROW)
			buf_printf(out, "%s\n", (const char *)sqlite3_column_text(q, 0));
	}
	sqlite3_finalize(q);
	sqlite3_close(db);
}

#endif
