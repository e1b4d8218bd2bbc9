/* SPDX-License-Identifier: Apache-2.0 */
/*
 * event_doc.c - documents of what only events tell: pushes, forks, stars, new
 * members, comments on commits, and under the event's own key whatever else there
 * is or will be. They are complete: there is nothing more to ask for. Fields as in
 * docs/documents.md, "Events".
 */
#include "github/event_parts.h"
#include "base/str.h"
#include "github/digest.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PAGES_MAX	100

void
event_user(struct seen *s, struct doc *d, const struct json *account)
{
	if (account != NULL)
		envelope_account(d, &s->n, account);
}

void
event_other_user(struct seen *s, struct doc *d, const struct json *account,
    const char *path, const char *id_path)
{
	struct person p = { 0 };

	if (!json_is(account, JSON_OBJECT) || !person_account(s->n.rules, account, &p))
		return;
	if (path != NULL) {
		put_text(d, path, p.name, TEXT_OTHER);
		put_text(d, id_path, p.key, TEXT_OTHER);
	}
	envelope_related(d, p.name);
	person_fini(&p);
}

static struct doc *
event_doc(struct seen *s, const char *id, const char *action)
{
	struct doc *d = envelope_new(&s->n, id, action, s->at_ms, s->source);

	event_user(s, d, s->actor);
	return d;
}

static void
event_doc_end(struct seen *s, struct doc *d)
{
	envelope_finish(d, &s->n, true, s->at_ms / 1000);
	docs_add(s->docs, d);
}

void
event_doc_push(struct seen *s)
{
	const char *ref = json_str(s->payload, "ref");
	const char *before = event_sha(s->payload, "before");
	const char *head = event_push_head(s->payload);
	char hash[41], id[256];
	struct doc *d;

	if (ref == NULL || before == NULL || head == NULL || s->n.repo_id == 0)
		return;
	digest_sha1(ref, strlen(ref), hash);
	snprintf(id, sizeof(id), "push:%lld:%s:%s:%s", (long long)s->n.repo_id, hash,
	    before, head);
	d = event_doc(s, id, "push");
	put_text(d, "github.push.ref", ref, TEXT_OTHER);
	doc_str(d, "github.push.before", before);
	doc_str(d, "github.push.head", head);
	event_doc_end(s, d);
}

void
event_doc_fork(struct seen *s)
{
	int64_t forkee = read_id(s->payload, "forkee.id");
	char id[64];
	struct doc *d;

	if (forkee == 0)
		return;
	snprintf(id, sizeof(id), "fork:%lld", (long long)forkee);
	d = event_doc(s, id, "fork");
	put_text(d, "github.fork.repo", json_str(s->payload, "forkee.full_name"),
	    TEXT_OTHER);
	put_id(d, "github.fork.repo_id", forkee);
	event_doc_end(s, d);
}

void
event_doc_star(struct seen *s)
{
	int64_t user = read_id(s->actor, "id");
	char id[64];

	if (user == 0 || s->n.repo_id == 0 || !str_eq(s->action, "started"))
		return;
	snprintf(id, sizeof(id), "star:%lld:%lld", (long long)s->n.repo_id,
	    (long long)user);
	event_doc_end(s, event_doc(s, id, "star"));
}

void
event_doc_member(struct seen *s)
{
	const struct json *member = json_get(s->payload, "member");
	int64_t user = read_id(member, "id");
	const char *login = json_str(member, "login");
	char id[64];
	struct doc *d;

	if (user == 0 || s->n.repo_id == 0 || !str_eq(s->action, "added"))
		return;
	snprintf(id, sizeof(id), "member:%lld:%lld", (long long)s->n.repo_id,
	    (long long)user);
	d = event_doc(s, id, "member");
	put_id(d, "github.member.id", user);
	put_text(d, "github.member.login", login, TEXT_OTHER);
	event_other_user(s, d, member, NULL, NULL);
	event_doc_end(s, d);
}

void
event_doc_commit_comment(struct seen *s)
{
	const struct json *c = json_get(s->payload, "comment");
	int64_t number = read_id(c, "id"), created, updated;
	char id[64];
	struct doc *d;

	if (number == 0 || !read_date(c, "created_at", &created))
		return;
	if (!read_date(c, "updated_at", &updated))
		updated = s->at_ms;
	snprintf(id, sizeof(id), "commit_comment:%lld", (long long)number);
	d = envelope_new(&s->n, id, "commit_comment", created, s->source);
	event_user(s, d, json_get(c, "user"));
	put_id(d, "github.comment.id", number);
	doc_str(d, "github.comment.sha", event_sha(c, "commit_id"));
	put_text(d, "github.comment.url", json_str(c, "html_url"), TEXT_URL);
	envelope_finish(d, &s->n, true, updated / 1000);
	docs_add(s->docs, d);
}

/* CreateEvent, GollumEvent: the kinds that have fields of their own. */
static void
put_ref(struct seen *s, struct doc *d)
{
	put_text(d, "github.ref.type", json_str(s->payload, "ref_type"), TEXT_OTHER);
	if (!str_eq(json_str(s->payload, "ref_type"), "repository"))
		put_text(d, "github.ref.name", json_str(s->payload, "ref"), TEXT_OTHER);
}

static void
put_wiki(struct seen *s, struct doc *d)
{
	const struct json *pages = json_get(s->payload, "pages");
	struct json *titles = json_new_array();

	for (size_t i = 0; i < json_len(pages) && i < PAGES_MAX; i++) {
		const char *title = json_str(json_at(pages, i), "title");
		char *text = title != NULL ? text_trimmed(title, TEXT_OTHER) : NULL;

		if (text != NULL)
			json_push(titles, json_new_string(text));
		free(text);
	}
	if (json_len(titles) > 0)
		json_set(d->body, "github.wiki.pages", titles);
	else
		json_free(titles);
}

static const struct {
	const char	*type, *action;
	void		(*put)(struct seen *s, struct doc *d);
} others[] = {
	{ "CreateEvent", "create", put_ref },
	{ "DeleteEvent", "delete", put_ref },
	{ "GollumEvent", "wiki", put_wiki },
	{ "PublicEvent", "public", NULL },
};

/* DiscussionEvent: "discussion". What it may not be called gets event_ before. */
static void
other_action(const char *type, char action[128])
{
	static const char *const taken[] = { "", "commit", "pull_request", "review",
	    "issue", "issue_comment", "review_comment", "commit_comment", "release",
	    "push", "fork", "star", "member" };
	char word[101], *p = word;
	const char *prefix = "";
	size_t n = strlen(type);

	if (str_ends(type, "Event"))
		n -= strlen("Event");
	for (size_t i = 0; i < n && i < sizeof(word) / 2; i++) {
		unsigned char c = (unsigned char)type[i];

		if (isupper(c) && i > 0)
			*p++ = '_';
		*p++ = isalnum(c) ? (char)tolower(c) : '_';
	}
	*p = '\0';
	for (size_t i = 0; i < LEN(taken); i++)
		if (str_eq(word, taken[i]))
			prefix = "event_";
	snprintf(action, 128, "%s%s", prefix, word);
}

void
event_doc_other(struct seen *s)
{
	char id[sizeof("event:") + sizeof(s->key)], action[128], text[32];
	void (*put)(struct seen *, struct doc *) = NULL;
	struct doc *d;
	int64_t number;

	snprintf(id, sizeof(id), "event:%s", s->key);
	other_action(s->type, action);
	for (size_t i = 0; i < LEN(others); i++)
		if (str_eq(others[i].type, s->type)) {
			str_copy(action, sizeof(action), others[i].action);
			put = others[i].put;
		}
	d = event_doc(s, id, action);
	put_text(d, "github.event.type", s->type, TEXT_OTHER);
	if (json_value_int(s->event_id, &number)) {
		snprintf(text, sizeof(text), "%lld", (long long)number);
		doc_str(d, "github.event.id", text);
	}
	put_text(d, "github.event.id", json_text(s->event_id), TEXT_OTHER);
	if (s->action[0] != '\0')
		put_text(d, "github.event.action", s->action, TEXT_OTHER);
	if (put != NULL)
		put(s, d);
	event_doc_end(s, d);
}
