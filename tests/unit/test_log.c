/* SPDX-License-Identifier: Apache-2.0 */
/* test_log.c - lines as they reach a terminal, a file, systemd's journal. */
#include "base/log.h"
#include "base/clock.h"
#include "base/str.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tap.h"

static int out[2], terminal;
static char said[16384];

/* stderr is a pipe from here on. */
static void
begin(void)
{
	terminal = dup(STDERR_FILENO);
	if (pipe2(out, O_CLOEXEC | O_NONBLOCK) != 0 || dup2(out[1], STDERR_FILENO) < 0)
		die("pipe");
}

/* What was logged since the last time. */
static const char *
heard(void)
{
	ssize_t n = read(out[0], said, sizeof(said) - 1);

	said[n > 0 ? n : 0] = '\0';
	return said;
}

static void
test_text(void)
{
	log_warn("out.x#0: %d documents wait", 12);
	is_str(heard(), "2026-03-02T08:00:00Z warn  out.x#0: 12 documents wait\n",
	    "time, level, text");
	log_debug("a step");
	is_str(heard(), "", "no debug unless it is wanted");
	log_set_level(LOG_DEBUG);
	log_debug("a step");
	is_str(heard(), "2026-03-02T08:00:00Z debug a step\n", "which may be");
	log_set_level(LOG_INFO);
	log_info("%s", "a\x1b[2J\nb\xc2\x85 \xc3\xbc");
	is_str(heard(), "2026-03-02T08:00:00Z info  a\\x1b[2J\\x0ab\\xc2\\x85 \xc3\xbc\n",
	    "what a terminal would obey is shown instead");
}

static void
test_folded(void)
{
	for (int i = 0; i < 42; i++)
		log_warn("piece %d", i);
	is_str(heard(), "2026-03-02T08:00:00Z warn  piece 0\n", "the first of many");
	clock_jump(6000);
	log_warn("piece %d", 42);
	clock_jump(3000);
	log_turn();
	is_str(heard(), "", "the others are counted");
	log_info("other");
	is_str(heard(), "2026-03-02T08:00:09Z warn  … 42 more of these in 6 s\n"
	    "2026-03-02T08:00:09Z info  other\n", "and told before anything else");
	for (int i = 0; i < 3; i++)
		log_warn("piece %d", i);
	clock_jump(10000);
	log_turn();
	is_str(heard(), "2026-03-02T08:00:09Z warn  piece 0\n"
	    "2026-03-02T08:00:19Z warn  … 2 more of these in 0 s\n", "or by the loop");
	log_turn();
	is_str(heard(), "", "once");
	for (int i = 0; i < 2; i++) {
		log_warn("piece %d", i);
		clock_jump(10000);
	}
	is_str(heard(), "2026-03-02T08:00:19Z warn  piece 0\n"
	    "2026-03-02T08:00:29Z warn  piece 1\n", "not after ten seconds");
	for (int i = 0; i < 2; i++)
		log_error("no %d", i);
	is_str(heard(), "2026-03-02T08:00:39Z error no 0\n2026-03-02T08:00:39Z error no 1\n",
	    "an error never");
	log_flush();
	is_str(heard(), "", "nothing waits");
}

static void
test_json(void)
{
	log_set_json(true);
	log_warn("a \"b\"\n%s", "\xc3\xbc");
	is_str(heard(), "{\"@timestamp\":\"2026-03-02T08:00:39Z\",\"log.level\":\"warn\","
	    "\"message\":\"a \\\"b\\\"\\u000a\xc3\xbc\"}\n", "as JSON");
	log_set_json(false);
}

static void
test_journal(void)
{
	struct stat st;
	char *ours;

	if (fstat(STDERR_FILENO, &st) != 0)
		die("fstat");
	ours = xasprintf("%ju:%ju", (uintmax_t)st.st_dev, (uintmax_t)st.st_ino);
	log_set_journal("9:1234567");
	log_error("a");
	is_str(heard(), "2026-03-02T08:00:39Z error a\n", "the journal's is another stream");
	log_set_journal(ours);
	log_error("a");
	log_warn("b");
	log_info("c");
	log_set_level(LOG_DEBUG);
	log_debug("d");
	is_str(heard(), "<3>a\n<4>b\n<6>c\n<7>d\n", "the journal's: priorities, no time");
	log_set_json(true);
	log_warn("e");
	ok(str_starts(heard(), "<4>{\"@timestamp\":\""), "of JSON, too");
	log_set_json(false);
	log_set_journal(NULL);
	log_warn("f");
	is_str(heard(), "2026-03-02T08:00:39Z warn  f\n", "no journal");
	free(ours);
}

int
main(void)
{
	clock_virtual(INT64_C(1772438400000));
	begin();
	test_text();
	test_folded();
	test_json();
	test_journal();
	dup2(terminal, STDERR_FILENO);
	return done();
}
