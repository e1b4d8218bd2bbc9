/* SPDX-License-Identifier: Apache-2.0 */
/*
 * api.c - see api.h.
 *
 *	request ─► route ─► parameters ─► asked already? ─► its turn ─► store ─► answer
 *	             └─ 404   └─ 400        └─ waits with others ─────────────┘
 *
 * A few questions are with the store at a time. What nobody waits for any more when
 * its turn comes (a filter changed meanwhile) is not asked.
 */
#include "web/api.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/str.h"
#include "data/json.h"
#include "io/httpd.h"
#include "web/csv.h"
#include "web/params.h"
#include "web/web.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>

#define ANSWER_MAX	((size_t)64 << 20)
#define AT_A_TIME	6
#define PANEL		(PARAMS_PERIOD | PARAMS_FILTERS | PARAMS_TABLE)

extern const char api_description[];		/* made of docs/api.yaml */
extern const unsigned api_description_len;

static const char json_type[] = "application/json";
static const char csv_type[] = "text/csv; charset=utf-8; header=present";

/* What each panel takes, and the most rows of it. */
static const struct {
	unsigned	set, max;
} panels[STORE_PANELS] = {
	[STORE_TOTALS] = { PANEL, 0 },
	[STORE_PEOPLE] = { PANEL | PARAMS_MAX | PARAMS_ORDER | PARAMS_AFTER, 1000 },
	[STORE_ACTIVITY] = { PANEL | PARAMS_INTERVAL, 0 },
	[STORE_SERIES] = { PANEL | PARAMS_INTERVAL | PARAMS_MAX | PARAMS_ORDER, 100 },
	[STORE_REVIEWERS] = { PANEL | PARAMS_MAX, 1000 },
	[STORE_MATRIX] = { PANEL | PARAMS_MAX, 100 },
	[STORE_FLOW] = { PANEL | PARAMS_INTERVAL, 0 },
	[STORE_LATENCY] = { PANEL | PARAMS_INTERVAL, 0 },
	[STORE_OPEN] = { PANEL | PARAMS_MAX, 1000 },
	[STORE_NEWCOMERS] = { PANEL | PARAMS_MAX, 1000 },
	[STORE_QUIET] = { PANEL | PARAMS_MAX, 1000 },
	[STORE_PUNCH_CARD] = { PANEL, 0 },
	[STORE_REPOSITORIES] = { PANEL | PARAMS_MAX, 1000 },
	[STORE_BUS_FACTOR] = { PANEL | PARAMS_MAX, 1000 },
	[STORE_BOTS] = { PANEL | PARAMS_INTERVAL | PARAMS_MAX, 1000 },
	[STORE_RECENT] = { PANEL | PARAMS_MAX | PARAMS_AFTER, 200 },
	[STORE_PERSON] = { PANEL, 0 },
	[STORE_SEARCH] = { PARAMS_TEXT | PARAMS_MAX | PARAMS_TABLE, 100 },
	[STORE_UNLINKED] = { PANEL | PARAMS_MAX, 1000 },
	[STORE_CONTENTS] = { PARAMS_TABLE, 0 },
};
#define COVERAGE_SET	(PARAMS_PERIOD | PARAMS_WHERE | PARAMS_MAX | PARAMS_TABLE)
#define COVERAGE_MAX	10000

/* How somebody wants an answer; csv NULL: as JSON. */
struct waiting {
	STAILQ_ENTRY(waiting)	 link;
	struct httpd_request	*request;
	const struct csv_table	*csv;
};

/* A question on its way, and who asked it. */
struct ask {
	TAILQ_ENTRY(ask)	 link;
	struct api		*api;
	char			*key;
	const char		*panel;
	struct json		*head;		/* the answer but for its data */
	/* NULL: the store has it. Its texts are of the first who waits. */
	struct params		*params;
	STAILQ_HEAD(, waiting)	 waiting;
};

struct api {
	const struct web_conf	*conf;
	TAILQ_HEAD(, ask)	 asks;
	unsigned		 asked;		/* of them, those the store has */
};

struct api *
api_new(const struct web_conf *conf)
{
	struct api *a = xcalloc(1, sizeof(*a));

	*a = (struct api){ .conf = conf };
	TAILQ_INIT(&a->asks);
	return a;
}

void
api_fail(struct httpd_request *r, int status, const char *parameter,
    const char *reason)
{
	struct json *o = json_new_object(), *e = json_new_object();
	struct buf body = BUF(1u << 16);

	if (parameter[0] != '\0')
		json_set_str(e, "parameter", parameter);
	json_set_str(e, "reason", reason);
	json_set(o, "error", e);
	json_print(o, &body);
	buf_puts(&body, "\n");
	json_free(o);
	httpd_answer(r, &(struct httpd_answer){ .status = status, .type = json_type,
	    .body = &body });
}

static void
send_body(struct httpd_request *r, const char *type, const char *file, struct buf *body)
{
	if (body->failed) {
		buf_fini(body);
		api_fail(r, 400, "max", "the answer is too large; ask for less of it");
		return;
	}
	httpd_answer(r, &(struct httpd_answer){ .status = 200, .type = type,
	    .body = body, .keep = KEEP_ASK, .file = file });
}

/* One answer, in the form that somebody wants. */
static void
send_answer(const struct waiting *w, const char *panel, const struct json *head,
    const struct json *data)
{
	struct buf body = BUF(ANSWER_MAX);
	char file[96];

	if (w->csv != NULL) {
		if (str_eq(panel, csv_name(w->csv)))
			snprintf(file, sizeof(file), "%s.csv", panel);
		else
			snprintf(file, sizeof(file), "%s-%s.csv", panel,
			    csv_name(w->csv));
		csv_print(w->csv, data, &body);
		send_body(w->request, csv_type, file, &body);
		return;
	}
	json_print(head, &body);
	body.len--;				/* its closing brace */
	buf_puts(&body, ",\"data\":");
	json_print(data, &body);
	buf_puts(&body, "}\n");
	send_body(w->request, json_type, NULL, &body);
}

static struct json *
new_head(const char *panel, const struct params *p)
{
	struct json *head = json_new_object();

	json_set_str(head, "panel", panel);
	if (p != NULL)
		params_say(p, head);
	return head;
}

static void
ask_free(struct ask *k)
{
	TAILQ_REMOVE(&k->api->asks, k, link);
	json_free(k->head);
	free(k->params);
	free(k->key);
	free(k);
}

/* Each who waits, once; data NULL: why not. */
static void
tell(struct ask *k, const struct json *data, const char *why)
{
	struct waiting *w;

	while ((w = STAILQ_FIRST(&k->waiting)) != NULL) {
		STAILQ_REMOVE_HEAD(&k->waiting, link);
		if (data != NULL)
			send_answer(w, k->panel, k->head, data);
		else
			api_fail(w->request, 503, "", why);
		free(w);
	}
	ask_free(k);
}

static bool
is_wanted(const struct ask *k)
{
	const struct waiting *w;

	STAILQ_FOREACH(w, &k->waiting, link)
		if (!httpd_hung_up(w->request))
			return true;
	return false;
}

static void on_answer(void *arg, const struct json *answer, const struct err *e);

/* Those whose turn it is go to the store; those nobody wants go. */
static void
ask_next(struct api *a)
{
	struct ask *k, *next;
	struct params *p;

	for (k = TAILQ_FIRST(&a->asks); k != NULL; k = next) {
		next = TAILQ_NEXT(k, link);
		if (k->params == NULL)
			continue;
		if (!is_wanted(k)) {
			tell(k, NULL, "many questions wait; ask again");
		} else if (a->asked < AT_A_TIME) {
			p = k->params;
			k->params = NULL;
			a->asked++;
			store_ask(a->conf->store, &p->q, on_answer, k);
			free(p);
		}
	}
}

static void
on_answer(void *arg, const struct json *answer, const struct err *e)
{
	struct ask *k = arg;
	struct api *a = k->api;

	if (answer == NULL)
		log_warn("web: %s waits for the store: %s", k->panel, e->text);
	a->asked--;
	tell(k, answer, answer == NULL ? e->text : NULL);
	ask_next(a);
}

static struct ask *
find_ask(const struct api *a, const char *key)
{
	struct ask *k;

	TAILQ_FOREACH(k, &a->asks, link)
		if (str_eq(k->key, key))
			return k;
	return NULL;
}

/* Takes p. */
static void
ask(struct api *a, const struct waiting *w, const char *panel, struct params *p)
{
	struct waiting *copy = xcalloc(1, sizeof(*copy));
	struct buf key = BUF(1u << 20);
	struct ask *k;

	*copy = *w;
	buf_printf(&key, "%s ", panel);
	params_key(p, &key);
	k = find_ask(a, buf_str(&key));
	if (k != NULL) {
		STAILQ_INSERT_TAIL(&k->waiting, copy, link);
		free(p);
	} else {
		k = xcalloc(1, sizeof(*k));
		*k = (struct ask){ .api = a, .key = xstrdup(buf_str(&key)),
		    .panel = panel, .head = new_head(panel, p), .params = p };
		STAILQ_INIT(&k->waiting);
		STAILQ_INSERT_TAIL(&k->waiting, copy, link);
		TAILQ_INSERT_TAIL(&a->asks, k, link);
	}
	buf_fini(&key);
	ask_next(a);
}

/* The form it is wanted in; false: refused. */
static bool
choose_form(struct waiting *w, const char *panel, const char *table, bool csv)
{
	unsigned as_json = httpd_accepts(w->request, "application/json");
	unsigned as_csv = httpd_accepts(w->request, "text/csv");
	struct buf names = BUF(256), reason = BUF(512);

	if (!csv && as_json == 0 && as_csv == 0) {
		api_fail(w->request, 406, "", "this is had as application/json and "
		    "text/csv");
		return false;
	}
	csv = csv || as_csv > as_json;
	w->csv = csv || table != NULL ? csv_find(panel, table) : NULL;
	if (table != NULL && w->csv == NULL) {
		csv_names(panel, &names);
		buf_printf(&reason, "there is no such table here; there are %s",
		    buf_str(&names));
		api_fail(w->request, 400, "table", buf_str(&reason));
		buf_fini(&names);
		buf_fini(&reason);
		return false;
	}
	if (!csv)
		w->csv = NULL;
	return true;
}

static bool
read_params(struct httpd_request *r, struct params *p, unsigned set, unsigned max)
{
	struct params_wrong wrong;

	if (params_read(p, r, set, max, clock_wall_ms(), &wrong))
		return true;
	api_fail(r, 400, wrong.parameter, buf_str(&wrong.reason));
	buf_fini(&wrong.reason);
	return false;
}

static void
on_panel(struct api *a, struct httpd_request *r, enum store_panel panel, bool csv)
{
	const char *name = store_panel_name(panel);
	struct params *p = xcalloc(1, sizeof(*p));
	struct waiting w = { .request = r };
	struct err e = { 0 };

	if (!read_params(r, p, panels[panel].set, panels[panel].max) ||
	    !choose_form(&w, name, p->table, csv))
		goto out;
	p->q.panel = panel;
	if (panel == STORE_PERSON && p->q.people.n != 1)
		api_fail(r, 400, "person", "person must be given, once");
	else if (!store_check(&p->q, &e))
		api_fail(r, 400, p->q.after != NULL ? "after" : "", e.text);
	else if (a->conf->store == NULL)
		api_fail(r, 503, "", "no output of this pipeline can be asked. Those "
		    "named elasticsearch and sqlite can.");
	else {
		ask(a, &w, name, p);
		return;
	}
out:
	free(p);
}

static void
on_coverage(struct api *a, struct httpd_request *r, bool csv)
{
	struct params *p = xcalloc(1, sizeof(*p));
	struct waiting w = { .request = r };
	struct json *head, *data;

	if (read_params(r, p, COVERAGE_SET, COVERAGE_MAX) &&
	    choose_form(&w, "coverage", p->table, csv)) {
		head = new_head("coverage", p);
		data = api_coverage(a->conf, p);
		send_answer(&w, "coverage", head, data);
		json_free(head);
		json_free(data);
	}
	free(p);
}

/* Of what there is as JSON alone, without parameters: whether it may be had. */
static bool
is_plain(struct httpd_request *r)
{
	struct params *p = xcalloc(1, sizeof(*p));
	bool good = read_params(r, p, 0, 0);

	free(p);
	if (good && httpd_accepts(r, json_type) == 0) {
		api_fail(r, 406, "", "this is had as application/json");
		return false;
	}
	return good;
}

static void
on_status(struct api *a, struct httpd *d, struct httpd_request *r)
{
	struct waiting w = { .request = r };
	struct json *head, *data;

	if (!is_plain(r))
		return;
	head = new_head("status", NULL);
	data = api_status(a->conf, d);
	send_answer(&w, "status", head, data);
	json_free(head);
	json_free(data);
}

static void
on_description(struct httpd_request *r)
{
	struct buf body = BUF(api_description_len + 1);

	if (!is_plain(r))
		return;
	buf_add(&body, api_description, api_description_len);
	send_body(r, json_type, NULL, &body);
}

/* The panel a path names: "punch-card". */
static bool
find_panel(const char *path, enum store_panel *panel)
{
	char name[32];

	if (!str_copy(name, sizeof(name), path) || strchr(name, '_') != NULL)
		return false;
	for (char *c = name; *c != '\0'; c++)
		if (*c == '-')
			*c = '_';
	return store_panel_of(name, panel);
}

void
api_request(struct api *a, struct httpd *d, struct httpd_request *r)
{
	const char *path = httpd_path(r) + strlen(API_PATH);
	bool csv = str_ends(path, ".csv");
	enum store_panel panel;
	char name[64];

	if (str_eq(path, "openapi.json")) {
		on_description(r);
		return;
	}
	if (str_eq(path, "status")) {
		on_status(a, d, r);
		return;
	}
	if (str_copy(name, sizeof(name), path)) {
		if (csv)
			name[strlen(name) - strlen(".csv")] = '\0';
		if (str_eq(name, "coverage")) {
			on_coverage(a, r, csv);
			return;
		}
		if (find_panel(name, &panel)) {
			on_panel(a, r, panel, csv);
			return;
		}
	}
	api_fail(r, 404, "", "there is no such path; " API_PATH "openapi.json says which "
	    "there are");
}

void
api_free(struct api *a)
{
	struct ask *k;

	if (a == NULL)
		return;
	while ((k = TAILQ_FIRST(&a->asks)) != NULL)
		tell(k, NULL, "it is being stopped");
	free(a);
}
