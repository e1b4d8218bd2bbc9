/* SPDX-License-Identifier: Apache-2.0 */
/* Recorded files: what is read of them, and what is said of broken ones. */
#include "base/buf.h"
#include "base/str.h"
#include "io/file.h"
#include "tap.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

static char dir[] = "/tmp/hubstash-file-XXXXXX";
static char path[64];

static const char *
write_file(const char *name, const void *p, size_t n)
{
	int fd;

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
	if (fd < 0 || write(fd, p, n) != (ssize_t)n || close(fd) != 0)
		die("%s: cannot be written", path);
	return path;
}

static const char *
write_text(const char *text)
{
	return write_file("x.json", text, strlen(text));
}

/* One gzip member of the text behind what is in out. */
static void
gzip(struct buf *out, const char *text)
{
	unsigned char to[4096];
	z_stream z = { 0 };

	if (deflateInit2(&z, 1, Z_DEFLATED, 16 + MAX_WBITS, 8,
	    Z_DEFAULT_STRATEGY) != Z_OK)
		die("deflateInit2");
	z.next_in = (unsigned char *)(uintptr_t)text;
	z.avail_in = (unsigned)strlen(text);
	do {
		z.next_out = to;
		z.avail_out = sizeof(to);
		deflate(&z, Z_FINISH);
		buf_add(out, to, sizeof(to) - z.avail_out);
	} while (z.avail_out == 0);
	deflateEnd(&z);
}

/*
 * All of a file on one line: items as LINE=text, mistakes as LINE!why, the end as
 * a full stop; '|' between.
 */
static void
read_file(struct file *f, struct buf *out)
{
	struct file_item item;
	enum file_got got;
	struct err e;

	while ((got = file_next(f, &item, &e)) != FILE_END) {
		if (got == FILE_ITEM && item.len < 100)
			buf_printf(out, "%lld=%s|", (long long)item.line, item.text);
		else if (got == FILE_ITEM)
			buf_printf(out, "%lld=(%zu)|", (long long)item.line, item.len);
		else if (got == FILE_WRONG)
			buf_printf(out, "%s|", e.text + strlen(file_name(f)) + 1);
	}
	buf_puts(out, ".");
}

static const char *
all_of(const char *file, size_t max_item)
{
	static char text[2048];
	struct buf out = BUF(sizeof(text) - 1);
	struct err e;
	struct file *f = file_open(file, max_item, &e);

	if (f == NULL) {
		snprintf(text, sizeof(text), "%.500s", e.text);
		return text;
	}
	read_file(f, &out);
	file_close(f);
	str_copy(text, sizeof(text), buf_str(&out));
	buf_fini(&out);
	return text;
}

static const char *
all(const char *text)
{
	return all_of(write_text(text), 1000);
}

static void
test_lines(void)
{
	is_str(all("{\"a\":1}\n{\"a\":2}\n"), "1={\"a\":1}|2={\"a\":2}|.", "JSON lines");
	is_str(all("\n\n  {} \r\n\t\n{}"), "3={}|5={}|.",
	    "empty lines, blanks, CRLF, no newline at the end");
	is_str(all("\xef\xbb\xbf{}\n"), "1={}|.", "a byte order mark is passed over");
	is_str(all("{\"a\":[1\n{}\n"), "1={\"a\":[1|2={}|.",
	    "a line ends with its line, whatever stands in it");
	is_str(all(""), "1: is empty|.", "an empty file");
	is_str(all(" \n\n"), "1: is empty|.", "a file of blanks");
}

static void
test_arrays(void)
{
	char deep[256];

	is_str(all("[]"), ".", "an empty page is a page");
	is_str(all("[{\"a\":1},{\"b\":[1,2]}]"), "1={\"a\":1}|1={\"b\":[1,2]}|.",
	    "a page on one line");
	is_str(all("[\n {\n  \"a\": \"],[\\\"}\"\n },\n {} ]\n"),
	    "2={\n  \"a\": \"],[\\\"}\"\n }|5={}|.", "a page as people print it");
	is_str(all("[{}]\n[{},{}]\n{}\n"), "1={}|2={}|2={}|3={}|.",
	    "pages one after the other, and lines behind them");
	is_str(all("[{},,{},]"), "1={}|1=|1={}|1=|.", "commas too many make empty items");
	is_str(all("[{},\n{\"a\":"), "1={}|2: the array is not closed|.",
	    "half an element at the end");
	is_str(all("[{},\n{}\n"), "1={}|2={}|3: the array is not closed|.",
	    "a page without its end");
	is_str(all("[\n{\"a\": \"b},\n{\"a\": 2}\n},\n{}]"),
	    "2: not JSON: a string that its line does not end|5={}|.",
	    "a string without its end spoils its element alone");
	memset(deep, '[', 200);
	memcpy(deep + 200, "\n{}\n", 5);
	is_str(all(deep), "1: not JSON: nesting too deep|2={}|.",
	    "brackets that nothing closes spoil their line alone");
	is_str(all("[{}}},{}]"), "1={}}}|1={}|.", "brackets too many");
}

static void
test_ceilings(void)
{
	struct buf b = BUF((size_t)4 << 20);
	struct rusage before, after;
	char text[64];

	is_str(all_of(write_text("{}\n\"0123456789\"\n{}\n"), 8),
	    "1={}|2: a line of more than 8 bytes, passed over|3={}|.", "a long line");
	is_str(all_of(write_text("[{},\n\"01,2345\\\"]6789\",\n{}]"), 8),
	    "1={}|2: an element of more than 8 bytes, passed over|3={}|.",
	    "a long element");
	is_str(all_of(write_text("01234567890"), 8),
	    "1: a line of more than 8 bytes, passed over|.", "a long last line");

	/* 200 MB in one line, as gzip packs it: 1,000 members of 200 kB. */
	{
		char *zeros = xcalloc(1, 200001);

		memset(zeros, '7', 200000);
		gzip(&b, "{}\n");
		for (int i = 0; i < 1000; i++)
			gzip(&b, zeros);
		gzip(&b, "\n{}\n");
		free(zeros);
	}
	write_file("big.gz", b.data, b.len);
	buf_fini(&b);
	getrusage(RUSAGE_SELF, &before);
	is_str(all_of(path, (size_t)1 << 20),
	    "1={}|2: a line of more than 1048576 bytes, passed over|3={}|.",
	    "a line of 200 MB");
	getrusage(RUSAGE_SELF, &after);
	snprintf(text, sizeof(text), "… in little memory (%ld KiB)",
	    after.ru_maxrss - before.ru_maxrss);
	ok(after.ru_maxrss - before.ru_maxrss < 32 * 1024, "%s", text);
}

static void
test_gzip(void)
{
	struct buf b = BUF((size_t)1 << 20);
	struct buf c = BUF((size_t)1 << 20);

	gzip(&b, "{\"a\":1}\n");
	is_str(all_of(write_file("x.json.gz", b.data, b.len), 100), "1={\"a\":1}|.",
	    "a gzip file");
	is_str(all_of(write_file("x.json", b.data, b.len), 100), "1={\"a\":1}|.",
	    "gzip is known by its bytes, not by its name");
	gzip(&b, "{\"a\":");
	gzip(&b, "2}\n");
	is_str(all_of(write_file("x.gz", b.data, b.len), 100),
	    "1={\"a\":1}|2={\"a\":2}|.", "members in a row");
	buf_add(&b, "\0\0\0", 3);
	is_str(all_of(write_file("x.gz", b.data, b.len), 100),
	    "1={\"a\":1}|2={\"a\":2}|.", "zeros behind them are padding");
	buf_puts(&b, "hello");
	is_str(all_of(write_file("x.gz", b.data, b.len), 100),
	    "1={\"a\":1}|2={\"a\":2}|3: there are other bytes behind the gzip data|.",
	    "other bytes are not");
	is_str(all_of(write_file("x.gz", "{}\n{}\n", 6), 100),
	    "1: is not gzip, though its name ends in .gz; read as it is|1={}|2={}|.",
	    "a plain file that is called .gz");
	is_str(all_of(write_file("x.gz", "", 0), 100), "1: is empty|.",
	    "an empty file that is called .gz");
	gzip(&c, "{\"a\":1}\n{\"b\":2}\n");
	is_str(all_of(write_file("x.gz", c.data, c.len - 8), 100),
	    "1={\"a\":1}|2={\"b\":2}|3: the gzip data ends too early|.",
	    "gzip that is cut off");
	is_str(all_of(write_file("x.gz", c.data, 2), 100),
	    "1: the gzip data ends too early|.", "two bytes of gzip");
	c.data[c.len - 5] ^= 1;
	is_str(all_of(write_file("x.gz", c.data, c.len), 100),
	    "1: the gzip data is damaged|1={\"a\":1}|2={\"b\":2}|.",
	    "gzip with a wrong checksum");
	c.data[12] ^= 0x55;
	ok(strstr(all_of(write_file("x.gz", c.data, c.len), 100), "damaged") != NULL,
	    "gzip that is damaged inside");
	buf_fini(&b);
	buf_fini(&c);
}

static void
test_open(void)
{
	char want[128];

	snprintf(want, sizeof(want), "%s: is a directory", dir);
	is_str(all_of(dir, 100), want, "a directory");
	is_str(all_of("/nonexistent/x", 100), "/nonexistent/x: No such file or directory",
	    "a missing file");
	write_text("{}");
	chmod(path, 0);
	snprintf(want, sizeof(want), "%s: Permission denied", path);
	if (access(path, R_OK) != 0)
		is_str(all_of(path, 100), want, "an unreadable file");
	else
		is_str(all_of(path, 100), "1={}|.", "root reads everything");
	chmod(path, 0600);
	is_str(all_of(write_file("x.json", "{}\0\n{}\n", 7), 100),
	    "1: not JSON: a NUL byte|2={}|.", "a NUL byte");
	is_str(all_of("/dev/null", 100), "1: is empty|.", "a device");
}

/* A pipe: what is not there yet is waited for, and no call blocks. */
static void
test_pipe(void)
{
	struct file_item item;
	int fd[2], keep = dup(STDIN_FILENO);
	struct file *f;
	struct err e;

	if (pipe(fd) != 0 || dup2(fd[0], STDIN_FILENO) < 0)
		die("pipe");
	close(fd[0]);
	f = file_open("-", 100, &e);
	ok(f != NULL, "- is the standard input");
	is_str(file_name(f), "standard input", "and is called so");
	is_int(file_next(f, &item, &e), FILE_WAIT, "nothing there yet");
	if (write(fd[1], "{\"a\"", 4) != 4)
		die("write");
	is_int(file_next(f, &item, &e), FILE_WAIT, "half a line");
	if (write(fd[1], ":1}\n[", 5) != 5)
		die("write");
	is_int(file_next(f, &item, &e), FILE_ITEM, "a line");
	is_str(item.text, "{\"a\":1}", "whole");
	is_int(item.number, 1, "the first item");
	is_int(file_next(f, &item, &e), FILE_WAIT, "nothing there again");
	if (write(fd[1], "7]", 2) != 2)
		die("write");
	close(fd[1]);
	is_int(file_next(f, &item, &e), FILE_ITEM, "an element");
	is_str(item.text, "7", "whole");
	is_int(file_next(f, &item, &e), FILE_END, "the end");
	is_int(file_next(f, &item, &e), FILE_END, "stays the end");
	file_close(f);
	dup2(keep, STDIN_FILENO);
	close(keep);
}

int
main(void)
{
	static const char *const names[] = { "x.json", "x.json.gz", "x.gz", "big.gz" };

	if (mkdtemp(dir) == NULL)
		die("mkdtemp");
	test_lines();
	test_arrays();
	test_ceilings();
	test_gzip();
	test_open();
	test_pipe();
	for (size_t i = 0; i < LEN(names); i++) {
		snprintf(path, sizeof(path), "%s/%s", dir, names[i]);
		unlink(path);
	}
	if (rmdir(dir) != 0)
		die("rmdir %s", dir);
	return done();
}
