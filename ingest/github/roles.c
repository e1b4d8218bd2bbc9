/* SPDX-License-Identifier: Apache-2.0 */
/* roles.c - see roles.h: the people of a document, read and written anew. */
#include "github/roles.h"
#include "base/str.h"
#include "github/envelope.h"

#include <stdlib.h>
#include <string.h>

#define NOBODY	"nobody"	/* in place of a reviewer who opted out */

static char *
copy(const char *s)
{
	return s != NULL ? xstrdup(s) : NULL;
}

int64_t
role_id(const struct role *r)
{
	int64_t id;

	return people_is_account(r->key) && str_i64(r->key, &id) ? id : 0;
}

void
doc_drop(struct doc *d, const char *path)
{
	char *at = xstrdup(path), *dot;

	json_del(d->body, at);
	while ((dot = strrchr(at, '.')) != NULL) {
		*dot = '\0';
		if (json_get(d->body, at) == NULL || json_len(json_get(d->body, at)) > 0)
			break;
		json_del(d->body, at);
	}
	free(at);
}

static struct role *
add(struct roles *l, enum role_kind kind, enum person_class class, const char *name,
    const char *key)
{
	struct role *r;

	l->role = xrealloc(l->role, (l->n + 1) * sizeof(*l->role));
	r = &l->role[l->n++];
	*r = (struct role){ .kind = kind, .class = class, .name = copy(name),
	    .key = copy(key), .new_class = class, .new_name = copy(name),
	    .new_key = copy(key) };
	/* A name beside an account is its login, unless a rule gave it. */
	if (name != NULL && (key == NULL || people_is_account(key) ||
	    str_starts(key, "login:")))
		r->login = xstrdup(name);
	else
		r->full_name = copy(name);
	if (key != NULL && str_starts(key, "mail:"))
		r->mail = xstrdup(key);
	return r;
}

/* What else the document has of its user. */
static void
add_signed(struct role *r, const struct doc *d)
{
	const char *hash = json_str(d->body, "user.email.hash");

	str_set(&r->login, json_str(d->body, "user.name"));
	str_set(&r->full_name, json_str(d->body, "user.full_name"));
	if (hash != NULL && r->mail == NULL)
		r->mail = xasprintf("mail:%s", hash);
}

static void
add_credit(struct roles *l, const struct doc *d)
{
	const struct json *names = json_get(d->body, "hubstash.credit");
	const struct json *ids = json_get(d->body, "hubstash.credit_id");
	const char *user = json_str(d->body, "hubstash.person_id");

	for (size_t i = 0; i < json_len(ids); i++) {
		const char *id = json_text(json_at(ids, i));
		struct role *r;

		if (id == NULL)
			continue;
		r = add(l, ROLE_CREDIT, PERSON_HUMAN,
		    str_or(json_text(json_at(names, i)), id), id);
		if (str_eq(id, user))
			add_signed(r, d);
	}
}

static void
add_reviewers(struct roles *l, const struct doc *d)
{
	const struct json *pr = json_get(d->body, "github.pull_request");
	const struct json *names = json_get(pr, "reviewer");
	const struct json *ids = json_get(pr, "reviewer_id");

	for (size_t i = 0; i < json_len(ids); i++) {
		const char *id = json_text(json_at(ids, i));
		struct role *r;

		if (id == NULL)
			continue;
		r = add(l, ROLE_REVIEWER, PERSON_HUMAN,
		    str_or(json_text(json_at(names, i)), id), id);
		if (!json_value_int(json_at(json_get(pr, "reviewer_seconds"), i),
		    &r->seconds) || !json_value_int(json_at(json_get(pr,
		    "reviewer_reviews"), i), &r->reviews))
			r->reviews = 0;
	}
}

struct roles
roles_of(const struct doc *d)
{
	struct roles l = { 0 };
	enum person_class class = PERSON_HUMAN;
	const char *name = json_str(d->body, "hubstash.person");
	const char *key = json_str(d->body, "hubstash.person_id");

	if (key != NULL) {
		(void)!person_class_of(json_str(d->body, "hubstash.class"), &class);
		add_signed(add(&l, ROLE_USER, class, str_or(name, key), key), d);
	}
	add_credit(&l, d);
	if ((name = json_str(d->body, "github.review.pull_author")) != NULL)
		add(&l, ROLE_PULL_AUTHOR, json_true(d->body,
		    "github.review.pull_author_bot") ? PERSON_BOT : PERSON_HUMAN, name,
		    json_str(d->body, "github.review.pull_author_id"));
	if ((name = json_str(d->body, "github.pull_request.merged_by")) != NULL)
		add(&l, ROLE_MERGED_BY, str_ends(name, "[bot]") ? PERSON_BOT :
		    PERSON_HUMAN, name,
		    json_str(d->body, "github.pull_request.merged_by_id"));
	add_reviewers(&l, d);
	if ((key = json_str(d->body, "github.member.id")) != NULL)
		add(&l, ROLE_MEMBER, PERSON_HUMAN,
		    str_or(json_str(d->body, "github.member.login"), key), key);
	return l;
}

void
roles_fini(struct roles *l)
{
	for (size_t i = 0; i < l->n; i++) {
		struct role *r = &l->role[i];

		free(r->name);
		free(r->key);
		free(r->login);
		free(r->mail);
		free(r->full_name);
		free(r->new_name);
		free(r->new_key);
	}
	free(l->role);
	*l = (struct roles){ 0 };
}

static bool
has(const struct json *array, const char *s)
{
	for (size_t i = 0; i < json_len(array); i++)
		if (str_eq(json_text(json_at(array, i)), s))
			return true;
	return false;
}

static void
push_once(struct json *array, const char *s)
{
	if (s != NULL && !has(array, s))
		json_push(array, json_new_string(s));
}

/* An array without elements is not there. */
static void
put_array(struct doc *d, const char *path, struct json *array)
{
	if (json_len(array) > 0) {
		json_set(d->body, path, array);
		return;
	}
	json_free(array);
	doc_drop(d, path);
}

static const struct role *
role_of(const struct roles *l, enum role_kind kind)
{
	for (size_t i = 0; i < l->n; i++)
		if (l->role[i].kind == kind)
			return &l->role[i];
	return NULL;
}

static void
write_user(const struct role *r, struct doc *d)
{
	if (r == NULL)
		return;
	if (r->gone) {
		doc_drop(d, "user");
		doc_drop(d, "hubstash.person");
		doc_drop(d, "hubstash.person_id");
		doc_drop(d, "hubstash.class");
		return;
	}
	doc_str(d, "hubstash.person", r->new_name);
	doc_str(d, "hubstash.person_id", r->new_key);
	doc_str(d, "hubstash.class", person_class_name(r->new_class));
}

struct credit {
	struct json	*name, *id, *agents, *team, *company;
};

static void
credit(struct credit *c, const struct role *r)
{
	if (r->gone)
		return;
	if (r->new_class != PERSON_HUMAN) {
		push_once(c->agents, r->new_name);
		return;
	}
	if (has(c->id, r->new_key))
		return;
	json_push(c->name, json_new_string(r->new_name));
	json_push(c->id, json_new_string(r->new_key));
	for (size_t i = 0; r->person != NULL && i < r->person->teams; i++)
		push_once(c->team, r->person->team[i]);
	for (size_t i = 0; r->person != NULL && i < r->person->companies; i++)
		push_once(c->company, r->person->company[i]);
}

/* The user stands first; who was an agent may be a human now, and the reverse. */
static void
write_credit(const struct roles *l, struct doc *d)
{
	const struct json *agents = json_get(d->body, "hubstash.agents");
	const struct role *user = role_of(l, ROLE_USER);
	struct credit c = { json_new_array(), json_new_array(), json_new_array(),
	    json_new_array(), json_new_array() };

	if (user != NULL)
		credit(&c, user);
	for (size_t i = 0; i < l->n; i++)
		if (l->role[i].kind == ROLE_CREDIT)
			credit(&c, &l->role[i]);
	for (size_t i = 0; i < json_len(agents); i++) {
		const char *name = json_text(json_at(agents, i));

		if (user == NULL || !str_eq(name, user->name))
			push_once(c.agents, name);
	}
	doc_bool(d, "hubstash.bot", json_len(c.id) == 0);
	put_array(d, "hubstash.credit", c.name);
	put_array(d, "hubstash.credit_id", c.id);
	put_array(d, "hubstash.agents", c.agents);
	put_array(d, "hubstash.team", c.team);
	put_array(d, "hubstash.company", c.company);
}

/* Somebody under a name and, where it is known, an id. */
static void
write_other(const struct role *r, struct doc *d, const char *name, const char *id)
{
	if (r->gone) {
		doc_drop(d, name);
		doc_drop(d, id);
		return;
	}
	doc_str(d, name, r->new_name);
	doc_str(d, id, r->new_key);
}

static void
write_review(const struct roles *l, struct doc *d)
{
	const struct role *author = role_of(l, ROLE_PULL_AUTHOR);
	const struct role *user = role_of(l, ROLE_USER);

	if (author == NULL)
		return;
	write_other(author, d, "github.review.pull_author",
	    "github.review.pull_author_id");
	if (author->new_class != author->class)
		doc_bool(d, "github.review.pull_author_bot",
		    author->new_class != PERSON_HUMAN);
	if (json_get(d->body, "github.review.self") != NULL && user != NULL &&
	    user->new_key != NULL && author->new_key != NULL)
		doc_bool(d, "github.review.self",
		    str_eq(user->new_key, author->new_key));
}

/* Reviewers of whom some have become one. */
struct reviewers {
	struct json	*name, *id;
	int64_t		*seconds, *reviews;
	size_t		 n;
	int64_t		 all, first;
};

static void
reviewer(struct reviewers *v, const struct role *r)
{
	const char *id = r->gone ? NOBODY : r->new_key;
	size_t i;

	for (i = 0; i < v->n; i++)
		if (str_eq(json_text(json_at(v->id, i)), id))
			break;
	if (i == v->n) {
		json_push(v->name, json_new_string(r->gone ? NOBODY : r->new_name));
		json_push(v->id, json_new_string(id));
		v->seconds[v->n++] = r->seconds;
	} else if (r->seconds < v->seconds[i])
		v->seconds[i] = r->seconds;
	v->reviews[i] += r->reviews;
	v->all += r->reviews;
	if (v->first == INT64_MAX || r->seconds < v->first)
		v->first = r->seconds;
}

static struct json *
ints(const int64_t *v, size_t n)
{
	struct json *array = json_new_array();

	for (size_t i = 0; i < n; i++)
		json_push(array, json_new_int(v[i]));
	return array;
}

static void
write_reviewers(const struct roles *l, struct doc *d)
{
	const struct role *user = role_of(l, ROLE_USER);
	struct reviewers v = { .name = json_new_array(), .id = json_new_array(),
	    .seconds = xcalloc(l->n, sizeof(int64_t)),
	    .reviews = xcalloc(l->n, sizeof(int64_t)), .first = INT64_MAX };

	for (size_t i = 0; i < l->n; i++) {
		const struct role *r = &l->role[i];

		if (r->kind == ROLE_REVIEWER && r->new_class == PERSON_HUMAN &&
		    (r->gone || user == NULL || !str_eq(r->new_key, user->new_key)))
			reviewer(&v, r);
	}
	put_array(d, "github.pull_request.reviewer", v.name);
	put_array(d, "github.pull_request.reviewer_id", v.id);
	put_array(d, "github.pull_request.reviewer_seconds", ints(v.seconds, v.n));
	put_array(d, "github.pull_request.reviewer_reviews", ints(v.reviews, v.n));
	doc_int(d, "github.pull_request.reviews", v.all);
	doc_drop(d, "github.pull_request.hours_to_first_review");
	doc_drop(d, "github.pull_request.first_review_bucket");
	if (v.first != INT64_MAX) {
		put_hours(d, "github.pull_request.hours_to_first_review", 0,
		    v.first * 1000);
		put_hours_bucket(d, "github.pull_request.first_review_bucket", 0,
		    v.first * 1000);
	}
	free(v.seconds);
	free(v.reviews);
}

static bool
changed(const struct role *r)
{
	return r->gone || r->new_class != r->class || !str_eq(r->new_key, r->key) ||
	    !str_eq(r->new_name, r->name);
}

static void
write_pull(const struct roles *l, struct doc *d)
{
	const struct role *by = role_of(l, ROLE_MERGED_BY);

	if (by != NULL)
		write_other(by, d, "github.pull_request.merged_by",
		    "github.pull_request.merged_by_id");
	if (role_of(l, ROLE_REVIEWER) == NULL)
		return;
	for (size_t i = 0; i < l->n; i++)
		if (changed(&l->role[i])) {
			write_reviewers(l, d);
			return;
		}
}

static int
by_bytes(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Everybody in the document, under the names they have now. */
static void
write_related(const struct roles *l, struct doc *d)
{
	const struct json *old = json_get(d->body, "related.user");
	struct json *set = json_new_array(), *sorted = json_new_array();
	const char **text;
	size_t n;

	for (size_t i = 0; i < json_len(old); i++) {
		const char *name = json_text(json_at(old, i));
		bool known = false;

		for (size_t k = 0; k < l->n; k++)
			if (str_eq(l->role[k].name, name)) {
				known = true;
				if (!l->role[k].gone)
					push_once(set, l->role[k].new_name);
			}
		if (!known)
			push_once(set, name);
	}
	n = json_len(set);
	text = xcalloc(n + 1, sizeof(*text));
	for (size_t i = 0; i < n; i++)
		text[i] = json_text(json_at(set, i));
	qsort(text, n, sizeof(*text), by_bytes);
	for (size_t i = 0; i < n; i++)
		json_push(sorted, json_new_string(text[i]));
	free(text);
	put_array(d, "related.user", sorted);
	json_free(set);
}

void
roles_write(const struct roles *l, struct doc *d)
{
	write_related(l, d);
	write_credit(l, d);
	write_user(role_of(l, ROLE_USER), d);
	write_review(l, d);
	write_pull(l, d);
}
