/* SPDX-License-Identifier: Apache-2.0 */
/*
 * options.h - a plugin's options as rows of a table, and its conf struct filled
 * from the attributes of a block. The rows are the only truth about options:
 * checking, defaults, `hubstash check --explain` and the reference come of them.
 *
 *	struct conf { char *org; int64_t max; struct strings hosts; };
 *	const struct option rows[] = {
 *		{ "org", OPT_STRING, .required = true,
 *		    .at = offsetof(struct conf, org), .help = "Whom to follow." },
 *		{ "max", OPT_SIZE, .fallback = "5mib", … },
 *		OPT_END
 *	};
 *
 * A fallback is written as on the command line: plain text, lists by commas
 * ("a,b"), hashes as "a=1,b=2"; `${VAR:default}` is replaced. Without fallback
 * and attribute the field stays as it was: zero. The conf struct owns what is in
 * it; options_free gives it back, also after a fill that failed.
 */
#ifndef CONF_OPTIONS_H
#define CONF_OPTIONS_H

#include <stdio.h>

#include "base/err.h"
#include "conf/ast.h"

enum option_type {	/* the field in the conf struct */
	OPT_STRING,	/* char * */
	OPT_SECRET,	/* char *; shown as *** */
	OPT_INT,	/* int64_t */
	OPT_SIZE,	/* int64_t, bytes: 4096, "5mib" (1024), "5mb" (1000) */
	OPT_DURATION,	/* int64_t, seconds: 90, "15m", "30d" */
	OPT_DOUBLE,	/* double */
	OPT_BOOL,	/* bool: true or false */
	OPT_LIST,	/* struct strings: an array, or one string */
	OPT_HASH,	/* struct pairs: a hash of strings */
};

struct option {
	const char		*name;
	enum option_type	 type;
	bool			 required;
	const char		*fallback;
	size_t			 at;	/* offsetof in the conf struct */
	const char		*help;
	const char		*choices;	/* of a string: "a, b, c"; NULL: any */
};
#define OPT_END	{ .name = NULL }

struct strings {
	char	**s;
	size_t	  n;
};

struct pair {
	char	*name, *value;
};

struct pairs {
	struct pair	*p;	/* in the order written, each name once */
	size_t		 n;
};

/*
 * Fills a zeroed conf from a block. An attribute given again adds to a list or a
 * hash; anything else given again with another value is a mistake, as it is to
 * Logstash. False when a mistake was added. The attribute `id`, which every block
 * may have, is passed over unless it is a row.
 */
bool options_fill(const struct option *rows, const struct ast_plugin *p,
    void *conf, struct diags *d) MUST_CHECK;

/* Only the fallbacks, for a conf made without a file. Required ones stay unset. */
bool options_default(const struct option *rows, void *conf, struct err *e) MUST_CHECK;

/* One option from text (a command line), replacing what is there. */
bool options_set_text(const struct option *rows, void *conf, const char *name,
    const char *text, struct err *e) MUST_CHECK;

void options_free(const struct option *rows, void *conf);

void options_print(const struct option *rows, const void *conf, FILE *out);
void options_explain(const struct option *rows, FILE *out);
const char *option_type_name(enum option_type type);	/* "size" */

/* "5mib", "20 MiB", "4096": bytes; false when it is none or too large. */
bool option_size(const char *s, int64_t *bytes) MUST_CHECK;

#endif
