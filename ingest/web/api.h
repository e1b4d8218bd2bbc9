/* SPDX-License-Identifier: Apache-2.0 */
/*
 * api.h - the API below /api/v1/: panels as the store answers them, coverage and
 * status as state.db and the process know them, as JSON or CSV. Its description,
 * docs/api.yaml, is embedded. Equal questions asked at the same time are one
 * question to the store.
 */
#ifndef WEB_API_H
#define WEB_API_H

#include "base/base.h"

struct api;
struct httpd;
struct httpd_request;
struct json;
struct params;
struct web_conf;

#define API_PATH	"/api/v1/"

struct api *api_new(const struct web_conf *conf) MUST_CHECK;	/* borrowed */
/* A request below API_PATH, but live; d: whose it is. */
void api_request(struct api *a, struct httpd *d, struct httpd_request *r);
/* When the store is gone: who waits for it is told. NULL is fine. */
void api_free(struct api *a);

/* {"error": {"parameter", "reason"}}; "" where it is about none. */
void api_fail(struct httpd_request *r, int status, const char *parameter,
    const char *reason);

/* api_status.c and api_coverage.c: data of those answers. */
struct json *api_status(const struct web_conf *conf, const struct httpd *d) MUST_CHECK;
struct json *api_coverage(const struct web_conf *conf, const struct params *p)
    MUST_CHECK;

#endif
