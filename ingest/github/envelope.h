/* SPDX-License-Identifier: Apache-2.0 */
/*
 * envelope.h - what all documents have in common, for those files of this folder
 * that make documents: the envelope of docs/documents.md, and its rules for
 * texts, dates, counts and hours.
 *
 *	d = envelope_new(n, id, "issue", created_ms, ENVELOPE_API);
 *	envelope_account(d, n, json_get(node, "author"));
 *	… fields …
 *	envelope_finish(d, n, true, seconds);
 *
 * The setters leave out what is missing or of a wrong kind.
 */
#ifndef GITHUB_ENVELOPE_H
#define GITHUB_ENVELOPE_H

#include "github/normal.h"
#include "github/people.h"

/* hubstash.source */
#define ENVELOPE_API		"api"
#define ENVELOPE_FEED		"feed"
#define ENVELOPE_WEBHOOK	"webhook"
#define ENVELOPE_FILE		"file"

/* Ceilings, in bytes of UTF-8. */
#define TEXT_MESSAGE	8192
#define TEXT_URL	2048
#define TEXT_OTHER	1024

/* event.*, github.repo and the like; @timestamp is clamped to years we believe. */
struct doc *envelope_new(const struct normal *n, const char *id, const char *action,
    int64_t ts_ms, const char *source);

/*
 * The user and who is credited: one of these at most. An account that is null is
 * ghost; one that is there but tells nothing is nobody.
 */
void envelope_account(struct doc *d, const struct normal *n,
    const struct json *account);
void envelope_person(struct doc *d, const struct normal *n, const struct person *p);
/* l's first is the user; the others are credited beside. */
void envelope_people(struct doc *d, const struct normal *n, const struct people *l);

/* Somebody else who stands in the document: for related.user. */
void envelope_related(struct doc *d, const char *name);

/* What an account is called: person name, for fields; NULL: nobody. Yours. */
char *envelope_name(const struct normal *n, const struct json *account) MUST_CHECK;

/* Version, event.created, hubstash.partial, bot; sorts related.user. Last. */
void envelope_finish(struct doc *d, const struct normal *n, bool complete,
    int64_t seconds);

/* Fields. */
void put_text(struct doc *d, const char *path, const char *s, size_t max);
void put_name(struct doc *d, const char *path, const char *s);	/* trimmed first */
void put_lower(struct doc *d, const char *path, const char *s);	/* enumerations */
void put_id(struct doc *d, const char *path, int64_t id);	/* 0: nothing */
void put_count(struct doc *d, const char *path, const struct json *j,
    const char *member);
void put_bool(struct doc *d, const char *path, const struct json *j,
    const char *member);
void put_date(struct doc *d, const char *path, const struct json *j,
    const char *member);
void put_hours(struct doc *d, const char *path, int64_t from_ms, int64_t to_ms);
void put_hours_bucket(struct doc *d, const char *path, int64_t from_ms, int64_t to_ms);
/* floor(50 * log10(hours)), below 0.01 as 0.01; of hundredths of an hour. */
int64_t hours_bucket(int64_t hundredths);
/* Names of labels: an array of {name}. At most LABELS_MAX, sorted, each once. */
#define LABELS_MAX	30
void put_labels(struct doc *d, const char *path, const struct json *labels);

/* Reading. Ids and numbers come plain or as text; 0: none, or not positive. */
int64_t read_id(const struct json *j, const char *path);
bool read_date(const struct json *j, const char *path, int64_t *ms) MUST_CHECK;

/* Trimmed copy of at most max bytes, whole characters; NULL: nothing is left. */
char *text_trimmed(const char *s, size_t max) MUST_CHECK;
/* How many of s's first max bytes are whole characters. */
size_t text_fit(const char *s, size_t max);

/*
 * The fields of a commit that its message gives: message, headline, pull_request.
 * Of its author date, as text: authored_at, hour and weekday.
 */
void put_commit_message(struct doc *d, const char *message);
void put_commit_authored(struct doc *d, const char *date);

#endif
