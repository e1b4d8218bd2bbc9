/* SPDX-License-Identifier: Apache-2.0 */
/* People: accounts, signatures, rules and their mistakes, a commit's people. */
#include "base/str.h"
#include "github/people.h"
#include "github/trailers.h"
#include "tap.h"

#include <stdlib.h>
#include <unistd.h>

static struct people_rules *rules;

/* "class name key login" of an account. */
static char *
account(const char *text)
{
	struct err e;
	struct json *j = json_parse(text, strlen(text), &e);
	struct person p;
	char *got;

	if (!person_or_ghost(rules, j, &p))
		got = xstrdup("nobody");
	else
		got = xasprintf("%s %s %s %s", person_class_name(p.class), p.name,
		    p.key, str_or(p.login, "-"));
	person_fini(&p);
	json_free(j);
	return got;
}

static void
accounts(void)
{
	static const char *const table[][2] = {
		{ "{\"login\":\"sim-a\",\"databaseId\":7}", "human sim-a 7 sim-a" },
		{ "{\"login\":\"sim-a\",\"id\":7,\"type\":\"User\"}",
		    "human sim-a 7 sim-a" },
		{ "{\"login\":\"sim-b[bot]\",\"id\":8}", "bot sim-b[bot] 8 sim-b[bot]" },
		{ "{\"login\":\"sim-b\",\"id\":8,\"type\":\"Bot\"}",
		    "bot sim-b 8 sim-b" },
		{ "{\"__typename\":\"Bot\",\"login\":\"sim-b\",\"databaseId\":8}",
		    "bot sim-b[bot] 8 sim-b[bot]" },
		{ "{\"__typename\":\"Bot\",\"login\":\"sim-b[bot]\",\"databaseId\":8}",
		    "bot sim-b[bot] 8 sim-b[bot]" },
		{ "{\"__typename\":\"Bot\",\"login\":\"copilot-swe-agent\","
		    "\"databaseId\":198982749}", "agent Copilot 198982749 Copilot" },
		{ "{\"login\":\"Copilot\",\"id\":198982749,\"type\":\"Bot\"}",
		    "agent Copilot 198982749 Copilot" },
		{ "{\"login\":\"copilot-pull-request-reviewer[bot]\",\"id\":175728472}",
		    "agent Copilot 175728472 Copilot" },
		{ "{\"login\":\"COPILOT\",\"id\":3}", "agent COPILOT 3 COPILOT" },
		{ "{\"login\":\"Renovate-Bot\",\"id\":9,\"type\":\"User\"}",
		    "bot Renovate-Bot 9 Renovate-Bot" },
		{ "{\"login\":\"hc-github-team-tf\",\"id\":9}",
		    "bot hc-github-team-tf 9 hc-github-team-tf" },
		{ "{\"login\":\"claude\",\"id\":81847}", "agent Claude 81847 Claude" },
		{ "{\"login\":\"sim-copilot\",\"id\":9}",
		    "human sim-copilot 9 sim-copilot" },
		{ "{\"login\":\"robot\",\"id\":9}", "human robot 9 robot" },
		{ "{\"login\":\"sim-big\",\"id\":98765432109876}",
		    "human sim-big 98765432109876 sim-big" },
		{ "{\"id\":7}", "human 7 7 -" },
		{ "{\"login\":\"sim-a\",\"id\":\"U_kgDO\"}",
		    "human sim-a login:sim-a sim-a" },
		{ "null", "human ghost 10137 ghost" },
		{ "{\"login\":\"ghost\",\"id\":10137}", "human ghost 10137 ghost" },
		{ "{}", "nobody" },
		{ "{\"login\":5,\"id\":-7}", "nobody" },
		{ "[]", "nobody" },
		{ "\"sim-a\"", "nobody" },
	};

	for (size_t i = 0; i < LEN(table); i++) {
		char *got = account(table[i][0]);

		is_str(got, table[i][1], table[i][0]);
		free(got);
	}
}

static void
signature_is(const struct signature *s, bool keep_email, const char *want)
{
	struct person p;
	char *got, *key;

	person_signature(rules, s, keep_email, &p);
	/* Of a hash the beginning will do. */
	key = xasprintf("%.12s", str_or(p.key, "-"));
	got = xasprintf("%s|%s|%s|%s", person_class_name(p.class),
	    str_or(p.name, "-"), key, str_or(p.login, "-"));
	is_str(got, want, want);
	free(key);
	free(got);
	person_fini(&p);
}

static void
signatures(void)
{
	struct err e;
	static const char linked[] = "{\"login\":\"sim-new\",\"databaseId\":7}";
	struct json *user = json_parse(linked, sizeof(linked) - 1, &e);
	struct json *empty = json_new_object(), *null = json_new_null();

	signature_is(&(struct signature){ .name = "Ada", .mail = "7+sim-old@users."
	    "noreply.github.com", .user = user }, false, "human|sim-new|7|sim-new");
	signature_is(&(struct signature){ .name = "Ada", .mail = "7+sim-old@users."
	    "noreply.github.com", .user = empty }, false, "human|sim-old|7|sim-old");
	signature_is(&(struct signature){ .name = "Ada", .mail = "7+SIM@USERS."
	    "NOREPLY.GITHUB.COM", .user = null }, false, "human|SIM|7|SIM");
	signature_is(&(struct signature){ .name = "Ada", .mail = "sim-old@users."
	    "noreply.github.com" }, false, "human|sim-old|mail:096fffc|sim-old");
	signature_is(&(struct signature){ .name = "Ada", .mail = "x7+sim@users."
	    "noreply.github.com" }, false, "human|Ada|mail:84d337b|-");
	signature_is(&(struct signature){ .name = "Ada", .login = "sim-told",
	    .mail = "a@b.example" }, false, "human|sim-told|mail:ebb18a0|sim-told");
	signature_is(&(struct signature){ .name = " Ada\n", .mail = " A@B.example" },
	    false, "human|Ada|mail:ebb18a0|-");
	signature_is(&(struct signature){ .name = "Ada" }, false,
	    "human|Ada|name:99a563a|-");
	signature_is(&(struct signature){ .mail = "a@b.example" }, false,
	    "human|mail:ebb18a030bf1|mail:ebb18a0|-");
	signature_is(&(struct signature){ .name = "a@B.example",
	    .mail = "a@b.example" }, false, "human|mail:ebb18a030bf1|mail:ebb18a0|-");
	signature_is(&(struct signature){ .name = "a@B.example",
	    .mail = "a@b.example" }, true, "human|a@B.example|mail:ebb18a0|-");
	signature_is(&(struct signature){ .name = "A@b.example", .mail = "a@b.example@"
	    "268f45cc-cd09-0410-ab3c-d52691b4dbfc" }, false,
	    "human|mail:dd965d3edc7b|mail:dd965d3|-");
	signature_is(&(struct signature){ .name = "a", .mail = "a@b.example" }, false,
	    "human|a|mail:ebb18a0|-");
	signature_is(&(struct signature){ .name = "sim.ada@b.example", .mail =
	    "d10fdbc965cd402586a8f5572b41771b55a9d1c6@b.example" }, false,
	    "human|mail:bb0f886c6e24|mail:bb0f886|-");
	signature_is(&(struct signature){ .name = "sim.eve@b.example", .mail =
	    "d10fdbc965cd402586a8f5572b41771b55a9d1c6@b.example" }, false,
	    "human|sim.eve@b.example|mail:bb0f886|-");
	signature_is(&(struct signature){ .name = " ", .mail = "\t" }, false,
	    "human|-|-|-");
	signature_is(&(struct signature){ .name = "Claude Opus 5",
	    .mail = "NoReply@Anthropic.com" }, false, "agent|Claude|mail:cd29c5a|-");
	signature_is(&(struct signature){ .name = "dependabot[bot]", .mail =
	    "49699333+dependabot[bot]@users.noreply.github.com" }, false,
	    "bot|dependabot[bot]|49699333|dependabot[bot]");
	signature_is(&(struct signature){ .name = "devin-ai-integration[bot]", .mail =
	    "158243242+devin-ai-integration[bot]@users.noreply.github.com" }, false,
	    "agent|Devin|158243242|Devin");
	signature_is(&(struct signature){ .name = "Ada", .mail = "7588a9eb7622457cfef3"
	    "2d700780dfed85ec5b9f@users.noreply.github.com" }, false,
	    "human|Ada|mail:ff5f646|-");
	signature_is(&(struct signature){ .name = "sim-deps[bot]", .mail = "6a4c1c4838"
	    "f800d1998274cd5234e1f65c55e90c@users.noreply.github.com" }, false,
	    "bot|sim-deps[bot]|mail:313e4ae|-");
	signature_is(&(struct signature){ .name = "sim-x[bot]", .login = "sim-x",
	    .mail = "a@b.example" }, false, "human|sim-x|mail:ebb18a0|sim-x");
	signature_is(&(struct signature){ .name = "Cursor",
	    .mail = "cursoragent@cursor.com" }, false, "agent|Cursor|mail:c4c9cc2|-");
	json_free(user);
	json_free(empty);
	json_free(null);
}

static void
mistakes(void)
{
	static const char *const table[][2] = {
		{ "robot login x", "a rule begins with human, bot or agent" },
		{ "bot", "after bot comes id, login or mail" },
		{ "agent name x", "after agent comes id, login or mail" },
		{ "human login", "after login comes a value" },
		{ "bot id x7", "x7 is not an account's number" },
		{ "bot id 0", "0 is not an account's number" },
	};
	struct err e = { 0 };

	for (size_t i = 0; i < LEN(table); i++) {
		ok(!people_rules_add(rules, table[i][0], &e), "%s", table[i][0]);
		is_str(e.text, table[i][1], "says why");
	}
	ok(people_rules_add(rules, "", &e) && people_rules_add(rules, " \t\r\n", &e) &&
	    people_rules_add(rules, "# bot", &e), "nothing is no mistake");
}

static void
files(void)
{
	char path[] = "/tmp/hubstash-rules-XXXXXX";
	int fd = mkstemp(path);
	FILE *f = fd >= 0 ? fdopen(fd, "w") : NULL;
	struct err e = { 0 };
	char *got;

	if (!ok(f != NULL, "a file"))
		return;
	fputs("# ours\nhuman login renovate-bot\t# a person, really\n"
	    "bot   login  sim-r*t Sim Robot \r\nagent id 7\n", f);
	fflush(f);
	ok(people_rules_add_file(rules, path, &e), "a file of rules");
	got = account("{\"login\":\"renovate-bot\",\"id\":9}");
	is_str(got, "human renovate-bot 9 renovate-bot", "the last rule decides");
	free(got);
	got = account("{\"login\":\"sim-Robot\",\"id\":9}");
	is_str(got, "bot Sim Robot 9 Sim Robot", "a star, and a name of two words");
	free(got);
	got = account("{\"login\":\"sim-robots\",\"id\":9}");
	is_str(got, "human sim-robots 9 sim-robots", "the whole login must match");
	free(got);
	got = account("{\"login\":\"sim-a\",\"id\":7}");
	is_str(got, "agent sim-a 7 sim-a", "a number");
	free(got);
	fputs("bot mail", f);
	fflush(f);
	ok(!people_rules_add_file(rules, path, &e), "a mistake");
	ok(strstr(e.text, ":5: after mail comes a value") != NULL, "with its line: %s",
	    e.text);
	fclose(f);
	unlink(path);
	ok(!people_rules_add_file(rules, path, &e) && strstr(e.text, path) != NULL,
	    "no file: %s", e.text);
}

static void
lists(void)
{
	struct people l = { 0 };
	struct person p;

	person_signature(rules, &(struct signature){ .mail = NULL }, false, &p);
	people_add(&l, &p);
	is_int(l.count, 1, "the first may be nobody");
	person_signature(rules, &(struct signature){ .mail = NULL }, false, &p);
	people_add(&l, &p);
	is_int(l.count, 1, "nobody else");
	for (int i = 0; i < 2; i++) {
		person_signature(rules, &(struct signature){ .name = "A",
		    .mail = i == 0 ? "a@b.example" : "A@b.Example" }, false, &p);
		people_add(&l, &p);
	}
	is_int(l.count, 2, "an address once");
	people_fini(&l);
}

static void
trailers(void)
{
	const char *at = "Co-authored-by:A<a@b>\n\n\nx\nCO-AUTHORED-BY: <c@d>", *none = "";
	struct trailer t;

	ok(trailer_next(&at, &t) && t.name_len == 1 && t.mail_len == 3, "tight");
	ok(trailer_next(&at, &t) && t.name_len == 0 && t.mail_len == 3, "no name");
	ok(!trailer_next(&at, &t) && !trailer_next(&at, &t), "the end stays the end");
	ok(!trailer_next(&none, &t), "no message");
}

int
main(void)
{
	rules = people_rules_new();
	accounts();
	signatures();
	lists();
	trailers();
	mistakes();
	files();
	people_rules_free(rules);
	return done();
}
