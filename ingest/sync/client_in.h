/* SPDX-License-Identifier: Apache-2.0 */
/* client_in.h - the inside of the client, for client.c and client_reply.c. */
#ifndef SYNC_CLIENT_IN_H
#define SYNC_CLIENT_IN_H

#include "io/loop.h"
#include "sync/client.h"

#include <sys/queue.h>

enum request_state {
	REQUEST_WAITING, REQUEST_ON_WIRE, REQUEST_RESTING, REQUEST_STATES,
	REQUEST_NEW,		/* on no list yet */
};

struct request {
	TAILQ_ENTRY(request)	 link;
	struct client		*client;
	enum request_state	 state;
	enum bucket_kind	 kind;
	enum lane		 lane;
	char			*url, *etag;
	struct buf		 body;
	unsigned		 hops, tries, strikes, strikes_max;
	int64_t			 due_ms;	/* RESTING */
	uint64_t		 answers_then;	/* the host's, when it failed */
	enum verdict		 failed_as;
	char			 why[256];
	struct http_call	*call;		/* ON_WIRE */
	answer_fn		*fn;
	void			*arg;
};
TAILQ_HEAD(requests, request);

struct client {
	struct client_conf	 conf;
	struct http		*http;
	char			*base, *graphql_url, *authorization;
	char			 token_id[16];
	struct budget		 budget;
	struct requests		 list[REQUEST_STATES];
	struct timer		*turn;
	int64_t			 next_ms;	/* while pumping: when to look again */
	struct request		*probe;
	enum client_health	 health;
	uint64_t		 answers;	/* how often the host was well */
	unsigned		 sick;		/* failures since */
	int64_t			 sick_ms, dead_ms;	/* nothing before */
	int64_t			 skew_ms;	/* GitHub's clock minus ours */
	bool			 well_once, stopped, told_sso;
	void			(*room)(void *arg);
	void			*room_arg;
};

void request_move(struct request *r, enum request_state to);
void request_free(struct request *r);
void request_answer(struct request *r, struct answer *a);
void request_rest(struct request *r, enum verdict v, const char *why);
void client_is(struct client *c, enum client_health h, const char *why);
void client_well(struct client *c, enum bucket_kind k);
void client_token_refused(struct client *c, struct request *r, const char *why);

http_done_fn request_replied;

#endif
