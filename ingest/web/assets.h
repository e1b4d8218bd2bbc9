/* SPDX-License-Identifier: Apache-2.0 */
/*
 * assets.h - the dashboard's own files, embedded when it was built (the sources and
 * page/build.sh are in ingest/web/page). Names hold a hash of the content: what is
 * under one name never changes.
 */
#ifndef WEB_ASSETS_H
#define WEB_ASSETS_H

#include "base/base.h"

struct web_asset {
	const char		*path;	/* "app-1A2B3C4D.js", served under /assets/ */
	const char		*type;	/* of media, with its charset */
	const char		*etag;	/* with its quotes */
	const unsigned char	*data;
	unsigned		 len;
	bool			 gzipped;	/* data is; Content-Encoding says so */
};

extern const struct web_asset web_assets[];	/* the last one's path is NULL */

/* For the head of each page: its stylesheet, script and icon. Plain HTML. */
extern const char web_assets_head[];

#endif
