/* SPDX-License-Identifier: Apache-2.0 */
/* samples.h - the events of samples/, for the tests that read them. */
#ifndef UNIT_SAMPLES_H
#define UNIT_SAMPLES_H

#include "contract.h"
#include "github/event.h"
#include "io/file.h"

static const char *const samples[] = {
	"archive-2015-01-01-0.json.gz", "archive-2021-07-21.json.gz",
	"feed-2025-11-01.json", "feed-2026-01.json", "hollow-2015-01-01-0.json.gz",
};

/* Hands each event of a sample to each; how many there were. */
__attribute__((unused)) static size_t
sample_each(const char *name, void (*each)(const struct json *event, void *arg),
    void *arg)
{
	char *path = xasprintf("samples/%s", name);
	struct file_item item;
	enum file_got got = FILE_MORE;
	size_t count = 0;
	struct err e;
	struct file *f = file_open(path, (size_t)1 << 20, &e);

	while (f != NULL && got != FILE_END) {
		struct json *j;

		if ((got = file_next(f, &item, &e)) == FILE_WRONG)
			die("%s", e.text);
		if (got != FILE_ITEM)
			continue;
		if ((j = json_parse(item.text, item.len, &e)) == NULL)
			die("%s:%lld: %s", path, (long long)item.line, e.text);
		count++;
		each(j, arg);
		json_free(j);
	}
	file_close(f);
	free(path);
	return count;
}

#endif
