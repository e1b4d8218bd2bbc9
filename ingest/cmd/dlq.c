/* SPDX-License-Identifier: Apache-2.0 */
/* dlq.c - hubstash dlq: what outputs refused, and what can be done about it. */
#include "cmd/dlq.h"
#include "base/clock.h"
#include "base/str.h"
#include "data/json.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define OUT_MAX	((size_t)1 << 30)

struct list {
	const struct args	*args;
	struct buf		*out;
	size_t			 all, shown;
	int64_t			 again;
	bool			 explain;
};

bool
dlq_matches(const struct args *a, const struct dead_row *d)
{
	return (a->output == NULL || str_eq(a->output, d->output)) &&
	    (a->action == NULL || str_eq(a->action, d->action)) &&
	    (a->reason == NULL || strstr(str_or(d->reason, ""), a->reason) != NULL);
}

bool
dlq_named(char *const *words, size_t n, const struct dead_row *d)
{
	int64_t id;

	for (size_t i = 0; i < n; i++)
		if ((str_i64(words[i], &id) && id == d->id) ||
		    str_eq(words[i], d->doc_id))
			return true;
	return n == 0;
}

struct json *
dlq_json(const struct dead_row *d)
{
	struct json *o = json_new_object();
	char at[CLOCK_TEXT];

	json_set_int(o, "id", d->id);
	json_set_str(o, "output", d->output);
	json_set_str(o, "index", d->target);
	json_set_str(o, "action", d->action);
	json_set_str(o, "document", d->doc_id);
	json_set_int(o, "version", d->version);
	json_set_str(o, "reason", d->reason);
	json_set_str(o, "refused", clock_iso(d->at_ms, at));
	json_set_int(o, "times", d->times);
	json_set(o, "again", json_new_bool(d->again));
	return o;
}

static void
on_row(void *arg, const struct dead_row *d)
{
	struct list *l = arg;
	const struct args *a = l->args;
	char at[CLOCK_TEXT];

	l->all++;
	l->again += d->again;
	if (!dlq_matches(a, d) || !dlq_named(a->rest.s + 1, a->rest.n - 1, d))
		return;
	l->shown++;
	if (l->explain) {
		dlq_explain(d, a->json, l->out);
	} else if (a->json) {
		struct json *o = dlq_json(d);

		json_print(o, l->out);
		buf_puts(l->out, "\n");
		json_free(o);
	} else {
		buf_printf(l->out, "%6" PRId64 "  %s  %" PRId64 " times  %s  %s%s\n"
		    "        ", d->id, clock_iso(d->at_ms, at), d->times,
		    str_or(d->target, d->output), d->doc_id,
		    d->again ? "  (is sent again)" : "");
		buf_plain(l->out, str_or(d->reason, "no reason was kept"));
		buf_puts(l->out, "\n");
	}
}

/* One that is not there is a mistake worth its words. */
static int
fail_missing(const struct list *l, const char *word)
{
	return l->all == 0 ? usage("there are no dead letters") :
	    usage("there is no dead letter %s; hubstash dlq list shows the %zu there are",
	    word, l->all);
}

static int
show(const char *dir, struct args *a)
{
	struct buf out = BUF(OUT_MAX);
	struct list l = { .args = a, .out = &out,
	    .explain = str_eq(a->rest.s[0], "explain") };
	struct err e;
	struct state *s = state_open(dir, STATE_READ, &e);
	int status = 0;

	if (s == NULL)
		return cmd_fail(&e);
	state_dead(s, on_row, &l);
	if (!state_commit(s, &e)) {		/* what was read is not all */
		err_at(&e, "%s", dir);
		status = cmd_fail(&e);
	} else if (l.shown == 0 && a->rest.n > 1) {
		status = fail_missing(&l, a->rest.s[1]);
	} else {
		if (!l.explain && !a->json)
			buf_printf(&out, l.all == 0 ? "no dead letters\n" : "%zu of %zu "
			    "dead letters; hubstash dlq explain ID tells more of one\n",
			    l.shown, l.all);
		fwrite(buf_str(&out), 1, out.len, stdout);
	}
	buf_fini(&out);
	state_close(s);
	return status;
}

int
cmd_dlq(struct args *a)
{
	const char *verb = a->rest.n > 0 ? a->rest.s[0] : "";
	struct err e;
	char *dir;
	int status;

	if (!str_eq(verb, "list") && !str_eq(verb, "explain") && !str_eq(verb, "replay"))
		return usage("dlq list, dlq explain ID or dlq replay [ID...]; see "
		    "hubstash dlq --help");
	if (str_eq(verb, "list") && a->rest.n > 1)
		return usage("dlq list takes no ids; --output, --action and --reason "
		    "choose");
	if (str_eq(verb, "explain") && a->rest.n != 2)
		return usage("dlq explain which? Give one ID of dlq list");
	dir = cmd_data_dir(a, &e);
	if (dir == NULL)
		return cmd_fail(&e);
	status = str_eq(verb, "replay") ? dlq_replay(dir, a) : show(dir, a);
	free(dir);
	return status;
}
