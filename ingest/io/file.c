/* SPDX-License-Identifier: Apache-2.0 */
/*
 * file.c - see file.h.
 *
 *	fd ── read ──► in ── inflate, or as it is ──► out ── split ──► item
 *
 * The split is a state machine over bytes. It knows of JSON only what finds the
 * end of an array's element: strings, escapes and depth.
 */
#include "io/file.h"
#include "base/buf.h"
#include "base/str.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#define CHUNK	((size_t)64 << 10)
#define SLICE	((size_t)1 << 20)	/* bytes looked at in one call */
#define DEPTH	64			/* of an element; data/json takes less */

enum file_state { TOP, LINE, ELEMENT };

struct file {
	char		*name;
	int		 fd;
	bool		 owns_fd, pipe;
	/* bytes */
	unsigned char	 in[CHUNK], out[CHUNK];
	size_t		 in_pos, in_len, out_pos, out_len;
	bool		 begun, eof, gzip, between;	/* between two gzip members */
	bool		 named_gz;
	z_stream	 z;
	/* items */
	enum file_state	 state;
	struct buf	 item;
	int64_t		 line, item_line, number, bytes, elements;
	size_t		 depth;
	bool		 in_string, escaped;
	bool		 broken;	/* a string of the element crosses a line */
	bool		 deep;		/* no element can be that deep: up to its line */
	bool		 cut;		/* the bytes ended before the data did */
	bool		 said;		/* items or mistakes: the file is not empty */
	bool		 fresh;		/* item was given out: empty it first */
	bool		 ended;
};

struct file *
file_open(const char *path, size_t max_item, struct err *e)
{
	struct file *f;
	struct stat st;
	bool is_stdin = str_eq(path, "-");
	/* Not to wait for whoever writes to a named pipe. */
	int fd = is_stdin ? STDIN_FILENO :
	    open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);

	if (fd < 0 || fstat(fd, &st) != 0) {
		err_set(e, ERR_SYSTEM, errno, "%s: %s", path, strerror(errno));
		if (fd > STDIN_FILENO)
			close(fd);
		return NULL;
	}
	if (S_ISDIR(st.st_mode)) {
		err_set(e, ERR_INPUT, 0, "%s: is a directory", path);
		if (!is_stdin)
			close(fd);
		return NULL;
	}
	f = xcalloc(1, sizeof(*f));
	f->name = xstrdup(is_stdin ? "standard input" : path);
	f->fd = fd;
	f->owns_fd = !is_stdin;
	f->pipe = !S_ISREG(st.st_mode);
	f->named_gz = str_ends(path, ".gz");
	f->item = BUF(max_item);
	f->line = 1;
	return f;
}

void
file_close(struct file *f)
{
	if (f == NULL)
		return;
	if (f->gzip)
		inflateEnd(&f->z);
	if (f->owns_fd)
		close(f->fd);
	buf_fini(&f->item);
	free(f->name);
	free(f);
}

const char *
file_name(const struct file *f)
{
	return f->name;
}

/* Something is wrong at a line. */
static enum file_got
wrong(struct file *f, int64_t line, enum err_kind kind, const char *why, struct err *e)
{
	f->said = true;
	err_set(e, kind, 0, "%s:%lld: %s", f->name, (long long)line, why);
	return FILE_WRONG;
}

/* The bytes end here, too early: what is half read is of no use. */
static enum file_got
cut_off(struct file *f, const char *why, struct err *e)
{
	f->cut = f->eof = true;
	f->in_pos = f->in_len = 0;
	return wrong(f, f->line, ERR_INPUT, why, e);
}

/* More of the file behind what is left in in. FILE_ITEM: there is. */
static enum file_got
take_in(struct file *f, struct err *e)
{
	struct pollfd p = { .fd = f->fd, .events = POLLIN };
	ssize_t n;

	if (f->eof)
		return FILE_END;
	if (f->pipe && poll(&p, 1, 0) == 0)
		return FILE_WAIT;
	memmove(f->in, f->in + f->in_pos, f->in_len - f->in_pos);
	f->in_len -= f->in_pos;
	f->in_pos = 0;
	n = read(f->fd, f->in + f->in_len, sizeof(f->in) - f->in_len);
	if (n > 0) {
		f->in_len += (size_t)n;
		return FILE_ITEM;
	}
	if (n == 0) {
		f->eof = true;
		return FILE_END;
	}
	if (errno == EINTR || errno == EAGAIN)
		return FILE_WAIT;
	return cut_off(f, strerror(errno), e);
}

static bool
is_gzip(const struct file *f)
{
	return f->in_len - f->in_pos >= 2 && f->in[f->in_pos] == 0x1f &&
	    f->in[f->in_pos + 1] == 0x8b;
}

/* The first two bytes say what the file is, whatever it is called. */
static enum file_got
begin(struct file *f, struct err *e)
{
	enum file_got got = FILE_ITEM;

	while (f->in_len < 2 && got == FILE_ITEM)
		got = take_in(f, e);
	if (got == FILE_WAIT || got == FILE_WRONG)
		return got;
	f->begun = true;
	if (is_gzip(f)) {
		if (inflateInit2(&f->z, 16 + MAX_WBITS) != Z_OK)
			die("inflateInit2");
		f->gzip = true;
	} else if (f->named_gz && f->in_len > 0) {
		return wrong(f, 1, ERR_INPUT,
		    "is not gzip, though its name ends in .gz; read as it is", e);
	}
	return FILE_ITEM;
}

/* Behind a member another one may begin, or padding. */
static enum file_got
next_member(struct file *f, struct err *e)
{
	enum file_got got;

	while (f->in_pos < f->in_len && f->in[f->in_pos] == 0)
		f->in_pos++;
	if (f->in_len - f->in_pos < 2 && !f->eof) {
		got = take_in(f, e);
		return got == FILE_END || got == FILE_ITEM ? FILE_MORE : got;
	}
	if (f->in_pos == f->in_len)
		return FILE_END;
	if (!is_gzip(f))
		return cut_off(f, "there are other bytes behind the gzip data", e);
	if (inflateReset(&f->z) != Z_OK)
		die("inflateReset");
	f->between = false;
	return FILE_MORE;
}

/* Inflates what is there into out. */
static enum file_got
inflate_some(struct file *f, struct err *e)
{
	enum file_got got;
	int status;

	if (f->between)
		return next_member(f, e);
	if (f->in_pos == f->in_len) {
		got = take_in(f, e);
		if (got == FILE_END)
			return cut_off(f, "the gzip data ends too early", e);
		if (got != FILE_ITEM)
			return got;
	}
	f->z.next_in = f->in + f->in_pos;
	f->z.avail_in = (unsigned)(f->in_len - f->in_pos);
	f->z.next_out = f->out;
	f->z.avail_out = sizeof(f->out);
	status = inflate(&f->z, Z_NO_FLUSH);
	f->in_pos = f->in_len - f->z.avail_in;
	f->out_pos = 0;
	f->out_len = sizeof(f->out) - f->z.avail_out;
	f->between = status == Z_STREAM_END;
	if (status == Z_MEM_ERROR)
		die("inflate: out of memory");
	if (status != Z_OK && status != Z_STREAM_END && status != Z_BUF_ERROR)
		return cut_off(f, "the gzip data is damaged", e);
	return f->out_len > 0 ? FILE_ITEM : FILE_MORE;
}

/* Fills out, which is empty. FILE_ITEM: there are bytes in it. */
static enum file_got
take_out(struct file *f, struct err *e)
{
	enum file_got got;

	if (!f->begun && (got = begin(f, e)) != FILE_ITEM)
		return got;
	if (f->gzip)
		return f->cut ? FILE_END : inflate_some(f, e);
	if (f->in_pos == f->in_len && (got = take_in(f, e)) != FILE_ITEM)
		return got;
	f->out_pos = 0;
	f->out_len = f->in_len - f->in_pos;
	memcpy(f->out, f->in + f->in_pos, f->out_len);
	f->in_pos = f->in_len;
	return FILE_ITEM;
}

static bool
is_space(unsigned char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static void
item_begin(struct file *f, enum file_state state)
{
	f->state = state;
	f->item_line = f->line;
	f->depth = 0;
	f->in_string = f->escaped = f->broken = f->deep = false;
}

/* The item is whole: is it one to give out? */
static enum file_got
item_end(struct file *f, struct file_item *item, struct err *e)
{
	struct buf *b = &f->item;
	const char *what = f->state == LINE ? "a line" : "an element";
	char why[128];

	f->fresh = true;
	f->number++;
	if (b->failed) {
		buf_fini(b);
		snprintf(why, sizeof(why), "%s of more than %zu bytes, passed over",
		    what, b->max);
		return wrong(f, f->item_line, ERR_LIMIT, why, e);
	}
	while (b->len > 0 && is_space((unsigned char)b->data[b->len - 1]))
		b->data[--b->len] = '\0';
	if (b->len > 0 && memchr(b->data, '\0', b->len) != NULL)
		return wrong(f, f->item_line, ERR_INPUT, "not JSON: a NUL byte", e);
	if (f->deep)
		return wrong(f, f->item_line, ERR_INPUT, "not JSON: nesting too deep", e);
	if (f->broken)
		return wrong(f, f->item_line, ERR_INPUT,
		    "not JSON: a string that its line does not end", e);
	f->said = true;
	*item = (struct file_item){ .text = buf_str(b), .len = b->len,
	    .line = f->item_line, .number = f->number };
	return FILE_ITEM;
}

/* Between items. */
static void
top_byte(struct file *f, unsigned char c)
{
	static const unsigned char bom[] = { 0xef, 0xbb, 0xbf };

	if (is_space(c) || (f->bytes < 3 && c == bom[f->bytes]))
		return;
	if (c == '[') {
		f->elements = 0;
		item_begin(f, ELEMENT);
		f->said = true;
		return;
	}
	item_begin(f, LINE);
	buf_add(&f->item, &c, 1);
}

/* A byte of an element, or around one. True: the element ends before it. */
static bool
element_byte(struct file *f, unsigned char c)
{
	if (f->in_string) {
		if (c == '\n') {	/* not JSON; do not let it swallow the rest */
			f->in_string = false;
			f->broken = true;
		} else if (f->escaped) {
			f->escaped = false;
		} else if (c == '\\') {
			f->escaped = true;
		} else if (c == '"') {
			f->in_string = false;
		}
	} else if (f->depth == 0 && (c == ',' || c == ']')) {
		return true;
	} else if (c == '"') {
		f->in_string = true;
	} else if (c == '{' || c == '[') {
		if (++f->depth > DEPTH) {	/* nothing will close these */
			f->deep = true;
			f->state = LINE;
		}
	} else if ((c == '}' || c == ']') && f->depth > 0) {
		f->depth--;
	}
	if (f->item.len == 0 && !f->item.failed) {
		if (is_space(c))
			return false;
		f->item_line = f->line;
	}
	buf_add(&f->item, &c, 1);
	return false;
}

/* A comma or the closing bracket behind an element. True: there was one. */
static bool
element_end(struct file *f, unsigned char c, struct file_item *item, struct err *e,
    enum file_got *got)
{
	bool none = f->item.len == 0 && !f->item.failed && f->elements == 0 && c == ']';

	f->elements++;
	if (!none)
		*got = item_end(f, item, e);
	if (c == ']')
		f->state = TOP;
	else
		item_begin(f, ELEMENT);
	return !none;
}

/* The rest of a line, as far as it is there. True: it is whole. */
static bool
line_bytes(struct file *f, struct file_item *item, struct err *e, enum file_got *got)
{
	unsigned char *p = f->out + f->out_pos;
	unsigned char *end = memchr(p, '\n', f->out_len - f->out_pos);
	size_t n = end != NULL ? (size_t)(end - p) : f->out_len - f->out_pos;

	buf_add(&f->item, p, n);
	f->out_pos += n;
	f->bytes += (int64_t)n;
	if (end == NULL)
		return false;
	*got = item_end(f, item, e);
	f->state = TOP;		/* where the newline is counted */
	return true;
}

/* Looks at the bytes of out. True: an item, or a mistake, came to its end. */
static bool
split(struct file *f, struct file_item *item, struct err *e, enum file_got *got)
{
	while (f->out_pos < f->out_len) {
		unsigned char c = f->out[f->out_pos];
		bool found = false;

		if (f->state == LINE) {
			if (line_bytes(f, item, e, got))
				return true;
			continue;
		}
		if (f->state == TOP)
			top_byte(f, c);
		else if (element_byte(f, c))
			found = element_end(f, c, item, e, got);
		f->line += c == '\n';
		f->bytes++;
		f->out_pos++;
		if (found)
			return true;
	}
	return false;
}

/* No more bytes: what is begun ends, or is missed. */
static enum file_got
at_end(struct file *f, struct file_item *item, struct err *e)
{
	enum file_got got;

	if (f->state == LINE && !f->cut) {
		got = item_end(f, item, e);
		f->state = TOP;
		return got;
	}
	if (f->state == ELEMENT && !f->cut) {
		if (f->item.len > 0 && f->depth == 0 && !f->in_string)
			return item_end(f, item, e);
		f->state = TOP;
		return wrong(f, f->line, ERR_INPUT, "the array is not closed", e);
	}
	if (!f->said)
		return wrong(f, 1, ERR_INPUT, "is empty", e);
	f->ended = true;
	return FILE_END;
}

enum file_got
file_next(struct file *f, struct file_item *item, struct err *e)
{
	enum file_got got = FILE_MORE;
	size_t seen = 0;

	if (f->ended)
		return FILE_END;
	if (f->fresh)
		buf_clear(&f->item);
	f->fresh = false;
	while (seen < SLICE) {
		if (f->out_pos == f->out_len) {
			f->out_pos = f->out_len = 0;
			got = take_out(f, e);
			if (got == FILE_END)
				return at_end(f, item, e);
			if (got == FILE_WAIT || got == FILE_WRONG)
				return got;
			seen += f->out_len + 1;
		}
		if (split(f, item, e, &got))
			return got;
	}
	return FILE_MORE;
}
