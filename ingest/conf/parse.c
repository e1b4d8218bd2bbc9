/* SPDX-License-Identifier: Apache-2.0 */
/*
 * parse.c - sections, branches and bodies; what the parts of the parser share;
 * and how it goes on after a mistake. The grammar rule stands above each
 * function; _ means blanks and comments.
 *
 * Logstash's grammar is ordered choice with backtracking. In two places this
 * shows: a word that begins with `if` is a branch if that can be parsed and a
 * plugin otherwise, and so is one that begins with `else` behind a branch. Both
 * are decided here by looking ahead; everything else is decided by one character.
 */
#include "conf/parse.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/str.h"
#include "conf/conf.h"

static bool parse_body(struct parser *ps, size_t brace, struct ast_step **list);

struct place
place(const struct parser *ps, size_t from, size_t to)
{
	return (struct place){ ps->source, from, to > from ? to - from : 1 };
}

bool
fail(struct parser *ps, struct place p, const char *fmt, ...)
{
	char line[768];
	va_list ap;

	ps->failed = true;
	if (ps->diags == NULL)
		return false;
	va_start(ap, fmt);
	vsnprintf(line, sizeof(line), fmt, ap);
	va_end(ap);
	diags_add(ps->diags, p, "%s", line);
	return false;
}

/* Says what stands at pos in place of the expected. */
bool
fail_found(struct parser *ps, const char *expected)
{
	static const struct {
		const char	*bytes, *name;
	} odd[] = {
		{ "\xef\xbb\xbf", "a byte order mark" },
		{ "\xc2\xa0", "a no-break space" },
		{ "\f", "a form feed" },
		{ "\v", "a vertical tab" },
		{ "#", "a comment that ends in a carriage return without a line feed" },
	};
	size_t at = ps->pos, end = after_name(ps, at);
	int c = look(ps, at);

	if (c == -1)
		return fail(ps, place(ps, at, at), "expected %s, found the end of "
		    "the file", expected);
	for (size_t i = 0; i < LEN(odd); i++)
		if (look_word(ps, at, odd[i].bytes))
			return fail(ps, place(ps, at, at), "expected %s, found %s",
			    expected, odd[i].name);
	if (c < 0x20)
		return fail(ps, place(ps, at, at), "expected %s, found the control "
		    "character \\x%02x", expected, (unsigned)c);
	if (end == at)
		for (end = at + 1; (look(ps, end) & 0xc0) == 0x80 &&
		    look(ps, end) != -1; end++)
			;
	if (end - at > 40 || c == '"' || c == '\'')
		return fail(ps, place(ps, at, end), "expected %s", expected);
	return fail(ps, place(ps, at, end), "expected %s, found %.*s", expected,
	    (int)(end - at), ps->source->text + at);
}

/* Goes on behind the quote, as if it was not there. */
bool
fail_quoted(struct parser *ps)
{
	size_t at = ps->pos, end = at + 1;
	int c = look(ps, at);
	const char *what = c == '/' ? "regular expression" : "string";

	while (look(ps, end) != -1 && look(ps, end) != '\n')
		end++;
	ps->pos = at + 1;
	for (size_t i = at + 1; i + 1 < end; i++)
		if (look(ps, i) == '\\' && look(ps, i + 1) == c)
			return fail(ps, place(ps, at, i + 2), "this %s never ends: a "
			    "backslash before %c makes it part of the text", what, c);
	return fail(ps, place(ps, at, at + 1), "this %s never ends", what);
}

void
skip_blanks(struct parser *ps)
{
	ps->pos = after_blanks(ps, ps->pos);
}

bool
take(struct parser *ps, const char *word)
{
	if (!look_word(ps, ps->pos, word))
		return false;
	ps->pos += strlen(word);
	return true;
}

bool
enter(struct parser *ps, size_t from)
{
	if (ps->depth >= CONF_MAX_DEPTH)
		return fail(ps, place(ps, from, from), "nested more than %d deep",
		    CONF_MAX_DEPTH);
	ps->depth++;
	return true;
}

void
leave(struct parser *ps)
{
	ps->depth--;
}

/* Does a line `input {`, not indented, stand here? */
static bool
looks_like_section(const struct parser *ps, size_t at)
{
	static const char *const words[] = { "input", "filter", "output" };

	if (at > 0 && look(ps, at - 1) != '\n')
		return false;
	for (size_t i = 0; i < LEN(words); i++)
		if (look_word(ps, at, words[i]) &&
		    look(ps, after_blanks(ps, at + strlen(words[i]))) == '{')
			return true;
	return false;
}

/*
 * After a mistake somewhere inside of it: goes to the end of the block or
 * plugin, whose body has `level` braces open around it. A line that opens a
 * section ends everything: then a closing brace was forgotten.
 */
static void
recover(struct parser *ps, unsigned level)
{
	size_t start = ps->pos, end, line;
	int c;

	for (; (c = look(ps, ps->pos)) != -1; ps->pos++) {
		if ((level > 0 || ps->pos > start) && looks_like_section(ps, ps->pos)) {
			ps->ended = true;
			return;
		}
		if (level == 0 && ps->braces == 0 && c == '\n')
			return;
		if (c == '#') {
			end = after_blanks(ps, ps->pos);
			ps->pos = end > ps->pos ? end - 1 : ps->pos;
		} else if (c == '"' || c == '\'') {
			end = after_quoted(ps, ps->pos);
			for (line = ps->pos; line < end; line++)
				if (look(ps, line) == '\n')
					end = ps->pos;	/* not a string, then */
			ps->pos = end > ps->pos ? end - 1 : ps->pos;
		} else if (c == '{') {
			ps->braces++;
		} else if (c == '}') {
			if (ps->braces <= level) {
				ps->pos += level == 0;
				return;
			}
			if (--ps->braces == level) {
				ps->pos++;
				return;
			}
		}
	}
	ps->ended = true;
}

/* Is what follows the brace at `at` a first attribute: name _ "=>"? */
static bool
holds_attributes(const struct parser *ps, size_t at)
{
	size_t from = after_blanks(ps, at + 1), end = after_name(ps, from);

	return end > from && look_word(ps, after_blanks(ps, end), "=>");
}

/*
 * Does a condition and a block follow the `if` that ends at `at`, rather than
 * this being a plugin whose name begins so? `if {` is a plugin, `if1 {` is a
 * branch if there are plugins inside and a plugin if there are attributes.
 */
static bool
is_branch(const struct parser *ps, size_t at)
{
	struct parser try = *ps;
	size_t after = after_blanks(ps, at);

	if (!is_name(look(ps, at)))
		return look(ps, after) != '{';
	try.diags = NULL;
	try.pos = at;
	if (parse_cond(&try) == NULL)
		return false;
	skip_blanks(&try);
	return look(ps, try.pos) == '{' && !holds_attributes(ps, try.pos);
}

/* "{" _ (branch_or_plugin _)* "}", having parsed what stands before it */
static bool
parse_block(struct parser *ps, const char *expected, struct ast_step **list)
{
	size_t brace;

	skip_blanks(ps);
	brace = ps->pos;
	if (!take(ps, "{"))
		return fail_found(ps, expected);
	ps->braces++;
	return parse_body(ps, brace, list);
}

/* After a mistake in a condition: go on at its block, so that this is checked. */
static bool
skip_cond(struct parser *ps)
{
	size_t at = ps->pos, end;
	int c;

	for (; (c = look(ps, at)) != '{'; at++) {
		if (c == -1 || c == '}' || c == '#' || looks_like_section(ps, at))
			return false;
		if ((c == '"' || c == '\'') && (end = after_quoted(ps, at)) > at)
			at = end - 1;
	}
	ps->pos = at;
	return true;
}

/* _ condition _ "{" … "}", behind `if` or `else if` */
static bool
parse_if(struct parser *ps, struct ast_arm *arm)
{
	unsigned depth = ps->depth, braces = ps->braces;

	skip_blanks(ps);
	arm->cond = parse_cond(ps);
	if (arm->cond != NULL)
		skip_blanks(ps);
	if (arm->cond != NULL && look(ps, ps->pos) != '{') {
		arm->cond = NULL;
		fail_cond_end(ps, "{");
	}
	if (arm->cond == NULL) {	/* anything but NULL, which is else */
		arm->cond = arena_get(ps->arena, sizeof(*arm->cond));
		arm->cond->kind = AST_TRUTH;
		arm->cond->at = arm->at;
		arm->cond->a = new_value(ps, AST_STRING, ps->pos, ps->pos);
		ps->depth = depth;
		if (!skip_cond(ps))
			return false;
		ps->braces = braces;
	}
	return parse_block(ps, "{", &arm->body);
}

/* branch: "if" … (_ "else" _ "if" …)* (_ "else" _ "{" … "}")? */
static bool
parse_branch(struct parser *ps, struct ast_arm **arms)
{
	struct ast_arm *arm;
	size_t from = ps->pos, word = from + 2, next;
	bool has_cond = true;

	while (!ps->ended) {
		*arms = arm = arena_get(ps->arena, sizeof(*arm));
		arms = &arm->next;
		arm->at = place(ps, from, word);
		ps->pos = word;
		if (!(has_cond ? parse_if(ps, arm) : parse_block(ps, "{", &arm->body)))
			return false;
		from = after_blanks(ps, ps->pos);
		if (!has_cond || !look_word(ps, from, "else"))
			return true;
		word = from + 4;
		next = after_blanks(ps, word);
		if (look_word(ps, next, "if") &&
		    (next > word || is_branch(ps, next + 2))) {
			word = next + 2;
			continue;
		}
		if (look(ps, next) != '{' || holds_attributes(ps, next))
			return true;
		has_cond = false;
	}
	return true;
}

/* branch_or_plugin: branch / plugin */
static bool
parse_step(struct parser *ps, struct ast_step *step)
{
	if (look_word(ps, ps->pos, "if") && is_branch(ps, ps->pos + 2))
		return parse_branch(ps, &step->arms);
	step->plugin = parse_plugin(ps);
	return step->plugin != NULL;
}

/*
 * (branch_or_plugin _)* "}", behind the brace. Mistakes inside are dealt with
 * here; false only when the block itself cannot be read.
 */
static bool
parse_body(struct parser *ps, size_t brace, struct ast_step **list)
{
	unsigned level = ps->braces, depth = ps->depth;
	struct ast_step *step;

	if (level > 1 && !enter(ps, brace))
		return false;
	for (;;) {
		skip_blanks(ps);
		if (ps->ended)
			break;
		if (take(ps, "}")) {
			ps->braces--;
			break;
		}
		if (look(ps, ps->pos) == -1) {
			ps->ended = true;
			fail(ps, place(ps, brace, brace), "this { is never closed");
			break;
		}
		step = arena_get(ps->arena, sizeof(*step));
		if (parse_step(ps, step)) {
			*list = step;
			list = &step->next;
			continue;
		}
		ps->depth = level > 1 ? depth + 1 : depth;
		recover(ps, level);
	}
	ps->depth = depth;
	return true;
}

/* plugin_section: ("input" / "filter" / "output") _ "{" … "}" */
static bool
parse_section(struct parser *ps, struct ast_section *section)
{
	static const char *const words[] = { "input", "filter", "output" };
	size_t from = ps->pos, end = from;
	char name[32];

	while (is_name(look(ps, end)))
		end++;
	if (end == from)
		return fail_found(ps, "input, filter or output");
	snprintf(name, sizeof(name), "%.*s", (int)(end - from < 31 ? end - from : 31),
	    ps->source->text + from);
	for (size_t i = 0; i < LEN(words); i++) {
		if (!str_eq(name, words[i]))
			continue;
		section->kind = (enum ast_section_kind)i;
		section->at = place(ps, from, end);
		ps->pos = end;
		return parse_block(ps, "{", &section->body);
	}
	if (look_word(ps, from, "if") || look(ps, after_blanks(ps, end)) == '{')
		fail(ps, place(ps, from, end), "\"%s\" cannot stand here: a file "
		    "consists of input, filter and output sections", name);
	else
		fail_found(ps, "input, filter or output");
	diags_mean(ps->diags, name, words, LEN(words));
	return false;
}

/* config: _ (plugin_section _)* */
bool
parse_sections(struct parser *ps, struct ast_section **list)
{
	struct ast_section *section;

	while (*list != NULL)
		list = &(*list)->next;
	for (;;) {
		skip_blanks(ps);
		if (look(ps, ps->pos) == -1)
			return !ps->failed;
		section = arena_get(ps->arena, sizeof(*section));
		if (parse_section(ps, section)) {
			*list = section;
			list = &section->next;
		} else {
			recover(ps, 0);
		}
		ps->depth = ps->braces = 0;
		ps->ended = false;
	}
}
