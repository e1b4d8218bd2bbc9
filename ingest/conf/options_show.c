/* SPDX-License-Identifier: Apache-2.0 */
/* options_show.c - see options.h: rows and filled structs, for people to read. */
#include "conf/options.h"

#include <inttypes.h>
#include <string.h>

#include "base/str.h"

const char *
option_type_name(enum option_type type)
{
	static const char *const names[] = {
		[OPT_STRING] = "string", [OPT_SECRET] = "secret", [OPT_INT] = "number",
		[OPT_SIZE] = "size", [OPT_DURATION] = "duration",
		[OPT_DOUBLE] = "number", [OPT_BOOL] = "boolean", [OPT_LIST] = "array",
		[OPT_HASH] = "hash",
	};

	return names[type];
}

static void
print_list(const struct strings *l, FILE *out)
{
	fputs("[", out);
	for (size_t i = 0; i < l->n; i++)
		fprintf(out, "%s\"%s\"", i > 0 ? ", " : "", l->s[i]);
	fputs("]", out);
}

static void
print_hash(const struct pairs *h, FILE *out)
{
	fputs("{", out);
	for (size_t i = 0; i < h->n; i++)
		fprintf(out, " \"%s\" => \"%s\"", h->p[i].name, h->p[i].value);
	fputs(" }", out);
}

static void
print_field(const struct option *o, const void *field, FILE *out)
{
	const char *s;

	switch (o->type) {
	case OPT_STRING:
		s = *(char *const *)field;
		if (s != NULL)
			fprintf(out, "\"%s\"", s);
		break;
	case OPT_SECRET:
		s = *(char *const *)field;
		if (s != NULL && s[0] != '\0')
			fputs("***", out);
		break;
	case OPT_INT:
	case OPT_SIZE:
	case OPT_DURATION:
		fprintf(out, "%" PRId64, *(const int64_t *)field);
		break;
	case OPT_DOUBLE:
		fprintf(out, "%g", *(const double *)field);
		break;
	case OPT_BOOL:
		fputs(*(const bool *)field ? "true" : "false", out);
		break;
	case OPT_LIST:
		print_list(field, out);
		break;
	case OPT_HASH:
		print_hash(field, out);
		break;
	}
}

void
options_print(const struct option *rows, const void *conf, FILE *out)
{
	for (const struct option *o = rows; o->name != NULL; o++) {
		fprintf(out, "%s => ", o->name);
		print_field(o, (const char *)conf + o->at, out);
		fputs("\n", out);
	}
}

void
options_explain(const struct option *rows, FILE *out)
{
	int width = 6;

	for (const struct option *o = rows; o->name != NULL; o++)
		if ((int)strlen(o->name) > width)
			width = (int)strlen(o->name);
	for (const struct option *o = rows; o->name != NULL; o++) {
		fprintf(out, "  %-*s  %-8s  ", width, o->name,
		    option_type_name(o->type));
		if (o->required)
			fputs("required", out);
		else if (o->fallback != NULL)
			fprintf(out, "default %s", o->fallback[0] != '\0' ?
			    o->fallback : "\"\"");
		else
			fputs("optional", out);
		if (o->choices != NULL)
			fprintf(out, "; one of %s", o->choices);
		fprintf(out, "\n  %-*s  %s\n", width, "", str_or(o->help, ""));
	}
}
