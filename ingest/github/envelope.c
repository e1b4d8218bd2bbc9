/* SPDX-License-Identifier: Apache-2.0 */
/* envelope.c - see envelope.h: the envelope itself, and who is credited. */
#include "github/envelope.h"
#include "base/clock.h"
#include "base/str.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define SCHEMA		1
#define FIRST_MS	631152000000	/* 1990-01-01T00:00:00Z */
#define LAST_MS		2145916799000	/* 2037-12-31T23:59:59Z */

static void
put_repo(struct doc *d, const struct normal *n)
{
	const char *slash = strchr(n->repo, '/');

	put_id(d, "organization.id", n->org_id);
	put_text(d, "organization.name", n->org, TEXT_OTHER);
	put_text(d, "github.org", n->org, TEXT_OTHER);
	put_text(d, "github.repo", n->repo, TEXT_OTHER);
	put_id(d, "github.repo_id", n->repo_id);
	if (slash == NULL)
		return;
	put_text(d, "github.repository.name", slash + 1, TEXT_OTHER);
	if (slash > n->repo)
		doc_text(d, "github.repository.owner.login", n->repo,
		    text_fit(n->repo, (size_t)(slash - n->repo)));
}

struct doc *
envelope_new(const struct normal *n, const char *id, const char *action,
    int64_t ts_ms, const char *source)
{
	struct doc *d;

	if (ts_ms < FIRST_MS)
		ts_ms = FIRST_MS;
	if (ts_ms > LAST_MS)
		ts_ms = LAST_MS;
	d = doc_new(id, action, ts_ms);
	doc_str(d, "event.kind", "event");
	doc_str(d, "event.module", "hubstash");
	doc_str(d, "event.dataset", "hubstash.activity");
	put_repo(d, n);
	doc_str(d, "hubstash.source", source);
	doc_int(d, "hubstash.schema", SCHEMA);
	return d;
}

static void
push_str(struct doc *d, const char *path, const char *s)
{
	struct json *array = json_get(d->body, path);

	if (array == NULL) {
		json_set(d->body, path, json_new_array());
		array = json_get(d->body, path);
	}
	json_push(array, json_new_string(s));
}

static bool
has_str(const struct doc *d, const char *path, const char *s)
{
	const struct json *array = json_get(d->body, path);

	for (size_t i = 0; i < json_len(array); i++)
		if (str_eq(json_text(json_at(array, i)), s))
			return true;
	return false;
}

void
envelope_related(struct doc *d, const char *name)
{
	if (name != NULL && !has_str(d, "related.user", name))
		push_str(d, "related.user", name);
}

static void
credit(struct doc *d, const struct person *p)
{
	if (p->key == NULL)
		return;
	if (p->class == PERSON_HUMAN) {
		push_str(d, "hubstash.credit", p->name);
		push_str(d, "hubstash.credit_id", p->key);
	} else if (!has_str(d, "hubstash.agents", p->name)) {
		push_str(d, "hubstash.agents", p->name);
	}
	envelope_related(d, p->name);
}

static void
put_user(struct doc *d, const struct normal *n, const struct person *p)
{
	put_id(d, "user.id", p->id);
	put_text(d, "user.name", p->login, TEXT_OTHER);
	put_name(d, "user.full_name", p->full_name);
	if (p->mail != NULL) {
		doc_str(d, "user.email.hash", p->mail_hash);
		if (n->keep_email)
			put_text(d, "user.email.address", p->mail, TEXT_OTHER);
	}
	if (p->key == NULL)
		return;
	doc_str(d, "hubstash.person", p->name);
	doc_str(d, "hubstash.person_id", p->key);
	doc_str(d, "hubstash.class", person_class_name(p->class));
}

void
envelope_people(struct doc *d, const struct normal *n, const struct people *l)
{
	if (l->count > 0)
		put_user(d, n, &l->person[0]);
	for (size_t i = 0; i < l->count; i++)
		credit(d, &l->person[i]);
}

void
envelope_person(struct doc *d, const struct normal *n, const struct person *p)
{
	put_user(d, n, p);
	credit(d, p);
}

void
envelope_account(struct doc *d, const struct normal *n, const struct json *account)
{
	struct person p;

	person_or_ghost(n->rules, account, &p);
	envelope_person(d, n, &p);
	person_fini(&p);
}

static int
by_bytes(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The texts of an array in order of their bytes, in place. */
static void
sort_texts(struct doc *d, const char *path)
{
	struct json *old = json_get(d->body, path), *new;
	size_t n = json_len(old);
	const char **text;

	if (n < 2)
		return;
	text = xcalloc(n, sizeof(*text));
	new = json_new_array();
	for (size_t i = 0; i < n; i++)
		text[i] = json_text(json_at(old, i));
	qsort(text, n, sizeof(*text), by_bytes);
	for (size_t i = 0; i < n; i++)
		json_push(new, json_new_string(text[i]));
	free(text);
	json_set(d->body, path, new);
}

void
put_labels(struct doc *d, const char *path, const struct json *labels)
{
	for (size_t i = 0; i < json_len(labels) && i < LABELS_MAX; i++) {
		const char *s = json_str(json_at(labels, i), "name");
		char *name = s != NULL ? text_trimmed(s, TEXT_OTHER) : NULL;

		if (name != NULL && !has_str(d, path, name))
			push_str(d, path, name);
		free(name);
	}
	sort_texts(d, path);
}

void
envelope_finish(struct doc *d, const struct normal *n, bool complete,
    int64_t seconds)
{
	if (seconds < 0)
		seconds = 0;
	doc_bool(d, "hubstash.bot", json_get(d->body, "hubstash.credit") == NULL);
	doc_bool(d, "hubstash.partial", !complete);
	doc_time(d, "event.created", seconds * 1000);
	doc_time(d, "event.ingested", n->now_ms);
	sort_texts(d, "related.user");
	doc_set_version(d, complete, seconds);
}

char *
envelope_name(const struct normal *n, const struct json *account)
{
	struct person p;
	char *name;

	person_account(n->rules, account, &p);
	name = p.name != NULL ? xstrdup(p.name) : NULL;
	person_fini(&p);
	return name;
}
