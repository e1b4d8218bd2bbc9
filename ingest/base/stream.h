/* SPDX-License-Identifier: Apache-2.0 */
/* stream.h - the kinds of streams: what a repository has of one kind. */
#ifndef BASE_STREAM_H
#define BASE_STREAM_H

#include "base/base.h"

enum stream_kind {
	STREAM_COMMITS,		/* of the default branch */
	STREAM_PULLS,		/* with reviews and comments */
	STREAM_ISSUES,		/* with comments */
	STREAM_RELEASES,
	STREAM_COMMENTS,	/* the daily net under the two above */
	STREAM_KINDS,
	STREAM_EVENTS = STREAM_KINDS,	/* gaps only: what the feed alone tells */
};

/* "commits", "pulls", …, "events"; these names stand in state.db and --kinds. */
const char *stream_kind_name(enum stream_kind kind);
bool stream_kind_parse(const char *name, enum stream_kind *kind) MUST_CHECK;

#endif
