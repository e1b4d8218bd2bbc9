/* SPDX-License-Identifier: Apache-2.0 */
/* people.c - see people.h: who somebody is, and the list of a commit's people. */
#include "github/people.h"
#include "base/map.h"
#include "base/str.h"
#include "github/digest.h"
#include "github/envelope.h"
#include "github/rules.h"
#include "github/trailers.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define NOREPLY		"@users.noreply.github.com"
#define TRAILERS_MAX	1000
#define SHORT_HASH	12
#define SHA1_DIGITS	40

void
person_fini(struct person *p)
{
	free(p->login);
	free(p->full_name);
	free(p->mail);
	free(p->name);
	free(p->key);
	*p = (struct person){ 0 };
}

static void
hash_mail(const char *mail, char hex[65])
{
	char *low = xstrdup(mail);

	for (char *c = low; *c != '\0'; c++)
		if (*c >= 'A' && *c <= 'Z')
			*c += 'a' - 'A';
	digest_sha256(low, strlen(low), hex);
	free(low);
}

/* "mail:" or "name:" and what identifies. */
static char *
hashed_key(const struct person *p, size_t digits)
{
	char hex[65];

	if (p->mail != NULL)
		return xasprintf("mail:%.*s", (int)digits, p->mail_hash);
	if (p->full_name == NULL)
		return NULL;
	digest_sha256(p->full_name, strlen(p->full_name), hex);
	return xasprintf("name:%.*s", (int)digits, hex);
}

/* Class, name and key, when all else is known. */
static bool
settle(const struct people_rules *rules, bool is_bot, struct person *p)
{
	const char *name = NULL, *called;

	/* Without an account the name tells: nobody is called x[bot]. */
	called = p->login != NULL ? p->login : str_or(p->full_name, "");
	if (!rules_find(rules, p->id, p->login, p->mail, &p->class, &name))
		p->class = is_bot || str_ends(called, "[bot]") ? PERSON_BOT :
		    PERSON_HUMAN;
	p->key = p->id > 0 ? xasprintf("%" PRId64, p->id) : hashed_key(p, 64);
	if (p->key == NULL && p->login != NULL)
		p->key = xasprintf("login:%s", p->login);
	if (p->key == NULL)
		return false;
	if (name != NULL && p->login != NULL)
		str_set(&p->login, name);
	if (name == NULL)
		name = p->login != NULL ? p->login : p->full_name;
	if (name != NULL)
		p->name = xstrdup(name);
	else if (p->mail != NULL)
		p->name = hashed_key(p, SHORT_HASH);
	else
		p->name = xstrdup(p->key);
	return true;
}

/* The number and login of an account; GraphQL says databaseId, REST id. */
static bool
read_account(const struct people_rules *rules, const struct json *account,
    struct person *p, bool *is_bot)
{
	const char *type = json_str(account, "__typename");

	p->id = read_id(account, "databaseId");
	if (p->id == 0)
		p->id = read_id(account, "user.databaseId");
	if (p->id == 0)
		p->id = read_id(account, "id");
	p->login = json_str(account, "login") == NULL ? NULL :
	    text_trimmed(json_str(account, "login"), TEXT_OTHER);
	*is_bot = str_eq(type, "Bot") || str_eq(json_str(account, "type"), "Bot");
	/* GraphQL cuts the suffix off. */
	if (str_eq(type, "Bot") && p->login != NULL && !str_ends(p->login, "[bot]") &&
	    !rules_name_id(rules, p->id)) {
		char *whole = xasprintf("%s[bot]", p->login);

		free(p->login);
		p->login = whole;
	}
	return p->id > 0 || p->login != NULL;
}

bool
person_account(const struct people_rules *rules, const struct json *account,
    struct person *p)
{
	bool is_bot;

	*p = (struct person){ 0 };
	return read_account(rules, account, p, &is_bot) && settle(rules, is_bot, p);
}

void
person_ghost(struct person *p)
{
	*p = (struct person){ .id = PEOPLE_GHOST_ID, .login = xstrdup(PEOPLE_GHOST),
	    .name = xstrdup(PEOPLE_GHOST),
	    .key = xasprintf("%d", PEOPLE_GHOST_ID) };
}

bool
person_or_ghost(const struct people_rules *rules, const struct json *account,
    struct person *p)
{
	if (!json_is(account, JSON_NULL))
		return person_account(rules, account, p);
	person_ghost(p);
	return true;
}

/*
 * ID+LOGIN@users.noreply.github.com, or without an ID. Archives have in place of
 * what stands before the @ its SHA-1, which is longer than any login.
 */
static void
read_noreply(struct person *p)
{
	size_t n = p->mail != NULL ? strlen(p->mail) : 0, k = sizeof(NOREPLY) - 1;
	char *local, *plus;

	if (n <= k || !str_eqi(p->mail + n - k, NOREPLY) ||
	    strspn(p->mail, "0123456789abcdef") == SHA1_DIGITS)
		return;
	local = xstrndup(p->mail, n - k);
	plus = strchr(local, '+');
	if (plus == NULL && p->login == NULL) {
		p->login = xstrdup(local);
	} else if (plus != NULL && plus[1] != '\0') {
		*plus = '\0';
		if (strspn(local, "0123456789") == strlen(local) &&
		    str_i64(local, &p->id) && p->id > 0)
			str_set(&p->login, plus + 1);
		else
			p->id = 0;
	}
	free(local);
}

/* The SHA-1 of what stands before the @ of a name is what an archive has of it. */
static bool
is_hidden(const char *name, const char *mail)
{
	const char *at = strrchr(name, '@');
	char hex[DIGEST_SHA1];

	if (at == NULL || strspn(mail, "0123456789abcdef") != SHA1_DIGITS ||
	    !str_eqi(mail + SHA1_DIGITS, at))
		return false;
	digest_sha1(name, (size_t)(at - name), hex);
	return strncmp(mail, hex, SHA1_DIGITS) == 0;
}

/*
 * Is this name the address, and so nothing that may be shown? git-svn puts an @
 * and the repository's number behind the address.
 */
static bool
is_address(const char *name, const char *mail)
{
	size_t n = strlen(name);

	return str_eqi(name, mail) || is_hidden(name, mail) ||
	    (strchr(name, '@') != NULL && strncasecmp(name, mail, n) == 0 &&
	    mail[n] == '@');
}

bool
person_signature(const struct people_rules *rules, const struct signature *s,
    bool keep_email, struct person *p)
{
	bool is_bot = false;

	*p = (struct person){ 0 };
	if (s->mail != NULL)
		p->mail = text_trimmed(s->mail, TEXT_OTHER);
	if (p->mail != NULL)
		hash_mail(p->mail, p->mail_hash);
	if (s->name != NULL)
		p->full_name = text_trimmed(s->name, TEXT_OTHER);
	if (p->full_name != NULL && p->mail != NULL && !keep_email &&
	    is_address(p->full_name, p->mail)) {
		free(p->full_name);
		p->full_name = NULL;
	}
	if (!json_is(s->user, JSON_OBJECT) ||
	    !read_account(rules, s->user, p, &is_bot)) {
		if (s->login != NULL)
			p->login = text_trimmed(s->login, TEXT_OTHER);
		read_noreply(p);
	}
	return settle(rules, is_bot, p);
}

static bool
met(struct people *l, const struct person *p)
{
	bool before;

	if (l->met == NULL)
		l->met = map_new();
	before = map_get(l->met, p->key) != NULL ||
	    (p->mail != NULL && map_get(l->met, p->mail_hash) != NULL);
	map_set(l->met, p->key, l);
	if (p->mail != NULL)
		map_set(l->met, p->mail_hash, l);
	return before;
}

void
people_add(struct people *l, struct person *p)
{
	if ((p->key == NULL && l->count > 0) || l->count >= PEOPLE_MAX ||
	    (p->key != NULL && met(l, p))) {
		person_fini(p);
		return;
	}
	if (l->count == l->cap) {
		l->cap = l->cap > 0 ? l->cap * 2 : 2;
		l->person = xrealloc(l->person, l->cap * sizeof(struct person));
	}
	l->person[l->count++] = *p;
	*p = (struct person){ 0 };
}

void
people_fini(struct people *l)
{
	for (size_t i = 0; i < l->count; i++)
		person_fini(&l->person[i]);
	free(l->person);
	map_free(l->met);
	*l = (struct people){ 0 };
}

static void
add_signature(const struct people_rules *rules, const struct signature *s,
    bool keep_email, struct people *l)
{
	struct person p;

	person_signature(rules, s, keep_email, &p);
	people_add(l, &p);
}

static void
add_trailers(const struct people_rules *rules, const char *message, bool keep_email,
    struct people *l)
{
	struct trailer t;

	for (int i = 0; i < TRAILERS_MAX && trailer_next(&message, &t); i++) {
		char *name = xstrndup(t.name, t.name_len);
		char *mail = xstrndup(t.mail, t.mail_len);

		add_signature(rules, &(struct signature){ .name = name, .mail = mail },
		    keep_email, l);
		free(name);
		free(mail);
	}
}

void
people_of_commit(const struct people_rules *rules, const struct signature *author,
    const struct json *authors, const char *message, bool keep_email,
    struct people *l)
{
	add_signature(rules, author, keep_email, l);
	for (size_t i = 0; i < json_len(authors) && i < PEOPLE_MAX; i++) {
		const struct json *a = json_at(authors, i);

		add_signature(rules, &(struct signature){ .name = json_str(a, "name"),
		    .mail = json_str(a, "email"), .user = json_get(a, "user") },
		    keep_email, l);
	}
	if (message != NULL)
		add_trailers(rules, message, keep_email, l);
}
