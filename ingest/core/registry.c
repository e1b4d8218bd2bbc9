/* SPDX-License-Identifier: Apache-2.0 */
/*
 * registry.c - every plugin there is, by section; `hubstash check --explain`
 * lists them in this order. Nothing else stands here: a test that brings plugins
 * of its own defines these arrays itself.
 */
#include "core/plugin.h"

extern const struct input in_github;
extern const struct input in_file;
extern const struct input in_stdin;
extern const struct filter filter_contributor;
extern const struct output out_elasticsearch;
extern const struct output out_sqlite;
extern const struct output out_stdout;
extern const struct output out_null;

const struct input *const inputs[] = {
	&in_github,
	&in_file,
	&in_stdin,
	NULL
};

const struct filter *const filters[] = {
	&filter_contributor,
	NULL
};

const struct output *const outputs[] = {
	&out_elasticsearch,
	&out_sqlite,
	&out_stdout,
	&out_null,
	NULL
};
