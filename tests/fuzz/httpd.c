/* SPDX-License-Identifier: Apache-2.0 */
/*
 * httpd.c - any bytes as the head of a request: no crash, nothing read beyond
 * them; a refusal has a status and a reason; what is accepted holds no control
 * character, and only what the bytes said. Lists and logins of headers likewise.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/base.h"
#include "io/httpd_auth.h"
#include "io/httpd_parse.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void
clean(const char *what, const char *s)
{
	for (; s != NULL && *s != '\0'; s++)
		if (((unsigned char)*s < 0x20 && *s != '\t') || *s == 0x7f)
			die("a control character in %s", what);
}

/* Lists are read in copies of their own size. */
static void
lists(const char *header)
{
	static const char *const names[] = { "gzip", "text/csv", "application/json" };
	char *copy = xstrdup(header != NULL ? header : "");

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (httpd_welcome(copy, names[i]) > 1000)
			die("more than welcome");
	if (httpd_matches(copy, "\"a\"") && strchr(copy, 'a') == NULL &&
	    strchr(copy, '*') == NULL)
		die("a tag that is not there");
	free(copy);
}

static void
login(const char *header)
{
	char text[HTTPD_LOGIN];
	char *copy = header != NULL ? xstrdup(header) : NULL;

	memset(text, 'x', sizeof(text));
	if (httpd_auth_parse(copy, text) && strlen(text) + 1 +
	    strnlen(text + strlen(text) + 1, sizeof(text)) >= sizeof(text))
		die("a login that does not end");
	free(copy);
}

static void
accepted(const struct httpd_head *h)
{
	lists(h->accept);
	lists(h->accept_encoding);
	lists(h->if_none_match);
	login(h->authorization);
	if (h->method == NULL || h->method[0] == '\0' || h->path[0] != '/' ||
	    h->params > HTTPD_PARAMS || (h->host == NULL && !h->last))
		die("half a head was accepted");
	clean("the method", h->method);
	clean("the path", h->path);
	clean("Host", h->host);
	clean("the authority", h->authority);
	for (size_t i = 0; i < h->params; i++) {
		clean("a name", h->param[i].name);
		clean("a value", h->param[i].value);
	}
	if (h->host != NULL && httpd_host(h->host, false, NULL) &&
	    !httpd_host(h->host, true, NULL))
		die("a Host is ours, but not with more allowed");
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	char *text = xcalloc(1, n + 5);
	const char *why = NULL;
	struct httpd_head h;
	int status;

	if (n > HTTPD_HEAD)
		n = HTTPD_HEAD;
	memcpy(text, data, n);
	memcpy(text + n, "\r\n\r\n", 4);
	status = httpd_parse(text, n + 4, &h, &why);
	if (status == 0)
		accepted(&h);
	else if (status < 400 || status > 599 || why == NULL)
		die("refused with %d", status);
	free(text);
	return 0;
}
