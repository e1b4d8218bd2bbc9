/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The mapping, .mailmap and lists of identities: what they say, and what is wrong in
 * them, each mistake with its place.
 */
#include "base/buf.h"
#include "base/map.h"
#include "base/str.h"
#include "github/mailmap.h"
#include "github/mapping.h"
#include "tap.h"

#include <stdlib.h>

#define HASH64	"0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

/* What was said: "LINE.COLUMN TEXT" a line. */
struct said {
	const char	*text;
	struct buf	 all;
};

static void
on_mistake(void *arg, size_t at, size_t len, const char *text)
{
	struct said *s = arg;
	unsigned line = 1;
	size_t start = 0;

	for (size_t i = 0; i < at; i++)
		if (s->text[i] == '\n') {
			line++;
			start = i + 1;
		}
	buf_printf(&s->all, "%u.%zu-%zu %s\n", line, at - start + 1, at - start + len,
	    text);
}

static struct people_file
file_of(struct said *s, const char *name, const char *text)
{
	*s = (struct said){ .text = text, .all = BUF(1 << 20) };
	return (struct people_file){ .name = name, .text = text, .len = strlen(text),
	    .mistake = on_mistake, .arg = s };
}

static const char *const bad_mappings[][2] = {
	{ "id: 7\n", "1.1-5 whose is this? A person begins with a line [NAME]\n" },
	{ "[]\n", "1.1-2 a person without a name\n" },
	{ "[ \t]\nid: 7\n", "1.1-4 a person without a name\n" },
	{ "[A] b\n", "1.1-5 a person begins as [NAME], with nothing behind it\n" },
	{ "[A]\nid: 7\n[B]\nid: 8\nid: 7\n",
	    "5.5-5 B and A both claim this; see people.map:2\n" },
	{ "[A]\nmail: Sim@Example.org\n\n# x\n[B]\n  mail:  sim@example.ORG  \n",
	    "6.10-24 B and A both claim this; see people.map:2\n" },
	{ "[A]\nid: 7\n[B]\nmail: 7+sim-x@users.noreply.github.com\n",
	    "4.7-38 B and A both claim this; see people.map:2\n" },
	{ "[A]\nlogin: sim-x\n[B]\nlogin: SIM-X\n",
	    "4.8-12 B and A both claim this; see people.map:2\n" },
	{ "[A]\nid: 7\n[ A ]\nid: 8\n",
	    "3.3-3 A stands twice: also at people.map:1; put all of it there\n" },
	{ "[A]\nid: x\nid: 0\n99999999999999999999\nid:\n",
	    "2.5-5 id takes the number of an account\n"
	    "3.5-5 id takes the number of an account\n"
	    "4.1-20 id takes the number of an account\n"
	    "5.1-3 id: and then nothing\n" },
	{ "[A]\nlogin: a b\nmail: nobody\nmail: @x\nmail: a@\nname: Ada\n",
	    "2.8-10 login takes the login of an account\n"
	    "3.7-12 mail takes an address, or the 64 digits it is shown as\n"
	    "4.7-8 mail takes an address, or the 64 digits it is shown as\n"
	    "5.7-8 mail takes an address, or the 64 digits it is shown as\n"
	    "6.7-9 name takes the 64 digits it is shown as; what the person is called "
	    "stands in [ ]\n" },
	{ "[A]\nmial: a@b\nfoo: x\nAda\n",
	    "2.1-4 there is no \"mial\"; did you mean \"mail\"?\n"
	    "3.1-3 there is no \"foo\"; there are id, login, mail, name, team and "
	    "company\n"
	    "4.1-3 a line is [NAME], KEY: VALUE or a person id such as 4217 or "
	    "mail:HASH\n" },
	{ "[A]\n team: \xff\xfe\n[\xed\xa0\x80]\n[\xc0\x80]\n[\xf4\x90\x80\x80]",
	    "2.8-8 this is no UTF-8\n3.2-2 this is no UTF-8\n4.2-2 this is no UTF-8\n"
	    "5.2-2 this is no UTF-8\n" },
};

static void
mapping_mistakes(void)
{
	for (size_t i = 0; i < LEN(bad_mappings); i++) {
		struct said s;
		struct people_file f = file_of(&s, "people.map", bad_mappings[i][0]);
		struct mapping *m = mapping_read(&f);

		is_str(buf_str(&s.all), bad_mappings[i][1], "mistakes of a mapping");
		ok(m == NULL, "it is none");
		mapping_free(m);
		buf_fini(&s.all);
	}
}

static const char good[] = "\xef\xbb\xbf# people\r\n[ Ada  \xc3\x89xample ]\r\n"
    "login: sim-ada\r\nid:4217 # first\r\n5000\n4217\n\tmail: A@b.c\n"
    "mail:" HASH64 "\nname:" HASH64 "\nteam: C# and so on\nteam: C# and so on\n"
    "company: X: Y\n[Bo]\nlogin:sim-bo[bot]\nlogin: sim_bo\n[Nobody]";

static const char *
who(const struct mapping *m, const char *word)
{
	char *key = people_key(word);
	const struct mapped *p = mapping_find(m, key);

	free(key);
	return p != NULL ? p->name : NULL;
}

static void
mapping_good(void)
{
	struct said s;
	struct people_file f = file_of(&s, "people.map", good);
	struct mapping *m = mapping_read(&f);
	const struct mapped *ada;

	is_str(buf_str(&s.all), "", "no mistakes");
	if (!ok(m != NULL, "a mapping"))
		return;
	is_int(mapping_count(m), 3, "people");
	is_str(who(m, "4217"), "Ada  \xc3\x89xample", "by number");
	is_str(who(m, "id:5000"), "Ada  \xc3\x89xample", "by the other number");
	is_str(who(m, "SIM-ADA"), "Ada  \xc3\x89xample", "by login, in any case");
	is_str(who(m, "a@B.C"), "Ada  \xc3\x89xample", "by address, in any case");
	is_str(who(m, "mail:" HASH64), "Ada  \xc3\x89xample", "by hash");
	is_str(who(m, "name:" HASH64), "Ada  \xc3\x89xample", "by that of a name");
	is_str(who(m, "1+sim-x@users.noreply.github.com"), NULL, "nobody's");
	is_str(who(m, "4217+sim-x@users.noreply.github.com"), "Ada  \xc3\x89xample",
	    "an address that has the number");
	is_str(who(m, "login:sim-bo[bot]"), "Bo", "a bot's login");
	ada = mapping_find(m, "4217");
	is_str(ada->key, "4217", "her id is the first number");
	is_int(ada->teams, 1, "a team once");
	is_str(ada->team[0], "C# and so on", "which may hold a #");
	is_str(ada->company[0], "X: Y", "or a colon");
	is_str(mapping_find(m, "login:sim_bo")->key, "person:"
	    "e52e1ceda3c73b493c102c8085db4343bae2f6f9fec59b841578b1c89bb0b206",
	    "without a number: of the name");
	mapping_free(m);
	buf_fini(&s.all);
}

/* Who signs so, by a .mailmap: "NAME KEY". */
static char *
proper(const struct mailmap *m, const char *name, const char *mail)
{
	char *key = people_mail_key(mail), *text;
	struct mailmap_who w;

	text = mailmap_find(m, key, name, &w) ? xasprintf("%s %.12s",
	    str_or(w.name, "-"), str_or(w.key, "-")) : xstrdup("as it is");
	free(key);
	return text;
}

static void
mailmap_good(void)
{
	static const char text[] = "# all four forms\n"
	    "Ada Example <ada@x>\n<ada@x> <ada@old>\nBo <bo@x> <bo@old> behind\n"
	    "Carl <carl@x> CC <shared@x>\nDora <dora@x> dd <SHARED@x>\n"
	    "  <last@x>   <c@x>\nBy Name <c@x> <b@x>\n<b@x> <a@x>\n"
	    "Self <self@x> <self@x>\nNum <7+sim-x@users.noreply.github.com> <n@x>\n";
	static const char *const table[][3] = {
		{ "x", "ada@x", "Ada Example -" },
		{ NULL, "ADA@x", "Ada Example -" },
		{ "x", "ada@old", "Ada Example mail:3a3b6a1" },
		{ "x", "bo@old", "Bo mail:7c9ce57" },
		{ "x", "bo@x", "as it is" },
		{ "cc", "shared@x", "Carl mail:9a0b8e2" },
		{ "DD", "shared@x", "Dora mail:4a7c0d1" },
		{ "x", "shared@x", "as it is" },
		{ NULL, "shared@x", "as it is" },
		{ "x", "a@x", "By Name mail:aaaaaaa" },
		{ "x", "b@x", "By Name mail:aaaaaaa" },
		{ "x", "c@x", "- mail:aaaaaaa" },
		{ "x", "self@x", "Self mail:bbbbbbb" },
		{ "x", "n@x", "Num 7" },
	};
	static const char *const ends[] = { NULL, NULL, "ada@x", "bo@x", NULL, "carl@x",
		"dora@x", NULL, NULL, "last@x", "last@x", "last@x", "self@x", NULL };
	struct said s;
	struct people_file f = file_of(&s, ".mailmap", text);
	struct mailmap *m = mailmap_read(&f);

	is_str(buf_str(&s.all), "", "no mistakes");
	for (size_t i = 0; i < LEN(table) && m != NULL; i++) {
		char *got = proper(m, table[i][0], table[i][1]), *want, *key;

		key = ends[i] != NULL ? people_mail_key(ends[i]) : NULL;
		want = key == NULL ? xstrdup(table[i][2]) : xasprintf("%.*s %.12s",
		    (int)(strrchr(table[i][2], ' ') - table[i][2]), table[i][2], key);
		is_str(got, want, table[i][1]);
		free(key);
		free(want);
		free(got);
	}
	mailmap_free(m);
	buf_fini(&s.all);
}

static void
mailmap_mistakes(void)
{
	static const char *const table[][2] = {
		{ "Ada ada@x\n", "1.1-9 a line is Proper Name <address>, then maybe Commit "
		    "Name <address>\n" },
		{ "Ada <ada@x\n<>\n", "1.1-10 a line is Proper Name <address>, then maybe "
		    "Commit Name <address>\n2.1-2 a line is Proper Name <address>, then "
		    "maybe Commit Name <address>\n" },
		{ "<ada@x>\n", "1.1-7 a line is Proper Name <address>, then maybe Commit "
		    "Name <address>\n" },
		{ "Ada <ada@x> <>\n", "1.1-14 an empty address\n" },
		{ "A <a@x> <o@x>\nA <b@x> <O@X>\n",
		    "2.1-13 .mailmap:1 says something else of this address\n" },
		{ "A <a@x>\nB <a@x>\n",
		    "2.1-7 .mailmap:1 says something else of this address\n" },
		{ "<a@x> <b@x>\n<b@x> <a@x>\n", "2.1-11 the addresses go round in a "
		    "circle: this one leads back to .mailmap:1\n" },
		{ "<d@x> <e@x>\n<a@x> <c@x>\n<b@x> <a@x>\n<c@x> <b@x>\n<a@x> <d@x>\n",
		    "2.1-11 the addresses go round in a circle: this one leads back to "
		    ".mailmap:3\n" },
	};

	for (size_t i = 0; i < LEN(table); i++) {
		struct said s;
		struct people_file f = file_of(&s, ".mailmap", table[i][0]);
		struct mailmap *m = mailmap_read(&f);

		is_str(buf_str(&s.all), table[i][1], "mistakes of a .mailmap");
		ok(m == NULL, "it is none");
		mailmap_free(m);
		buf_fini(&s.all);
	}
}

static size_t
count_said(const char *all, const char *what)
{
	size_t n = 0;

	for (const char *p = all; (p = strstr(p, what)) != NULL; p++)
		n++;
	return n;
}

/* Lines at and beyond the ceiling; more entries than there may be; a long way. */
static void
ceilings(void)
{
	struct buf text = BUF((size_t)64 << 20);
	struct people_file f;
	struct mapping *m;
	struct mailmap *mm;
	struct said s;
	char *got;

	buf_puts(&text, "[A]\n");
	for (int extra = 0; extra < 2; extra++) {
		buf_puts(&text, "team: ");
		for (int i = 0; i < PEOPLE_LINE_MAX - 6 + extra; i++)
			buf_puts(&text, "t");
		buf_puts(&text, "\n");
	}
	f = file_of(&s, "people.map", buf_str(&text));
	m = mapping_read(&f);
	is_str(buf_str(&s.all), "3.1-1025 a line of 1025 bytes; 1024 at most\n",
	    "a line too long");
	mapping_free(m);
	buf_fini(&s.all);
	buf_clear(&text);
	buf_puts(&text, "[A]\n");
	for (int i = 0; i <= PEOPLE_ENTRIES_MAX; i++)
		buf_puts(&text, "7\n");
	f = file_of(&s, "people.map", buf_str(&text));
	m = mapping_read(&f);
	is_int(count_said(buf_str(&s.all), "more than 1000000 entries"), 1,
	    "too many, told once");
	mapping_free(m);
	buf_fini(&s.all);
	buf_clear(&text);
	for (int i = 100000; i > 0; i--)
		buf_printf(&text, "<%d@x> <%d@x>\n", i - 1, i);
	f = file_of(&s, ".mailmap", buf_str(&text));
	mm = mailmap_read(&f);
	got = proper(mm, NULL, "100000@x");
	is_int(count_said(got, "- mail:"), 1, "a way of 100,000 steps");
	free(got);
	mailmap_free(mm);
	buf_fini(&s.all);
	buf_fini(&text);
}

static void
lists(void)
{
	struct said s;
	struct people_file f = file_of(&s, "out", "sim-a # x\n7\nA@b.c\nwhat is this\n"
	    "mail:" HASH64 "\nlogin:sim-B\n");
	struct map *keys = map_new();
	char *mail = people_mail_key("a@B.C");

	people_list_read(&f, keys, &s);
	is_str(buf_str(&s.all), "4.1-12 this is no account's number, login, address or "
	    "person id\n", "a mistake of a list");
	ok(map_get(keys, "login:sim-a") != NULL && map_get(keys, "7") != NULL &&
	    map_get(keys, mail) != NULL && map_get(keys, "mail:" HASH64) != NULL &&
	    map_get(keys, "login:sim-b") != NULL && map_count(keys) == 5,
	    "all kinds of identities");
	free(mail);
	map_free(keys);
	buf_fini(&s.all);
}

int
main(void)
{
	mapping_good();
	mapping_mistakes();
	mailmap_good();
	mailmap_mistakes();
	ceilings();
	lists();
	return done();
}
