/* SPDX-License-Identifier: Apache-2.0 */
/* people_file.c - see people_file.h: lines, mistakes, and the keys of identities. */
#include "github/people_file.h"
#include "base/map.h"
#include "base/str.h"
#include "github/people.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define HASH_DIGITS	64
#define LOGIN_MAX	100
#define SAID_MAX	512

/* How many bytes the character at s has; 0: it is none, by RFC 3629. */
static size_t
utf8_char(const unsigned char *s, size_t n)
{
	static const struct {
		unsigned char	lo, hi, next_lo, next_hi, len;
	} rows[] = {
		{ 0x01, 0x7f, 0, 0, 1 }, { 0xc2, 0xdf, 0x80, 0xbf, 2 },
		{ 0xe0, 0xe0, 0xa0, 0xbf, 3 }, { 0xe1, 0xec, 0x80, 0xbf, 3 },
		{ 0xed, 0xed, 0x80, 0x9f, 3 }, { 0xee, 0xef, 0x80, 0xbf, 3 },
		{ 0xf0, 0xf0, 0x90, 0xbf, 4 }, { 0xf1, 0xf3, 0x80, 0xbf, 4 },
		{ 0xf4, 0xf4, 0x80, 0x8f, 4 },
	};

	for (size_t i = 0; i < LEN(rows); i++) {
		if (s[0] < rows[i].lo || s[0] > rows[i].hi)
			continue;
		if (rows[i].len > n)
			return 0;
		if (rows[i].len > 1 &&
		    (s[1] < rows[i].next_lo || s[1] > rows[i].next_hi))
			return 0;
		for (size_t k = 2; k < rows[i].len; k++)
			if ((s[k] & 0xc0) != 0x80)
				return 0;
		return rows[i].len;
	}
	return 0;
}

/* Where the text stops being UTF-8 without NULs; n: nowhere. */
static size_t
good_until(const char *s, size_t n)
{
	size_t at = 0, k;

	while (at < n && (k = utf8_char((const unsigned char *)s + at, n - at)) > 0)
		at += k;
	return at;
}

__attribute__((format(printf, 4, 0)))
static void
mistake(struct people_file *f, size_t at, size_t len, const char *fmt, va_list ap)
{
	char said[SAID_MAX];

	f->mistakes++;
	vsnprintf(said, sizeof(said), fmt, ap);
	f->mistake(f->arg, at, len, said);
}

PRINTF(4, 5) static void
mistake_at(struct people_file *f, size_t at, size_t len, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	mistake(f, at, len, fmt, ap);
	va_end(ap);
}

void
people_mistake(struct people_file *f, const struct people_line *l, const char *part,
    size_t len, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	mistake(f, l->at + (size_t)(part - l->text), len, fmt, ap);
	va_end(ap);
}

bool
people_entry(struct people_file *f, const struct people_line *l)
{
	if (++f->entries <= PEOPLE_ENTRIES_MAX)
		return true;
	people_mistake(f, l, l->text, l->len, "more than %d entries",
	    PEOPLE_ENTRIES_MAX);
	f->next = f->len;
	return false;
}

static bool
blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

/* Takes n bytes at the place of the line; false: nothing to read in it. */
static bool
take(struct people_file *f, struct people_line *l, size_t n)
{
	const char *s = f->text + l->at;
	size_t good;

	while (n > 0 && blank(s[0])) {
		s++;
		l->at++;
		n--;
	}
	while (n > 0 && blank(s[n - 1]))
		n--;
	if (n == 0 || s[0] == '#')
		return false;
	if (n > PEOPLE_LINE_MAX) {
		mistake_at(f, l->at, n, "a line of %zu bytes; %d at most", n,
		    PEOPLE_LINE_MAX);
		return false;
	}
	good = good_until(s, n);
	if (good < n) {
		mistake_at(f, l->at + good, 1, s[good] == '\0' ? "a NUL" :
		    "this is no UTF-8");
		return false;
	}
	memcpy(l->text, s, n);
	l->text[n] = '\0';
	l->len = n;
	return true;
}

bool
people_line(struct people_file *f, struct people_line *l)
{
	const char *end;
	size_t n;

	if (f->next == 0 && f->len >= 3 && memcmp(f->text, "\xef\xbb\xbf", 3) == 0)
		f->next = 3;
	while (f->next < f->len) {
		l->at = f->next;
		l->number = ++f->line;
		end = memchr(f->text + f->next, '\n', f->len - f->next);
		n = end != NULL ? (size_t)(end - f->text) - f->next : f->len - f->next;
		f->next += n + 1;
		if (take(f, l, n))
			return true;
	}
	return false;
}

void
people_line_uncomment(struct people_line *l)
{
	for (size_t i = 1; i < l->len; i++)
		if (l->text[i] == '#' && blank(l->text[i - 1])) {
			while (i > 0 && blank(l->text[i - 1]))
				i--;
			l->text[i] = '\0';
			l->len = i;
		}
}

static char *
lowered(const char *prefix, const char *s)
{
	char *key = xasprintf("%s%s", prefix, s);

	for (char *c = key; *c != '\0'; c++)
		if (*c >= 'A' && *c <= 'Z')
			*c += 'a' - 'A';
	return key;
}

char *
people_login_key(const char *login)
{
	return lowered("login:", login);
}

char *
people_mail_key(const char *mail)
{
	static struct people_rules *none;
	struct person p;
	char *key;

	if (none == NULL)
		none = people_rules_empty();
	person_signature(none, &(struct signature){ .mail = mail }, true, &p);
	if (p.id == 0 && p.login != NULL)
		key = people_login_key(p.login);
	else
		key = p.key != NULL ? xstrdup(p.key) : NULL;
	person_fini(&p);
	return key;
}

bool
people_is_account(const char *key)
{
	return key != NULL && key[0] != '\0' && key[strspn(key, "0123456789")] == '\0';
}

static bool
is_hash(const char *s)
{
	return strlen(s) == HASH_DIGITS && s[strspn(s, "0123456789abcdef")] == '\0';
}

static bool
is_login(const char *s)
{
	static const char good[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
	    "0123456789-_[]";

	return *s != '\0' && strlen(s) <= LOGIN_MAX && s[strspn(s, good)] == '\0';
}

static char *
account_key(const char *digits)
{
	int64_t id;

	return str_i64(digits, &id) && id > 0 ? xasprintf("%lld", (long long)id) : NULL;
}

static bool
is_address(const char *s)
{
	const char *at = strrchr(s, '@');

	return at != NULL && at != s && at[1] != '\0' && strpbrk(s, " \t<>") == NULL;
}

char *
people_key(const char *word)
{
	static const char *const prefixes[] = { "id:", "login:", "mail:", "name:" };
	size_t which = LEN(prefixes);
	const char *value = word;

	for (size_t i = 0; i < LEN(prefixes); i++)
		if (str_starts(word, prefixes[i])) {
			which = i;
			value = word + strlen(prefixes[i]);
			value += strspn(value, " \t");
		}
	if (which == 0 || (which == LEN(prefixes) && people_is_account(value)))
		return people_is_account(value) ? account_key(value) : NULL;
	if (which >= 2 && which < LEN(prefixes) && is_hash(value))
		return xasprintf("%s%s", prefixes[which], value);
	if ((which == 2 || which == LEN(prefixes)) && is_address(value))
		return people_mail_key(value);
	if ((which == 1 || which == LEN(prefixes)) && is_login(value))
		return people_login_key(value);
	return NULL;
}

void
people_list_read(struct people_file *f, struct map *keys, void *value)
{
	struct people_line l;
	char *key;

	while (people_line(f, &l)) {
		people_line_uncomment(&l);
		if (!people_entry(f, &l))
			return;
		key = people_key(l.text);
		if (key == NULL)
			people_mistake(f, &l, l.text, l.len, "this is no account's "
			    "number, login, address or person id");
		else
			map_set(keys, key, value);
		free(key);
	}
}
