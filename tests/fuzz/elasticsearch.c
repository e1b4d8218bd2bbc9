/* SPDX-License-Identifier: Apache-2.0 */
/*
 * elasticsearch.c - any bytes as what a cluster answers: to a bulk request, about a
 * mapping, a UUID, flagged commits; as an object that Kibana holds; and as the address
 * of a server. No crash, no leak; a bulk reply has an outcome for each document or for
 * none; who is refused has a reason; an object is the same as itself. The first byte
 * says which.
 */
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "plugins/out_elasticsearch_bulk.h"
#include "plugins/out_elasticsearch_flagged.h"
#include "store/es_host.h"
#include "store/es_index.h"
#include "store/es_mapping.h"
#include "store/kibana.h"
#include "store/kibana_door.h"

#define FUZZ_DOCS	16

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void
fuzz_bulk(const struct json *reply)
{
	struct es_outcome o[FUZZ_DOCS] = { 0 };
	size_t n = json_len(json_get(reply, "items"));

	if (n > FUZZ_DOCS)
		n = FUZZ_DOCS;
	for (size_t i = 0; i < FUZZ_DOCS; i++)
		o[i].outcome = OUTCOME_AGAIN;
	if (es_bulk_outcomes(reply, o, n)) {
		es_bulk_all_refused(o, n);
		for (size_t i = 0; i < n; i++)
			if ((o[i].outcome == OUTCOME_STORED) != (o[i].reason == NULL))
				die("an outcome and its reason do not agree");
	} else {
		for (size_t i = 0; i < n; i++)
			if (o[i].outcome != OUTCOME_AGAIN || o[i].reason != NULL)
				die("no reply, yet an outcome");
	}
	for (size_t i = 0; i < FUZZ_DOCS; i++)
		free(o[i].reason);
}

static void
fuzz_rest(const struct json *answer)
{
	struct docs docs = { 0 };
	struct json *ours;
	struct err e;
	char why[256];

	ours = json_parse(es_template, es_template_len, &e);
	if (es_mapping_fit(json_get(ours, "template.mappings"), answer, why,
	    sizeof(why)) != ES_FITS && why[0] == '\0')
		die("a mapping does not fit, and nobody knows why");
	es_mapping_fit(answer, json_get(ours, "template.mappings"), why, sizeof(why));
	es_mapping_foreign(answer);
	json_free(ours);
	es_index_uuid_of(answer);
	if (es_flagged_docs(answer, &docs))
		for (size_t i = 0; i < docs.count; i++)
			if (docs.doc[i]->id == NULL)
				die("a document without an id");
	docs_fini(&docs);
}

static void
fuzz_address(const char *text)
{
	struct es_host h = { 0 };
	struct kibana_address a;
	struct err e;
	char *line;

	if (es_host_parse(&h, text, false, &e)) {
		if (strpbrk(h.base, " \t\r\n") != NULL)
			die("\"%s\" is no address", h.base);
		line = es_authorization(h.user, h.password, NULL);
		if (line != NULL && strpbrk(line, "\r\n") != NULL)
			die("a line with a break in it");
		free(line);
	}
	es_host_fini(&h);
	es_index_name_ok(text);
	if (kibana_address(&a, text, NULL, &e)) {
		if (a.space != NULL && !kibana_space_ok(a.space))
			die("\"%s\" is no space", a.space);
		if (strpbrk(a.host.base, " \t\r\n") != NULL)
			die("\"%s\" is no address", a.host.base);
		kibana_address_fini(&a);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	char *text = xstrndup((const char *)data + (n > 0), n > 0 ? n - 1 : 0);
	struct json *j;
	struct err e;

	if (n > 0 && data[0] == 'a') {
		fuzz_address(text);
	} else {
		j = json_parse(text, strlen(text), &e);
		if (j != NULL && n > 0 && data[0] == 'b')
			fuzz_bulk(j);
		else if (j != NULL && n > 0 && data[0] == 'k' && !kibana_same(j, j))
			die("an object that is not the same as itself");
		else if (j != NULL)
			fuzz_rest(j);
		json_free(j);
	}
	free(text);
	return 0;
}
