/* SPDX-License-Identifier: Apache-2.0 */
/*
 * event_parts.h - the inside of the event reader, for event*.c and webhook.c.
 *
 * Feed, archive and webhook differ in what stands around a payload; what stands
 * in it has the same names. So each is first made a struct seen, and what it
 * means is read from there.
 */
#ifndef GITHUB_EVENT_PARTS_H
#define GITHUB_EVENT_PARTS_H

#include "github/envelope.h"
#include "github/event.h"

struct seen {
	struct normal	 n;		/* of this event: its repository, its org */
	const char	*type;		/* "PushEvent"; or a webhook's own name */
	const char	*action;	/* of the payload; "" if it has none */
	const char	*source;	/* ENVELOPE_… */
	const struct json *payload, *actor, *event_id;
	char		 key[256];	/* event_key; of a webhook alike */
	int64_t		 at_ms;
	enum event_use	 use;
	struct docs	*docs;
	struct hints	*hints;
};

/*
 * What the event means. An event that gives no document of its own kind, and,
 * where hints are followed, no hint either, is kept by event_doc_other.
 */
void seen_read(struct seen *s);

/*
 * event_doc.c: documents of what GitHub shows nowhere else. As in normal.h, one
 * whose identity is missing is not made.
 */
void event_doc_push(struct seen *s);
void event_doc_fork(struct seen *s);
void event_doc_star(struct seen *s);
void event_doc_member(struct seen *s);
void event_doc_commit_comment(struct seen *s);
void event_doc_other(struct seen *s);		/* any event at all, under its key */

/*
 * event_entity.c: documents of what an API would tell better, for when there is
 * none.
 */
void event_doc_commits(struct seen *s);
void event_doc_pull(struct seen *s);
void event_doc_review(struct seen *s);
void event_doc_review_comment(struct seen *s);
void event_doc_issue(struct seen *s);
void event_doc_issue_comment(struct seen *s);
void event_doc_release(struct seen *s);

/* The user of a document: nobody, and not ghost, where the payload has no such. */
void event_user(struct seen *s, struct doc *d, const struct json *account);
/*
 * Somebody else in it: their person name at path (NULL: nowhere), their person id at
 * id_path; and in related.user.
 */
void event_other_user(struct seen *s, struct doc *d, const struct json *account,
    const char *path, const char *id_path);
const char *event_sha(const struct json *j, const char *path);	/* as git writes it */
const char *event_push_head(const struct json *payload);	/* webhooks: after */
int64_t event_pull_number(const struct seen *s);
/* To GitHub a pull request is an issue, too; what it is stands in it. */
bool event_on_pull(const struct seen *s);
/* A word that may stand in an id; whatever could not is hashed. */
void event_word(const char *s, char word[65]);

#endif
