/* SPDX-License-Identifier: Apache-2.0 */
/*
 * web.c - see web.h. There is one question to the store a period at a time:
 * whoever asks for the same meanwhile gets the same page.
 */
#include "web/web.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/str.h"
#include "core/pipeline.h"
#include "io/httpd.h"
#include "store/store.h"
#include "web/numbers.h"
#include "web/page.h"

#include <stdlib.h>
#include <sys/queue.h>

#define DAY_MS		((int64_t)86400 * 1000)
#define MAX_TROUBLES	32

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
	int64_t			 now_ms;	/* of the question */
	bool			 asked;
	STAILQ_HEAD(, waiting)	 waiting;
};

struct web {
	struct web_conf		 conf;
	struct httpd		*httpd;
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
		.now_ms = d->now_ms, .people = people, .why = why };

	if (c->pipeline != NULL)
		pipeline_troubles(c->pipeline, on_trouble, &t);
	p.trouble = t.trouble;
	p.troubles = t.n;
	cover_look(c->state, d->now_ms - d->days * DAY_MS, &p.cover);
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
	render(d, people, people == NULL ? e->text : NULL, &page);
	tell(d, people != NULL ? 200 : 503, &page);
	buf_fini(&page);
}

static void
ask(struct period *d)
{
	const struct web_conf *c = &d->web->conf;
	struct buf page = BUF(PAGE_MAX);

	if (d->asked)
		return;
	d->now_ms = clock_wall_ms();
	if (c->store != NULL) {
		d->asked = true;
		store_people(c->store, &(struct store_people_query){
		    .from_ms = d->now_ms - d->days * DAY_MS,
		    .to_ms = d->now_ms + DAY_MS,	/* clocks that are ahead, too */
		    .max = PAGE_PEOPLE }, on_people, d);
		return;
	}
	render(d, NULL, "no output of this pipeline can be asked. Those named "
	    "elasticsearch and sqlite can.", &page);
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

static void
on_root(void *arg, struct httpd_request *r)
{
	struct period *d = period_of(arg, page_days[1]);
	struct waiting *wait;
	const char *name, *value;
	int64_t days;

	for (size_t i = 0; httpd_param(r, i, &name, &value); i++) {
		if (!str_eq(name, "days")) {
			httpd_answer_text(r, 400, "There is no such parameter; there is "
			    "days.");
			return;
		}
		if (!str_i64(value, &days) || (d = period_of(arg, days)) == NULL) {
			httpd_answer_text(r, 400, "days is one of 7, 30, 90, 365.");
			return;
		}
	}
	wait = xcalloc(1, sizeof(*wait));
	wait->request = r;
	STAILQ_INSERT_TAIL(&d->waiting, wait, link);
	ask(d);
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
	    .type = "text/css; charset=utf-8", .body = &body, .max_age_s = 300 });
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
	{ "/", on_root },
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
	for (size_t i = 0; i < LEN(w->period); i++) {
		w->period[i].web = w;
		w->period[i].days = page_days[i];
		STAILQ_INIT(&w->period[i].waiting);
	}
	w->httpd = httpd_new(l, &(struct httpd_conf){
	    .listen = str_or(conf->listen, "127.0.0.1:9600-9700"), .names = conf->names,
	    .routes = routes, .arg = w }, e);
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
	for (size_t i = 0; i < LEN(w->period); i++)
		while ((wait = STAILQ_FIRST(&w->period[i].waiting)) != NULL) {
			STAILQ_REMOVE_HEAD(&w->period[i].waiting, link);
			httpd_answer_text(wait->request, 503, "It is being stopped.");
			free(wait);
		}
	httpd_free(w->httpd);
	free(w);
}
