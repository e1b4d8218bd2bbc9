/* SPDX-License-Identifier: Apache-2.0 */
/*
 * notify.h - tells a service manager how we are: sd_notify(3), by hand.
 *
 * What is told is a state, so nothing queues up: while the manager takes no
 * datagrams the latest of each waits and is offered again. The watchdog is fed
 * by a timer of the loop and by nothing else: a loop that hangs goes hungry.
 */
#ifndef IO_NOTIFY_H
#define IO_NOTIFY_H

#include "io/loop.h"

struct notify;

/*
 * Whoever listens at $NOTIFY_SOCKET, a path or @name (abstract); NULL, which all
 * functions take, if nobody does. Removes the variables of this protocol from
 * the environment: no child speaks for us.
 */
struct notify *notify_new(struct loop *l);
void notify_free(struct notify *n);

/* Started. From now on the watchdog, if there is one, is fed. */
void notify_ready(struct notify *n);
/* A sentence for `systemctl status`; told when it is another than before. */
void notify_status(struct notify *n, const char *text);
/* The end has begun. Once told, also when asked again. */
void notify_stopping(struct notify *n);

#endif
