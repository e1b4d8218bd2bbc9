/* SPDX-License-Identifier: Apache-2.0 */
/* The examples of tests/tables/conf/grammar.txt, and what cannot stand in it. */
#include <stdlib.h>

#include "base/base.h"
#include "base/buf.h"
#include "base/str.h"
#include "conf/conf.h"
#include "tap.h"

static const struct {
	const char	*shown, *meant;
	size_t		 n;
} signs[] = {
	{ "␊", "\n", 1 }, { "␍", "\r", 1 }, { "␉", "\t", 1 }, { "␌", "\f", 1 },
	{ "␀", "", 1 }, { "⟨BOM⟩", "\xef\xbb\xbf", 3 },
};

static void
unfold(const char *s, struct buf *out)
{
	size_t i;

	while (*s != '\0') {
		for (i = 0; i < LEN(signs); i++)
			if (str_starts(s, signs[i].shown))
				break;
		if (i < LEN(signs)) {
			buf_add(out, signs[i].meant, signs[i].n);
			s += strlen(signs[i].shown);
		} else {
			buf_add(out, s++, 1);
		}
	}
}

static void
check_line(const char *line, unsigned number)
{
	struct buf text = BUF(1 << 16);
	struct diags d = { 0 };
	bool want = str_starts(line, "yes"), got;
	struct conf *c;

	unfold(line + (line[3] != '\0' ? 4 : 3), &text);
	got = conf_grammar(buf_str(&text), text.len);
	ok(got == want, "%u: %s", number, line);
	c = conf_parse("x", buf_str(&text), text.len, &d);
	ok(want || d.n > 0, "%u: a refusal has its diagnostics", number);
	diags_fini(&d);
	conf_free(c);
	buf_fini(&text);
}

/* n times open, then the middle, then n times close */
static void
deep(const char *open, const char *middle, const char *close, unsigned n, bool want)
{
	struct buf text = BUF(CONF_MAX_FILE);
	struct diags d = { 0 };
	bool cond = str_starts(open, "(");

	buf_puts(&text, cond ? "filter { if " : "filter { ");
	for (unsigned i = 0; i < n; i++)
		buf_puts(&text, open);
	buf_puts(&text, middle);
	for (unsigned i = 0; i < n; i++)
		buf_puts(&text, close);
	buf_puts(&text, cond ? " { } }" : " }");
	conf_free(conf_parse("deep", buf_str(&text), text.len, &d));
	ok((d.n == 0) == want, "%u times %s", n, open);
	if (!want && d.n > 0) {
		struct buf said = BUF(1 << 16);

		diags_text(&d, &said);
		ok(strstr(buf_str(&said), "nested more than 200 deep") != NULL,
		    "said so");
		buf_fini(&said);
	}
	diags_fini(&d);
	buf_fini(&text);
}

int
main(void)
{
	static const struct {
		const char	*open, *middle, *close;
	} deeps[] = {
		{ "if [a] { ", "dd { }", " }" },
		{ "if [a] { } else { ", "dd { }", " }" },
		{ "(", "[a]", ")" },
	};
	FILE *f = fopen("tests/tables/conf/grammar.txt", "re");
	char *line = NULL;
	size_t size = 0;
	ssize_t n;

	ok(f != NULL, "the table is there (run from the top of the tree)");
	for (unsigned i = 1; f != NULL && (n = getline(&line, &size, f)) > 0; i++) {
		line[n - 1] = '\0';
		if (line[0] != '#' && line[0] != '\0')
			check_line(line, i);
	}
	free(line);
	if (f != NULL)
		fclose(f);
	for (size_t i = 0; i < LEN(deeps); i++) {
		deep(deeps[i].open, deeps[i].middle, deeps[i].close, 200, true);
		deep(deeps[i].open, deeps[i].middle, deeps[i].close, 201, false);
		deep(deeps[i].open, deeps[i].middle, deeps[i].close, 40000, false);
	}
	deep("pp { kk => ", "[ ]", " }", 200, true);
	deep("pp { kk => ", "[ ]", " }", 40000, false);
	return done();
}
