/* SPDX-License-Identifier: Apache-2.0 */
/*
 * link.h - addresses that GitHub's headers name: Link and Location. Pure. What
 * leads away from the configured API is refused, since a token would go along.
 */
#ifndef GITHUB_LINK_H
#define GITHUB_LINK_H

#include "base/base.h"

#define LINK_SIZE	512

enum link_found { LINK_NONE, LINK_FOUND, LINK_FOREIGN };

/*
 * The address with rel="next" in a Link header. base is the API's address
 * without a slash at its end: the next page must lie below it.
 */
enum link_found link_next(const char *header, const char *base, char *url,
    size_t size);

/* Where a redirect leads: whole, or below the same host when it begins with "/". */
enum link_found link_location(const char *header, const char *base, char *url,
    size_t size);

/* Is it below the API's address, with nothing that could change the host? */
bool link_is_below(const char *url, const char *base);

/*
 * May a token be sent there? https, or http to this machine alone. The address
 * must have a host, no user, no query.
 */
bool link_base_is_safe(const char *base);

#endif
