/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test_httpd_auth.c - who may read: passwords, the file they are in, and doors that
 * others reach.
 */
#include "tap.h"

#include "base/str.h"
#include "io/httpd.h"
#include "io/httpd_auth.h"
#include "talk.h"

#include <crypt.h>
#include <sys/stat.h>

static struct loop *loop;
static struct httpd *httpd;
static char dir[] = "/tmp/hubstash-auth-XXXXXX", file[64];
static struct buf got;
static unsigned calls;

static void
on_hello(void *arg, struct httpd_request *r)
{
	UNUSED(arg);
	calls++;
	httpd_answer_text(r, 200, "hello");
}

static const struct httpd_route routes[] = { { "/", on_hello }, { .path = NULL } };

static void
write_file(const char *text, mode_t mode)
{
	char other[80];
	FILE *f;

	snprintf(other, sizeof(other), "%s.new", file);
	f = fopen(other, "w");
	fputs(text, f);
	fclose(f);
	chmod(other, mode);
	rename(other, file);
}

/* "user:hash", of little work. */
static char *
line(const char *user, const char *password, const char *setting)
{
	struct crypt_data *data = xcalloc(1, sizeof(*data));
	char *s = xasprintf("%s:%s\n", user, crypt_r(password, setting, data));

	free(data);
	return s;
}

static struct httpd *
serve(const char *listen, bool with_file, bool insecure, struct err *e)
{
	return httpd_new(loop, &(struct httpd_conf){ .listen = listen, .routes = routes,
	    .auth_file = with_file ? file : NULL, .insecure = insecure }, e);
}

static int
ask(const char *authorization)
{
	struct talk t;
	char *request = xasprintf("GET / HTTP/1.1\r\nHost: localhost\r\n%s%s%s\r\n",
	    authorization != NULL ? "Authorization: " : "", str_or(authorization, ""),
	    authorization != NULL ? "\r\n" : "");

	talk_open(&t, loop, httpd_address(httpd));
	talk_say(&t, request);
	talk_hear(&t, 1);
	buf_fini(&got);
	got = buf_take(&t.got);
	talk_close(&t);
	free(request);
	return str_starts(buf_str(&got), "HTTP/1.1 ") ?
	    (int)strtol(buf_str(&got) + 9, NULL, 10) : -1;
}

static void
test_parse(void)
{
	static const char *const bad[] = { NULL, "", "Basic", "Basic ", "Basic =",
		"Basic c2lt", "Bearer c2ltOng=", "Basic c2ltOng", "Basic c2l tOng=",
		"Basic c2ltOng==", "Basic c2ltOng=x", "Basic AGE6Yg==", "Basic YTpiAA==",
		"Basic ====", "Basic c2lt*ng=" };
	char text[HTTPD_LOGIN], *long_one = xcalloc(1, 2000);

	for (size_t i = 0; i < LEN(bad); i++)
		ok(!httpd_auth_parse(bad[i], text), "no login: %s", str_or(bad[i], "none"));
	ok(httpd_auth_parse("basic  c2ltOng6eQ==", text) && str_eq(text, "sim") &&
	    str_eq(text + 4, "x:y"), "a login");
	ok(httpd_auth_parse("Basic Og==", text) && text[0] == '\0' && text[1] == '\0',
	    "an empty one");
	memset(long_one, 'A', 1500);
	memcpy(long_one, "Basic ", 6);
	ok(!httpd_auth_parse(long_one, text), "a long one");
	free(long_one);
}

static void
test_door(void)
{
	static const char *const open[] = { "0.0.0.0:0", "[::]:0" };
	struct err e = { 0 };

	for (size_t i = 0; i < LEN(open); i++) {
		httpd = serve(open[i], false, false, &e);
		ok(httpd == NULL && e.kind == ERR_CONFIG && err_exit(&e) == 2 &&
		    strstr(e.text, "--auth-file FILE") != NULL, "%s", e.text);
	}
	httpd = serve("127.0.0.2:0", false, false, &e);
	ok(httpd != NULL, "loopback is this machine's own");
	httpd_free(httpd);
	httpd = serve(open[0], false, true, &e);
	is_int(ask(NULL), 200, "everybody may, when that was said");
	httpd_free(httpd);
	httpd = serve(open[0], true, false, &e);
	ok(httpd != NULL, "or those of a file");
	is_int(ask(NULL), 401, "who are not all");
	httpd_free(httpd);
}

static void
test_logins(void)
{
	struct err e = { 0 };
	struct talk t[3];
	unsigned good = 0;

	httpd = serve("127.0.0.1:0", true, false, &e);
	calls = 0;
	is_int(ask(NULL), 401, "nobody");
	ok(strstr(buf_str(&got), "\r\nWWW-Authenticate: Basic realm=\"hubstash\"") != NULL,
	    "is asked who they are");
	is_int(ask("Basic c2ltLWFkYTpuby4="), 401, "a wrong password");
	is_int(ask("Basic c2ltLWJvYjpzZXNhbWU="), 401, "a user there is not");
	is_int(ask("Basic !"), 401, "nonsense");
	is_int(calls, 0, "no handler heard of it");
	is_int(ask("Basic c2ltLWFkYTpzZXNhbWU="), 200, "sim-ada:sesame");
	is_int(ask("Basic c2ltLWFkYTpzZXNhbWU="), 200, "again");
	is_int(ask("Basic c2ltLWJvOnNlc2FtZQ=="), 200, "another, by another kind of hash");
	is_int(ask("Basic c2ltLWJvOm5vLg=="), 401, "with a wrong password");
	for (size_t i = 0; i < LEN(t); i++) {
		talk_open(&t[i], loop, httpd_address(httpd));
		talk_say(&t[i], "GET / HTTP/1.1\r\nHost: localhost\r\n"
		    "Authorization: Basic c2ltLWFkYTpuby4=\r\n\r\n");
	}
	talk_close(&t[0]);		/* gone while it is checked, or waits for that */
	for (size_t i = 1; i < LEN(t); i++) {
		good += str_starts(talk_hear(&t[i], 1), "HTTP/1.1 401 ");
		talk_close(&t[i]);
	}
	is_int(good, 2, "several at once");
	talk_open(&t[0], loop, httpd_address(httpd));
	talk_say(&t[0], "GET / HTTP/1.1\r\nHost: localhost\r\n"
	    "Authorization: Basic c2ltLWFkYTpuby4=\r\n\r\n");
	for (int i = 0; i < 5; i++)
		event_base_loop(loop_base(loop), EVLOOP_NONBLOCK);
	httpd_free(httpd);		/* with a check at work */
	talk_hear(&t[0], 0);
	ok(t[0].closed, "ended meanwhile");
	talk_close(&t[0]);
}

static void
on_checked(void *arg, enum httpd_verdict v)
{
	*(unsigned *)arg += v == VERDICT_NO;
}

/* Who guesses and does not wait for the answer cannot make it remember ever more. */
static void
test_guesses(void)
{
	static const char wrong[] = "Basic c2ltLWFkYTpuby4=";
	struct err e = { 0 };
	struct httpd_auth *a = httpd_auth_new(loop, file, &e);
	unsigned later = 0, said = 0;

	for (unsigned i = 0; i < 2 * HTTPD_CHECKS; i++)
		later += httpd_auth_ask(a, wrong, on_checked, &said) == VERDICT_LATER;
	is_int(later, HTTPD_CHECKS + 1, "so many guesses are checked, and one at work");
	while (said < later)
		event_base_loop(loop_base(loop), EVLOOP_ONCE);
	is_int(httpd_auth_ask(a, wrong, on_checked, &said), VERDICT_LATER,
	    "then there is room again");
	while (said == later)
		event_base_loop(loop_base(loop), EVLOOP_ONCE);
	httpd_auth_free(a);
}

static void
test_changes(void)
{
	char *ada = line("sim-ada", "other", "$5$rounds=1000$salt$");
	struct err e = { 0 };

	httpd = serve("127.0.0.1:0", true, false, &e);
	is_int(ask("Basic c2ltLWFkYTpzZXNhbWU="), 200, "let in");
	write_file(ada, 0600);
	is_int(ask("Basic c2ltLWFkYTpzZXNhbWU="), 401, "not when the password changed");
	is_int(ask("Basic c2ltLWFkYTpvdGhlcg=="), 200, "but with the new one");
	write_file("", 0600);
	is_int(ask("Basic c2ltLWFkYTpvdGhlcg=="), 503, "nobody while the file is wrong");
	is_int(ask(NULL), 503, "whoever it is");
	write_file(ada, 0644);
	is_int(ask("Basic c2ltLWFkYTpvdGhlcg=="), 503, "nor while others may read it");
	write_file(ada, 0640);
	is_int(ask("Basic c2ltLWFkYTpvdGhlcg=="), 200, "right again");
	unlink(file);
	is_int(ask("Basic c2ltLWFkYTpvdGhlcg=="), 503, "gone");
	httpd_free(httpd);
	free(ada);
}

static void
test_files(void)
{
	static const struct {
		const char	*text, *says;
		mode_t		 mode;
	} rows[] = {
		{ "", "has no users", 0600 }, { "# nobody\n\n", "has no users", 0600 },
		{ "sim-ada\n", "line 1 is not user:hash", 0600 },
		{ "\n:x\n", "line 2 is not user:hash", 0600 },
		{ "sim-ada:sesame\n", "line 1 has no hash", 0600 },
		{ "sim-ada:$1$salt$qJH7.N4xYta3aEG/dfqo/0\n", "line 1 has no hash", 0600 },
		{ "sim-ada:rl.3StKT.4T8M\n", "line 1 has no hash", 0600 },
		{ "sim-ada:$6$salt$ab\x01" "cdefghijklmnopq\n", "line 1 has no hash", 0600 },
		{ "a:$6$salt$abcdefghijklmnop\na:$6$salt$abcdefghijklmnop\n", "was there before",
		    0600 },
		{ "a:$6$salt$abcdefghijklmnop\n", "others may read it; chmod 640", 0604 },
		{ "a:$6$salt$abcdefghijklmnop\n", "others may write it", 0620 },
		{ "a:$6$salt$abcdefghijklmnop\n", "others may write it", 0602 },
	};
	struct err e = { 0 };

	for (size_t i = 0; i < LEN(rows); i++) {
		write_file(rows[i].text, rows[i].mode);
		httpd = serve("127.0.0.1:0", true, false, &e);
		ok(httpd == NULL && e.kind == ERR_CONFIG && strstr(e.text, rows[i].says) != NULL,
		    "%s", e.text);
		httpd_free(httpd);
	}
	write_file("# a\r\n\r\na:$6$salt$abcdefghijklmnop\r\n", 0600);
	httpd = serve("127.0.0.1:0", true, false, &e);
	ok(httpd != NULL, "lines may end with CR LF, and be remarks");
	httpd_free(httpd);
	unlink(file);
	mkdir(file, 0700);
	ok(serve("127.0.0.1:0", true, false, &e) == NULL && strstr(e.text, "no file") != NULL,
	    "%s", e.text);
	rmdir(file);
	ok(serve("127.0.0.1:0", true, false, &e) == NULL &&
	    strstr(e.text, "No such file") != NULL, "%s", e.text);
}

int
main(void)
{
	char *ada = line("sim-ada", "sesame", "$6$rounds=1000$salt$");
	char *bo = line("sim-bo", "sesame", "$2b$04$abcdefghijklmnopqrstuu");
	char *both = xasprintf("# who may read\n%s%s", ada, bo);
	struct err e = { 0 };

	if (mkdtemp(dir) == NULL)
		return 1;
	snprintf(file, sizeof(file), "%s/users", dir);
	got = BUF(1 << 20);
	loop = loop_new(&e);
	test_parse();
	write_file(both, 0600);
	test_door();
	test_logins();
	test_guesses();
	test_changes();
	test_files();
	buf_fini(&got);
	loop_free(loop);
	rmdir(dir);
	free(ada);
	free(bo);
	free(both);
	return done();
}
