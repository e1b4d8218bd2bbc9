/* SPDX-License-Identifier: Apache-2.0 */
/* kibana_address.c - see kibana_door.h: where Kibana is, and in which space. Pure. */
#include "base/buf.h"
#include "base/str.h"
#include "store/kibana.h"
#include "store/kibana_door.h"

#include <stdlib.h>
#include <string.h>

#define MAX_ADDRESS	2048

/* The address with the port that it means. */
static void
with_port(const char *url, struct buf *out)
{
	const char *scheme = strstr(url, "://");
	const char *authority = scheme != NULL ? scheme + 3 : url;
	const char *name = authority, *colon;
	size_t n = strcspn(authority, "/");

	for (size_t i = 0; i < n; i++)
		if (authority[i] == '@')
			name = authority + i + 1;
	colon = name[0] == '[' ? strchr(name, ']') : name;
	while (colon != NULL && colon < authority + n && *colon != ':')
		colon++;
	buf_add(out, url, (size_t)(authority + n - url));
	if (colon == NULL || colon >= authority + n)
		buf_puts(out, scheme == NULL ? ":5601" :
		    strncasecmp(url, "https", 5) == 0 ? ":443" : ":80");
	buf_puts(out, authority + n);
}

/* Takes /s/NAME off the end of the base. */
static char *
take_space(char *base)
{
	char *slash = strrchr(base, '/');

	if (slash == NULL || slash - base < 2 || strncmp(slash - 2, "/s/", 3) != 0 ||
	    strstr(base, "://") >= slash - 2)
		return NULL;
	slash[-2] = '\0';
	return xstrdup(slash + 1);
}

static bool
read_address(struct kibana_address *a, const char *url, struct err *e)
{
	struct buf text = BUF(MAX_ADDRESS);
	const char *at = strrchr(url, '@');
	struct err why;
	bool good;

	with_port(url, &text);
	good = !text.failed && es_host_parse(&a->host, buf_str(&text), false, &why);
	buf_fini(&text);
	return good || err_set(e, ERR_CONFIG, 0, "KIBANA_URL \"%.200s\" is no address: "
	    "write it as https://kibana.example.org:5601", at != NULL ? at + 1 : url);
}

bool
kibana_address(struct kibana_address *a, const char *url, const char *space,
    struct err *e)
{
	char *inside;

	*a = (struct kibana_address){ 0 };
	space = str_or(space, NULL);
	if (!read_address(a, url, e))
		return false;
	inside = take_space(a->host.base);
	if (inside != NULL && space != NULL && !str_eq(inside, space)) {
		err_set(e, ERR_CONFIG, 0, "which space is meant: %.100s, which stands in "
		    "KIBANA_URL, or %.100s?", inside, space);
		free(inside);
		kibana_address_fini(a);
		return false;
	}
	if (inside == NULL && space != NULL)
		inside = xstrdup(space);
	if (inside != NULL && !kibana_space_ok(inside)) {
		err_set(e, ERR_CONFIG, 0, "\"%.100s\" is no name of a space: lower case "
		    "letters, digits, - and _, as in its address /s/NAME", inside);
		free(inside);
		kibana_address_fini(a);
		return false;
	}
	if (str_eq(inside, "default")) {	/* its address has no /s/ */
		free(inside);
		inside = NULL;
	}
	a->space = inside;
	return true;
}

void
kibana_address_fini(struct kibana_address *a)
{
	es_host_fini(&a->host);
	free(a->space);
	*a = (struct kibana_address){ 0 };
}
