/* SPDX-License-Identifier: Apache-2.0 */
/*
 * look_commits_text.c - see look_commits_text.h. The texts are JSON; members that
 * are zero are left out.
 */
#include "sync/look_commits_text.h"
#include "base/str.h"
#include "sync/look.h"

#include <stdlib.h>
#include <string.h>

#define WALK_MAX	1000
#define DAY_MS		((int64_t)86400000)

static const char *const modes[] = { "none", "walk", "ahead", "lost", "sweep", "unflag",
	"behind" };

/* It goes into addresses and queries. */
bool
sha_valid(const char *s)
{
	size_t n = s != NULL ? strspn(s, "0123456789abcdef") : 0;

	return s != NULL && s[n] == '\0' && n >= 40 && n < SHA_SIZE;
}

static char *
print(struct json *j)
{
	struct buf b = BUF(8192);

	json_print(j, &b);
	json_free(j);
	return b.data;
}

static struct json *
parse(const char *text)
{
	struct err e;

	return text != NULL ? json_parse(text, strlen(text), &e) : NULL;
}

/* A member that may be missing; false when it is there and no SHA. */
static bool
take_sha(const struct json *j, const char *path, char sha[SHA_SIZE])
{
	const char *s = json_str(j, path);

	if (s == NULL)
		return true;
	return sha_valid(s) && str_copy(sha, SHA_SIZE, s);
}

/* One that may be missing too. */
static void
take_int(const struct json *j, const char *path, int64_t *v)
{
	if (!json_int(j, path, v))
		*v = 0;
}

static bool
take_target(const struct json *j, struct commits_cursor *c)
{
	const char *mode = json_str(j, "mode");

	for (size_t i = 0; mode != NULL && i < LEN(modes); i++)
		if (str_eq(mode, modes[i]))
			c->mode = (enum commits_mode)i;
	str_copy(c->to_branch, sizeof(c->to_branch), str_or(json_str(j, "branch"), ""));
	str_copy(c->after, sizeof(c->after), str_or(json_str(j, "after"), ""));
	take_int(j, "look_s", &c->look_s);
	take_int(j, "page", &c->page);
	take_int(j, "old", &c->old);
	c->gone = json_true(j, "gone");
	c->whole = json_true(j, "whole");
	return c->mode != MODE_NONE && take_sha(j, "head", c->to);
}

bool
cursor_parse(const char *text, struct commits_cursor *c)
{
	struct json *j = parse(text), *to = json_get(j, "to");
	bool good = json_is(j, JSON_OBJECT);

	memset(c, 0, sizeof(*c));
	str_copy(c->branch, sizeof(c->branch), str_or(json_str(j, "branch"), ""));
	good = good && take_sha(j, "head", c->head) &&
	    take_sha(j, "first", c->first) && take_sha(j, "doubt", c->doubt);
	take_int(j, "doubt_s", &c->doubt_s);
	good = good && (to == NULL || take_target(to, c));
	json_free(j);
	return good;
}

static void
set(struct json *j, const char *key, const char *s)
{
	if (s[0] != '\0')
		json_set_str(j, key, s);
}

static void
set_int(struct json *j, const char *key, int64_t v)
{
	if (v != 0)
		json_set_int(j, key, v);
}

char *
cursor_text(const struct commits_cursor *c)
{
	struct json *j = json_new_object(), *to;

	set(j, "branch", c->branch);
	set(j, "head", c->head);
	set(j, "first", c->first);
	set(j, "doubt", c->doubt);
	set_int(j, "doubt_s", c->doubt_s);
	if (c->mode != MODE_NONE) {
		to = json_new_object();
		json_set_str(to, "mode", modes[c->mode]);
		set(to, "branch", c->to_branch);
		set(to, "head", c->to);
		set(to, "after", c->after);
		set_int(to, "look_s", c->look_s);
		set_int(to, "page", c->page);
		set_int(to, "old", c->old);
		if (c->gone)
			json_set_bool(to, "gone", true);
		if (c->whole)
			json_set_bool(to, "whole", true);
		json_set(j, "to", to);
	}
	return print(j);
}

char *
commits_cursor(const char *branch, const char *head)
{
	struct commits_cursor c = { .mode = MODE_NONE };

	str_copy(c.branch, sizeof(c.branch), str_or(branch, ""));
	if (sha_valid(head))
		str_copy(c.head, sizeof(c.head), head);
	return cursor_text(&c);
}

bool
commits_cursor_head(const char *cursor, char *head, size_t size)
{
	struct commits_cursor c;

	return cursor_parse(cursor, &c) && c.head[0] != '\0' &&
	    str_copy(head, size, c.head);
}

bool
place_parse(const char *text, struct commits_place *p)
{
	struct json *j = parse(text);
	bool good = json_is(j, JSON_OBJECT);

	memset(p, 0, sizeof(*p));
	good = good && take_sha(j, "head", p->head) && p->head[0] != '\0' &&
	    str_copy(p->after, sizeof(p->after), str_or(json_str(j, "after"), ""));
	take_int(j, "old", &p->old);
	take_int(j, "page", &p->page);
	p->whole = json_true(j, "whole");
	p->swept = json_true(j, "swept");
	json_free(j);
	return good;
}

char *
place_text(const struct commits_place *p)
{
	struct json *j = json_new_object();

	set(j, "head", p->head);
	set(j, "after", p->after);
	set_int(j, "old", p->old);
	set_int(j, "page", p->page);
	if (p->whole)
		json_set_bool(j, "whole", true);
	if (p->swept)
		json_set_bool(j, "swept", true);
	return print(j);
}

bool
place_wants(struct commits_place *p, int64_t from_ms, int64_t stop_ms,
    int64_t committed_ms)
{
	if (stop_ms > EVER_MS && committed_ms < stop_ms - DAY_MS)
		p->old++;
	else
		p->old = 0;
	return from_ms <= EVER_MS || committed_ms >= from_ms;
}

/*
 * A walk that met the old head has lost nothing. One that closed without it was
 * rewritten, and compare can say what was lost. One that does not close is named
 * by compare. What the branch is called does not matter to any of this.
 */
enum commits_way
commits_way(const struct walk_facts *w)
{
	if (w->closed && (w->met || w->empty))
		return WAY_AHEAD;
	if (w->closed)
		return WAY_LOST;
	if (w->more && w->walked < WALK_MAX)
		return WAY_MORE;
	if (w->empty)
		return WAY_WHOLE;
	return WAY_COMPARE;
}
