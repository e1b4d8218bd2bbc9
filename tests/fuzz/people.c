/* SPDX-License-Identifier: Apache-2.0 */
/*
 * people.c - any bytes as a mapping, a .mailmap, a list of identities (the first byte
 * says which): no crash, no leak; a refusal always has a mistake, a mistake always a
 * place within the text; what was read finds its own people again.
 */
#include "base/base.h"
#include "base/map.h"
#include "base/str.h"
#include "github/mailmap.h"
#include "github/mapping.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

struct seen {
	size_t	len, mistakes;
};

static void
on_mistake(void *arg, size_t at, size_t len, const char *said)
{
	struct seen *s = arg;

	if (at > s->len || len > s->len - at || said[0] == '\0')
		die("a mistake at %zu, %zu long, in a text of %zu", at, len, s->len);
	s->mistakes++;
}

static void
try_mapping(struct people_file *f)
{
	struct mapping *m = mapping_read(f);
	struct people_file again = { .name = "again", .text = f->text, .len = f->len,
	    .mistake = f->mistake, .arg = f->arg };
	struct people_line l;
	char *key;

	if ((m == NULL) != (f->mistakes > 0))
		die("a mapping and its mistakes differ");
	while (m != NULL && people_line(&again, &l)) {
		people_line_uncomment(&l);
		key = l.text[0] != '[' ? people_key(l.text) : NULL;
		if (key != NULL && (people_is_account(key) ||
		    str_starts(l.text, "mail:") || str_starts(l.text, "name:") ||
		    str_starts(l.text, "login:")) && mapping_find(m, key) == NULL)
			die("%s is nobody's", key);
		free(key);
	}
	mapping_free(m);
}

static void
try_mailmap(struct people_file *f)
{
	struct mailmap *m = mailmap_read(f);
	struct people_file again = { .name = "again", .text = f->text, .len = f->len,
	    .mistake = f->mistake, .arg = f->arg };
	struct mailmap_who who;
	struct people_line l;

	if ((m == NULL) != (f->mistakes > 0))
		die("a .mailmap and its mistakes differ");
	while (m != NULL && people_line(&again, &l)) {
		char *open = strchr(l.text, '<'), *close;
		char *key;

		close = open != NULL ? strchr(open, '>') : NULL;
		if (close == NULL)
			die("a line without an address was taken");
		*close = '\0';
		key = people_mail_key(open + 1);
		if (mailmap_find(m, key, "x", &who) && who.name == NULL &&
		    who.key == NULL)
			die("an entry that says nothing");
		free(key);
	}
	mailmap_free(m);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct seen seen = { 0 };
	struct people_file f = { .name = "fuzz", .mistake = on_mistake, .arg = &seen };
	struct map *keys;

	if (n == 0)
		return 0;
	f.text = (const char *)data + 1;
	f.len = seen.len = n - 1;
	switch (data[0] % 3) {
	case 0:
		try_mapping(&f);
		break;
	case 1:
		try_mailmap(&f);
		break;
	default:
		keys = map_new();
		people_list_read(&f, keys, &f);
		map_free(keys);
		break;
	}
	return 0;
}
