/* SPDX-License-Identifier: Apache-2.0 */
/*
 * es_fields.c - see es_reader.h. What is asked of a field that is not mapped is
 * answered with nothing, silently: so it is looked whether they all are. Fields
 * that came later than the first release may be missing in an index of old.
 */
#include "base/str.h"
#include "store/es_reader.h"

static const struct {
	const char	*name, *type;
} fields[] = {
	{ "@timestamp", "date" }, { "event.action", "keyword" },
	{ "event.id", "keyword" }, { "github.org", "keyword" },
	{ "github.repo", "keyword" }, { "github.repo_id", "keyword" },
	{ "github.repository.name", "keyword" }, { "hubstash.agents", "keyword" },
	{ "hubstash.bot", "boolean" }, { "hubstash.class", "keyword" },
	{ "hubstash.credit", "keyword" }, { "hubstash.credit_id", "keyword" },
	{ "hubstash.person", "keyword" }, { "hubstash.person_id", "keyword" },
	{ "github.commit.additions", "long" }, { "github.commit.deletions", "long" },
	{ "github.commit.default_branch", "boolean" },
	{ "github.commit.hour", "long" }, { "github.commit.merge", "boolean" },
	{ "github.commit.weekday", "long" },
	{ "github.pull_request.closed_at", "date" },
	{ "github.pull_request.merged_at", "date" },
	{ "github.pull_request.state", "keyword" },
	{ "github.review.pull_author", "keyword" },
	{ "github.review.pull_author_bot", "boolean" },
	{ "github.review.reply", "boolean" }, { "github.review.self", "boolean" },
	{ "github.review.state", "keyword" },
};

void
es_fields_path(struct buf *path)
{
	for (size_t i = 0; i < LEN(fields); i++) {
		buf_puts(path, i > 0 ? "," : "");
		es_path_add(path, fields[i].name);
	}
}

/* Names have dots, which json_get would take for a path. */
static const struct json *
caps_of(const struct json *caps, const char *name)
{
	const struct json *all = json_get(caps, "fields");
	struct json_iter it = { 0 };

	while (json_each(all, &it))
		if (str_eq(it.key, name))
			return it.value;
	return NULL;
}

/* The first type it has in some index that is not ours; NULL: none. */
static const char *
other_type(const struct json *types, const char *ours)
{
	struct json_iter it = { 0 };

	while (json_each(types, &it))
		if (!str_eq(it.key, ours))
			return it.key;
	return NULL;
}

bool
es_fields_fit(const struct json *caps, const char *index, struct err *e)
{
	static const char what[] = "is not one for our documents: field";

	for (size_t i = 0; i < LEN(fields); i++) {
		const struct json *types = caps_of(caps, fields[i].name);
		const char *other = other_type(types, fields[i].type);

		if (json_len(types) == 0)
			return err_set(e, ERR_CONFIG, 0, "the index %.100s %s %s is not "
			    "mapped", index, what, fields[i].name);
		if (other != NULL)
			return err_set(e, ERR_CONFIG, 0, "the index %.100s %s %s is "
			    "mapped as %.60s, not as %s", index, what, fields[i].name,
			    other, fields[i].type);
	}
	return true;
}
