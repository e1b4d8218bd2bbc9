/* SPDX-License-Identifier: Apache-2.0 */
/*
 * people.h - who somebody is: accounts, signatures of commits, and whether it is
 * a human, a bot or an AI agent. The rules are told in docs/documents.md,
 * "People"; this is their only copy in code. Pure, but for reading a rules file.
 */
#ifndef GITHUB_PEOPLE_H
#define GITHUB_PEOPLE_H

#include "base/err.h"
#include "data/json.h"

#define PEOPLE_MAX	101		/* an author and 100 co-authors */
#define PEOPLE_GHOST	"ghost"		/* GitHub's name for accounts that are gone */
#define PEOPLE_GHOST_ID	10137

enum person_class { PERSON_HUMAN, PERSON_BOT, PERSON_AGENT };

struct people_rules;

/*
 * The built-in list, and files added to it: a rule a line, "CLASS KEY VALUE NAME",
 * CLASS human, bot or agent; KEY id, login or mail; a * in VALUE stands for any
 * characters; NAME may be left out; what follows a # is a comment. The last rule
 * that matches decides.
 */
struct people_rules *people_rules_new(void);
struct people_rules *people_rules_empty(void);		/* without the built-in list */
void people_rules_free(struct people_rules *r);		/* NULL is fine */
bool people_rules_add_file(struct people_rules *r, const char *path, struct err *e)
    MUST_CHECK;
/* One line of such a file; an empty one is fine. */
bool people_rules_add(struct people_rules *r, const char *line, struct err *e)
    MUST_CHECK;

/*
 * What the rules say of somebody whose address is known by its hash alone: rules
 * with a * in an address say nothing then. *name is NULL where the rule has none.
 */
bool people_rules_say(const struct people_rules *r, int64_t id, const char *login,
    const char *mail_hash, enum person_class *class, const char **name);

/* Strings are its own; NULL: not known. */
struct person {
	enum person_class class;
	int64_t	 id;			/* of the account; 0: not known */
	char	*login;			/* bots with their [bot] */
	char	*full_name, *mail;	/* as signed */
	char	 mail_hash[65];		/* "" without an address */
	char	*name;			/* hubstash.person; NULL: nobody at all */
	char	*key;			/* hubstash.person_id; NULL: nobody at all */
};

void person_fini(struct person *p);	/* leaves nobody */

/*
 * An account: an actor of GraphQL or a user of REST. False, and nobody, where
 * there is neither number nor login, as in null.
 */
bool person_account(const struct people_rules *rules, const struct json *account,
    struct person *p);
void person_ghost(struct person *p);
/* Ghost for JSON null, else person_account: an author's place. */
bool person_or_ghost(const struct people_rules *rules, const struct json *account,
    struct person *p);

/* How a commit is signed. user: the linked account, or null, {} or NULL. */
struct signature {
	const char		*name, *mail;	/* NULL: none */
	const char		*login;		/* as webhooks tell; NULL: not told */
	const struct json	*user;
};
bool person_signature(const struct people_rules *rules, const struct signature *s,
    bool keep_email, struct person *p);

/* Author and co-authors. The first is the author, who may be nobody. */
struct people {
	struct person	*person;
	size_t		 count, cap;
	struct map	*met;		/* keys and addresses, of those left out too */
};

/* Takes p; who was met already, or is nobody and not the first, is left out. */
void people_add(struct people *l, struct person *p);
void people_fini(struct people *l);

/*
 * Everybody a commit credits: its author, the nodes of GraphQL's authors (may be
 * NULL), the trailers of its message (may be NULL).
 */
void people_of_commit(const struct people_rules *rules, const struct signature *author,
    const struct json *authors, const char *message, bool keep_email,
    struct people *l);

const char *person_class_name(enum person_class class);
bool person_class_of(const char *name, enum person_class *class);

#endif
