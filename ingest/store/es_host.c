/* SPDX-License-Identifier: Apache-2.0 */
/* es_host.c - see es_host.h. */
#include "store/es_host.h"
#include "base/buf.h"
#include "base/str.h"

#include <stdlib.h>
#include <string.h>

#define MAX_ADDRESS	2048
#define DEFAULT_PORT	9200
#define MAX_NAME	255

static int
hex(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if ((c | 32) >= 'a' && (c | 32) <= 'f')
		return (c | 32) - 'a' + 10;
	return -1;
}

/* NULL when a % is not followed by two digits, or makes a NUL. */
static char *
percent_decoded(const char *s, size_t n)
{
	char *out = xcalloc(n + 1, 1), *to = out;

	for (size_t i = 0; i < n; i++) {
		int c = s[i];

		if (c == '%') {
			bool digits = i + 2 < n && hex(s[i + 1]) >= 0 &&
			    hex(s[i + 2]) >= 0;

			c = digits ? hex(s[i + 1]) * 16 + hex(s[i + 2]) : 0;
			i += 2;
		}
		if (c == 0) {
			free(out);
			return NULL;
		}
		*to++ = (char)c;
	}
	return out;
}

/* user[:password] before the @ of an authority. */
static bool
host_user(struct es_host *h, const char *s, size_t n)
{
	const char *colon = memchr(s, ':', n);
	size_t user = colon != NULL ? (size_t)(colon - s) : n;

	h->user = percent_decoded(s, user);
	h->password = percent_decoded(colon != NULL ? colon + 1 : s,
	    colon != NULL ? n - user - 1 : 0);
	return h->user != NULL && h->user[0] != '\0' && h->password != NULL;
}

static bool
is_loopback(const char *host)
{
	return str_eqi(host, "localhost") || str_eq(host, "[::1]") ||
	    (str_starts(host, "127.") && strspn(host, "0123456789.") == strlen(host));
}

/* name, or [IPv6], and a port. */
static bool
host_name_and_port(struct es_host *h, const char *s, size_t n, const char *path)
{
	char name[MAX_NAME + 1], port[6];
	size_t len = n > 0 && s[0] == '[' ? strcspn(s, "]") + 1 : strcspn(s, ":/");
	int64_t number = DEFAULT_PORT;

	if (len == 0 || len > n || len >= sizeof(name))
		return false;
	memcpy(name, s, len);
	name[len] = '\0';
	if (strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
	    "0123456789.-_[]:") != len)
		return false;
	if (len < n) {
		if (s[len] != ':' || n - len - 1 >= sizeof(port))
			return false;
		memcpy(port, s + len + 1, n - len - 1);
		port[n - len - 1] = '\0';
		if (!str_i64(port, &number) || number < 1 || number > 65535)
			return false;
	}
	h->loopback = is_loopback(name);
	h->base = xasprintf("%s://%s:%d%s", h->tls ? "https" : "http", name,
	    (int)number, path);
	return true;
}

static bool
is_clean(const char *s)
{
	for (; *s != '\0'; s++)
		if ((unsigned char)*s <= ' ' || (unsigned char)*s >= 127 ||
		    strchr("?#\"<>\\^`{|}", *s) != NULL)
			return false;
	return true;
}

static bool
host_parts(struct es_host *h, const char *text, bool tls)
{
	const char *scheme = strstr(text, "://"), *s = text, *at, *last = NULL;
	char *path;
	size_t n;
	bool good;

	h->tls = tls;
	if (scheme != NULL) {
		h->tls = scheme - text == 5;
		if (strncasecmp(text, "https://", 8) != 0 &&
		    strncasecmp(text, "http://", 7) != 0)
			return false;
		s = scheme + 3;
	}
	n = strcspn(s, "/");
	for (at = s; at < s + n; at++)
		if (*at == '@')
			last = at;
	if (last != NULL) {
		if (!host_user(h, s, (size_t)(last - s)))
			return false;
		n -= (size_t)(last + 1 - s);
		s = last + 1;
	}
	path = xstrdup(s + n);
	while (str_ends(path, "/"))
		path[strlen(path) - 1] = '\0';
	good = host_name_and_port(h, s, n, path);
	free(path);
	return good;
}

bool
es_host_parse(struct es_host *h, const char *text, bool tls, struct err *e)
{
	const char *at = strrchr(text, '@'), *shown = at != NULL ? at + 1 : text;
	int n = (int)(strlen(shown) < 200 ? strcspn(shown, "?#") : 200);

	if (strlen(text) <= MAX_ADDRESS && is_clean(text) && host_parts(h, text, tls))
		return true;
	es_host_fini(h);
	return err_set(e, ERR_CONFIG, 0, "\"%.*s\" is no address of a server: write "
	    "it as https://es.example.org:9200", n, shown);
}

void
es_host_fini(struct es_host *h)
{
	free(h->base);
	free(h->user);
	free(h->password);
	*h = (struct es_host){ 0 };
}

static void
add_base64(struct buf *out, const char *s)
{
	static const char digit[] =
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	size_t n = strlen(s);

	for (size_t i = 0; i < n; i += 3) {
		size_t left = n - i;
		uint32_t v = (uint32_t)(unsigned char)s[i] << 16;
		char four[4];

		if (left > 1)
			v |= (uint32_t)(unsigned char)s[i + 1] << 8;
		if (left > 2)
			v |= (unsigned char)s[i + 2];
		four[0] = digit[v >> 18];
		four[1] = digit[v >> 12 & 63];
		four[2] = left > 1 ? digit[v >> 6 & 63] : '=';
		four[3] = left > 2 ? digit[v & 63] : '=';
		buf_add(out, four, sizeof(four));
	}
}

char *
es_authorization(const char *user, const char *password, const char *api_key)
{
	struct buf line = BUF(16 << 10);
	char *pair;

	if (str_or(api_key, NULL) != NULL) {
		buf_puts(&line, "Authorization: ApiKey ");
		if (strchr(api_key, ':') != NULL)
			add_base64(&line, api_key);
		else
			buf_puts(&line, api_key);
	} else if (str_or(user, NULL) != NULL) {
		pair = xasprintf("%s:%s", user, str_or(password, ""));
		buf_puts(&line, "Authorization: Basic ");
		add_base64(&line, pair);
		free(pair);
	} else {
		return NULL;
	}
	return buf_take(&line).data;
}

bool
es_index_name_ok(const char *name)
{
	size_t n = strlen(name);

	if (n == 0 || n > MAX_NAME || strchr("-_+.", name[0]) != NULL)
		return false;
	for (const char *s = name; *s != '\0'; s++)
		if ((unsigned char)*s <= ' ' || (unsigned char)*s >= 127 ||
		    (*s >= 'A' && *s <= 'Z') || strchr("\\/*?\"<>|,#:%{}", *s) != NULL)
			return false;
	return true;
}
