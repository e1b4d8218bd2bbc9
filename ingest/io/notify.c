/* SPDX-License-Identifier: Apache-2.0 */
/* notify.c - see notify.h. One datagram holds all that is to be told. */
#include "io/notify.h"
#include "base/buf.h"
#include "base/log.h"
#include "base/str.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define AGAIN_MS	100	/* before it is offered again to a full queue */
#define STATUS_MAX	400	/* characters: systemctl shows a line */

enum { READY = 1, STATUS = 2, STOPPING = 4, ALIVE = 8 };

struct notify {
	int			 fd;
	struct sockaddr_un	 to;
	socklen_t		 to_len;
	unsigned		 due;		/* to be told */
	bool			 stopping;	/* was told, or is due */
	bool			 failed;	/* and was complained of */
	char			*status;
	int64_t			 feed_ms;	/* 0: there is no watchdog */
	struct timer		*feed, *again;
};

static void
tell(struct notify *n)
{
	struct buf b = BUF(4096);

	if (n->due & READY)
		buf_puts(&b, "READY=1\n");
	if (n->due & STOPPING)
		buf_puts(&b, "STOPPING=1\n");
	if (n->due & STATUS) {
		buf_puts(&b, "STATUS=");
		buf_plain(&b, n->status);
		buf_puts(&b, "\n");
	}
	if (n->due & ALIVE)
		buf_puts(&b, "WATCHDOG=1\n");
	if (sendto(n->fd, buf_str(&b), b.len, MSG_NOSIGNAL,
	    (const struct sockaddr *)&n->to, n->to_len) >= 0) {
		n->due = 0;
		n->failed = false;
	} else if (errno == EAGAIN || errno == ENOBUFS || errno == EINTR) {
		timer_set(n->again, AGAIN_MS);
	} else {
		if (!n->failed)
			log_warn("the service manager cannot be told how this goes, and "
			    "may end it for that: %s; look at Type= and NotifyAccess= of "
			    "its unit", strerror(errno));
		n->failed = true;
	}
	buf_fini(&b);
}

static void
on_again(void *arg)
{
	tell(arg);
}

static void
on_feed(void *arg)
{
	struct notify *n = arg;

	n->due |= ALIVE;
	tell(n);
	timer_set(n->feed, n->feed_ms);
}

/* A path, or @ for the NUL byte that an abstract name begins with. */
static bool
set_address(struct notify *n, const char *name)
{
	size_t len = strlen(name);

	n->to.sun_family = AF_UNIX;
	if ((name[0] != '/' && name[0] != '@') || len < 2 ||
	    len >= sizeof(n->to.sun_path)) {
		log_warn("NOTIFY_SOCKET is neither a path nor @name, or too long: the "
		    "service manager is not told how this goes; set Type=exec in its "
		    "unit");
		return false;
	}
	memcpy(n->to.sun_path, name, len);
	if (name[0] == '@')
		n->to.sun_path[0] = '\0';
	n->to_len = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + len +
	    (name[0] == '/'));
	return true;
}

/* How often the watchdog wants to hear of us; 0: of this process, never. */
static int64_t
feed_ms(void)
{
	const char *usec = getenv("WATCHDOG_USEC"), *pid = getenv("WATCHDOG_PID");
	int64_t v, whose;

	if (usec == NULL || !str_i64(usec, &v) || v <= 0)
		return 0;
	if (pid != NULL && (!str_i64(pid, &whose) || whose != getpid()))
		return 0;
	return v >= 2000 ? v / 2000 : 1;
}

struct notify *
notify_new(struct loop *l)
{
	const char *name = getenv("NOTIFY_SOCKET");
	struct notify *n = NULL;

	if (name != NULL && name[0] != '\0') {
		n = xcalloc(1, sizeof(*n));
		*n = (struct notify){ .feed_ms = feed_ms() };
		n->fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
		n->feed = timer_new(l, on_feed, n);
		n->again = timer_new(l, on_again, n);
		if (n->fd < 0 || !set_address(n, name)) {
			notify_free(n);
			n = NULL;
		}
	}
	unsetenv("NOTIFY_SOCKET");
	unsetenv("WATCHDOG_USEC");
	unsetenv("WATCHDOG_PID");
	return n;
}

void
notify_ready(struct notify *n)
{
	if (n == NULL)
		return;
	n->due |= READY;
	tell(n);
	if (n->feed_ms > 0)
		timer_set(n->feed, n->feed_ms);
}

void
notify_status(struct notify *n, const char *text)
{
	char line[STATUS_MAX];

	if (n == NULL)
		return;
	str_copy(line, sizeof(line), text);
	if (str_eq(n->status, line))
		return;
	str_set(&n->status, line);
	n->due |= STATUS;
	tell(n);
}

void
notify_stopping(struct notify *n)
{
	if (n == NULL || n->stopping)
		return;
	n->stopping = true;
	n->due |= STOPPING;
	tell(n);
}

void
notify_free(struct notify *n)
{
	if (n == NULL)
		return;
	timer_free(n->feed);
	timer_free(n->again);
	if (n->fd >= 0)
		close(n->fd);
	free(n->status);
	free(n);
}
