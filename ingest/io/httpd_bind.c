/* SPDX-License-Identifier: Apache-2.0 */
/*
 * httpd_bind.c - see httpd.h: where the server listens, and what comes in there. To
 * be reached by other machines needs a list of who may, or the word that all may.
 */
#include "base/log.h"
#include "io/httpd_in.h"
#include "io/httpd_text.h"
#include "io/loop.h"

#include <errno.h>
#include <event2/listener.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

#define TIRED_MS	200	/* no descriptors left: not before */

static void
on_accept(struct evconnlistener *listener, evutil_socket_t fd, struct sockaddr *sa,
    int len, void *arg)
{
	UNUSED(listener);
	UNUSED(sa);
	UNUSED(len);
	conn_new(arg, fd);
}

/* No descriptors, no memory: libevent would try again at once, for ever. */
static void
on_accept_error(struct evconnlistener *listener, void *arg)
{
	struct httpd *d = arg;

	log_warn("web: takes no connections for a moment: %s; if this goes on, raise the "
	    "limit (LimitNOFILE= of its unit, or ulimit -n)", strerror(errno));
	evconnlistener_disable(listener);
	httpd_timer(d->rested, TIRED_MS);
}

static void
on_rested(evutil_socket_t fd, short what, void *arg)
{
	struct httpd *d = arg;

	UNUSED(fd);
	UNUSED(what);
	if (d->count < d->conf.max_connections)
		evconnlistener_enable(d->listener);
}

/* Tries one port; false when it is taken. */
static bool
bind_port(struct httpd *d, struct sockaddr *sa, int len, unsigned port)
{
	if (sa->sa_family == AF_INET6)
		((struct sockaddr_in6 *)(void *)sa)->sin6_port = htons((uint16_t)port);
	else
		((struct sockaddr_in *)(void *)sa)->sin_port = htons((uint16_t)port);
	d->listener = evconnlistener_new_bind(loop_base(d->loop), on_accept, d,
	    LEV_OPT_REUSEABLE | LEV_OPT_CLOSE_ON_FREE | LEV_OPT_CLOSE_ON_EXEC, -1, sa,
	    len);
	return d->listener != NULL;
}

bool
httpd_bind(struct httpd *d, struct err *e)
{
	struct sockaddr_storage ss;
	struct sockaddr *sa = (struct sockaddr *)&ss;
	unsigned from, to;
	socklen_t len;
	int code = 0;

	if (!httpd_listen_parse(d->conf.listen, &ss, &len, &from, &to, e))
		return false;
	httpd_listen_text(&ss, d->address, sizeof(d->address), &d->numbers);
	if (d->numbers && d->auth == NULL && !d->conf.insecure)
		return err_set(e, ERR_CONFIG, 0, "other machines reach %s: say who may "
		    "read with --auth-file FILE, or with --insecure that everybody may",
		    d->conf.listen);
	for (unsigned port = from; port <= to && d->listener == NULL; port++)
		if (!bind_port(d, sa, (int)len, port)) {
			code = errno;
			if (code != EADDRINUSE)
				break;
		}
	if (d->listener == NULL)
		return err_set(e, ERR_SYSTEM, code, "cannot listen on %s: %s",
		    d->conf.listen, strerror(code));
	len = sizeof(ss);
	if (getsockname(evconnlistener_get_fd(d->listener), sa, &len) != 0)
		die("getsockname: %s", strerror(errno));
	httpd_listen_text(&ss, d->address, sizeof(d->address), &d->numbers);
	evconnlistener_set_error_cb(d->listener, on_accept_error);
	d->rested = evtimer_new(loop_base(d->loop), on_rested, d);
	if (d->rested == NULL)
		die("no memory for a server");
	return true;
}
