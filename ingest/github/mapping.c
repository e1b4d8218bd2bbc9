/* SPDX-License-Identifier: Apache-2.0 */
/* mapping.c - see mapping.h. */
#include "github/mapping.h"
#include "base/map.h"
#include "base/str.h"
#include "github/digest.h"

#include <stdlib.h>
#include <string.h>

struct person_row {
	struct mapped	 shown;
	char		*name, *key;
	char		**team, **company;
	unsigned	 line;
};

/* An identity, and whose it is. */
struct claim {
	size_t		 person;
	unsigned	 line;
};

struct mapping {
	struct person_row *row;
	size_t		 rows, row_cap;
	struct claim	*claim;
	size_t		 claims, claim_cap;
	struct map	*names, *keys;		/* to row or claim, by place + 1 */
};

struct reading {
	struct people_file	*file;
	struct people_line	*line;
	struct mapping		*m;
	struct person_row	*now;		/* NULL: before the first */
	bool			 passing;	/* over one whose name is a mistake */
};

static void *
place(size_t i)
{
	return (void *)(uintptr_t)(i + 1);
}

static size_t
index_of(const struct map *m, const char *key)
{
	uintptr_t at = (uintptr_t)map_get(m, key);

	return at == 0 ? SIZE_MAX : (size_t)at - 1;
}

static void
row_add(struct mapping *m, const char *name, unsigned line)
{
	char hex[DIGEST_SHA256];

	if (m->rows == m->row_cap) {
		m->row_cap = m->row_cap > 0 ? m->row_cap * 2 : 64;
		m->row = xrealloc(m->row, m->row_cap * sizeof(*m->row));
	}
	digest_sha256(name, strlen(name), hex);
	m->row[m->rows] = (struct person_row){ .name = xstrdup(name), .line = line,
	    .key = xasprintf("person:%s", hex) };
	map_set(m->names, name, place(m->rows++));
}

/* [NAME] */
static void
begin_person(struct reading *r)
{
	struct people_line *l = r->line;
	char *name = l->text + 1, *end = l->text + l->len - 1;
	size_t had;

	r->now = NULL;
	r->passing = true;
	if (*end != ']') {
		people_mistake(r->file, l, l->text, l->len,
		    "a person begins as [NAME], with nothing behind it");
		return;
	}
	while (end > name && (end[-1] == ' ' || end[-1] == '\t'))
		end--;
	*end = '\0';
	name += strspn(name, " \t");
	if (*name == '\0') {
		people_mistake(r->file, l, l->text, l->len, "a person without a name");
		return;
	}
	had = index_of(r->m->names, name);
	if (had != SIZE_MAX) {
		people_mistake(r->file, l, name, strlen(name), "%.100s stands twice: "
		    "also at %s:%u; put all of it there", name, r->file->name,
		    r->m->row[had].line);
		return;
	}
	row_add(r->m, name, l->number);
	r->now = &r->m->row[r->m->rows - 1];
	r->passing = false;
}

static void
claim(struct reading *r, const char *key, const char *part, size_t len)
{
	struct mapping *m = r->m;
	size_t me = (size_t)(r->now - m->row), had = index_of(m->keys, key);
	const struct person_row *other;

	if (had != SIZE_MAX) {
		other = &m->row[m->claim[had].person];
		if (m->claim[had].person != me)
			people_mistake(r->file, r->line, part, len, "%.100s and %.100s "
			    "both claim this; see %s:%u", r->now->name, other->name,
			    r->file->name, m->claim[had].line);
		return;
	}
	if (m->claims == m->claim_cap) {
		m->claim_cap = m->claim_cap > 0 ? m->claim_cap * 2 : 64;
		m->claim = xrealloc(m->claim, m->claim_cap * sizeof(*m->claim));
	}
	m->claim[m->claims] = (struct claim){ me, r->line->number };
	map_set(m->keys, key, place(m->claims++));
	if (people_is_account(key) && !r->now->shown.account) {
		r->now->shown.account = true;
		str_set(&r->now->key, key);
	}
}

static void
word_add(char ***list, size_t *n, const char *word)
{
	for (size_t i = 0; i < *n; i++)
		if (str_eq((*list)[i], word))
			return;
	*list = xrealloc(*list, (*n + 1) * sizeof(**list));
	(*list)[(*n)++] = xstrdup(word);
}

enum key { KEY_ID, KEY_LOGIN, KEY_MAIL, KEY_NAME, KEY_TEAM, KEY_COMPANY, KEYS };
static const char *const keys[KEYS] = { "id", "login", "mail", "name", "team",
	"company" };
static const char *const takes[KEYS] = {
	[KEY_ID] = "id takes the number of an account",
	[KEY_LOGIN] = "login takes the login of an account",
	[KEY_MAIL] = "mail takes an address, or the 64 digits it is shown as",
	[KEY_NAME] = "name takes the 64 digits it is shown as; what the person is "
	    "called stands in [ ]",
};

/* The value of an identity; name is only that of a person id. */
static void
identity(struct reading *r, enum key key, const char *value)
{
	char *word = xasprintf("%s:%s", keys[key], value), *k = people_key(word);

	if (k == NULL)
		people_mistake(r->file, r->line, value, strlen(value), "%s", takes[key]);
	else
		claim(r, k, value, strlen(value));
	free(k);
	free(word);
}

static void
fail_line(struct reading *r, size_t n)
{
	struct people_line *l = r->line;
	char *word = xstrndup(l->text, n);
	const char *near = str_nearest(word, keys, KEYS);

	if (l->text[n] != ':')
		people_mistake(r->file, l, l->text, l->len, "a line is [NAME], KEY: "
		    "VALUE or a person id such as 4217 or mail:HASH");
	else if (near != NULL)
		people_mistake(r->file, l, l->text, n, "there is no \"%.40s\"; did you "
		    "mean \"%s\"?", word, near);
	else
		people_mistake(r->file, l, l->text, n, "there is no \"%.40s\"; there are "
		    "id, login, mail, name, team and company", word);
	free(word);
}

/* line = number | key ":" value */
static void
read_line(struct reading *r)
{
	struct people_line *l = r->line;
	size_t n = strcspn(l->text, ":"), key, at;

	if (l->text[n] != ':' && people_is_account(l->text)) {
		identity(r, KEY_ID, l->text);
		return;
	}
	for (key = 0; key < KEYS; key++)
		if (l->text[n] == ':' && strlen(keys[key]) == n &&
		    strncmp(l->text, keys[key], n) == 0)
			break;
	at = n + 1;
	if (key == KEYS) {
		fail_line(r, n);
		return;
	}
	at += strspn(l->text + at, " \t");
	if (l->text[at] == '\0')
		people_mistake(r->file, l, l->text, n + 1, "%s: and then nothing",
		    keys[key]);
	else if (key == KEY_TEAM)
		word_add(&r->now->team, &r->now->shown.teams, l->text + at);
	else if (key == KEY_COMPANY)
		word_add(&r->now->company, &r->now->shown.companies, l->text + at);
	else
		identity(r, (enum key)key, l->text + at);
}

/* Now that nothing moves any more. */
static void
show(struct mapping *m)
{
	for (size_t i = 0; i < m->rows; i++) {
		struct person_row *p = &m->row[i];

		p->shown.name = p->name;
		p->shown.key = p->key;
		p->shown.team = (const char *const *)p->team;
		p->shown.company = (const char *const *)p->company;
	}
}

struct mapping *
mapping_read(struct people_file *f)
{
	struct mapping *m = xcalloc(1, sizeof(*m));
	struct people_line l;
	struct reading r = { .file = f, .line = &l, .m = m };

	m->names = map_new();
	m->keys = map_new();
	while (people_line(f, &l)) {
		people_line_uncomment(&l);
		if (!people_entry(f, &l))
			break;
		if (l.text[0] == '[')
			begin_person(&r);
		else if (r.now != NULL)
			read_line(&r);
		else if (!r.passing)
			people_mistake(f, &l, l.text, l.len, "whose is this? A person "
			    "begins with a line [NAME]");
	}
	if (f->mistakes > 0) {
		mapping_free(m);
		return NULL;
	}
	show(m);
	return m;
}

static void
words_free(char **list, size_t n)
{
	for (size_t i = 0; i < n; i++)
		free(list[i]);
	free(list);
}

void
mapping_free(struct mapping *m)
{
	if (m == NULL)
		return;
	for (size_t i = 0; i < m->rows; i++) {
		words_free(m->row[i].team, m->row[i].shown.teams);
		words_free(m->row[i].company, m->row[i].shown.companies);
		free(m->row[i].name);
		free(m->row[i].key);
	}
	free(m->row);
	free(m->claim);
	map_free(m->names);
	map_free(m->keys);
	free(m);
}

size_t
mapping_count(const struct mapping *m)
{
	return m->rows;
}

const struct mapped *
mapping_find(const struct mapping *m, const char *key)
{
	size_t at = m != NULL && key != NULL ? index_of(m->keys, key) : SIZE_MAX;

	return at != SIZE_MAX ? &m->row[m->claim[at].person].shown : NULL;
}
