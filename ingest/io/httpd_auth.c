/* SPDX-License-Identifier: Apache-2.0 */
/*
 * httpd_auth.c - see httpd_auth.h.
 *
 *	asked ──► remembered? ──► yes
 *	            └─ no ──► queue ──► checked on a thread ──► answered
 *
 * A wrong password is never remembered, so guessing costs a check a guess, and the
 * checks of all who guess stand in one queue.
 */
#include "io/httpd_auth.h"
#include "base/buf.h"
#include "base/log.h"
#include "base/str.h"
#include "io/httpd_users.h"
#include "io/loop.h"

#include <crypt.h>
#include <openssl/crypto.h>
#include <openssl/rand.h>
#include <openssl/sha.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/queue.h>

#define REMEMBERED	64

struct check {
	STAILQ_ENTRY(check)	 link;
	struct httpd_auth	*auth;		/* NULL: it ended meanwhile */
	httpd_verdict_fn	*fn;
	void			*arg;
	char			 login[HTTPD_LOGIN];
	char			*hash;
	bool			 known, good;
	unsigned		 edition;	/* of the file it is checked by */
};
STAILQ_HEAD(checks, check);

struct httpd_auth {
	struct loop		*loop;
	struct httpd_users	*users;
	struct checks		 queue;
	unsigned		 queued;
	struct check		*running;
	unsigned char		 salt[16];
	unsigned char		 seen[REMEMBERED][SHA256_DIGEST_LENGTH];
	size_t			 seen_count, seen_next;
	unsigned		 edition;	/* the memory is of */
};

static int
value_of(char c)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	    "abcdefghijklmnopqrstuvwxyz0123456789+/";
	const char *p = c != '\0' ? strchr(digits, c) : NULL;

	return p != NULL ? (int)(p - digits) : -1;
}

/* Base64 with its padding, to at most size - 1 bytes, none of them NUL. */
static bool
decode(const char *s, char *to, size_t size)
{
	size_t len = strlen(s), n = 0;
	unsigned bits = 0;

	if (len % 4 != 0)
		return false;
	while (len > 0 && s[len - 1] == '=' && strlen(s) - len < 2)
		len--;
	for (size_t i = 0; i < len; i++) {
		if (value_of(s[i]) < 0)
			return false;
		bits = bits << 6 | (unsigned)value_of(s[i]);
		if (i % 4 == 0)
			continue;
		if (n + 1 >= size)
			return false;
		to[n] = (char)(bits >> (6 - i % 4 * 2) & 0xff);
		if (to[n++] == '\0')
			return false;
	}
	to[n] = '\0';
	return true;
}

bool
httpd_auth_parse(const char *header, char text[HTTPD_LOGIN])
{
	char *colon;

	if (header == NULL || strncasecmp(header, "Basic ", 6) != 0)
		return false;
	header += 6;
	header += strspn(header, " ");
	if (!decode(header, text, HTTPD_LOGIN))
		return false;
	colon = strchr(text, ':');
	if (colon == NULL)
		return false;
	*colon = '\0';
	return true;
}

struct httpd_auth *
httpd_auth_new(struct loop *l, const char *file, struct err *e)
{
	struct httpd_auth *a = xcalloc(1, sizeof(*a));

	*a = (struct httpd_auth){ .loop = l, .users = httpd_users_new(file) };
	STAILQ_INIT(&a->queue);
	if (RAND_bytes(a->salt, sizeof(a->salt)) != 1)
		die("no random numbers");
	if (!httpd_users_ready(a->users, e)) {
		httpd_auth_free(a);
		return NULL;
	}
	a->edition = httpd_users_edition(a->users);
	return a;
}

static void
check_free(struct check *c)
{
	OPENSSL_cleanse(c->login, sizeof(c->login));
	free(c->hash);
	free(c);
}

void
httpd_auth_free(struct httpd_auth *a)
{
	struct check *c;

	if (a == NULL)
		return;
	if (a->running != NULL) {
		a->running->auth = NULL;
		a->running->fn(a->running->arg, VERDICT_AWAY);
	}
	while ((c = STAILQ_FIRST(&a->queue)) != NULL) {
		STAILQ_REMOVE_HEAD(&a->queue, link);
		c->fn(c->arg, VERDICT_AWAY);
		check_free(c);
	}
	httpd_users_free(a->users);
	OPENSSL_cleanse(a, sizeof(*a));
	free(a);
}

/* A login as it is remembered: with the hash it was checked by. */
static void
digest(const struct httpd_auth *a, const char *login, const char *hash,
    unsigned char out[SHA256_DIGEST_LENGTH])
{
	const char *password = login + strlen(login) + 1;
	struct buf b = BUF(8192);

	buf_add(&b, a->salt, sizeof(a->salt));
	buf_add(&b, login, strlen(login) + 1);
	buf_add(&b, password, strlen(password) + 1);
	buf_puts(&b, hash);
	SHA256((const unsigned char *)b.data, b.len, out);
	OPENSSL_cleanse(b.data, b.len);
	buf_fini(&b);
}

static bool
remembers(const struct httpd_auth *a, const unsigned char key[SHA256_DIGEST_LENGTH])
{
	bool found = false;

	for (size_t i = 0; i < a->seen_count; i++)
		found |= CRYPTO_memcmp(a->seen[i], key, SHA256_DIGEST_LENGTH) == 0;
	return found;
}

static void
remember(struct httpd_auth *a, const unsigned char key[SHA256_DIGEST_LENGTH])
{
	memcpy(a->seen[a->seen_next], key, SHA256_DIGEST_LENGTH);
	a->seen_next = (a->seen_next + 1) % REMEMBERED;
	if (a->seen_count < REMEMBERED)
		a->seen_count++;
}

/* On the thread: touches nothing but the check. */
static void
work(void *arg)
{
	struct check *c = arg;
	struct crypt_data *data = xcalloc(1, sizeof(*data));
	const char *made = crypt_r(c->login + strlen(c->login) + 1, c->hash, data);

	c->good = made != NULL && strlen(made) == strlen(c->hash) &&
	    CRYPTO_memcmp(made, c->hash, strlen(c->hash)) == 0 && c->known;
	OPENSSL_cleanse(data, sizeof(*data));
	free(data);
}

static void run(struct httpd_auth *a);

static void
done(void *arg)
{
	struct check *c = arg;
	struct httpd_auth *a = c->auth;
	unsigned char key[SHA256_DIGEST_LENGTH];
	bool good;

	if (a != NULL) {
		a->running = NULL;
		/* The file may have changed meanwhile: then by what it says now. */
		good = c->good && c->edition == httpd_users_edition(a->users);
		if (good) {
			digest(a, c->login, c->hash, key);
			remember(a, key);
		}
		run(a);
		c->fn(c->arg, good ? VERDICT_YES : VERDICT_NO);
	}
	check_free(c);
}

static void
run(struct httpd_auth *a)
{
	if (a->running != NULL || STAILQ_EMPTY(&a->queue))
		return;
	a->running = STAILQ_FIRST(&a->queue);
	STAILQ_REMOVE_HEAD(&a->queue, link);
	a->queued--;
	loop_job(a->loop, work, done, a->running);
}

enum httpd_verdict
httpd_auth_ask(struct httpd_auth *a, const char *header, httpd_verdict_fn *fn,
    void *arg)
{
	unsigned char key[SHA256_DIGEST_LENGTH];
	char login[HTTPD_LOGIN];
	struct check *c;
	const char *hash;
	struct err e;
	bool known;

	if (!httpd_users_ready(a->users, &e)) {
		log_error("web: nobody is let in until the list of who may read is "
		    "right: %s", e.text);
		return VERDICT_AWAY;
	}
	if (a->edition != httpd_users_edition(a->users))
		a->seen_count = a->seen_next = 0;
	a->edition = httpd_users_edition(a->users);
	if (!httpd_auth_parse(header, login))
		return VERDICT_NO;
	hash = httpd_users_hash(a->users, login, &known);
	digest(a, login, hash, key);
	if (known && remembers(a, key)) {
		OPENSSL_cleanse(login, sizeof(login));
		return VERDICT_YES;
	}
	if (a->queued >= HTTPD_CHECKS) {
		OPENSSL_cleanse(login, sizeof(login));
		log_warn("web: more logins than can be checked; some wait, others are "
		    "to ask again");
		return VERDICT_AWAY;
	}
	c = xcalloc(1, sizeof(*c));
	*c = (struct check){ .auth = a, .fn = fn, .arg = arg, .known = known,
	    .hash = xstrdup(hash), .edition = a->edition };
	memcpy(c->login, login, sizeof(login));
	OPENSSL_cleanse(login, sizeof(login));
	STAILQ_INSERT_TAIL(&a->queue, c, link);
	a->queued++;
	run(a);
	return VERDICT_LATER;
}
