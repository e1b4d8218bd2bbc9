/* SPDX-License-Identifier: Apache-2.0 */
/* people.c - see people.h. */
#include "people.h"
#include "base/str.h"
#include "github/envelope.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#define HOUR	INT64_C(3600000)

struct dice {
	uint64_t	 state;
};

static uint32_t
roll(struct dice *d, uint32_t below)
{
	d->state = d->state * 6364136223846793005u + 1442695040888963407u;
	return (uint32_t)((d->state >> 33) % below);
}

/* Few do much, many do little. */
static uint32_t
uneven(struct dice *d, uint32_t below)
{
	uint32_t a = roll(d, below), b = roll(d, below), c = roll(d, 4);

	return c == 0 ? a : a * b / below;
}

static void
name_of(char text[32], uint32_t person)
{
	static const char *const first[] = { "ada", "bo", "cy", "di", "ed", "flo", "gus",
		"hal", "ida", "jo" };

	snprintf(text, 32, "sim-%s-%u", first[person % 10], person);
}

static void
add_person(struct doc *d, uint32_t person, const char *list, const char *ids)
{
	char name[32], id[32];

	name_of(name, person);
	snprintf(id, sizeof(id), "%u", 600000 + person * 37);
	if (json_get(d->body, list) == NULL) {
		json_set(d->body, list, json_new_array());
		json_set(d->body, ids, json_new_array());
	}
	json_push(json_get(d->body, list), json_new_string(name));
	json_push(json_get(d->body, ids), json_new_string(id));
}

static void
put_agent(struct doc *d, const char *name)
{
	json_set(d->body, "hubstash.agents", json_new_array());
	json_push(json_get(d->body, "hubstash.agents"), json_new_string(name));
}

/* Who did it: now and then a bot, or an agent beside somebody. */
static void
put_people(struct doc *d, struct dice *dice, uint32_t person, bool commit)
{
	char name[32], id[32];
	bool bot = roll(dice, 20) == 0;

	name_of(name, person);
	snprintf(id, sizeof(id), "%u", 600000 + person * 37);
	doc_bool(d, "hubstash.bot", bot);
	doc_str(d, "hubstash.class", bot ? "bot" : "human");
	doc_str(d, "hubstash.person", bot ? "sim-robot[bot]" : name);
	doc_str(d, "hubstash.person_id", bot ? "599999" : id);
	doc_str(d, "user.name", bot ? "sim-robot[bot]" : name);
	doc_str(d, "user.id", bot ? "599999" : id);
	if (bot) {
		put_agent(d, "sim-robot[bot]");
		return;
	}
	add_person(d, person, "hubstash.credit", "hubstash.credit_id");
	if (commit && roll(dice, 10) == 0)
		add_person(d, (person + 1 + roll(dice, 5)) % PEOPLE_COUNT,
		    "hubstash.credit", "hubstash.credit_id");
	if (commit && roll(dice, 12) == 0)
		put_agent(d, "Claude");
}

static void
put_repository(struct doc *d, uint32_t repo)
{
	char name[64], id[32];

	snprintf(name, sizeof(name), "sim-works/part-%u", repo);
	snprintf(id, sizeof(id), "%u", 500000 + repo * 11);
	doc_str(d, "github.org", "sim-works");
	doc_str(d, "organization.name", "sim-works");
	doc_str(d, "organization.id", "499999");
	doc_str(d, "github.repo", name);
	doc_str(d, "github.repo_id", id);
	doc_str(d, "github.repository.name", name + sizeof("sim-works/") - 1);
	doc_str(d, "github.repository.owner.login", "sim-works");
}

static void
put_rest(struct doc *d)
{
	doc_str(d, "event.kind", "event");
	doc_str(d, "event.module", "hubstash");
	doc_str(d, "event.dataset", "hubstash.activity");
	doc_time(d, "event.created", d->ts_ms);
	doc_time(d, "event.ingested", PEOPLE_END);
	doc_str(d, "hubstash.source", "api");
	doc_bool(d, "hubstash.partial", false);
	doc_int(d, "hubstash.schema", 1);
	doc_set_version(d, true, d->ts_ms / 1000);
}

static struct doc *
commit_doc(struct dice *dice, uint64_t n, int64_t ts, uint32_t repo)
{
	char id[96], sha[48];
	struct doc *d;

	snprintf(sha, sizeof(sha), "%08x%08x%08x%016" PRIx64, roll(dice, 1u << 30),
	    roll(dice, 1u << 30), roll(dice, 1u << 30), n);
	snprintf(id, sizeof(id), "commit:%u:%s", 500000 + repo * 11, sha);
	d = doc_new(id, "commit", ts);
	doc_str(d, "github.commit.sha", sha);
	doc_str(d, "github.commit.message",
	    "part: say what is wrong before it is asked\n\n"
	    "Who asks is told at once which of the values is out of its range, and\n"
	    "what the range is. Before, the answer came late, and said little.\n");
	doc_str(d, "github.commit.headline",
	    "part: say what is wrong before it is asked");
	doc_time(d, "github.commit.authored_at", ts);
	doc_time(d, "github.commit.committed_at", ts);
	doc_int(d, "github.commit.hour", 8 + roll(dice, 11));
	doc_int(d, "github.commit.weekday", 1 + uneven(dice, 7));
	doc_int(d, "github.commit.additions", uneven(dice, 400));
	doc_int(d, "github.commit.deletions", uneven(dice, 200));
	doc_int(d, "github.commit.changed_files", 1 + uneven(dice, 20));
	doc_bool(d, "github.commit.merge", roll(dice, 12) == 0);
	doc_bool(d, "github.commit.default_branch", roll(dice, 40) != 0);
	return d;
}

static struct doc *
pull_doc(struct dice *dice, uint64_t n, int64_t ts, uint32_t repo)
{
	static const char *const states[] = { "merged", "closed", "open" };
	uint32_t state = roll(dice, 10), which = state < 8 ? 0 : state < 9 ? 1 : 2;
	int64_t seen = ts + uneven(dice, 72) * HOUR + uneven(dice, 3600) * 1000;
	int64_t end = seen + uneven(dice, 240) * HOUR;
	char id[64], url[128];
	struct doc *d;

	if (which == 2 && ts < PEOPLE_END - 200 * 24 * HOUR)
		which = 0;
	snprintf(id, sizeof(id), "pr:%u:%" PRIu64, 500000 + repo * 11, n);
	snprintf(url, sizeof(url), "https://github.com/sim-works/part-%u/pull/%" PRIu64,
	    repo, n);
	d = doc_new(id, "pull_request", ts);
	doc_int(d, "github.pull_request.number", (int64_t)n);
	doc_str(d, "github.pull_request.title", "Say what is wrong before it is asked");
	doc_str(d, "github.pull_request.state", states[which]);
	doc_bool(d, "github.pull_request.draft", false);
	doc_time(d, "github.pull_request.created_at", ts);
	doc_time(d, "github.pull_request.updated_at", end);
	doc_str(d, "github.pull_request.url", url);
	doc_int(d, "github.pull_request.reviews", roll(dice, 4));
	if (roll(dice, 5) > 0) {
		put_hours(d, "github.pull_request.hours_to_first_review", ts, seen);
		put_hours_bucket(d, "github.pull_request.first_review_bucket", ts, seen);
	}
	if (which < 2)
		doc_time(d, "github.pull_request.closed_at", end);
	if (which == 0) {
		doc_time(d, "github.pull_request.merged_at", end);
		put_hours(d, "github.pull_request.hours_to_merge", ts, end);
		put_hours_bucket(d, "github.pull_request.merge_bucket", ts, end);
	}
	return d;
}

static struct doc *
review_doc(struct dice *dice, uint64_t n, int64_t ts)
{
	static const char *const states[] = { "approved", "approved", "commented",
		"changes_requested", "dismissed" };
	char id[64], author[32];
	struct doc *d;

	snprintf(id, sizeof(id), "review:%" PRIu64, 700000000 + n);
	name_of(author, uneven(dice, PEOPLE_COUNT));
	d = doc_new(id, "review", ts);
	doc_str(d, "github.review.id", id + sizeof("review:") - 1);
	doc_str(d, "github.review.state", states[roll(dice, LEN(states))]);
	doc_int(d, "github.review.number", (int64_t)n);
	doc_str(d, "github.review.pull_author", author);
	doc_bool(d, "github.review.pull_author_bot", roll(dice, 15) == 0);
	doc_bool(d, "github.review.self", roll(dice, 15) == 0);
	doc_bool(d, "github.review.reply", roll(dice, 6) == 0);
	doc_str(d, "github.review.url", "https://github.com/sim-works/part/pull/1#r");
	return d;
}

/* Issues, comments, releases. */
static struct doc *
other_doc(struct dice *dice, uint64_t n, int64_t ts, uint32_t repo, uint32_t kind)
{
	const char *action = kind < 30 ? "issue" : kind < 70 ? "issue_comment" :
	    kind < 98 ? "review_comment" : "release";
	struct doc *d;
	char id[64];

	if (kind < 30)
		snprintf(id, sizeof(id), "issue:%u:%" PRIu64, 500000 + repo * 11, n);
	else
		snprintf(id, sizeof(id), "%s:%" PRIu64, action, 800000000 + n);
	d = doc_new(id, action, ts);
	if (kind < 30) {
		doc_int(d, "github.issue.number", (int64_t)n);
		doc_str(d, "github.issue.title", "It says nothing of what is wrong");
		doc_str(d, "github.issue.state", roll(dice, 3) ? "closed" : "open");
		doc_time(d, "github.issue.created_at", ts);
	} else if (kind < 98) {
		doc_int(d, "github.comment.number", (int64_t)n);
		doc_bool(d, "github.comment.pull", roll(dice, 2) == 0);
	} else {
		doc_str(d, "github.release.tag", "v1.2.3");
		doc_time(d, "github.release.published_at", ts);
	}
	return d;
}

struct doc *
people_doc(uint64_t n, uint64_t count)
{
	struct dice dice = { n * 2654435761u + 977 };
	uint64_t part = n * (uint64_t)PEOPLE_DAYS * 86400 / count;
	uint32_t kind, repo, person;
	struct doc *d;
	int64_t ts;

	for (int i = 0; i < 4; i++)
		roll(&dice, 2);
	ts = PEOPLE_START + ((int64_t)part - roll(&dice, 86400)) * 1000;
	ts = ts < PEOPLE_START ? PEOPLE_START : ts;
	kind = roll(&dice, 100);
	repo = uneven(&dice, PEOPLE_REPOS);
	/* They come and go: of each year others. */
	person = (uneven(&dice, PEOPLE_COUNT / 2) + (uint32_t)(part / 86400 / 11)) %
	    PEOPLE_COUNT;
	if (kind < 50)
		d = commit_doc(&dice, n, ts, repo);
	else if (kind < 60)
		d = pull_doc(&dice, n, ts, repo);
	else if (kind < 77)
		d = review_doc(&dice, n, ts);
	else
		d = other_doc(&dice, n, ts, repo, roll(&dice, 100));
	put_repository(d, repo);
	put_people(d, &dice, person, kind < 50);
	put_rest(d);
	return d;
}
