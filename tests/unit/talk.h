/* SPDX-License-Identifier: Apache-2.0 */
/*
 * talk.h - a client of raw bytes in the same process and loop as the server it
 * talks to: what was sent is what the test wrote, what came is all that came.
 */
#ifndef UNIT_TALK_H
#define UNIT_TALK_H

#include "base/buf.h"
#include "io/loop.h"

#include <event2/event.h>
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define TALK_MS	8000	/* nothing here takes that long */

struct talk {
	struct loop	*loop;
	int		 fd;
	struct event	*readable;
	struct timer	*guard;
	struct buf	 got;
	unsigned	 want;		/* whole answers; 0: until the end */
	bool		 head;		/* answers have no bodies */
	bool		 closed, reset, late;
};

/* How many whole answers are in what came. */
static inline unsigned
talk_answers(const struct talk *t)
{
	const char *p = buf_str(&t->got), *end, *length;
	const char *stop = p + t->got.len;
	unsigned n = 0;

	while ((end = strstr(p, "\r\n\r\n")) != NULL) {
		length = strstr(p, "Content-Length: ");
		p = end + 4;
		if (length != NULL && length < end && !t->head)
			p += strtol(length + strlen("Content-Length: "), NULL, 10);
		if (p > stop)
			break;
		n++;
	}
	return n;
}

static inline void
talk_on_readable(evutil_socket_t fd, short what, void *arg)
{
	struct talk *t = arg;
	char bytes[65536];
	ssize_t n = recv(fd, bytes, sizeof(bytes), 0);

	(void)what;
	if (n > 0)
		buf_add(&t->got, bytes, (size_t)n);
	else if (n == 0 || (errno != EAGAIN && errno != EINTR))
		t->closed = true;
	t->reset = t->reset || (n < 0 && errno == ECONNRESET);
	if (t->closed || (t->want > 0 && talk_answers(t) >= t->want))
		loop_stop(t->loop);
	if (t->closed)
		event_del(t->readable);
}

static inline void
talk_on_guard(void *arg)
{
	struct talk *t = arg;

	t->late = true;
	loop_stop(t->loop);
}

static inline void
talk_open(struct talk *t, struct loop *l, const char *address)
{
	struct sockaddr_in sa = { .sin_family = AF_INET };

	*t = (struct talk){ .loop = l, .got = BUF((size_t)64 << 20) };
	sa.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	sa.sin_port = htons((uint16_t)atol(strrchr(address, ':') + 1));
	t->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (connect(t->fd, (struct sockaddr *)&sa, sizeof(sa)) != 0)
		abort();
	fcntl(t->fd, F_SETFL, O_NONBLOCK);
	t->readable = event_new(loop_base(l), t->fd, EV_READ | EV_PERSIST,
	    talk_on_readable, t);
	t->guard = timer_new(l, talk_on_guard, t);
}

static inline bool
talk_send(struct talk *t, const char *bytes, size_t n)
{
	return send(t->fd, bytes, n, MSG_NOSIGNAL) == (ssize_t)n;
}

static inline void
talk_say(struct talk *t, const char *text)
{
	if (!talk_send(t, text, strlen(text)))
		t->closed = true;
}

/* Reads until so many whole answers are there (0: until the server closes). */
static inline const char *
talk_hear(struct talk *t, unsigned answers)
{
	t->want = answers;
	t->late = false;
	if (!t->closed && (answers == 0 || talk_answers(t) < answers)) {
		event_add(t->readable, NULL);
		timer_set(t->guard, TALK_MS);
		loop_run(t->loop);
		timer_cancel(t->guard);
		event_del(t->readable);
	}
	return buf_str(&t->got);
}

static inline void
talk_close(struct talk *t)
{
	event_free(t->readable);
	timer_free(t->guard);
	close(t->fd);
	buf_fini(&t->got);
}

#endif
