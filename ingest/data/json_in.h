/* SPDX-License-Identifier: Apache-2.0 */
/* json_in.h - what stands behind a struct json, for data/json*.c alone. */
#ifndef DATA_JSON_IN_H
#define DATA_JSON_IN_H

#include "data/json.h"

struct json_object;		/* json-c's */

struct json_object *json_to_c(const struct json *j);	/* NULL: a null, or nothing */

#endif
