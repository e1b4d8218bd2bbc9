/* SPDX-License-Identifier: Apache-2.0 */
/* status_text.h - what status.c gathered, for a person. */
#ifndef CMD_STATUS_TEXT_H
#define CMD_STATUS_TEXT_H

#include "base/buf.h"

struct json;

void status_text(const struct json *status, struct buf *out);

#endif
