/* SPDX-License-Identifier: Apache-2.0 */
/*
 * options.c - see options.h: from attributes and text into the conf struct.
 * Every value becomes text first, then what its row says; so a number may stand
 * in quotes, and files, fallbacks and the command line agree.
 */
#include "conf/options.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "conf/env.h"

#define MAX_TEXT	(4 << 20)	/* of a value, its variables replaced */

static void *
field(const struct option *o, void *conf)
{
	return (char *)conf + o->at;
}

static const struct option *
find(const struct option *rows, const char *name)
{
	for (const struct option *o = rows; o->name != NULL; o++)
		if (str_eq(o->name, name))
			return o;
	return NULL;
}

bool
option_size(const char *s, int64_t *bytes)
{
	static const struct {
		const char	*unit;
		int64_t		 bytes;
	} units[] = {
		{ "", 1 }, { "b", 1 }, { "kb", 1000 }, { "kib", 1 << 10 },
		{ "mb", 1000000 }, { "mib", 1 << 20 }, { "gb", 1000000000 },
		{ "gib", 1 << 30 }, { "tb", 1000000000000 }, { "tib", 1LL << 40 },
	};
	size_t n = strspn(s, "0123456789");
	char digits[20];
	int64_t v;

	if (n == 0 || n >= sizeof(digits))
		return false;
	memcpy(digits, s, n);
	digits[n] = '\0';
	if (!str_i64(digits, &v))
		return false;
	s += n;
	s += strspn(s, " ");
	for (size_t i = 0; i < LEN(units); i++)
		if (str_eqi(s, units[i].unit) && v <= INT64_MAX / units[i].bytes) {
			*bytes = v * units[i].bytes;
			return true;
		}
	return false;
}

static bool
to_double(const char *s, double *v)
{
	char *end;
	double d;

	if (s[0] == '\0' || strspn(s, "-0123456789.") != strlen(s))
		return false;
	errno = 0;
	d = strtod(s, &end);
	if (*end != '\0' || errno != 0 || !isfinite(d))
		return false;
	*v = d;
	return true;
}

/* What a row takes, in words: in two parts, for "one of" and its choices. */
static const char *
expected(const struct option *o)
{
	static const char *const names[] = {
		[OPT_STRING] = "a string", [OPT_SECRET] = "a string",
		[OPT_INT] = "a whole number",
		[OPT_SIZE] = "a number of bytes or a size such as \"5mib\"",
		[OPT_DURATION] = "seconds or a time such as \"90s\", \"12h\" or \"30d\"",
		[OPT_DOUBLE] = "a number", [OPT_BOOL] = "true or false",
		[OPT_LIST] = "an array of strings", [OPT_HASH] = "a hash of strings",
	};

	return o->choices != NULL ? "one of " : names[o->type];
}

/* Is it one of a row's choices? */
static bool
is_choice(const char *choices, const char *text)
{
	size_t n = strlen(text);

	for (const char *s = choices; n > 0 && (s = strstr(s, text)) != NULL; s++)
		if ((s == choices || s[-1] == ' ') && (s[n] == ',' || s[n] == '\0'))
			return true;
	return false;
}

/* Any option but lists and hashes. False: the text is not of that type. */
static bool
set_scalar(const struct option *o, void *conf, const char *text)
{
	switch (o->type) {
	case OPT_STRING:
	case OPT_SECRET:
		if (o->choices != NULL && !is_choice(o->choices, text))
			return false;
		str_set(field(o, conf), text);
		return true;
	case OPT_INT:
		return str_i64(text, field(o, conf));
	case OPT_SIZE:
		return option_size(text, field(o, conf));
	case OPT_DURATION:
		return str_duration_s(text, field(o, conf));
	case OPT_DOUBLE:
		return to_double(text, field(o, conf));
	case OPT_BOOL:
		if (!str_eq(text, "true") && !str_eq(text, "false"))
			return false;
		*(bool *)field(o, conf) = text[0] == 't';
		return true;
	case OPT_LIST:
	case OPT_HASH:
		break;
	}
	die("option %s is no scalar", o->name);
}

static void
list_add(struct strings *l, const char *s, size_t n)
{
	l->s = xrealloc(l->s, (l->n + 1) * sizeof(*l->s));
	l->s[l->n++] = xstrndup(s, n);
}

static void
hash_set(struct pairs *h, const char *name, size_t n, const char *value)
{
	for (size_t i = 0; i < h->n; i++)
		if (strlen(h->p[i].name) == n && memcmp(h->p[i].name, name, n) == 0) {
			str_set(&h->p[i].value, value);
			return;
		}
	h->p = xrealloc(h->p, (h->n + 1) * sizeof(*h->p));
	h->p[h->n++] = (struct pair){ xstrndup(name, n), xstrdup(value) };
}

/* False if the name has another value already. */
static bool
hash_add(struct pairs *h, const char *name, const char *value)
{
	for (size_t i = 0; i < h->n; i++)
		if (str_eq(h->p[i].name, name))
			return str_eq(h->p[i].value, value);
	hash_set(h, name, strlen(name), value);
	return true;
}

static void
field_free(const struct option *o, void *conf)
{
	struct strings *l = field(o, conf);
	struct pairs *h = field(o, conf);

	if (o->type == OPT_STRING || o->type == OPT_SECRET) {
		str_set(field(o, conf), NULL);
	} else if (o->type == OPT_LIST) {
		for (size_t i = 0; i < l->n; i++)
			free(l->s[i]);
		free(l->s);
		*l = (struct strings){ 0 };
	} else if (o->type == OPT_HASH) {
		for (size_t i = 0; i < h->n; i++) {
			free(h->p[i].name);
			free(h->p[i].value);
		}
		free(h->p);
		*h = (struct pairs){ 0 };
	}
}

void
options_free(const struct option *rows, void *conf)
{
	for (const struct option *o = rows; o->name != NULL; o++)
		field_free(o, conf);
}

/* Lists and hashes by commas; blanks round an item do not count. */
static bool
set_from_text(const struct option *o, void *conf, const char *text)
{
	const char *end, *eq;
	char *value;
	size_t n;

	if (o->type != OPT_LIST && o->type != OPT_HASH)
		return set_scalar(o, conf, text);
	field_free(o, conf);
	for (; *text != '\0'; text = *end == ',' ? end + 1 : end) {
		text += strspn(text, " ");
		end = text + strcspn(text, ",");
		for (n = (size_t)(end - text); n > 0 && text[n - 1] == ' '; n--)
			;
		if (n == 0)
			continue;
		if (o->type == OPT_LIST) {
			list_add(field(o, conf), text, n);
			continue;
		}
		eq = memchr(text, '=', n);
		if (eq == NULL || eq == text)
			return false;
		value = xstrndup(eq + 1, n - (size_t)(eq + 1 - text));
		hash_set(field(o, conf), text, (size_t)(eq - text), value);
		free(value);
	}
	return true;
}

/* A fallback that no variable made bad is a mistake of ours in the rows. */
static bool
set_fallback(const struct option *o, void *conf, struct err *e)
{
	struct buf text = BUF(MAX_TEXT);
	size_t n = strlen(o->fallback);
	char *missing = NULL;
	bool good;

	if (!env_text(o->fallback, n, &text, &missing)) {
		err_set(e, ERR_CONFIG, 0, "option \"%s\" is not given, and the "
		    "environment variable %s that would stand in for it is not set",
		    o->name, missing);
		good = false;
	} else {
		good = set_from_text(o, conf, buf_str(&text));
		if (!good && !env_has(o->fallback, n))
			die("option %s: bad fallback %s", o->name, o->fallback);
		if (!good)
			err_set(e, ERR_CONFIG, 0, "option \"%s\" is %s by default, "
			    "which must be %s%s", o->name, o->fallback,
			    expected(o), str_or(o->choices, ""));
	}
	free(missing);
	buf_fini(&text);
	return good;
}

bool
options_default(const struct option *rows, void *conf, struct err *e)
{
	for (const struct option *o = rows; o->name != NULL; o++)
		if (o->fallback != NULL && !set_fallback(o, conf, e))
			return false;
	return true;
}

bool
options_set_text(const struct option *rows, void *conf, const char *name,
    const char *text, struct err *e)
{
	const struct option *o = find(rows, name);

	if (o == NULL)
		return err_set(e, ERR_CONFIG, 0, "there is no option \"%s\"", name);
	if (!set_from_text(o, conf, text))
		return err_set(e, ERR_CONFIG, 0, "%s takes %s%s, not \"%s\"", name,
		    expected(o), str_or(o->choices, ""),
		    o->type == OPT_SECRET ? "***" : text);
	return true;
}

/* "org" takes a string, not an array */
static bool
fail_type(const struct option *o, const struct ast_value *v, struct diags *d)
{
	bool text = v->kind == AST_WORD || v->kind == AST_STRING ||
	    v->kind == AST_NUMBER;

	if (text)	/* as written: what a variable holds may be a secret */
		diags_add(d, v->at, "\"%s\" takes %s%s, not \"%.60s\"", o->name,
		    expected(o), str_or(o->choices, ""), v->text);
	else
		diags_add(d, v->at, "\"%s\" takes %s%s, not %s", o->name,
		    expected(o), str_or(o->choices, ""),
		    ast_value_kind_name(v->kind));
	return false;
}

/* The text of a word, string or number, variables replaced; NULL with a diag. */
static char *
value_text(const struct option *o, const struct ast_value *v, struct diags *d)
{
	struct buf text = BUF(MAX_TEXT);
	char *s = NULL;

	if (v->kind != AST_WORD && v->kind != AST_STRING && v->kind != AST_NUMBER)
		fail_type(o, v, d);
	else if (!env_value(v, &text, d))
		;	/* said */
	else if (text.failed)
		diags_add(d, v->at, "\"%s\" is too long", o->name);
	else if (text.len > 0 && memchr(text.data, '\0', text.len) != NULL)
		diags_add(d, v->at, "\"%s\" must not hold a NUL character", o->name);
	else
		s = xstrdup(buf_str(&text));
	buf_fini(&text);
	return s;
}

static bool
fill_list(const struct option *o, const struct ast_value *v, void *conf,
    struct diags *d)
{
	bool good = true;
	char *s;

	if (v->kind != AST_ARRAY) {
		if ((s = value_text(o, v, d)) == NULL)
			return false;
		list_add(field(o, conf), s, strlen(s));
		free(s);
		return true;
	}
	for (const struct ast_value *i = v->items; i != NULL; i = i->next)
		good = (i->kind != AST_ARRAY ? fill_list(o, i, conf, d) :
		    fail_type(o, i, d)) && good;
	return good;
}

static bool
fail_again(struct place at, const char *name, struct diags *d)
{
	diags_add(d, at, "\"%.60s\" is given again, with another value", name);
	return false;
}

static bool
fill_hash(const struct option *o, const struct ast_value *v, void *conf,
    struct diags *d)
{
	bool good = true;
	char *name, *value;

	if (v->kind != AST_HASH)
		return fail_type(o, v, d);
	for (const struct ast_value *i = v->items; i != NULL; i = i->next) {
		name = value_text(o, i->key, d);
		value = value_text(o, i, d);
		if (name == NULL || value == NULL)
			good = false;
		else if (!hash_add(field(o, conf), name, value))
			good = fail_again(i->key->at, name, d);
		free(name);
		free(value);
	}
	return good;
}

/* One attribute. An array of one stands for what is in it, as in Logstash. */
static bool
fill(const struct option *o, const struct ast_value *v, void *conf, struct diags *d)
{
	char *s;
	bool good;

	if (o->type == OPT_LIST)
		return fill_list(o, v, conf, d);
	if (o->type == OPT_HASH)
		return fill_hash(o, v, conf, d);
	if (v->kind == AST_ARRAY && v->items != NULL && v->items->next == NULL)
		v = v->items;
	if ((s = value_text(o, v, d)) == NULL)
		return false;
	good = set_scalar(o, conf, s);
	free(s);
	return good || fail_type(o, v, d);
}

/* No attribute has this name. */
static bool
fill_absent(const struct option *o, const struct ast_plugin *p, void *conf,
    struct diags *d)
{
	struct err e;

	if (o->fallback != NULL && set_fallback(o, conf, &e))
		return true;
	if (o->fallback != NULL)
		diags_add(d, p->at, "%s: %s", p->name, e.text);
	else if (o->required)
		diags_add(d, p->at, "%s needs the option \"%s\"", p->name, o->name);
	return o->fallback == NULL && !o->required;
}

static bool
fail_unknown(const struct option *rows, const struct ast_plugin *p,
    const struct ast_attribute *a, struct diags *d)
{
	const char *names[128];
	size_t n = 0;

	for (const struct option *o = rows; o->name != NULL && n < LEN(names); o++)
		names[n++] = o->name;
	diags_add(d, a->at, "%s has no option \"%.60s\"", p->name, a->name);
	diags_mean(d, a->name, names, n);
	return false;
}

static bool
same_value(const struct ast_value *a, const struct ast_value *b)
{
	return a->items == NULL && b->items == NULL && a->plugin == NULL &&
	    b->plugin == NULL && a->len == b->len &&
	    memcmp(a->text, b->text, a->len) == 0;
}

bool
options_fill(const struct option *rows, const struct ast_plugin *p, void *conf,
    struct diags *d)
{
	const struct ast_attribute *a, *given;
	bool good = true;

	for (a = p->attributes; a != NULL; a = a->next)
		if (find(rows, a->name) == NULL && !str_eq(a->name, "id"))
			good = fail_unknown(rows, p, a, d);
	for (const struct option *o = rows; o->name != NULL; o++) {
		given = NULL;
		for (a = p->attributes; a != NULL; a = a->next) {
			if (!str_eq(a->name, o->name))
				continue;
			if (given == NULL || o->type == OPT_LIST || o->type == OPT_HASH)
				good = fill(o, a->value, conf, d) && good;
			else if (!same_value(given->value, a->value))
				good = fail_again(a->at, a->name, d);
			given = a;
		}
		if (given == NULL)
			good = fill_absent(o, p, conf, d) && good;
	}
	return good;
}
