/* SPDX-License-Identifier: Apache-2.0 */
/* page.c - see page.h. */
#include "web/page.h"
#include "base/clock.h"
#include "base/str.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

const unsigned page_days[4] = { 7, 30, 90, 365 };

void
page_text(struct buf *out, const char *s)
{
	for (; *s != '\0'; s++)
		switch (*s) {
		case '&':	buf_puts(out, "&amp;"); break;
		case '<':	buf_puts(out, "&lt;"); break;
		case '>':	buf_puts(out, "&gt;"); break;
		case '"':	buf_puts(out, "&quot;"); break;
		case '\'':	buf_puts(out, "&#39;"); break;
		default:
			if ((unsigned char)*s < 0x20 || *s == 0x7f)
				buf_puts(out, " ");
			else
				buf_add(out, s, 1);
		}
}

/* 1234567 as 1,234,567. */
static void
put_number(struct buf *out, int64_t n)
{
	char digits[24];
	int len = snprintf(digits, sizeof(digits), "%" PRId64, n);

	for (int i = 0; i < len; i++)
		buf_printf(out, "%s%c", i > 0 && (len - i) % 3 == 0 &&
		    digits[i - 1] != '-' ? "," : "", digits[i]);
}

static void
put_count(struct buf *out, int64_t n, const char *one, const char *many)
{
	put_number(out, n);
	buf_printf(out, " %s", n == 1 ? one : many);
}

/* "3 hours ago", and the moment itself for machines. */
static void
put_ago(struct buf *out, int64_t ms, int64_t now_ms)
{
	static const struct {
		int64_t		 seconds;
		const char	*one, *many;
	} units[] = {
		{ 86400, "day", "days" }, { 3600, "hour", "hours" },
		{ 60, "minute", "minutes" },
	};
	int64_t s = (now_ms - ms) / 1000;
	char text[CLOCK_TEXT];
	size_t i = 0;

	clock_iso(ms / 1000 * 1000, text);
	buf_printf(out, "<time datetime=\"%s\" title=\"%s\">", text, text);
	while (i < LEN(units) && s < units[i].seconds)
		i++;
	if (i == LEN(units)) {
		buf_puts(out, "just now");
	} else {
		put_count(out, s / units[i].seconds, units[i].one, units[i].many);
		buf_puts(out, " ago");
	}
	buf_puts(out, "</time>");
}

static void
put_head(const struct page *p, struct buf *out)
{
	buf_puts(out, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n"
	    "<meta charset=\"utf-8\">\n"
	    "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
	    "<meta name=\"color-scheme\" content=\"light dark\">\n<title>");
	if (p->title != NULL) {
		page_text(out, p->title);
		buf_puts(out, " – ");
	}
	buf_puts(out, "people in order of activity</title>\n"
	    "<link rel=\"stylesheet\" href=\"/style.css\">\n");
	buf_puts(out, str_or(p->head, ""));
	buf_puts(out, "</head>\n<body>\n");
	if (p->notice != NULL) {
		buf_puts(out, "<p class=\"notice\">");
		page_text(out, p->notice);
		buf_puts(out, "</p>\n");
	}
	buf_puts(out, "<header>\n<h1>");
	if (p->title != NULL)
		page_text(out, p->title);
	else
		buf_puts(out, "Activity");
	buf_puts(out, "</h1>\n<nav aria-label=\"Period\">");
	for (size_t i = 0; i < LEN(page_days); i++)
		buf_printf(out, "<a href=\"/?days=%u\"%s>%u days</a>", page_days[i],
		    page_days[i] == p->days ? " aria-current=\"page\"" : "",
		    page_days[i]);
	buf_puts(out, "</nav>\n</header>\n<main>\n");
}

/* One sentence that says how far the numbers can be trusted. */
static void
put_cover(const struct page *p, struct buf *out)
{
	const struct cover *c = &p->cover;
	bool whole = c->repos > 0 && c->reading + c->parked == 0 && c->since_ms == 0;
	char text[CLOCK_TEXT];

	buf_printf(out, "<p class=\"cover%s\">", whole ? " whole" : "");
	if (c->repos == 0) {
		buf_puts(out, "No repository is known yet.");
	} else if (whole) {
		buf_puts(out, "Complete: of ");
		put_count(out, c->repos, "repository", "repositories");
		buf_puts(out, " nothing of this period is known to be missing.");
	} else {
		buf_puts(out, "Not complete.");
	}
	if (c->reading > 0) {
		buf_puts(out, " Of ");
		put_count(out, c->repos, "repository", "repositories");
		buf_puts(out, ", ");
		put_number(out, c->reading);
		buf_puts(out, c->reading == 1 ? " is still being read." :
		    " are still being read.");
	}
	if (c->parked > 0) {
		buf_puts(out, " GitHub refuses part of ");
		put_count(out, c->parked, "repository", "repositories");
		buf_puts(out, "; <code>hubstash status</code> says why.");
	}
	if (c->since_ms > 0)
		buf_printf(out, " Nothing before %.10s was asked for; <code>hubstash "
		    "backfill</code> loads it.", clock_iso(c->since_ms, text));
	buf_puts(out, "</p>\n");
}

/* Three parts of a bar, as long as their counts are of the most active's. */
static void
put_bar(const struct store_person *x, int64_t most, struct buf *out)
{
	const int64_t parts[] = { x->commits, x->pulls, x->reviews };
	static const char *const names[] = { "c", "p", "r" };
	double scale = most > 0 ? 100.0 / (double)most : 0, at = 0;

	buf_puts(out, "<svg viewBox=\"0 0 100 1\" preserveAspectRatio=\"none\" "
	    "aria-hidden=\"true\">");
	for (size_t i = 0; i < LEN(parts); i++) {
		double wide = (double)parts[i] * scale;

		if (parts[i] > 0)
			buf_printf(out, "<rect class=\"%s\" x=\"%.2f\" width=\"%.2f\" "
			    "height=\"1\"/>", names[i], at, wide);
		at += wide;
	}
	buf_puts(out, "</svg>");
}

static void
put_cell(struct buf *out, const char *class, const char *label, int64_t n)
{
	buf_printf(out, "<td class=\"n %s%s\" data-label=\"%s\">", class,
	    n == 0 ? " zero" : "", label);
	put_number(out, n);
	buf_puts(out, "</td>");
}

static void
put_person(const struct page *p, size_t i, struct buf *out)
{
	const struct store_person *x = &p->people->person[i];

	buf_printf(out, "<tr><td class=\"n rank\">%zu</td><th scope=\"row\"><bdi>",
	    i + 1);
	page_text(out, x->name);
	buf_puts(out, "</bdi></th><td class=\"bar\">");
	put_bar(x, p->people->person[0].activity, out);
	buf_puts(out, "</td>");
	put_cell(out, "sum", "activity", x->activity);
	put_cell(out, "c", x->commits == 1 ? "commit" : "commits", x->commits);
	put_cell(out, "p", "opened", x->pulls);
	put_cell(out, "m", "merged", x->merged);
	put_cell(out, "r", x->reviews == 1 ? "review" : "reviews", x->reviews);
	buf_puts(out, "<td class=\"last\">");
	put_ago(out, x->last_ms, p->now_ms);
	buf_puts(out, "</td></tr>\n");
}

static void
put_table(const struct page *p, struct buf *out)
{
	buf_puts(out, "<table>\n<thead><tr><th class=\"n\" scope=\"col\">#</th>"
	    "<th scope=\"col\">Person</th><th class=\"bar\" scope=\"col\"></th>"
	    "<th class=\"n\" scope=\"col\">Activity</th>"
	    "<th class=\"n c\" scope=\"col\">Commits</th>"
	    "<th class=\"n p\" scope=\"col\">Pull requests opened</th>"
	    "<th class=\"n m\" scope=\"col\">Merged</th>"
	    "<th class=\"n r\" scope=\"col\">Reviews</th>"
	    "<th scope=\"col\">Last active</th></tr></thead>\n<tbody>\n");
	for (size_t i = 0; i < p->people->count; i++)
		put_person(p, i, out);
	buf_puts(out, "</tbody>\n</table>\n");
}

static void
put_summary(const struct page *p, struct buf *out)
{
	buf_puts(out, "<p class=\"lead\">");
	put_count(out, p->people->people, "person", "people");
	buf_printf(out, " in order of activity, in the last %u days. ", p->days);
	buf_puts(out, "Activity is the number of commits on default branches (merges "
	    "left out), of pull requests opened, and of reviews of other people’s pull "
	    "requests. Co-authors are credited, bots are not.</p>\n");
}

static void
put_people(const struct page *p, struct buf *out)
{
	int64_t more;

	if (p->people == NULL) {
		buf_puts(out, "<p class=\"trouble\">The people cannot be listed now: ");
		page_text(out, p->why);
		buf_puts(out, "</p>\n");
		return;
	}
	put_summary(p, out);
	put_cover(p, out);
	if (p->people->count == 0) {
		buf_puts(out, "<p class=\"empty\">Nobody did anything in this period, as "
		    "far as is known.</p>\n");
		return;
	}
	put_table(p, out);
	more = p->people->people - (int64_t)p->people->count;
	if (more > 0) {
		buf_puts(out, "<p class=\"more\">and ");
		put_count(out, more, "person", "people");
		buf_puts(out, " more</p>\n");
	}
}

void
page_people(const struct page *p, struct buf *out)
{
	char text[CLOCK_TEXT];

	put_head(p, out);
	for (size_t i = 0; i < p->troubles; i++) {
		buf_puts(out, "<p class=\"trouble\"><b>");
		page_text(out, p->trouble[i].instance);
		buf_puts(out, "</b> ");
		page_text(out, p->trouble[i].text);
		buf_puts(out, "</p>\n");
	}
	put_people(p, out);
	buf_puts(out, "</main>\n<footer>");
	if (p->people != NULL) {
		put_count(out, p->people->documents, "document", "documents");
		buf_puts(out, " of any time · ");
	}
	buf_printf(out, "%.16sZ · hubstash " HUBSTASH_VERSION " · "
	    "<a href=\"/healthz\">health</a> · <a href=\"/metrics\">metrics</a>"
	    "</footer>\n"
	    "</body>\n</html>\n", clock_iso(p->now_ms, text));
}
