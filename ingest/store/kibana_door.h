/* SPDX-License-Identifier: Apache-2.0 */
/*
 * kibana_door.h - objects into Kibana and out of it, by its public API:
 *
 *	status ► space ► what is there ► import, unless all is as it should be
 *	status ► space ► remove ► remove …
 *
 * What it answers is told object by object; what stops the whole thing is an err in
 * words for whoever typed the command: ERR_CONFIG for a wrong address or space,
 * ERR_REMOTE for who is not let in, ERR_INPUT when some objects were refused,
 * ERR_SYSTEM for what may go another time.
 */
#ifndef STORE_KIBANA_DOOR_H
#define STORE_KIBANA_DOOR_H

#include "io/http.h"
#include "io/loop.h"
#include "store/es_host.h"

/* Where Kibana is. The space may stand at the end of the path, as /s/NAME. */
struct kibana_address {
	struct es_host	 host;		/* of all of Kibana, without the space */
	char		*space;		/* NULL: the default one */
};

/*
 * Reads an address, and a space given apart (NULL: not). Without scheme it is http
 * and, without port, 5601; with one the port is the scheme's.
 */
bool kibana_address(struct kibana_address *a, const char *url, const char *space,
    struct err *e) MUST_CHECK;
void kibana_address_fini(struct kibana_address *a);

/*
 * Why an answer is not the one that was asked for, and what to do. words: its own,
 * or ""; doing: "to import them". Always false. Pure.
 */
bool kibana_refused(const struct kibana_address *a, const struct http_reply *r,
    const char *words, const char *doing, struct err *e);

enum kibana_what {
	KIBANA_SAME, KIBANA_MADE, KIBANA_REPLACED, KIBANA_REMOVED, KIBANA_ABSENT,
	KIBANA_REFUSED,
};

struct kibana_door_conf {
	const struct kibana_address *address;	/* borrowed, like all of it */
	const char	*user, *password, *api_key;
	const char	*ca_file;		/* PEM; NULL: the system's */
	bool		 insecure;
	const char	*objects;		/* lines of kibana_objects */
	bool		 remove;
	/* why: "" unless KIBANA_REFUSED */
	void		(*each)(void *arg, enum kibana_what what, const char *type,
			    const char *id, const char *title, const char *why);
	/* Once, from the loop; err is NULL when all went well. */
	void		(*ended)(void *arg, const struct err *err);
	void		*arg;
};

struct kibana_door;
struct kibana_door *kibana_door_new(struct loop *l, const struct kibana_door_conf *c,
    struct err *e) MUST_CHECK;
void kibana_door_start(struct kibana_door *d);
void kibana_door_free(struct kibana_door *d);	/* also before it ended; NULL is fine */

#endif
