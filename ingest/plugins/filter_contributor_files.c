/* SPDX-License-Identifier: Apache-2.0 */
/* filter_contributor_files.c - see filter_contributor_files.h. */
#include "plugins/filter_contributor_files.h"
#include "base/buf.h"
#include "base/map.h"
#include "base/str.h"
#include "github/contributor.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BEHIND_ALL	1000u	/* as sources of diagnostics: behind pipeline files */

/* A file while it is read. */
struct reading {
	struct source		 source;
	struct buf		 text;
	struct diags		*diags;
};

static void
on_mistake(void *arg, size_t at, size_t len, const char *said)
{
	struct reading *r = arg;

	diags_add(r->diags, (struct place){ &r->source, at, len }, "%s", said);
}

static bool
fail_file(struct reading *r, const char *why)
{
	r->source.text = "";
	r->source.len = 0;
	diags_add(r->diags, (struct place){ &r->source, 0, 0 }, "%s", why);
	return false;
}

static bool
load(struct reading *r, const char *path, unsigned number, struct diags *d)
{
	char chunk[65536];
	size_t n;
	FILE *f = fopen(path, "re");

	*r = (struct reading){ .source = { .name = path, .number = number },
	    .text = BUF(PEOPLE_FILE_MAX), .diags = d };
	if (f == NULL)
		return fail_file(r, strerror(errno));
	while (!r->text.failed && (n = fread(chunk, 1, sizeof(chunk), f)) > 0)
		buf_add(&r->text, chunk, n);
	n = (size_t)ferror(f);
	fclose(f);
	if (n != 0)
		return fail_file(r, "cannot be read");
	if (r->text.failed)
		return fail_file(r, "larger than 16 MiB");
	r->source.text = buf_str(&r->text);
	r->source.len = r->text.len;
	return true;
}

static struct people_file
lines_of(struct reading *r)
{
	return (struct people_file){ .name = r->source.name, .text = r->source.text,
	    .len = r->source.len, .mistake = on_mistake, .arg = r };
}

static void
read_rules(struct people_rules *rules, struct people_file *f)
{
	struct people_line l;
	struct err e;

	while (people_line(f, &l))
		if (!people_rules_add(rules, l.text, &e))
			people_mistake(f, &l, l.text, l.len, "%s", e.text);
}

bool
who_out_is(const char *item, bool *file)
{
	char *key = people_key(item);

	*file = key == NULL;
	free(key);
	return !*file || strpbrk(item, "/.") != NULL;
}

static void
read_out(struct who_files *f, const struct strings *out, unsigned number,
    struct diags *d)
{
	struct people_file lines;
	struct reading r;
	bool file;

	for (size_t i = 0; i < out->n; i++) {
		char *key;

		if (!who_out_is(out->s[i], &file))
			continue;	/* told by check */
		if (!file) {
			key = people_key(out->s[i]);
			map_set(f->out, key, f);
			free(key);
			continue;
		}
		if (load(&r, out->s[i], number++, d)) {
			lines = lines_of(&r);
			people_list_read(&lines, f->out, f);
		}
		buf_fini(&r.text);
	}
}

bool
who_files_read(struct who_files *f, const struct who_paths *paths, struct diags *d)
{
	size_t before = d->n + d->more;
	unsigned number = BEHIND_ALL;
	struct people_file lines;
	struct reading r;

	*f = (struct who_files){ 0 };
	if (paths->mapping != NULL) {
		if (load(&r, paths->mapping, number++, d)) {
			lines = lines_of(&r);
			f->mapping = mapping_read(&lines);
		}
		buf_fini(&r.text);
	}
	if (paths->mailmap != NULL) {
		if (load(&r, paths->mailmap, number++, d)) {
			lines = lines_of(&r);
			f->mailmap = mailmap_read(&lines);
		}
		buf_fini(&r.text);
	}
	if (paths->rules != NULL) {
		f->rules = people_rules_empty();
		if (load(&r, paths->rules, number++, d)) {
			lines = lines_of(&r);
			read_rules(f->rules, &lines);
		}
		buf_fini(&r.text);
	}
	if (paths->out->n > 0) {
		f->out = map_new();
		read_out(f, paths->out, number, d);
		contributor_out(f->out, f->mapping);
	}
	return d->n + d->more == before;
}

void
who_files_fini(struct who_files *f)
{
	mapping_free(f->mapping);
	mailmap_free(f->mailmap);
	people_rules_free(f->rules);
	map_free(f->out);
	*f = (struct who_files){ 0 };
}
