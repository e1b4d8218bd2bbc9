/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cube.h - the facts of activity.db in memory, packed, so that a panel is one walk
 * over them. One row for each person a document credits and each agent in it, at
 * least one for a document; those of one document stand side by side.
 *
 * A cube is made and read on the reader's thread alone. It follows the file by
 * facts.seq; what happened to it halfway through is not known after a failure, so
 * then it is thrown away.
 */
#ifndef STORE_CUBE_H
#define STORE_CUBE_H

#include "base/err.h"
#include "base/map.h"
#include "store/sqlite_facts.h"

#include <assert.h>

#define CUBE_MAX_BYTES	((size_t)1 << 30)	/* then it is an error */
#define CUBE_NONE	UINT32_MAX

enum cube_kind {
	CUBE_GONE, CUBE_COMMIT, CUBE_PULL, CUBE_REVIEW, CUBE_ISSUE, CUBE_COMMENT,
	CUBE_RELEASE, CUBE_OTHER
};

enum cube_mark {
	CUBE_FIRST = 1,		/* of its document */
	CUBE_AGENT = 2,		/* who is an agent, not a person credited */
};

struct fact {
	int64_t		 ts_ms;
	uint32_t	 doc;		/* facts.doc */
	uint32_t	 who, repo;	/* numbers of names; who 0: nobody */
	union {
		struct {
			int32_t	 additions, deletions;
			int16_t	 punch;			/* -1: none */
		} commit;
		struct {
			uint32_t merged_s, closed_s;	/* 0: not */
			int16_t	 first_review, merge;	/* as places in panel_hours; -1 */
		} pull;
		struct {
			uint32_t author;		/* number; 0: none */
		} review;
	};
	uint16_t	 action;	/* place in cube.action */
	uint8_t		 kind, state, flags, mark;
};
static_assert(sizeof(struct fact) == 40, "a million of them are 40 MB");

/* A row of names; the texts are owned. */
struct cube_name {
	char		*id, *name, *org;
	int		 kind;		/* enum name_kind; -1: no such row */
	uint32_t	 of;		/* place in person, repo or action */
	uint32_t	 org_of;	/* of repositories; CUBE_NONE: none */
};

/* A person or a repository, and the newest document that names it. */
struct cube_thing {
	const char	*id;
	int64_t		 ts_ms;
	uint32_t	 doc, name;	/* name 0: no document has it */
	bool		 tied;		/* another name in that very moment */
};

struct cube_list {			/* texts borrowed of names */
	const char	**s;
	size_t		 n, cap;
};

struct cube {
	struct fact	*row;
	size_t		 n, cap, gone;
	uint32_t	*place;		/* by doc: its first row + 1; 0: none */
	size_t		 places;
	struct cube_name *name;		/* by number; [0] is nobody */
	size_t		 names, name_cap;
	struct cube_thing *person, *repo;
	size_t		 people, person_cap, repos, repo_cap;
	struct cube_list org, action;
	struct map	*person_at, *repo_at, *org_at, *action_at;	/* place + 1 */
	size_t		 text_bytes;
	int64_t		 seq;		/* read up to */
	int64_t		 documents;	/* of the store, when last looked */
	size_t		 max_bytes;	/* CUBE_MAX_BYTES, but in tests */
	bool		 unsettled;	/* things' newest must be found anew */
};

struct cube *cube_new(void) MUST_CHECK;
void cube_free(struct cube *c);		/* NULL is fine */
size_t cube_bytes(const struct cube *c);

/* Within a transaction: all that changed since. After false: cube_free. */
bool cube_follow(struct cube *c, struct store_file *file, struct err *e) MUST_CHECK;

/* What names and facts are made of: for cube_follow. */
bool cube_add_name(struct cube *c, int64_t number, int kind, const char *id,
    const char *name, const char *org) MUST_CHECK;
struct fact *cube_add(struct cube *c);	/* a copy of the last, valid until the next */
void cube_remove(struct cube *c, uint32_t doc);
void cube_added(struct cube *c, uint32_t doc);	/* all its rows are there */
bool cube_settle(struct cube *c, struct store_file *file) MUST_CHECK;

/* The name of today; id where no document has it. */
const char *cube_name_of(const struct cube *c, const struct cube_thing *t);

#endif
