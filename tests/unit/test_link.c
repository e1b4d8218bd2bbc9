/* SPDX-License-Identifier: Apache-2.0 */
/* Addresses in headers: a token goes to the configured API and nowhere else. */
#include "github/link.h"
#include "base/str.h"
#include "tap.h"

#define API	"https://api.github.com"

struct next {
	const char *header, *base, *want;	/* want NULL: none; "!": foreign */
};

static const struct next nexts[] = {
	{ "<https://api.github.com/organizations/9/events?page=2>; rel=\"next\", "
	    "<https://api.github.com/organizations/9/events?page=3>; rel=\"last\"", API,
	    "https://api.github.com/organizations/9/events?page=2" },
	{ "<https://api.github.com/x?page=1>; rel=\"prev\", <https://api.github.com/"
	    "x?page=3>; rel=\"next\"", API, "https://api.github.com/x?page=3" },
	{ "<https://api.github.com/x>; title=\"a\"; rel=next", API,
	    "https://api.github.com/x" },
	{ "<https://api.github.com/x>; rel=\"last\"", API, NULL },
	{ "<https://api.github.com/x>; rel=\"nextone\"", API, NULL },
	{ "", API, NULL },
	{ "<https://api.github.com/x", API, NULL },
	{ "<https://evil.example/x>; rel=\"next\"", API, "!" },
	{ "<https://api.github.com.evil.example/x>; rel=\"next\"", API, "!" },
	{ "<https://api.github.com@evil.example/x>; rel=\"next\"", API, "!" },
	{ "<http://api.github.com/x>; rel=\"next\"", API, "!" },
	{ "<https://api.github.com/x y>; rel=\"next\"", API, "!" },
	{ "<https://h/api/v3/x?page=2>; rel=\"next\"", "https://h/api/v3",
	    "https://h/api/v3/x?page=2" },
	{ "<https://h/other/x>; rel=\"next\"", "https://h/api/v3", "!" },
	{ "<https://h/api/v34>; rel=\"next\"", "https://h/api/v3", "!" },
};

static void
test_next(void)
{
	char url[LINK_SIZE];

	for (size_t i = 0; i < LEN(nexts); i++) {
		const struct next *n = &nexts[i];
		enum link_found got = link_next(n->header, n->base, url, sizeof(url));
		enum link_found want = n->want == NULL ? LINK_NONE :
		    str_eq(n->want, "!") ? LINK_FOREIGN : LINK_FOUND;

		ok(got == want && (want != LINK_FOUND || str_eq(url, n->want)) &&
		    (want == LINK_FOUND || url[0] == '\0'), "next of %s", n->header);
	}
}

static void
test_location(void)
{
	char url[LINK_SIZE];

	ok(link_location("https://api.github.com/repositories/7", API, url,
	    sizeof(url)) == LINK_FOUND && str_eq(url, API "/repositories/7"),
	    "a redirect on the same host");
	ok(link_location("/repositories/7", API, url, sizeof(url)) == LINK_FOUND &&
	    str_eq(url, API "/repositories/7"), "a redirect without a host");
	ok(link_location("/x", "https://h:8443/api/v3", url, sizeof(url)) ==
	    LINK_FOUND && str_eq(url, "https://h:8443/x"), "... keeps the port");
	ok(link_location("//evil.example/x", API, url, sizeof(url)) == LINK_FOREIGN,
	    "//host is another host");
	ok(link_location("https://evil.example/", API, url, sizeof(url)) ==
	    LINK_FOREIGN, "another host");
	ok(link_location("https://api.github.com:444/x", API, url, sizeof(url)) ==
	    LINK_FOREIGN, "another port");
	ok(link_location(NULL, API, url, sizeof(url)) == LINK_NONE, "no Location");
}

static void
test_base(void)
{
	static const char *const good[] = { API, "https://h/api/v3",
		"http://127.0.0.1:8080", "http://localhost", "http://[::1]:9/api/v3" };
	static const char *const bad[] = { "", "api.github.com", "ftp://h",
		"http://api.github.com", "http://127.0.0.1.evil.example",
		"http://localhost@evil.example", "https://u@h", "https://", "https:///x",
		"https://h/?q", "http://10.0.0.1", "https://h /x" };

	for (size_t i = 0; i < LEN(good); i++)
		ok(link_base_is_safe(good[i]), "may have the token: %s", good[i]);
	for (size_t i = 0; i < LEN(bad); i++)
		ok(!link_base_is_safe(bad[i]), "may not: %s", bad[i]);
}

int
main(void)
{
	test_next();
	test_location();
	test_base();
	return done();
}
