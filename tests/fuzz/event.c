/* SPDX-License-Identifier: Apache-2.0 */
/*
 * event.c - any bytes as a recorded file, plain or gzip, and its items as events
 * and deliveries: no crash, no leak, the file ends, each document prints, and is
 * JSON again. The first byte says how they are read.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "github/event.h"
#include "github/people.h"
#include "io/file.h"

#define FUZZ_ITEM	65536

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void
fuzz_read(const struct normal *n, unsigned how, const struct json *j)
{
	static const char *const names[] = { "push", "pull_request",
	    "pull_request_review", "issue_comment", "create", "star", "gollum", "x" };
	enum event_use use = how & 1 ? EVENT_RECORDED : EVENT_LIVE;
	struct docs docs = { 0 };
	struct hints hints = { 0 };
	struct err e;
	bool good;

	if (how & 2)
		good = webhook_read(n, names[(how >> 2) % LEN(names)], j, use, &docs,
		    &hints, &e);
	else
		good = event_read(n, j, use, &docs, &hints, &e);
	if (!good && docs.count + hints.count > 0)
		die("refused, yet something was added");
	for (size_t i = 0; i < docs.count; i++) {
		struct buf text = BUF((size_t)64 << 20);
		struct json *again;

		json_print(docs.doc[i]->body, &text);
		again = json_parse(buf_str(&text), text.len, &e);
		if (again == NULL || !json_equal(again, docs.doc[i]->body))
			die("%s does not print", docs.doc[i]->id);
		json_free(again);
		buf_fini(&text);
	}
	docs_fini(&docs);
	hints_fini(&hints);
}

/* The bytes as a file that goes when it is closed. */
static struct file *
fuzz_file(const uint8_t *data, size_t n)
{
	int fd = memfd_create("fuzz", MFD_CLOEXEC);
	char *path = xasprintf("/proc/self/fd/%d", fd);
	struct file *f;
	struct err e;

	if (fd < 0 || write(fd, data, n) != (ssize_t)n ||
	    (f = file_open(path, FUZZ_ITEM, &e)) == NULL)
		die("%s", path);
	close(fd);
	free(path);
	return f;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	static struct people_rules *rules;
	struct normal normal = { .now_ms = 1767225600000 };
	struct file_item item;
	struct file *f;
	enum file_got got;
	struct err e;
	size_t calls = 0;

	if (n == 0)
		return 0;
	if (rules == NULL)
		rules = people_rules_new();
	normal.rules = rules;
	normal.keep_email = data[0] & 0x80;
	f = fuzz_file(data + 1, n - 1);
	while ((got = file_next(f, &item, &e)) != FILE_END) {
		struct json *j = got == FILE_ITEM ?
		    json_parse(item.text, item.len, &e) : NULL;

		if (got == FILE_ITEM && strlen(item.text) != item.len)
			die("an item with a NUL");
		if (got == FILE_WAIT || ++calls > n + 1000)
			die("the file does not end");
		if (j != NULL)
			fuzz_read(&normal, data[0], j);
		json_free(j);
	}
	file_close(f);
	return 0;
}
