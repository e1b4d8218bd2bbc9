/* SPDX-License-Identifier: Apache-2.0 */
/* reidentify.h - what is stored goes through the filters again, for core/ alone. */
#ifndef CORE_REIDENTIFY_H
#define CORE_REIDENTIFY_H

#include "core/pipeline.h"

struct reidentify;

void reidentify_start(struct pipeline *p);	/* does nothing in other modes */
void reidentify_settled(struct pipeline *p, bool stored);	/* one of them */
bool reidentify_is_done(const struct pipeline *p);
void reidentify_free(struct reidentify *r);	/* NULL is fine */

#endif
