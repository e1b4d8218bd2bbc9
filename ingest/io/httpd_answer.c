/* SPDX-License-Identifier: Apache-2.0 */
/*
 * httpd_answer.c - see httpd.h: what becomes of an answer on its way out. A tag, if
 * it may be kept; 304 for who has it; gzip for who takes that.
 */
#include "io/httpd_in.h"
#include "base/str.h"
#include "io/httpd_text.h"

#include <openssl/sha.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#define PACK_FROM	1024		/* bytes; less is not worth it */
#define PACK_LEVEL	4
#define UNPACKED_MAX	((size_t)32 << 20)

/* Strong: bytes that differ have tags that do. Packed ones are other bytes. */
static void
make_etag(const struct buf *body, char etag[HTTPD_ETAG])
{
	unsigned char digest[SHA256_DIGEST_LENGTH];
	char *p = etag;

	SHA256((const unsigned char *)buf_str(body), body->len, digest);
	*p++ = '"';
	for (size_t i = 0; i < 12; i++, p += 2)
		snprintf(p, 3, "%02x", digest[i]);
	memcpy(p, "\"", 2);
}

/* "tag" as "tag-gz". */
static void
mark_packed(char etag[HTTPD_ETAG])
{
	size_t n = strlen(etag);

	if (n > 1 && n + 4 <= HTTPD_ETAG)
		memcpy(etag + n - 1, "-gz\"", 5);
}

static bool
pack(struct buf *body)
{
	struct buf out = BUF(body->len);	/* more is no gain */
	z_stream z = { 0 };
	char block[16384];
	int end = Z_OK;

	if (deflateInit2(&z, PACK_LEVEL, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) !=
	    Z_OK)
		die("no memory to pack an answer");
	z.next_in = (Bytef *)body->data;
	z.avail_in = (uInt)body->len;
	while (end == Z_OK && !out.failed) {
		z.next_out = (Bytef *)block;
		z.avail_out = sizeof(block);
		end = deflate(&z, Z_FINISH);
		buf_add(&out, block, sizeof(block) - z.avail_out);
	}
	deflateEnd(&z);
	if (end != Z_STREAM_END || out.failed) {
		buf_fini(&out);
		return false;
	}
	buf_fini(body);
	*body = out;
	return true;
}

/* For the few who do not take what is packed already. */
static void
unpack(struct buf *body)
{
	struct buf out = BUF(UNPACKED_MAX);
	z_stream z = { 0 };
	char block[16384];
	int end = Z_OK;

	if (inflateInit2(&z, 15 + 16) != Z_OK)
		die("no memory to unpack an answer");
	z.next_in = (Bytef *)body->data;
	z.avail_in = (uInt)body->len;
	while (end == Z_OK && !out.failed) {
		z.next_out = (Bytef *)block;
		z.avail_out = sizeof(block);
		end = inflate(&z, Z_NO_FLUSH);
		buf_add(&out, block, sizeof(block) - z.avail_out);
	}
	inflateEnd(&z);
	if (end != Z_STREAM_END || out.failed)
		die("an answer that is packed cannot be unpacked");
	buf_fini(body);
	*body = out;
}

static bool
is_text(const char *type)
{
	return str_starts(type, "text/") || str_starts(type, "application/json") ||
	    str_starts(type, "image/svg");
}

/* The body's way through; sets what the head says of it. */
static void
prepare(const struct httpd_head *h, const struct httpd_answer *a, struct httpd_text *t)
{
	bool taken = h != NULL && h->accept_encoding != NULL &&
	    httpd_welcome(h->accept_encoding, "gzip") > 0;

	*t = (struct httpd_text){ .a = a, .status = a->status };
	t->varies = a->packed || is_text(a->type);
	if (a->keep != KEEP_NOT && a->status == 200) {
		if (a->etag != NULL)
			str_copy(t->etag, sizeof(t->etag), a->etag);
		else
			make_etag(a->body, t->etag);
	}
	if (a->packed && !taken)
		unpack(a->body);
	t->packed = a->packed ? taken : taken && a->body->len > PACK_FROM &&
	    is_text(a->type) && pack(a->body);
	if (t->packed)
		mark_packed(t->etag);
	t->length = a->body->len;
	if (t->etag[0] != '\0' && h != NULL && httpd_matches(h->if_none_match, t->etag))
		t->status = 304;
}

void
conn_write(struct conn *c, const struct httpd_head *h, const struct httpd_answer *a)
{
	struct evbuffer *out = bufferevent_get_output(c->bev);
	struct buf head = BUF(4096);
	struct httpd_text t;

	prepare(h, a, &t);
	httpd_head_text(&head, &t, c->last);
	evbuffer_add(out, head.data, head.len);
	if (!c->head && t.status != 304 && a->body->len > 0)
		evbuffer_add(out, a->body->data, a->body->len);
	buf_fini(&head);
	buf_fini(a->body);
	conn_enter(c, CONN_WRITE);
}

void
conn_refuse(struct conn *c, const struct httpd_head *h, int status, const char *why)
{
	const char *below = c->httpd->conf.json_below;
	bool json = below != NULL && h != NULL && h->path != NULL &&
	    str_starts(h->path, below);
	struct buf body = BUF(1024);

	c->last = true;
	if (json) {
		buf_puts(&body, "{\"error\":{\"reason\":");
		buf_json(&body, why);
		buf_puts(&body, "}}\n");
	} else {
		httpd_status_text(&body, status, why);
	}
	conn_write(c, h, &(struct httpd_answer){ .status = status, .body = &body,
	    .type = json ? "application/json" : "text/plain; charset=utf-8" });
}

const char *
httpd_path(const struct httpd_request *r)
{
	return r->head.path;
}

bool
httpd_param(const struct httpd_request *r, size_t n, const char **name,
    const char **value)
{
	if (n >= r->head.params)
		return false;
	*name = r->head.param[n].name;
	*value = r->head.param[n].value;
	return true;
}

unsigned
httpd_accepts(const struct httpd_request *r, const char *type)
{
	return httpd_welcome(r->head.accept, type);
}

const char *
httpd_last_event(const struct httpd_request *r)
{
	return r->head.last_event_id;
}

bool
httpd_gone(const struct httpd_request *r)
{
	return r->conn == NULL;
}

bool
httpd_hung_up(const struct httpd_request *r)
{
	return r->conn == NULL || r->conn->eof;
}

void
httpd_answer(struct httpd_request *r, const struct httpd_answer *a)
{
	struct conn *c = r->conn;

	if (c != NULL) {
		c->request = NULL;
		conn_write(c, &r->head, a);
	} else {
		buf_fini(a->body);
	}
	free(r);
}

void
httpd_answer_text(struct httpd_request *r, int status, const char *text)
{
	struct buf body = BUF(1024);

	httpd_status_text(&body, status, text);
	httpd_answer(r, &(struct httpd_answer){ .status = status,
	    .type = "text/plain; charset=utf-8", .body = &body });
}
