/* SPDX-License-Identifier: Apache-2.0 */
/* conf.c - see conf.h: files in, one tree out. */
#include "conf/conf.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/str.h"
#include "conf/parse.h"

struct conf {
	struct arena		 arena;	/* the tree and the texts */
	struct ast_section	*sections;
	unsigned		 sources;
};

struct conf *
conf_new(void)
{
	return xcalloc(1, sizeof(struct conf));
}

void
conf_free(struct conf *c)
{
	if (c == NULL)
		return;
	arena_fini(&c->arena);
	free(c);
}

const struct ast_section *
conf_sections(const struct conf *c)
{
	return c->sections;
}

static struct source *
new_source(struct conf *c, const char *name, const char *text, size_t n)
{
	struct source *s = arena_get(&c->arena, sizeof(*s));

	s->name = arena_text(&c->arena, name, strlen(name));
	s->text = arena_text(&c->arena, text, n);
	s->len = n;
	s->number = c->sources++;
	return s;
}

/* A mistake about the file as a whole. */
static bool
fail_file(struct conf *c, const char *path, struct diags *d, const char *what)
{
	diags_add(d, (struct place){ new_source(c, path, "", 0), 0, 0 }, "%s", what);
	return false;
}

static bool
parse_text(struct conf *c, const char *name, const char *text, size_t n,
    struct diags *d, struct ast_section **list)
{
	struct parser ps = { .arena = &c->arena, .diags = d };

	ps.source = new_source(c, name, text, n);
	return parse_sections(&ps, list);
}

bool
conf_add(struct conf *c, const char *name, const char *text, size_t n, struct diags *d)
{
	size_t before = d->n + d->more;
	struct ast_section *added = NULL, **list = &c->sections;

	if (n > CONF_MAX_FILE)
		return fail_file(c, name, d, "a pipeline file may have 1 MiB at most");
	parse_text(c, name, text, n, d, &added);
	check_sections(added, d);
	while (*list != NULL)
		list = &(*list)->next;
	*list = added;
	return d->n + d->more == before;
}

struct conf *
conf_parse(const char *name, const char *text, size_t n, struct diags *d)
{
	struct conf *c = conf_new();

	conf_add(c, name, text, n, d);
	return c;
}

bool
conf_grammar(const char *text, size_t n)
{
	struct conf *c = conf_new();
	struct ast_section *list = NULL;
	bool good = n <= CONF_MAX_FILE && parse_text(c, "", text, n, NULL, &list);

	conf_free(c);
	return good;
}

static int
wants_file(const struct dirent *e)
{
	return e->d_name[0] != '.' && str_ends(e->d_name, ".conf");
}

static bool
add_folder(struct conf *c, const char *path, struct diags *d)
{
	struct dirent **names;
	int n = scandir(path, &names, wants_file, alphasort);
	bool good = true;

	if (n < 0)
		return fail_file(c, path, d, strerror(errno));
	if (n == 0)
		good = fail_file(c, path, d, "no file in this folder ends in .conf");
	for (int i = 0; i < n; i++) {
		char *file = xasprintf("%s/%s", path, names[i]->d_name);
		struct stat st;

		if (stat(file, &st) != 0 || !S_ISDIR(st.st_mode))
			good = conf_add_file(c, file, d) && good;
		free(file);
		free(names[i]);
	}
	free(names);
	return good;
}

bool
conf_add_file(struct conf *c, const char *path, struct diags *d)
{
	struct stat st;
	FILE *f;
	char *text;
	size_t n;
	bool good;

	if (stat(path, &st) == 0 && S_ISDIR(st.st_mode))
		return add_folder(c, path, d);
	f = fopen(path, "re");
	if (f == NULL)
		return fail_file(c, path, d, strerror(errno));
	text = xcalloc(1, CONF_MAX_FILE + 2);
	n = fread(text, 1, CONF_MAX_FILE + 1, f);
	good = !ferror(f);
	fclose(f);
	good = good ? conf_add(c, path, text, n, d) :
	    fail_file(c, path, d, "cannot be read");
	free(text);
	return good;
}
