/* SPDX-License-Identifier: Apache-2.0 */
/* mailmap.c - see mailmap.h. */
#include "github/mailmap.h"
#include "base/map.h"
#include "base/str.h"

#include <stdlib.h>
#include <string.h>

/* What is said of one address, or of one name with it. */
struct entry {
	char		*key;		/* of the address it is about */
	char		*name, *to;	/* proper name; key of the proper address */
	unsigned	 line;
	size_t		 at, len;
	enum { OPEN, ON_THE_WAY, DONE } walked;
	size_t		 end;		/* the last one of its way */
	const char	*shown;		/* the last proper name on it */
};

struct mailmap {
	struct entry	*entry;
	size_t		 count, cap;
	struct map	*by_key;	/* place + 1; "KEY" or "KEY\nname" */
};

/* One NAME <ADDRESS>; NULL: not there. Points into the line, which is cut. */
struct part {
	char	*name, *mail;
};

static size_t
find(const struct mailmap *m, const char *key)
{
	uintptr_t at = (uintptr_t)map_get(m->by_key, key);

	return at == 0 ? SIZE_MAX : (size_t)at - 1;
}

static char *
named_key(const char *key, const char *name)
{
	char *k = xasprintf("%s\n%s", key, name);

	for (char *c = k + strlen(key); *c != '\0'; c++)
		if (*c >= 'A' && *c <= 'Z')
			*c += 'a' - 'A';
	return k;
}

static bool
blank(char c)
{
	return c == ' ' || c == '\t';
}

/* Moves *s behind the >; false: there is no <…>. */
static bool
read_part(char **s, struct part *p)
{
	char *open = strchr(*s, '<'), *close, *start = *s, *end;

	if (open == NULL || (close = strchr(open, '>')) == NULL)
		return false;
	while (start < open && blank(*start))
		start++;
	for (end = open; end > start && blank(end[-1]); )
		end--;
	*p = (struct part){ end > start ? start : NULL, open + 1 };
	*s = close + 1;
	*end = *close = '\0';		/* end may be the < itself */
	return true;
}

static struct entry *
entry_of(struct mailmap *m, const char *key, const char *whole,
    const struct people_line *l)
{
	size_t at = find(m, whole);

	if (at != SIZE_MAX)
		return &m->entry[at];
	if (m->count == m->cap) {
		m->cap = m->cap > 0 ? m->cap * 2 : 64;
		m->entry = xrealloc(m->entry, m->cap * sizeof(*m->entry));
	}
	m->entry[m->count] = (struct entry){ .key = xstrdup(key), .line = l->number,
	    .at = l->at, .len = l->len };
	map_set(m->by_key, whole, (void *)(uintptr_t)(m->count + 1));
	return &m->entry[m->count++];
}

/* Sets what is said, unless something else was said before: false. */
static bool
say(char **field, const char *s)
{
	if (s == NULL || str_eq(*field, s))
		return true;
	if (*field != NULL)
		return false;
	*field = xstrdup(s);
	return true;
}

static void
add(struct mailmap *m, struct people_file *f, const struct people_line *l,
    const struct part *proper, const struct part *commit)
{
	bool one = commit->mail == NULL;	/* Proper Name <commit@example.org> */
	char *key = people_mail_key(one ? proper->mail : commit->mail), *whole, *to;
	struct entry *e;

	if (key == NULL) {	/* git knows commits without an address; we do not */
		people_mistake(f, l, l->text, l->len, "an empty address");
		return;
	}
	whole = commit->name != NULL ? named_key(key, commit->name) : xstrdup(key);
	to = one ? NULL : people_mail_key(proper->mail);
	e = entry_of(m, key, whole, l);
	if (!say(&e->name, proper->name) || !say(&e->to, to))
		people_mistake(f, l, l->text, l->len, "%s:%u says something else of "
		    "this address", f->name, e->line);
	free(to);
	free(whole);
	free(key);
}

static void
read_line(struct mailmap *m, struct people_file *f, struct people_line *l)
{
	struct part proper = { 0 }, commit = { 0 };
	char *rest = l->text;

	if (!read_part(&rest, &proper) || proper.mail[0] == '\0' ||
	    (!read_part(&rest, &commit) && proper.name == NULL))
		people_mistake(f, l, l->text, l->len, "a line is Proper Name <address>, "
		    "then maybe Commit Name <address>");
	else
		add(m, f, l, &proper, &commit);
}

/*
 * The way from entry i to its end. What is known already is not walked again, so
 * all ways together take as long as there are entries.
 */
static void
walk(struct mailmap *m, struct people_file *f, size_t i, size_t *way)
{
	size_t n = 0, end;
	const char *shown;

	for (end = i; end != SIZE_MAX && m->entry[end].walked == OPEN; ) {
		struct entry *e = &m->entry[end];

		e->walked = ON_THE_WAY;
		way[n++] = end;
		end = e->to == NULL || str_eq(e->to, e->key) ? SIZE_MAX :
		    find(m, e->to);
	}
	if (end != SIZE_MAX && m->entry[end].walked == ON_THE_WAY) {
		struct entry *last = &m->entry[way[n - 1]];
		char *said = xasprintf("the addresses go round in a circle: this one "
		    "leads back to %s:%u", f->name, m->entry[end].line);

		f->mistakes++;
		f->mistake(f->arg, last->at, last->len, said);
		free(said);
		end = SIZE_MAX;
	}
	shown = end != SIZE_MAX ? m->entry[end].shown : NULL;
	end = end != SIZE_MAX ? m->entry[end].end : way[n - 1];
	while (n > 0) {
		struct entry *e = &m->entry[way[--n]];

		e->walked = DONE;
		e->end = end;
		if (shown == NULL)
			shown = e->name;
		e->shown = shown;
	}
}

struct mailmap *
mailmap_read(struct people_file *f)
{
	struct mailmap *m = xcalloc(1, sizeof(*m));
	struct people_line l;
	size_t *way;

	m->by_key = map_new();
	while (people_line(f, &l) && people_entry(f, &l))
		read_line(m, f, &l);
	way = xcalloc(m->count + 1, sizeof(*way));
	for (size_t i = 0; i < m->count; i++)
		if (m->entry[i].walked == OPEN)
			walk(m, f, i, way);
	free(way);
	if (f->mistakes == 0)
		return m;
	mailmap_free(m);
	return NULL;
}

void
mailmap_free(struct mailmap *m)
{
	if (m == NULL)
		return;
	for (size_t i = 0; i < m->count; i++) {
		free(m->entry[i].key);
		free(m->entry[i].name);
		free(m->entry[i].to);
	}
	free(m->entry);
	map_free(m->by_key);
	free(m);
}

bool
mailmap_find(const struct mailmap *m, const char *key, const char *name,
    struct mailmap_who *who)
{
	size_t at = SIZE_MAX;
	char *whole;

	if (m == NULL || key == NULL)
		return false;
	if (name != NULL) {
		whole = named_key(key, name);
		at = find(m, whole);
		free(whole);
	}
	if (at == SIZE_MAX)
		at = find(m, key);
	if (at == SIZE_MAX)
		return false;
	*who = (struct mailmap_who){ m->entry[at].shown, m->entry[at].to == NULL ? NULL :
	    m->entry[m->entry[at].end].to != NULL ? m->entry[m->entry[at].end].to :
	    m->entry[m->entry[at].end].key };
	return true;
}
