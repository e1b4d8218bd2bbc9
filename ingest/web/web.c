/* SPDX-License-Identifier: Apache-2.0 */
/*
 * web.c - see web.h. There is one question to the store a period at a time:
 * whoever asks for the same meanwhile gets the same page. Who has scripts is not
 * kept waiting for a list that is not for them: after PATIENCE_MS the page goes
 * out without it.
 */
#include "web/web.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/str.h"
#include "base/zone.h"
#include "core/pipeline.h"
#include "io/httpd.h"
#include "io/loop.h"
#include "store/store.h"
#include "web/api.h"
#include "web/assets.h"
#include "web/live.h"
#include "web/numbers.h"
#include "web/page.h"
#include "web/period.h"

#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>

#define MAX_TROUBLES	32
#define PATIENCE_MS	1500

static const char html[] = "text/html; charset=utf-8";
static const char json[] = "application/json";

struct waiting {
	STAILQ_ENTRY(waiting)	 link;
	struct httpd_request	*request;
};

/* The page of one period. */
struct period {
	struct web		*web;
	unsigned		 days;
	int64_t			 now_ms, from_ms, to_ms;	/* of the question */
	bool			 asked;
	struct timer		*patience;
	STAILQ_HEAD(, waiting)	 waiting;
};

struct web {
	struct web_conf		 conf;
	struct httpd		*httpd;
	struct api		*api;
	struct live		*live;
	struct zone		*utc;
	struct period		 period[LEN(page_days)];
};

struct troubles {
	struct page_trouble	 trouble[MAX_TROUBLES];
	size_t			 n;
};

static void
on_trouble(void *arg, const char *instance, const char *text, int64_t since_ms)
{
	struct troubles *t = arg;

	UNUSED(since_ms);
	if (text != NULL && t->n < MAX_TROUBLES)
		t->trouble[t->n++] = (struct page_trouble){ instance, text };
}

static void
render(const struct period *d, const struct store_people *people, const char *why,
    struct buf *out)
{
	const struct web_conf *c = &d->web->conf;
	struct troubles t = { .n = 0 };
	struct page p = { .title = c->title, .notice = c->notice, .days = d->days,
		.head = web_assets_head, .now_ms = d->now_ms, .people = people,
		.why = why };

	if (c->pipeline != NULL)
		pipeline_troubles(c->pipeline, on_trouble, &t);
	p.trouble = t.trouble;
	p.troubles = t.n;
	cover_look(c->state, d->from_ms, &p.cover);
	page_people(&p, out);
}

/* The same page to all who wait for it. */
static void
tell(struct period *d, int status, const struct buf *page)
{
	struct waiting *w;
	struct buf copy;

	while ((w = STAILQ_FIRST(&d->waiting)) != NULL) {
		STAILQ_REMOVE_HEAD(&d->waiting, link);
		copy = BUF(PAGE_MAX);
		buf_add(&copy, page->data, page->len);
		httpd_answer(w->request, &(struct httpd_answer){ .status = status,
		    .type = html, .body = &copy });
		free(w);
	}
}

static void
on_people(void *arg, const struct store_people *people, const struct err *e)
{
	struct period *d = arg;
	struct buf page = BUF(PAGE_MAX);

	if (people == NULL)
		log_warn("web: the list of people waits for the store: %s", e->text);
	d->asked = false;
	timer_cancel(d->patience);
	render(d, people, people == NULL ? e->text : NULL, &page);
	tell(d, people != NULL ? 200 : 503, &page);
	buf_fini(&page);
}

static void
on_patience(void *arg)
{
	struct period *d = arg;
	struct buf page = BUF(PAGE_MAX);

	render(d, NULL, "the store has not answered yet. Load the page again.", &page);
	tell(d, 200, &page);
	buf_fini(&page);
}

static void
ask(struct period *d)
{
	const struct web_conf *c = &d->web->conf;
	struct buf page = BUF(PAGE_MAX);

	if (web_assets[0].path != NULL && !timer_waits(d->patience))
		timer_set(d->patience, PATIENCE_MS);
	if (d->asked)
		return;
	d->now_ms = clock_wall_ms();
	period_days(d->web->utc, d->now_ms, d->days, &d->from_ms, &d->to_ms);
	if (c->store != NULL) {
		d->asked = true;
		store_people(c->store, &(struct store_people_query){
		    .from_ms = d->from_ms, .to_ms = d->to_ms, .max = PAGE_PEOPLE },
		    on_people, d);
		return;
	}
	render(d, NULL, "no output of this pipeline can be asked. Those named "
	    "elasticsearch and sqlite can.", &page);
	timer_cancel(d->patience);
	tell(d, 503, &page);
	buf_fini(&page);
}

static struct period *
period_of(struct web *w, int64_t days)
{
	for (size_t i = 0; i < LEN(w->period); i++)
		if (w->period[i].days == days)
			return &w->period[i];
	return NULL;
}

/* The dashboard has parameters of its own: what the list does not know passes. */
static void
on_page(void *arg, struct httpd_request *r)
{
	struct period *d = period_of(arg, page_days[1]), *other;
	struct waiting *wait;
	const char *name, *value;
	int64_t days;

	for (size_t i = 0; httpd_param(r, i, &name, &value); i++)
		if (str_eq(name, "days") && str_i64(value, &days) &&
		    (other = period_of(arg, days)) != NULL)
			d = other;
	wait = xcalloc(1, sizeof(*wait));
	wait->request = r;
	STAILQ_INSERT_TAIL(&d->waiting, wait, link);
	ask(d);
}

static void
on_asset(void *arg, struct httpd_request *r)
{
	const char *path = httpd_path(r) + strlen("/assets/");
	struct buf body;

	UNUSED(arg);
	for (const struct web_asset *a = web_assets; a->path != NULL; a++)
		if (str_eq(a->path, path)) {
			body = BUF(a->len + 1);
			buf_add(&body, a->data, a->len);
			httpd_answer(r, &(struct httpd_answer){ .status = 200,
			    .type = a->type, .body = &body, .keep = KEEP_EVER,
			    .etag = a->etag, .packed = a->gzipped });
			return;
		}
	httpd_answer_text(r, 404, "There is no such file.");
}

static void
on_live(void *arg, struct httpd_request *r)
{
	struct web *w = arg;

	live_open(w->live, w->httpd, r);
}

static void
on_tick(void *arg)
{
	struct web *w = arg;

	live_tick(w->live, w->httpd);
}

static void
on_api(void *arg, struct httpd_request *r)
{
	struct web *w = arg;

	api_request(w->api, w->httpd, r);
}

static void
answer(struct httpd_request *r, int status, const char *type, struct buf *body)
{
	httpd_answer(r, &(struct httpd_answer){ .status = status, .type = type,
	    .body = body });
}

static void
on_style(void *arg, struct httpd_request *r)
{
	struct buf body = BUF(PAGE_MAX);

	UNUSED(arg);
	page_style(&body);
	httpd_answer(r, &(struct httpd_answer){ .status = 200,
	    .type = "text/css; charset=utf-8", .body = &body, .keep = KEEP_ASK });
}

static void
on_metrics(void *arg, struct httpd_request *r)
{
	struct web *w = arg;
	struct buf body = BUF(PAGE_MAX);

	numbers_metrics(&w->conf, &body);
	answer(r, 200, "text/plain; version=0.0.4; charset=utf-8", &body);
}

static void
on_health(void *arg, struct httpd_request *r)
{
	struct web *w = arg;
	struct buf body = BUF(PAGE_MAX);
	bool well = numbers_health(&w->conf, &body);

	answer(r, well ? 200 : 503, json, &body);
}

static void
on_stats(void *arg, struct httpd_request *r)
{
	struct web *w = arg;
	struct buf body = BUF(PAGE_MAX);

	numbers_stats(&w->conf, web_address(w), &body);
	answer(r, 200, json, &body);
}

static const struct httpd_route routes[] = {
	{ "/", on_page },
	{ "/data", on_page },
	{ "/person/*", on_page },
	{ "/repository/*", on_page },
	{ "/assets/*", on_asset },
	{ API_PATH "live", on_live },
	{ API_PATH "*", on_api },
	{ "/style.css", on_style },
	{ "/metrics", on_metrics },
	{ "/healthz", on_health },
	{ "/_node/stats", on_stats },
	{ .path = NULL }
};

struct web *
web_start(struct loop *l, const struct web_conf *conf, struct err *e)
{
	struct web *w = xcalloc(1, sizeof(*w));

	w->conf = *conf;
	w->api = api_new(&w->conf);
	w->live = live_new(conf->pipeline);
	w->utc = zone_open("UTC", e);
	for (size_t i = 0; i < LEN(w->period); i++) {
		w->period[i].web = w;
		w->period[i].days = page_days[i];
		w->period[i].patience = timer_new(l, on_patience, &w->period[i]);
		STAILQ_INIT(&w->period[i].waiting);
	}
	w->httpd = httpd_new(l, &(struct httpd_conf){
	    .listen = str_or(conf->listen, "127.0.0.1:9600-9700"), .names = conf->names,
	    .routes = routes, .arg = w, .json_below = "/api/", .tick = on_tick,
	    .auth_file = conf->auth_file, .insecure = conf->insecure }, e);
	if (w->httpd == NULL) {
		web_stop(w);
		return NULL;
	}
	return w;
}

const char *
web_address(const struct web *w)
{
	return httpd_address(w->httpd);
}

/* The store goes first, so that no answer comes to what is gone. */
void
web_stop(struct web *w)
{
	struct waiting *wait;

	if (w == NULL)
		return;
	store_free(w->conf.store);
	api_free(w->api);
	for (size_t i = 0; i < LEN(w->period); i++) {
		timer_free(w->period[i].patience);
		while ((wait = STAILQ_FIRST(&w->period[i].waiting)) != NULL) {
			STAILQ_REMOVE_HEAD(&w->period[i].waiting, link);
			httpd_answer_text(wait->request, 503, "It is being stopped.");
			free(wait);
		}
	}
	httpd_free(w->httpd);
	live_free(w->live);
	zone_free(w->utc);
	free(w);
}
