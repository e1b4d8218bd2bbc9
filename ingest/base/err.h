/* SPDX-License-Identifier: Apache-2.0 */
/*
 * err.h - why something did not work, in words for a person.
 *
 * A function that can fail for a reason takes a struct err * last and returns
 * bool; true is good. The err is written only on false. Whoever gets a false
 * either passes it up, adding where it happened (err_at), or reports it: never
 * both, so each reason is told once. What another program answered is not an
 * error but data, and travels in other structs.
 */
#ifndef BASE_ERR_H
#define BASE_ERR_H

#include "base/base.h"

enum err_kind {
	ERR_NONE,
	ERR_CONFIG,	/* the user must change something: exit 2 */
	ERR_INPUT,	/* bytes that are not what they claim to be: exit 1 */
	ERR_SYSTEM,	/* the kernel or a disk said no, code is errno: exit 75 */
	ERR_REMOTE,	/* the other side refused, code is its status: exit 3 */
	ERR_LIMIT,	/* a ceiling of ours was reached: exit 1 */
};

struct err {
	enum err_kind	kind;
	int		code;
	char		text[512];
};

/* These return false, so that `return err_set(...)` is a sentence. */
bool err_set(struct err *e, enum err_kind kind, int code, const char *fmt, ...)
    PRINTF(4, 5);
bool err_at(struct err *e, const char *fmt, ...) PRINTF(2, 3);

/* The exit status of a command that ends for this reason. */
int err_exit(const struct err *e);

#endif
