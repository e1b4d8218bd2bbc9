/* SPDX-License-Identifier: Apache-2.0 */
/* diag.c - see diag.h. */
#include "conf/diag.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"

#define MAX_SHOWN	160	/* columns of a line; longer ones are cut */
#define TOLD_MAX	60	/* bytes of a value that a message repeats */

struct diag {
	unsigned	 source;
	size_t		 at, len;
	char		*file, *text, *line;	/* line: the source's, a copy */
	size_t		 line_len, line_at;	/* line_at: of the mistake in it */
	struct where	 where;
	bool		 whole;		/* about the file, which has no text */
};

static size_t
line_start(const struct source *s, size_t at)
{
	while (at > 0 && s->text[at - 1] != '\n')
		at--;
	return at;
}

struct where
place_where(struct place p)
{
	struct where w = { p.source->name, 1, 1 };
	size_t start = line_start(p.source, p.at);

	for (size_t i = 0; i < start; i++)
		w.line += p.source->text[i] == '\n';
	for (size_t i = start; i < p.at; i++)
		w.col += ((unsigned char)p.source->text[i] & 0xc0) != 0x80;
	return w;
}

void
diags_add(struct diags *d, struct place p, const char *fmt, ...)
{
	const struct source *s = p.source;
	struct buf text = BUF(4096);
	struct diag *g;
	size_t start, end;
	va_list ap;
	char line[1024];

	if (d == NULL)
		return;
	if (d->n == DIAGS_MAX) {
		d->more++;
		return;
	}
	va_start(ap, fmt);
	vsnprintf(line, sizeof(line), fmt, ap);
	va_end(ap);
	for (const char *c = line; *c != '\0'; c++)
		buf_add(&text, (unsigned char)*c < ' ' ? "?" : c, 1);
	start = line_start(s, p.at);
	for (end = p.at; end < s->len && s->text[end] != '\n'; )
		end++;
	if (end > start && s->text[end - 1] == '\r' && p.at < end)
		end--;
	d->list = xrealloc(d->list, (d->n + 1) * sizeof(*d->list));
	g = &d->list[d->n++];
	*g = (struct diag){ .source = s->number, .at = p.at,
	    .len = p.len < end - p.at ? p.len : end - p.at,
	    .file = xstrdup(s->name), .text = xstrdup(buf_str(&text)),
	    .line = xstrndup("", 0), .line_len = end - start,
	    .line_at = p.at - start, .where = place_where(p), .whole = s->len == 0 };
	g->line = xrealloc(g->line, g->line_len + 1);
	memcpy(g->line, s->text + start, g->line_len);
	g->line[g->line_len] = '\0';
	g->where.file = g->file;
	buf_fini(&text);
}

void
diags_mean(struct diags *d, const char *word, const char *const *candidates, size_t n)
{
	const char *near = str_nearest(word, candidates, n);
	struct diag *g;
	char *text;

	if (near == NULL || d == NULL || d->n == 0 || d->more > 0)
		return;
	g = &d->list[d->n - 1];
	text = xasprintf("%s; did you mean \"%s\"?", g->text, near);
	free(g->text);
	g->text = text;
}

/* A name such as password, api_key, token: its value is nobody's to read. */
static bool
is_secret_name(const char *s, size_t n)
{
	static const char *const words[] = { "password", "secret", "token", "key",
		"authorization", "cookie", "credential" };
	char name[64];

	if (n >= sizeof(name))
		return false;
	memcpy(name, s, n);
	name[n] = '\0';
	for (size_t i = 0; i < LEN(words); i++)
		if (strcasestr(name, words[i]) != NULL)
			return true;
	return false;
}

static void
stars(char *p, const char *end)
{
	for (; p < end; p++)
		if (*p != '\t')		/* columns stay where they are */
			*p = '*';
}

/* User and password of each address: http://user:password@host. */
static void
hide_users(char *line, size_t n)
{
	char *end = line + n, *at, *last, *p = line;

	while ((p = memmem(p, (size_t)(end - p), "://", 3)) != NULL) {
		p += 3;
		for (at = p, last = p; at < end && strchr("\"'", *at) == NULL; at++)
			if (*at == '@')
				last = at;
		stars(p, last);
		p = at;
	}
}

/* The literal behind `password => `; all of an array or a hash. */
static void
hide_literals(char *line, size_t n)
{
	size_t from, end, i;
	char quote;

	for (i = 0; i + 1 < n; i++) {
		if (line[i] != '=' || line[i + 1] != '>')
			continue;
		for (end = i; end > 0 && strchr(" \t\"'", line[end - 1]) != NULL; )
			end--;
		for (from = end; from > 0 && strchr(" \t\"'{,", line[from - 1]) == NULL; )
			from--;
		if (!is_secret_name(line + from, end - from))
			continue;
		for (from = i + 2; from < n && (line[from] == ' ' ||
		    line[from] == '\t'); )
			from++;
		if (from + 2 < n && strncmp(line + from + 1, "${", 2) == 0)
			continue;
		quote = from < n && (line[from] == '"' || line[from] == '\'') ?
		    line[from++] : ' ';
		end = n;
		if (from < n && line[from] != '[' && line[from] != '{')
			for (end = from; end < n && line[end] != quote; )
				end++;
		stars(line + from, line + end);
		i = end;
	}
}

/*
 * Stars over secrets, column by column, in the line and, where the mistake is
 * about one, in what is said of it.
 */
static void
hide_secrets(struct diag *g)
{
	size_t from = g->line_at, end = from + g->len;
	char *meant, *said;

	if (g->len > 1 && strchr("\"'", g->line[from]) != NULL) {
		from++;
		end--;
	}
	meant = xstrndup(g->line + from, end - from < TOLD_MAX ? end - from : TOLD_MAX);
	hide_literals(g->line, g->line_len);
	hide_users(g->line, g->line_len);
	if (strlen(meant) > 1 &&	/* else a comma, or a quote */
	    strncmp(meant, g->line + from, strlen(meant)) != 0 &&
	    (said = strstr(g->text, meant)) != NULL)
		memcpy(said, g->line + from, strlen(meant));
	free(meant);
}

/* One character of UTF-8 at s; its width on a terminal. Anything odd is 0, '?'. */
static size_t
utf8(const char *s, size_t n, unsigned *width)
{
	static const struct {
		unsigned	from, to, width;
	} ranges[] = {
		{ 0x0300, 0x036f, 0 }, { 0x200b, 0x200f, 0 }, { 0xfe00, 0xfe0f, 0 },
		{ 0x1100, 0x115f, 2 }, { 0x2e80, 0xa4cf, 2 }, { 0xac00, 0xd7a3, 2 },
		{ 0xf900, 0xfaff, 2 }, { 0xfe30, 0xfe6f, 2 }, { 0xff00, 0xff60, 2 },
		{ 0xffe0, 0xffe6, 2 }, { 0x1f300, 0x1f64f, 2 }, { 0x1f680, 0x1f6ff, 2 },
		{ 0x1f900, 0x1f9ff, 2 }, { 0x20000, 0x3fffd, 2 },
	};
	unsigned char c = (unsigned char)s[0];
	size_t len = c < 0x80 ? 1 : c < 0xc2 ? 0 : c < 0xe0 ? 2 : c < 0xf0 ? 3 :
	    c < 0xf5 ? 4 : 0;
	unsigned code = len == 1 ? c : c & (0xffu >> (len + 1));

	*width = 1;
	if (len == 0 || len > n || c < 0x20 || c == 0x7f)
		return 0;
	for (size_t i = 1; i < len; i++) {
		if (((unsigned char)s[i] & 0xc0) != 0x80)
			return 0;
		code = code << 6 | ((unsigned char)s[i] & 0x3f);
	}
	if (code >= 0x80 && code < 0xa0)
		return 0;
	for (size_t i = 0; i < LEN(ranges); i++)
		if (code >= ranges[i].from && code <= ranges[i].to)
			*width = ranges[i].width;
	return len;
}

/* The line, then the marks below what is meant; tabs stay tabs in both. */
static void
show_line(const struct diag *g, struct buf *out)
{
	struct buf marks = BUF(8192);
	size_t i, len, from = 0, mark_end = g->line_at + (g->len > 0 ? g->len : 1);
	unsigned width, shown;

	if (g->line_at > MAX_SHOWN - 40)
		from = g->line_at - (MAX_SHOWN / 2);
	while (from > 0 && ((unsigned char)g->line[from] & 0xc0) == 0x80)
		from--;
	if (from > 0) {
		buf_puts(out, "… ");
		buf_puts(&marks, "  ");
	}
	for (i = from, shown = 0; i < g->line_len && shown < MAX_SHOWN; i += len) {
		if (g->line[i] == '\t') {
			buf_puts(out, "\t");
			buf_puts(&marks, i < g->line_at ? "\t" : "");
			len = 1;
			continue;
		}
		len = utf8(g->line + i, g->line_len - i, &width);
		buf_add(out, len > 0 ? g->line + i : "?", len > 0 ? len : 1);
		len += len == 0;
		shown += width;
		for (unsigned w = 0; w < width && i < mark_end; w++)
			buf_puts(&marks, i < g->line_at ? " " :
			    i == g->line_at && w == 0 ? "^" : "~");
	}
	if (g->line_at >= i)
		buf_puts(&marks, "^");
	buf_printf(out, "%s\n%s\n", i < g->line_len ? " …" : "", buf_str(&marks));
	buf_fini(&marks);
}

static int
compare(const void *pa, const void *pb)
{
	const struct diag *a = pa, *b = pb;

	if (a->source != b->source)
		return a->source < b->source ? -1 : 1;
	if (a->at != b->at)
		return a->at < b->at ? -1 : 1;
	return 0;
}

void
diags_text(struct diags *d, struct buf *out)
{
	if (d->n > 0)
		qsort(d->list, d->n, sizeof(*d->list), compare);
	for (size_t i = 0; i < d->n; i++) {
		struct diag *g = &d->list[i];

		if (g->whole) {
			buf_printf(out, "%s: error: %s\n", g->file, g->text);
			continue;
		}
		hide_secrets(g);
		buf_printf(out, "%s:%u:%u: error: %s\n", g->file, g->where.line,
		    g->where.col, g->text);
		if (g->line_len == 0)
			continue;
		show_line(g, out);
	}
	if (d->more > 0)
		buf_printf(out, "and %zu more\n", d->more);
}

void
diags_print(struct diags *d, FILE *out)
{
	struct buf text = BUF(1 << 20);

	diags_text(d, &text);
	fputs(buf_str(&text), out);
	buf_fini(&text);
}

void
diags_fini(struct diags *d)
{
	for (size_t i = 0; i < d->n; i++) {
		free(d->list[i].file);
		free(d->list[i].text);
		free(d->list[i].line);
	}
	free(d->list);
	*d = (struct diags){ 0 };
}
