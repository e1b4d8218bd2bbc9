/* SPDX-License-Identifier: Apache-2.0 */
/* rules.c - see rules.h and people.h: rules read, kept and matched. */
#include "github/rules.h"
#include "base/str.h"
#include "github/digest.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define RULES_MAX	10000
#define LINE_MAX_BYTES	1024

enum rule_key { RULE_ID, RULE_LOGIN, RULE_MAIL };

struct rule {
	enum person_class class;
	enum rule_key	  key;
	int64_t		  id;		/* of RULE_ID */
	char		 *value;	/* of the others */
	char		 *name;		/* NULL: none */
	char		  hash[DIGEST_SHA256];	/* of an address; "": it has a * */
};

struct people_rules {
	struct rule	*rule;
	size_t		 count, cap;
};

static const char *const classes[] = { "human", "bot", "agent" };
static const char *const keys[] = { "id", "login", "mail" };

static bool
one_of(const char *const *words, size_t n, const char *w, int *which)
{
	for (size_t i = 0; w != NULL && i < n; i++)
		if (str_eq(words[i], w)) {
			*which = (int)i;
			return true;
		}
	return false;
}

const char *
person_class_name(enum person_class class)
{
	return classes[class];
}

bool
person_class_of(const char *name, enum person_class *class)
{
	int which;

	if (!one_of(classes, LEN(classes), name, &which))
		return false;
	*class = (enum person_class)which;
	return true;
}

/* The next word of a line, moving on; NULL at its end. */
static char *
word(char **line)
{
	char *w = *line + strspn(*line, " \t");

	if (*w == '\0')
		return NULL;
	*line = w + strcspn(w, " \t");
	if (**line != '\0')
		*(*line)++ = '\0';
	return w;
}

/* What is left of a line without blanks around it; NULL when nothing is. */
static char *
rest(char *line)
{
	size_t n;

	line += strspn(line, " \t");
	for (n = strlen(line); n > 0 && strchr(" \t", line[n - 1]) != NULL; n--)
		line[n - 1] = '\0';
	return n > 0 ? line : NULL;
}

static void
keep(struct people_rules *r, const struct rule *rule)
{
	if (r->count == r->cap) {
		r->cap = r->cap > 0 ? r->cap * 2 : 128;
		r->rule = xrealloc(r->rule, r->cap * sizeof(struct rule));
	}
	r->rule[r->count++] = *rule;
}

static int
lower(char c)
{
	return c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : (unsigned char)c;
}

/* As people.c hashes addresses: ASCII letters in lower case. */
static void
hash_address(struct rule *rule)
{
	char *low;

	if (rule->key != RULE_MAIL || strchr(rule->value, '*') != NULL)
		return;
	low = xstrdup(rule->value);
	for (char *c = low; *c != '\0'; c++)
		*c = (char)lower(*c);
	digest_sha256(low, strlen(low), rule->hash);
	free(low);
}

/* rule = class key value [name] */
bool
people_rules_add(struct people_rules *r, const char *line, struct err *e)
{
	char text[LINE_MAX_BYTES], *at = text, *value, *name, *comment;
	struct rule rule = { 0 };
	int class, key;

	if (!str_copy(text, sizeof(text), line))
		return err_set(e, ERR_CONFIG, 0, "a line of more than %d bytes",
		    LINE_MAX_BYTES - 1);
	text[strcspn(text, "\r\n")] = '\0';
	for (comment = text; (comment = strchr(comment, '#')) != NULL; comment++)
		if (comment == text || comment[-1] == ' ' || comment[-1] == '\t') {
			*comment = '\0';
			break;
		}
	if (rest(text) == NULL)
		return true;
	if (!one_of(classes, LEN(classes), word(&at), &class))
		return err_set(e, ERR_CONFIG, 0,
		    "a rule begins with human, bot or agent");
	if (!one_of(keys, LEN(keys), word(&at), &key))
		return err_set(e, ERR_CONFIG, 0, "after %s comes id, login or mail",
		    classes[class]);
	if ((value = word(&at)) == NULL)
		return err_set(e, ERR_CONFIG, 0, "after %s comes a value", keys[key]);
	if (key == RULE_ID && (!str_i64(value, &rule.id) || rule.id <= 0))
		return err_set(e, ERR_CONFIG, 0, "%s is not an account's number",
		    value);
	if (r->count >= RULES_MAX)
		return err_set(e, ERR_CONFIG, 0, "more than %d rules", RULES_MAX);
	name = rest(at);
	rule.class = (enum person_class)(class);
	rule.key = (enum rule_key)key;
	rule.value = xstrdup(value);
	rule.name = name != NULL ? xstrdup(name) : NULL;
	hash_address(&rule);
	keep(r, &rule);
	return true;
}

struct people_rules *
people_rules_empty(void)
{
	return xcalloc(1, sizeof(struct people_rules));
}

struct people_rules *
people_rules_new(void)
{
	struct people_rules *r = people_rules_empty();
	struct err e;

	for (size_t i = 0; rules_list[i] != NULL; i++)
		if (!people_rules_add(r, rules_list[i], &e))
			die("rules_list: \"%s\": %s", rules_list[i], e.text);
	return r;
}

void
people_rules_free(struct people_rules *r)
{
	if (r == NULL)
		return;
	for (size_t i = 0; i < r->count; i++) {
		free(r->rule[i].value);
		free(r->rule[i].name);
	}
	free(r->rule);
	free(r);
}

bool
people_rules_add_file(struct people_rules *r, const char *path, struct err *e)
{
	char line[LINE_MAX_BYTES + 1];
	FILE *f = fopen(path, "re");
	bool good = true;

	if (f == NULL)
		return err_set(e, ERR_CONFIG, errno, "%s: %s", path, strerror(errno));
	for (int n = 1; good && fgets(line, sizeof(line), f) != NULL; n++)
		if (!(good = people_rules_add(r, line, e)))
			err_at(e, "%s:%d", path, n);
	if (good && ferror(f) != 0)
		good = err_set(e, ERR_CONFIG, 0, "%s: cannot be read", path);
	fclose(f);
	return good;
}

/* Letters in either case; a star is any characters. */
static bool
matches(const char *pattern, const char *s)
{
	const char *star = NULL, *again = NULL;

	while (*s != '\0') {
		if (*pattern == '*') {
			star = ++pattern;
			again = s;
		} else if (lower(*pattern) == lower(*s)) {
			pattern++;
			s++;
		} else if (star != NULL) {
			pattern = star;
			s = ++again;
		} else {
			return false;
		}
	}
	return pattern[strspn(pattern, "*")] == '\0';
}

bool
rules_find(const struct people_rules *r, int64_t id, const char *login,
    const char *mail, enum person_class *class, const char **name)
{
	for (size_t i = r->count; i-- > 0; ) {
		const struct rule *rule = &r->rule[i];
		const char *s = rule->key == RULE_LOGIN ? login : mail;

		if (rule->key == RULE_ID ? rule->id != id || id == 0 :
		    s == NULL || !matches(rule->value, s))
			continue;
		*class = rule->class;
		*name = rule->name;
		return true;
	}
	return false;
}

bool
people_rules_say(const struct people_rules *r, int64_t id, const char *login,
    const char *mail_hash, enum person_class *class, const char **name)
{
	for (size_t i = r->count; i-- > 0; ) {
		const struct rule *rule = &r->rule[i];

		if (rule->key == RULE_ID ? rule->id != id || id == 0 :
		    rule->key == RULE_LOGIN ? login == NULL ||
		    !matches(rule->value, login) : mail_hash == NULL ||
		    rule->hash[0] == '\0' || !str_eq(rule->hash, mail_hash))
			continue;
		*class = rule->class;
		*name = rule->name;
		return true;
	}
	return false;
}

bool
rules_name_id(const struct people_rules *r, int64_t id)
{
	for (size_t i = 0; i < r->count; i++)
		if (r->rule[i].key == RULE_ID && r->rule[i].id == id && id != 0 &&
		    r->rule[i].name != NULL)
			return true;
	return false;
}
