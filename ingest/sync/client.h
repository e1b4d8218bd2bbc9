/* SPDX-License-Identifier: Apache-2.0 */
/*
 * client.h - every request to GitHub: addressed, authorised, paid for, repeated.
 *
 * A request waits until the budget lets it go. Limits, a refused token and
 * trouble of the host never reach whoever asked: the request waits and goes
 * again. What does come back, exactly once and from the loop, is an answer or a
 * verdict on the thing asked for. TOO_HEAVY and TROUBLE come back only when the
 * host answered others meanwhile, so that it is this request's fault.
 */
#ifndef SYNC_CLIENT_H
#define SYNC_CLIENT_H

#include "github/limits.h"
#include "github/link.h"
#include "io/http.h"
#include "sync/budget.h"

struct loop;
struct client;
struct request;

enum client_health {
	CLIENT_WELL,
	CLIENT_BAD_TOKEN,	/* 401: asks again every 10 minutes */
	CLIENT_DOWN,		/* the host does not answer as it should */
};

struct client_conf {
	struct loop	*loop;
	const char	*api_url;	/* https://api.github.com, https://HOST/api/v3 */
	const char	*token;
	double		 quota;
	/* Told of changes, from the loop. */
	void		(*health)(void *arg, enum client_health h, const char *why);
	void		*arg;
};

struct answer {
	enum verdict	 verdict;
	int		 status;
	struct json	*body;		/* NULL: none; set to NULL to keep it */
	const struct http_reply *reply;	/* NULL when there was none */
	char		 next[LINK_SIZE];	/* Link rel="next", or "" */
	char		 why[256];	/* a sentence, unless OK or SAME */
	int64_t		 date_ms;	/* GitHub's clock */
	int64_t		 took_ms;
};
typedef void answer_fn(void *arg, struct answer *a);

/* Whether the address and the token (may be "") can be ones. */
bool client_check(const char *api_url, const char *token, struct err *e) MUST_CHECK;
struct client *client_new(const struct client_conf *conf, struct err *e) MUST_CHECK;
void client_free(struct client *c);	/* nobody is answered; NULL is fine */

/* path: "/orgs/o/events", or an address that GitHub named (answer.next). */
struct request *client_rest(struct client *c, enum lane lane, const char *path,
    const char *etag, answer_fn *fn, void *arg);

/* query is copied. many: it can be split, so it comes back at the first sign. */
struct request *client_graphql(struct client *c, enum lane lane,
    const struct buf *query, bool many, answer_fn *fn, void *arg);

void request_cancel(struct request *r);	/* NULL is fine */

/*
 * For pack.c, which makes a query only when it can go: how long until one may
 * (0: now; BUDGET_FULL), asked from within room alone.
 */
void client_on_room(struct client *c, void (*room)(void *arg), void *arg);
int64_t client_room(struct client *c, enum lane lane);
void client_kick(struct client *c);	/* room is called on the next turn */

/* Nothing new goes on its way any more. */
void client_stop(struct client *c);

const struct budget *client_budget(const struct client *c);
bool client_gaps_first(const struct client *c);
int64_t client_now_ms(const struct client *c);		/* GitHub's clock */
const char *client_base(const struct client *c);
const char *client_token_id(const struct client *c);	/* tells tokens apart */
bool client_was_well(const struct client *c);	/* any answer, ever */

#endif
