/* SPDX-License-Identifier: Apache-2.0 */
/*
 * page.h - the page of people in order of activity: HTML without scripts, and
 * its stylesheet. Pure. Everything that is not ours is escaped.
 */
#ifndef WEB_PAGE_H
#define WEB_PAGE_H

#include "base/buf.h"
#include "store/store.h"
#include "web/cover.h"

/* A page is smaller: of PAGE_PEOPLE people, all with the longest of names. */
#define PAGE_PEOPLE	1000
#define PAGE_MAX	((size_t)8 << 20)

struct page_trouble {
	const char	*instance, *text;
};

struct page {
	const char			*title, *notice;	/* NULL: none */
	const char			*head;	/* HTML: of the dashboard; NULL: none */
	unsigned			 days;
	int64_t				 now_ms;
	const struct store_people	*people;	/* NULL: why not */
	const char			*why;
	struct cover			 cover;
	const struct page_trouble	*trouble;
	size_t				 troubles;
};

extern const unsigned page_days[4];	/* the periods there are; the second is usual */

void page_people(const struct page *p, struct buf *out);
void page_style(struct buf *out);

/* Text into HTML: also fit between double quotes. */
void page_text(struct buf *out, const char *s);

#endif
