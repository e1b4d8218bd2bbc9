/* SPDX-License-Identifier: Apache-2.0 */
/*
 * setup_target.h - the outputs elasticsearch of a pipeline, as setup sees them: how
 * to reach the cluster, which index, which template. Read by the option rows of the
 * output, so that a pipeline means to setup what it means to run.
 */
#ifndef CMD_SETUP_TARGET_H
#define CMD_SETUP_TARGET_H

#include "cmd/cmd.h"
#include "store/es_index.h"

struct setup_target {
	void			*options;	/* of the output, filled; owned */
	char			**header;	/* lines of custom_headers, NULL-ended */
	struct json		*template;
	struct es_conf		 client;	/* borrows from options and header */
	struct es_index_conf	 index;		/* ... and the template */
};

struct setup_targets {
	struct setup_target	*target;
	size_t			 n;
};

/* Of -f, or of what the environment means. 0, or the exit status: said why. */
int setup_targets_read(struct setup_targets *t, const struct args *a);
void setup_targets_fini(struct setup_targets *t);

/* An option of an output, for who needs one of them beside. NULL: empty. */
const char *setup_option(const struct setup_target *t, const char *name);

#endif
