/* SPDX-License-Identifier: Apache-2.0 */
/* stream.c - see stream.h. */
#include "base/stream.h"
#include "base/str.h"

static const char *const names[] = {
	[STREAM_COMMITS] = "commits",
	[STREAM_PULLS] = "pulls",
	[STREAM_ISSUES] = "issues",
	[STREAM_RELEASES] = "releases",
	[STREAM_COMMENTS] = "comments",
	[STREAM_EVENTS] = "events",
};

const char *
stream_kind_name(enum stream_kind kind)
{
	return names[kind];
}

bool
stream_kind_parse(const char *name, enum stream_kind *kind)
{
	for (size_t i = 0; i < LEN(names); i++)
		if (str_eq(name, names[i])) {
			*kind = (enum stream_kind)i;
			return true;
		}
	return false;
}
