/* SPDX-License-Identifier: Apache-2.0 */
/* ask.h - questions of inputs about flagged commits (host_flagged), for core/ alone. */
#ifndef CORE_ASK_H
#define CORE_ASK_H

#include "core/instance.h"

void ask_answer(struct pipeline *p);
void ask_forget(struct pipeline *p, const struct instance *in, const void *arg);
void ask_fini(struct pipeline *p);

#endif
