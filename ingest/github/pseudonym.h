/* SPDX-License-Identifier: Apache-2.0 */
/*
 * pseudonym.h - documents without what tells who somebody is, for contributor.c.
 * What is taken away and what can stay is told in docs/documents.md, "Pseudonyms".
 */
#ifndef GITHUB_PSEUDONYM_H
#define GITHUB_PSEUDONYM_H

#include "data/doc.h"

/*
 * Humans become person-3f2a…, by HMAC-SHA-256 of their person id: the same under
 * the same key, and nobody without it.
 */
void pseudonym_put(const char *key, struct doc *d);

/* Texts that may name people: a commit's message goes, mentions do. */
void pseudonym_scrub(struct doc *d);

#endif
