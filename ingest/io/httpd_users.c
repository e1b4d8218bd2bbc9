/* SPDX-License-Identifier: Apache-2.0 */
/* httpd_users.c - see httpd_users.h and, for the file's form, httpd_auth.h. */
#include "io/httpd_users.h"
#include "base/str.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define FILE_MAX	((size_t)256 << 10)
#define USERS_MAX	1000
#define HASH_MAX	256

struct user {
	char	*name, *hash;
};

struct httpd_users {
	char		*file;
	struct user	*user;
	size_t		 count;
	unsigned	 edition;
	struct stat	 read;		/* as it was then */
	bool		 good, looked;
	struct err	 err;		/* why not */
};

struct httpd_users *
httpd_users_new(const char *file)
{
	struct httpd_users *u = xcalloc(1, sizeof(*u));

	u->file = xstrdup(file);
	return u;
}

static void
forget(struct httpd_users *u)
{
	for (size_t i = 0; i < u->count; i++) {
		free(u->user[i].name);
		free(u->user[i].hash);
	}
	free(u->user);
	u->user = NULL;
	u->count = 0;
	u->good = false;
}

void
httpd_users_free(struct httpd_users *u)
{
	forget(u);
	free(u->file);
	free(u);
}

/* Made by crypt(3), slow to guess; others have been broken by plain trying. */
static bool
is_hash(const char *s)
{
	static const char *const kinds[] = { "$6$", "$5$", "$y$", "$2b$", "$2y$" };

	if (strlen(s) < 20 || strlen(s) > HASH_MAX || s[strspn(s, "./$=,"
	    "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")] != '\0')
		return false;
	for (size_t i = 0; i < LEN(kinds); i++)
		if (str_starts(s, kinds[i]))
			return true;
	return false;
}

static bool
add_line(struct httpd_users *u, char *line, unsigned n)
{
	char *colon = strchr(line, ':');
	struct err *e = &u->err;

	line[strcspn(line, "\r")] = '\0';
	if (line[0] == '\0' || line[0] == '#')
		return true;
	if (colon == NULL || colon == line)
		return err_set(e, ERR_CONFIG, 0, "%s: line %u is not user:hash", u->file,
		    n);
	*colon++ = '\0';
	if (!is_hash(colon))
		return err_set(e, ERR_CONFIG, 0, "%s: line %u has no hash that can be "
		    "used; `openssl passwd -6` makes one", u->file, n);
	for (size_t i = 0; i < u->count; i++)
		if (str_eq(u->user[i].name, line))
			return err_set(e, ERR_CONFIG, 0, "%s: line %u has a user that "
			    "was there before", u->file, n);
	if (u->count == USERS_MAX)
		return err_set(e, ERR_CONFIG, 0, "%s: it has more than %d users", u->file,
		    USERS_MAX);
	u->user = xrealloc(u->user, (u->count + 1) * sizeof(*u->user));
	u->user[u->count++] = (struct user){ xstrdup(line), xstrdup(colon) };
	return true;
}

static bool
add_lines(struct httpd_users *u, char *text, size_t size)
{
	unsigned n = 0;
	char *next;

	if (memchr(text, '\0', size) != NULL)
		return err_set(&u->err, ERR_CONFIG, 0, "%s: it is no text", u->file);
	for (; text != NULL; text = next) {
		next = strchr(text, '\n');
		if (next != NULL)
			*next++ = '\0';
		if (!add_line(u, text, ++n))
			return false;
	}
	return u->count > 0 || err_set(&u->err, ERR_CONFIG, 0, "%s: it has no users; a "
	    "line is user:hash, and `openssl passwd -6` makes a hash", u->file);
}

/* Whose it is, and who else may touch it. */
static bool
is_safe(struct httpd_users *u, const struct stat *st)
{
	if (!S_ISREG(st->st_mode) || (size_t)st->st_size > FILE_MAX)
		return err_set(&u->err, ERR_CONFIG, 0, "%s: it is no file of at most %zu "
		    "KiB", u->file, FILE_MAX >> 10);
	if (st->st_uid != 0 && st->st_uid != geteuid())
		return err_set(&u->err, ERR_CONFIG, 0, "%s: it belongs to somebody else",
		    u->file);
	if ((st->st_mode & 027) != 0)
		return err_set(&u->err, ERR_CONFIG, 0, "%s: others may %s it; chmod 640 "
		    "or 600", u->file, (st->st_mode & 022) != 0 ? "write" : "read");
	return true;
}

static bool
read_file(struct httpd_users *u)
{
	int fd = open(u->file, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	char *text = NULL;
	bool good = false;
	struct stat st;
	ssize_t n;

	if (fd < 0 || fstat(fd, &st) != 0) {
		err_set(&u->err, ERR_CONFIG, errno, "%s: %s", u->file, strerror(errno));
	} else if (is_safe(u, &st)) {
		text = xcalloc(1, (size_t)st.st_size + 1);
		n = read(fd, text, (size_t)st.st_size);
		if (n < 0)
			err_set(&u->err, ERR_CONFIG, errno, "%s: %s", u->file,
			    strerror(errno));
		else
			good = add_lines(u, text, (size_t)n);
	}
	if (fd >= 0)
		close(fd);
	free(text);
	return good;
}

static bool
same(const struct stat *a, const struct stat *b)
{
	return a->st_ino == b->st_ino && a->st_dev == b->st_dev &&
	    a->st_size == b->st_size && a->st_mode == b->st_mode &&
	    a->st_uid == b->st_uid && a->st_mtim.tv_sec == b->st_mtim.tv_sec &&
	    a->st_mtim.tv_nsec == b->st_mtim.tv_nsec &&
	    a->st_ctim.tv_sec == b->st_ctim.tv_sec &&
	    a->st_ctim.tv_nsec == b->st_ctim.tv_nsec;
}

bool
httpd_users_ready(struct httpd_users *u, struct err *e)
{
	struct stat st = { 0 };

	if (stat(u->file, &st) != 0)
		st = (struct stat){ 0 };
	if (!u->looked || !same(&st, &u->read) || !u->good) {
		forget(u);
		u->edition++;
		u->looked = true;
		u->read = st;
		u->good = read_file(u);
	}
	if (!u->good)
		*e = u->err;
	return u->good;
}

unsigned
httpd_users_edition(const struct httpd_users *u)
{
	return u->edition;
}

const char *
httpd_users_hash(const struct httpd_users *u, const char *name, bool *known)
{
	for (size_t i = 0; i < u->count; i++)
		if (str_eq(u->user[i].name, name)) {
			*known = true;
			return u->user[i].hash;
		}
	*known = false;
	return u->user[0].hash;
}
