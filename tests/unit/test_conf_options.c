/* SPDX-License-Identifier: Apache-2.0 */
/* Options from blocks, fallbacks and command lines; variables; files. */
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/base.h"
#include "base/buf.h"
#include "base/str.h"
#include "conf/conf.h"
#include "conf/env.h"
#include "conf/options.h"
#include "tap.h"

struct self {
	char		*org, *token, *plain;
	int64_t		 retries, max, since;
	double		 quota;
	bool		 forks;
	struct strings	 hosts;
	struct pairs	 headers;
};

static const struct option rows[] = {
	{ .name = "org", .type = OPT_STRING, .required = true,
	    .at = offsetof(struct self, org), .help = "The organisation to follow." },
	{ .name = "token", .type = OPT_SECRET, .fallback = "${CONF_TEST_TOKEN:}",
	    .at = offsetof(struct self, token), .help = "A token." },
	{ .name = "plain", .type = OPT_STRING, .at = offsetof(struct self, plain) },
	{ .name = "retries", .type = OPT_INT, .fallback = "3",
	    .at = offsetof(struct self, retries), .help = "How often." },
	{ .name = "max", .type = OPT_SIZE, .fallback = "5mib",
	    .at = offsetof(struct self, max), .help = "How large." },
	{ .name = "since", .type = OPT_DURATION, .fallback = "30d",
	    .at = offsetof(struct self, since), .help = "How far back." },
	{ .name = "quota", .type = OPT_DOUBLE, .fallback = "0.8",
	    .at = offsetof(struct self, quota), .help = "Which share." },
	{ .name = "forks", .type = OPT_BOOL, .fallback = "false",
	    .at = offsetof(struct self, forks), .help = "Forks too?" },
	{ .name = "hosts", .type = OPT_LIST, .fallback = "a, b",
	    .at = offsetof(struct self, hosts), .help = "Where." },
	{ .name = "headers", .type = OPT_HASH, .fallback = "a=1,b=2=3",
	    .at = offsetof(struct self, headers), .help = "What." },
	OPT_END
};

static char *
print(void (*what)(const struct option *, const void *, FILE *),
    const struct self *self)
{
	char *text = NULL;
	size_t n;
	FILE *f = open_memstream(&text, &n);

	what(rows, self, f);
	fclose(f);
	return text;
}

/* Fills from `p { body }`; what it makes or what it says, on one line. */
static void
fills(const char *body, const char *want)
{
	char *text = xasprintf("input { p { %s } }", body), *got;
	struct self self = { 0 };
	struct diags d = { 0 };
	struct conf *c = conf_parse("f", text, strlen(text), &d);
	struct buf said = BUF(1 << 16);
	size_t before = d.n;
	bool good = options_fill(rows, conf_sections(c)->body->plugin, &self, &d);

	ok(good == (d.n == before), "false when a mistake was added: %s", body);
	got = print(options_print, &self);
	for (char *at = got; (at = strchr(at, '\n')) != NULL; )
		*at = ';';
	if (d.n > 0)
		diags_text(&d, &said);
	if (strchr(buf_str(&said), '\n') != NULL)
		*strchr(buf_str(&said), '\n') = '\0';
	if (!ok(strstr(d.n > 0 ? buf_str(&said) : got, want) != NULL, "%s", body))
		printf("# got %s %s\n# want %s\n", got, buf_str(&said), want);
	buf_fini(&said);
	free(got);
	options_free(rows, &self);
	diags_fini(&d);
	conf_free(c);
	free(text);
}

static void
test_values(void)
{
	fills("org => elastic", "org => \"elastic\";token => ;plain => ;retries => 3;"
	    "max => 5242880;since => 2592000;quota => 0.8;forks => false;"
	    "hosts => [\"a\", \"b\"];headers => { \"a\" => \"1\" \"b\" => \"2=3\" };");
	fills("org => 'a \"b\"'", "org => \"a \"b\"\";");
	fills("org => [\"one\"]", "org => \"one\";");
	fills("org => 12", "org => \"12\";");
	fills("org => aa org => \"aa\"", "org => \"aa\";");
	fills("org => aa retries => -4", "retries => -4;");
	fills("org => aa retries => \"12\"", "retries => 12;");
	fills("org => aa max => 4096", "max => 4096;");
	fills("org => aa max => \"20 MiB\"", "max => 20971520;");
	fills("org => aa max => \"1kb\"", "max => 1000;");
	fills("org => aa since => 90", "since => 90;");
	fills("org => aa since => \"2h\"", "since => 7200;");
	fills("org => aa since => \"1000y\"", "since => 31536000000;");
	fills("org => aa quota => 0.25", "quota => 0.25;");
	fills("org => aa quota => 1", "quota => 1;");
	fills("org => aa forks => true", "forks => true;");
	fills("org => aa forks => \"true\"", "forks => true;");
	fills("org => aa hosts => xx", "hosts => [\"xx\"];");
	fills("org => aa hosts => [xx, \"y z\", 1]", "hosts => [\"xx\", \"y z\", \"1\"];");
	fills("org => aa hosts => []", "hosts => [];");
	fills("org => aa hosts => [xx] hosts => yy", "hosts => [\"xx\", \"yy\"];");
	fills("org => aa headers => { \"x\" => yy 2 => 'z' }",
	    "headers => { \"x\" => \"yy\" \"2\" => \"z\" };");
	fills("org => aa headers => { xx => 1 yy => 2 } headers => { zz => 3 xx => 1 }",
	    "headers => { \"xx\" => \"1\" \"yy\" => \"2\" \"zz\" => \"3\" };");
	fills("org => aa id => \"anything\"", "org => \"aa\";");
	fills("org => aa token => \"hidden\"", "token => ***;");
}

static void
test_mistakes(void)
{
	fills("", "f:1:9: error: p needs the option \"org\"");
	fills("org => aa orgs => bb", "f:1:23: error: p has no option \"orgs\"; "
	    "did you mean \"org\"?");
	fills("org => aa zzz => bb", "p has no option \"zzz\"");
	fills("org => aa org => bb", "f:1:23: error: \"org\" is given again, with another");
	fills("org => aa headers => { xx => 1 } headers => { xx => 2 }",
	    "f:1:59: error: \"xx\" is given again, with another value");
	fills("org => [aa, bb]", "\"org\" takes a string, not an array");
	fills("org => []", "\"org\" takes a string, not an array");
	fills("org => { aa => 1 }", "\"org\" takes a string, not a hash");
	fills("org => aa { }", "\"org\" takes a string, not a plugin");
	fills("org => aa retries => 1.5", "takes a whole number, not \"1.5\"");
	fills("org => aa since => \"1001y\"", "\"since\" takes seconds or a time");
	fills("org => aa since => \"2000000000y\"", "\"since\" takes seconds or a time");
	fills("org => aa since => 99999999999999", "\"since\" takes seconds or a time");
	fills("org => aa retries => ten", "takes a whole number, not \"ten\"");
	fills("org => aa retries => \"99999999999999999999\"", "takes a whole number");
	fills("org => aa retries => 010", "must not begin with 0");
	fills("org => aa max => \"5 elephants\"", "takes a number of bytes or a size");
	fills("org => aa max => \"9999999999tib\"", "takes a number of bytes or a size");
	fills("org => aa max => -1", "takes a number of bytes or a size");
	fills("org => aa since => \"30 days\"", "takes seconds or a time such as");
	fills("org => aa quota => \"1e3\"", "takes a number, not \"1e3\"");
	fills("org => aa quota => \"1.2.3\"", "takes a number, not \"1.2.3\"");
	fills("org => aa forks => yes", "takes true or false, not \"yes\"");
	fills("org => aa forks => 1", "takes true or false, not \"1\"");
	fills("org => aa hosts => [[xx]]", "takes an array of strings, not an array");
	fills("org => aa hosts => { xx => 1 }", "not a hash");
	fills("org => aa headers => xx", "\"headers\" takes a hash of strings, not");
	fills("org => aa headers => { xx => [1] }", "not an array");
}

static void
test_env(void)
{
	setenv("CONF_TEST", "it's \"${CONF_TEST}\"", 1);
	setenv("CONF_TEST_EMPTY", "", 1);
	setenv("CONF_TEST_TOKEN", "hidden", 1);
	unsetenv("CONF_TEST_NO");
	fills("org => \"<${CONF_TEST}>\"", "org => \"<it's \"${CONF_TEST}\">\";");
	fills("org => \"${CONF_TEST_NO:d:e f}-${CONF_TEST_NO:}\"", "org => \"d:e f-\";");
	fills("org => \"${CONF_TEST_EMPTY:x}\"", "org => \"\";");
	fills("org => \"$x ${} ${1} ${a-b} ${ CONF_TEST} ${CONF_TEST\"",
	    "org => \"$x ${} ${1} ${a-b} ${ CONF_TEST} ${CONF_TEST\";");
	fills("org => \"a ${CONF_TEST_NO} b\"", "f:1:23: error: the environment "
	    "variable CONF_TEST_NO is not set and has no default");
	fills("org => aa hosts => [\"${CONF_TEST_EMPTY}x\"]", "hosts => [\"x\"];");
	fills("org => aa headers => { \"${CONF_TEST_EMPTY}k\" => \"${CONF_TEST_NO:v}\" }",
	    "headers => { \"k\" => \"v\" };");
	fills("org => aa", "token => ***;");
	fills("org => aa forks => \"${CONF_TEST_TOKEN}\"",
	    "takes true or false, not \"${CONF_TEST_TOKEN}\"");
	unsetenv("CONF_TEST_TOKEN");
}

static void
test_text(void)
{
	struct self self = { 0 };
	struct err e;
	char *text;

	ok(options_default(rows, &self, &e), "fallbacks alone");
	is_int(self.retries, 3, "a fallback");
	ok(options_set_text(rows, &self, "retries", "7", &e) && self.retries == 7, "set");
	ok(options_set_text(rows, &self, "hosts", "x,, y ", &e) && self.hosts.n == 2,
	    "a list is replaced, empty items left out");
	is_str(self.hosts.s[1], "y", "and trimmed");
	ok(!options_set_text(rows, &self, "retrys", "7", &e), "unknown");
	is_str(e.text, "there is no option \"retrys\"", "says so");
	ok(!options_set_text(rows, &self, "retries", "x", &e), "bad");
	is_str(e.text, "retries takes a whole number, not \"x\"", "says so");
	is_int(self.retries, 7, "a bad value changes nothing");
	ok(!options_set_text(rows, &self, "headers", "=1", &e), "no name");
	options_free(rows, &self);
	options_free(rows, &self);
	ok(self.org == NULL && self.hosts.n == 0, "freed twice is fine");
	text = NULL;
	FILE *f = open_memstream(&text, &(size_t){ 0 });
	options_explain(rows, f);
	fclose(f);
	ok(strstr(text, "  org      string    required\n"
	    "           The organisation to follow.\n") != NULL, "explained");
	ok(strstr(text, "  max      size      default 5mib\n") != NULL, "a default");
	ok(strstr(text, "  plain    string    optional\n") != NULL, "an optional one");
	free(text);
}

static void
write_file(const char *folder, const char *name, const char *text)
{
	char *path = xasprintf("%s/%s", folder, name);
	FILE *f = fopen(path, "we");

	fputs(text, f);
	fclose(f);
	free(path);
}

static void
test_files(void)
{
	char folder[] = "/tmp/hubstash-conf-XXXXXX";
	struct diags d = { 0 };
	struct buf said = BUF(1 << 20);
	struct conf *c = conf_new();
	char *big = xcalloc(1, CONF_MAX_FILE + 2), *want;

	ok(mkdtemp(folder) != NULL, "a folder");
	ok(!conf_add_file(c, folder, &d), "an empty folder is a mistake");
	write_file(folder, "b.conf", "output { two { } }\nbad");
	write_file(folder, "a.conf", "input { one { } } bad");
	write_file(folder, "c.txt", "bad");
	ok(!conf_add_file(c, folder, &d), "two files with mistakes");
	is_str(conf_sections(c)->body->plugin->name, "one", "by name");
	is_str(conf_sections(c)->next->body->plugin->name, "two", "then the other");
	memset(big, ' ', CONF_MAX_FILE + 1);
	write_file(folder, "c.txt", big);
	ok(!conf_add(c, "big", big, CONF_MAX_FILE + 1, &d), "too large");
	ok(conf_add(c, "big", big, CONF_MAX_FILE, &d), "just not too large");
	ok(!conf_add_file(c, "/nonexistent/x.conf", &d), "no file");
	diags_text(&d, &said);
	want = xasprintf("%s: error: no file in this folder ends in .conf\n"
	    "%s/a.conf:1:19: error: expected input, filter or output, found bad\n"
	    "input { one { } } bad\n                  ^~~\n"
	    "%s/b.conf:2:1: error: expected input, filter or output, found bad\n"
	    "bad\n^~~\n"
	    "big: error: a pipeline file may have 1 MiB at most\n"
	    "/nonexistent/x.conf: error: No such file or directory\n",
	    folder, folder, folder);
	is_str(buf_str(&said), want, "each with its file, in order");
	buf_fini(&said);
	diags_fini(&d);
	conf_free(c);
	for (size_t i = 0; i < 3; i++) {
		static const char *const names[] = { "a.conf", "b.conf", "c.txt" };
		char *path = xasprintf("%s/%s", folder, names[i]);

		unlink(path);
		free(path);
	}
	rmdir(folder);
	free(want);
	free(big);
}

static void
test_many(void)
{
	struct buf text = BUF(1 << 20), said = BUF(1 << 20);
	struct diags d = { 0 };

	for (int i = 0; i < 200; i++)
		buf_puts(&text, "bad\n");
	conf_free(conf_parse("many", buf_str(&text), text.len, &d));
	is_int(d.n, DIAGS_MAX, "no more than that are kept");
	diags_text(&d, &said);
	ok(str_ends(buf_str(&said), "and 150 more\n"), "the rest is counted");
	diags_fini(&d);
	buf_fini(&text);
	buf_fini(&said);
}

int
main(void)
{
	test_values();
	test_mistakes();
	test_env();
	test_text();
	test_files();
	test_many();
	return done();
}
