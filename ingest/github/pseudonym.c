/* SPDX-License-Identifier: Apache-2.0 */
/* pseudonym.c - see pseudonym.h. */
#include "github/pseudonym.h"
#include "base/str.h"
#include "github/digest.h"
#include "github/roles.h"

#include <stdlib.h>
#include <string.h>

#define SHORT	12		/* digits of a name */
#define ID_PART	32		/* digits in an _id */

/* HMAC of a person id, or of a login where only that is known. */
static void
digits_of(const char *secret, const struct role *r, char hex[DIGEST_SHA256])
{
	char *login = r->key == NULL ? people_login_key(str_or(r->name, "")) : NULL;
	const char *s = login != NULL ? login : r->key;

	digest_hmac_sha256(secret, s, strlen(s), hex);
	free(login);
}

/* A word with an @ in it is a mention or an address. */
static char *
without_mentions(const char *text)
{
	struct buf out = BUF(1u << 20);
	char *s;

	while (*text != '\0') {
		size_t gap = strspn(text, " \t\r\n"), n = strcspn(text + gap, " \t\r\n");

		buf_add(&out, text, gap);
		if (memchr(text + gap, '@', n) != NULL)
			buf_puts(&out, "…");
		else
			buf_add(&out, text + gap, n);
		text += gap + n;
	}
	s = xstrdup(buf_str(&out));
	buf_fini(&out);
	return s;
}

/* "Merge pull request #7 from LOGIN/BRANCH", "Merge branch 'x' of HOST:LOGIN/…" */
static void
cut_merge(char *s)
{
	static const char *const words[] = { " from ", " of " };
	char *at;

	for (size_t i = 0; str_starts(s, "Merge ") && i < LEN(words); i++)
		if ((at = strstr(s, words[i])) != NULL)
			*at = '\0';
}

void
pseudonym_scrub(struct doc *d)
{
	static const char *const texts[] = { "github.commit.headline",
	    "github.pull_request.title", "github.issue.title", "github.release.name" };

	doc_drop(d, "github.commit.message");
	for (size_t i = 0; i < LEN(texts); i++) {
		const char *s = json_str(d->body, texts[i]);
		char *kept;

		if (s == NULL)
			continue;
		kept = without_mentions(s);
		cut_merge(kept);
		doc_str(d, texts[i], kept);
		free(kept);
	}
}

/* star:REPO_ID:USER_ID, member:REPO_ID:USER_ID */
static void
hide_id(struct doc *d, const char *hex)
{
	char *last = strrchr(d->id, ':'), *id;

	if (last == NULL)
		return;
	id = xasprintf("%.*s:%.*s", (int)(last - d->id), d->id, ID_PART, hex);
	free(d->id);
	d->id = id;
	doc_str(d, "event.id", id);
}

/* Bots and agents are nobody's secret. */
static bool
is_person(const struct role *r)
{
	return r->kind == ROLE_CREDIT || r->kind == ROLE_REVIEWER ||
	    r->kind == ROLE_MEMBER || r->class == PERSON_HUMAN;
}

static void
hide_user(struct doc *d, const struct role *r)
{
	doc_drop(d, "user");
	doc_str(d, "user.name", r->new_name);
	doc_str(d, "user.id", r->new_key);
}

static void
hide_member(struct doc *d, const struct role *r)
{
	doc_str(d, "github.member.login", r->new_name);
	doc_str(d, "github.member.id", r->new_key);
}

/* Names nobody in the document has: that of a user who is nobody, say. */
static void
drop_unknown(struct doc *d, const struct roles *l)
{
	const struct json *old = json_get(d->body, "related.user");
	const struct json *agents = json_get(d->body, "hubstash.agents");
	struct json *kept = json_new_array();

	for (size_t i = 0; i < json_len(old); i++) {
		const char *name = json_text(json_at(old, i));
		bool known = false;

		for (size_t k = 0; k < l->n; k++)
			known = known || str_eq(l->role[k].new_name, name);
		for (size_t k = 0; k < json_len(agents); k++)
			known = known || str_eq(json_text(json_at(agents, k)), name);
		if (known)
			json_push(kept, json_new_string(name));
	}
	json_set(d->body, "related.user", kept);
	if (json_len(kept) == 0)
		doc_drop(d, "related.user");
}

static struct json *
json_copy_of(const struct doc *d, const char *path)
{
	const struct json *v = json_get(d->body, path);

	return v != NULL ? json_copy(v) : NULL;
}

static void
put_back(struct doc *d, const char *path, struct json *v)
{
	if (v != NULL)
		json_set(d->body, path, v);
}

void
pseudonym_put(const char *secret, struct doc *d)
{
	static const char *const telling[] = { "user.full_name", "user.email",
	    "github.fork.repo", "github.ref.name", "github.push.ref" };
	struct json *team = json_copy_of(d, "hubstash.team");
	struct json *company = json_copy_of(d, "hubstash.company");
	struct roles l = roles_of(d);
	char hex[DIGEST_SHA256];

	pseudonym_scrub(d);
	for (size_t i = 0; i < l.n; i++) {
		struct role *r = &l.role[i];

		if (!is_person(r))
			continue;
		digits_of(secret, r, hex);
		free(r->new_key);
		free(r->new_name);
		r->new_key = xasprintf("pseudonym:%s", hex);
		r->new_name = xasprintf("person-%.*s", SHORT, hex);
		if (r->kind == ROLE_MEMBER || (r->kind == ROLE_USER &&
		    str_eq(d->action, "star")))
			hide_id(d, hex);
	}
	roles_write(&l, d);
	put_back(d, "hubstash.team", team);
	put_back(d, "hubstash.company", company);
	for (size_t i = 0; i < LEN(telling); i++)
		doc_drop(d, telling[i]);
	for (size_t i = 0; i < l.n; i++) {
		if (l.role[i].kind == ROLE_USER && is_person(&l.role[i]))
			hide_user(d, &l.role[i]);
		if (l.role[i].kind == ROLE_MEMBER)
			hide_member(d, &l.role[i]);
	}
	drop_unknown(d, &l);
	doc_bool(d, "hubstash.pseudonym", true);
	roles_fini(&l);
}
