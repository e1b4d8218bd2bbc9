/* SPDX-License-Identifier: Apache-2.0 */
/*
 * base.h - the words every file may use. Standard C only.
 *
 * Memory: the x functions end the process instead of returning NULL. That is
 * honest because every size that comes from outside has a ceiling.
 */
#ifndef BASE_BASE_H
#define BASE_BASE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define MUST_CHECK	__attribute__((warn_unused_result))
#define PRINTF(f, a)	__attribute__((format(printf, f, a)))
#define UNUSED(x)	((void)(x))
#define LEN(a)		(sizeof(a) / sizeof((a)[0]))
#define container_of(p, type, member) \
	((type *)(void *)((char *)(p)-offsetof(type, member)))

void *xcalloc(size_t n, size_t size) MUST_CHECK;	/* zeroed */
void *xrealloc(void *p, size_t size) MUST_CHECK;
char *xstrdup(const char *s) MUST_CHECK;
char *xstrndup(const char *s, size_t n) MUST_CHECK;
char *xasprintf(const char *fmt, ...) PRINTF(1, 2) MUST_CHECK;

/* For main, before anything is allocated: how malloc keeps what is freed. */
void xmemory_init(void);

/* A bug of ours, or no memory: says so on stderr and aborts. */
_Noreturn void die(const char *fmt, ...) PRINTF(1, 2);

#endif
