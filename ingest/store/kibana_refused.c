/* SPDX-License-Identifier: Apache-2.0 */
/* kibana_refused.c - see kibana_door.h: an answer of no use, in words. */
#include "base/str.h"
#include "store/kibana_door.h"

#include <errno.h>

static bool
is_elasticsearch(const struct http_reply *r)
{
	char product[64];

	return http_header(r, "X-elastic-product", product, sizeof(product)) &&
	    str_eq(product, "Elasticsearch");
}

bool
kibana_refused(const struct kibana_address *a, const struct http_reply *r,
    const char *words, const char *doing, struct err *e)
{
	const char *at = a->host.base, *colon = words[0] != '\0' ? ": " : "";

	if (r->failure != HTTP_OK)
		return err_set(e, ERR_SYSTEM, EIO, "Kibana at %.150s: %.200s", at,
		    r->why);
	if (is_elasticsearch(r))
		return err_set(e, ERR_CONFIG, 0, "%.150s is Elasticsearch, not Kibana: "
		    "KIBANA_URL is the address people open in a browser, most often with "
		    "port 5601", at);
	if (r->status >= 300 && r->status < 400)
		return err_set(e, ERR_CONFIG, 0, "%.150s sends us elsewhere (%d): "
		    "KIBANA_URL needs the path that Kibana is under (server.basePath), "
		    "or a login page stands before it", at, r->status);
	if (r->status == 401)
		return err_set(e, ERR_REMOTE, 401, "Kibana at %.150s does not accept who "
		    "we are: set KIBANA_API_KEY, or KIBANA_USERNAME and KIBANA_PASSWORD",
		    at);
	if (r->status == 403)
		return err_set(e, ERR_REMOTE, 403, "Kibana at %.120s does not let this "
		    "user %s: give it \"All\" for Dashboards, Discover, Data View "
		    "Management and Saved Objects Management in space %.60s%s%.100s", at,
		    doing, str_or(a->space, "default"), colon, words);
	if (r->status == 429 || r->status >= 500)
		return err_set(e, ERR_SYSTEM, EAGAIN, "Kibana at %.150s is not ready "
		    "(%d%s%.100s): run it again in a while", at, r->status, colon, words);
	return err_set(e, ERR_REMOTE, r->status, "Kibana at %.150s answers %d when asked "
	    "%s%s%.200s", at, r->status, doing, colon, words);
}
