/* SPDX-License-Identifier: Apache-2.0 */
/*
 * contributor.c - see contributor.h: who each in a document is.
 *
 *	as it was ──► without those who opted out ──► merged ──► under pseudonyms
 *	    ▲                                           │
 *	    └────────────── hubstash.original ──────────┘
 */
#include "github/contributor.h"
#include "base/map.h"
#include "base/str.h"
#include "github/mailmap.h"
#include "github/pseudonym.h"
#include "github/roles.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define ORIGINAL	"hubstash.original"

/* All that merging may change. */
static const char *const fields[] = {
	"hubstash.person", "hubstash.person_id", "hubstash.class", "hubstash.credit",
	"hubstash.credit_id", "hubstash.agents", "hubstash.bot", "hubstash.team",
	"hubstash.company", "related.user", "github.review.pull_author",
	"github.review.pull_author_id", "github.review.pull_author_bot",
	"github.review.self", "github.pull_request.merged_by",
	"github.pull_request.merged_by_id", "github.pull_request.reviewer",
	"github.pull_request.reviewer_id", "github.pull_request.reviewer_seconds",
	"github.pull_request.reviewer_reviews", "github.pull_request.reviews",
	"github.pull_request.hours_to_first_review",
	"github.pull_request.first_review_bucket",
};

void
contributor_undo(struct doc *d)
{
	const struct json *original = json_get(d->body, ORIGINAL);

	if (original == NULL)
		return;
	for (size_t i = 0; i < LEN(fields); i++) {
		const struct json *was = json_get(original, fields[i]);

		if (json_is(was, JSON_NULL))
			doc_drop(d, fields[i]);
		else if (was != NULL)
			json_set(d->body, fields[i], json_copy(was));
	}
	doc_drop(d, ORIGINAL);
}

/* Keeps what has changed since the fields were copied. */
static void
keep_original(struct doc *d, struct json *const *was)
{
	struct json *original = json_new_object();

	for (size_t i = 0; i < LEN(fields); i++) {
		const struct json *now = json_get(d->body, fields[i]);

		if (was[i] == NULL ? now == NULL : now != NULL &&
		    json_equal(was[i], now))
			continue;
		json_set(original, fields[i], was[i] != NULL ? json_copy(was[i]) :
		    json_new_null());
	}
	if (json_len(original) > 0)
		json_set(d->body, ORIGINAL, original);
	else
		json_free(original);
}

void
contributor_out(struct map *out, const struct mapping *mapping)
{
	size_t n = map_count(out), i = 0;
	char **found = xcalloc(n + 1, sizeof(*found));
	const char *key;
	void *value = NULL;

	for (size_t k = 0; map_each(out, &i, &key, &value); k++) {
		const struct mapped *m = mapping_find(mapping, key);

		found[k] = m != NULL ? xstrdup(m->key) : NULL;
	}
	for (size_t k = 0; k < n; k++) {
		if (found[k] != NULL)
			map_set(out, found[k], value);
		free(found[k]);
	}
	free(found);
}

/*
 * An account is whose number it is: its login counts only for people of whom no
 * number is given, lest who takes up a login that was given up be taken for them.
 * Addresses tell only who has no account.
 */
static const struct mapped *
mapped(const struct contributor *c, const struct role *r)
{
	const struct mapped *m = mapping_find(c->mapping, r->key);
	char *login;

	if (m == NULL && r->login != NULL && (r->key == NULL ||
	    people_is_account(r->key) || str_starts(r->key, "login:"))) {
		login = people_login_key(r->login);
		m = mapping_find(c->mapping, login);
		if (m != NULL && m->account && people_is_account(r->key))
			m = NULL;
		free(login);
	}
	return m == NULL && !people_is_account(r->key) ?
	    mapping_find(c->mapping, r->mail) : m;
}

static void
hint(const struct contributor *c, const struct role *r)
{
	const struct mapped *m = mapping_find(c->mapping, r->mail);

	if (m != NULL && c->hint != NULL && r->kind == ROLE_USER)
		c->hint(c->arg, m->name, r->key, str_or(r->login, "?"));
}

/* What a .mailmap makes of somebody without an account. */
static void
mailmapped(const struct contributor *c, struct role *r)
{
	struct mailmap_who who;

	if (people_is_account(r->key) || (!mailmap_find(c->mailmap, r->key,
	    r->full_name, &who) && !mailmap_find(c->mailmap, r->mail, r->full_name,
	    &who)))
		return;
	if (who.key != NULL) {
		str_set(&r->new_key, who.key);
		r->person = mapping_find(c->mapping, who.key);
	}
	if (who.name != NULL)
		str_set(&r->new_name, who.name);
}

/* A rule, which may also say what somebody is called. */
static bool
ruled(const struct contributor *c, struct role *r)
{
	const char *name = NULL;

	if (c->rules == NULL || !people_rules_say(c->rules, role_id(r), r->login,
	    r->mail != NULL ? r->mail + strlen("mail:") : NULL, &r->new_class, &name))
		return false;
	if (name != NULL)
		str_set(&r->new_name, name);
	return name != NULL;
}

static bool
opted_out(const struct contributor *c, const struct role *r)
{
	char *login = r->login != NULL ? people_login_key(r->login) : NULL;
	bool gone = (r->key != NULL && map_get(c->out, r->key) != NULL) ||
	    (r->mail != NULL && map_get(c->out, r->mail) != NULL) ||
	    (r->new_key != NULL && map_get(c->out, r->new_key) != NULL) ||
	    (login != NULL && map_get(c->out, login) != NULL);

	free(login);
	return gone;
}

static void
resolve(const struct contributor *c, struct role *r)
{
	bool named = ruled(c, r);
	const char *today;

	if (r->new_class == PERSON_HUMAN) {
		r->person = mapped(c, r);
		if (r->person == NULL) {
			hint(c, r);
			mailmapped(c, r);
		}
	}
	if (r->person != NULL) {
		str_set(&r->new_name, r->person->name);
		str_set(&r->new_key, r->person->key);
	} else if (!named && c->names != NULL && people_is_account(r->key) &&
	    (today = map_get(c->names, r->key)) != NULL)
		str_set(&r->new_name, today);
	if (c->out != NULL)
		r->gone = opted_out(c, r);
}

static struct roles
resolved(const struct contributor *c, const struct doc *d)
{
	struct roles l = roles_of(d);

	for (size_t i = 0; i < l.n; i++)
		resolve(c, &l.role[i]);
	return l;
}

/* What only tells of somebody: a star, a fork. Or all of it, if that is asked. */
static bool
dies_with(const struct contributor *c, const struct doc *d, const struct role *r)
{
	if (r->kind == ROLE_MEMBER)
		return true;
	return r->kind == ROLE_USER && (c->drop || str_eq(d->action, "star") ||
	    str_eq(d->action, "fork") || str_eq(d->action, "member"));
}

/* Those who opted out leave for good. False: the document goes with them. */
static bool
let_go(const struct contributor *c, struct doc *d)
{
	struct roles l = resolved(c, d), left = roles_of(d);
	bool dies = false, any = false;

	for (size_t i = 0; i < l.n; i++) {
		left.role[i].gone = l.role[i].gone;
		any = any || l.role[i].gone;
		dies = dies || (l.role[i].gone && dies_with(c, d, &l.role[i]));
	}
	if (any && !dies) {
		roles_write(&left, d);
		pseudonym_scrub(d);
	}
	roles_fini(&l);
	roles_fini(&left);
	return !dies;
}

static void
merge(const struct contributor *c, struct doc *d)
{
	struct json *was[LEN(fields)];
	struct roles l = resolved(c, d);

	for (size_t i = 0; i < LEN(fields); i++) {
		const struct json *v = json_get(d->body, fields[i]);

		was[i] = v != NULL ? json_copy(v) : NULL;
	}
	roles_write(&l, d);
	roles_fini(&l);
	keep_original(d, was);
	for (size_t i = 0; i < LEN(fields); i++)
		json_free(was[i]);
}

bool
contributor_apply(const struct contributor *c, struct doc *d)
{
	if (json_true(d->body, "hubstash.pseudonym"))
		return true;		/* nothing to tell people by any more */
	contributor_undo(d);
	if (c->out != NULL && !let_go(c, d))
		return false;
	merge(c, d);
	if (c->key != NULL) {
		doc_drop(d, ORIGINAL);
		pseudonym_put(c->key, d);
	}
	return true;
}
