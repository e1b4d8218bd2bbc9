/* SPDX-License-Identifier: Apache-2.0 */
/*
 * log.c - see log.h. A warning or news equal in its format to the one before it
 * and less than FOLD_MS old is counted instead of written.
 */
#include "base/log.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/str.h"

#include <stdarg.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#define LINE_MAX_BYTES	4096
#define FOLD_MS		10000

static const char *const level_names[] = { "error", "warn", "info", "debug" };
static const char *const priorities[] = { "<3>", "<4>", "<6>", "<7>" };	/* syslog(3) */

static struct {
	enum log_level	 level;
	bool		 json, journal;
	void		(*around)(bool before);
	const char	*last_fmt;		/* compared as a pointer */
	enum log_level	 last_level;
	unsigned	 folded;
	int64_t		 since_ms, last_ms;	/* the line; the last folded into it */
} logger = { .level = LOG_INFO };	/* a process has one stderr */

void
log_set_level(enum log_level level)
{
	logger.level = level;
}

bool
log_parse_level(const char *s, enum log_level *level)
{
	for (size_t i = 0; i < LEN(level_names); i++)
		if (str_eq(s, level_names[i])) {
			*level = (enum log_level)i;
			return true;
		}
	return false;
}

void
log_set_json(bool on)
{
	logger.json = on;
}

void
log_set_journal(const char *stream)
{
	char ours[64];
	struct stat st;

	logger.journal = stream != NULL && fstat(STDERR_FILENO, &st) == 0 &&
	    snprintf(ours, sizeof(ours), "%ju:%ju", (uintmax_t)st.st_dev,
	    (uintmax_t)st.st_ino) > 0 && str_eq(stream, ours);
}

const char *
log_priority(enum log_level level)
{
	return logger.journal ? priorities[level] : "";
}

void
log_set_around(void (*around)(bool before))
{
	logger.around = around;
}

bool
log_wants(enum log_level level)
{
	return level <= logger.level;
}

static void
put_clean(struct buf *out, const char *s)
{
	for (size_t control = 0; *s != '\0'; s++) {
		if (control == 0)
			control = str_control(s);
		if (control == 0) {
			buf_add(out, s, 1);
			continue;
		}
		buf_printf(out, "\\x%02x", (unsigned char)*s);
		control--;
	}
}

static void
put_line(enum log_level level, const char *text)
{
	struct buf out = BUF(8 * LINE_MAX_BYTES);
	char when[CLOCK_TEXT];

	clock_iso(clock_wall_ms(), when);
	buf_puts(&out, log_priority(level));
	if (logger.json) {
		buf_printf(&out, "{\"@timestamp\":\"%s\",\"log.level\":\"%s\","
		    "\"message\":", when, level_names[level]);
		buf_json(&out, text);
		buf_puts(&out, "}\n");
	} else {
		if (!logger.journal)
			buf_printf(&out, "%.19sZ %-5s ", when, level_names[level]);
		put_clean(&out, text);
		buf_puts(&out, "\n");
	}
	if (logger.around != NULL)
		logger.around(true);
	if (write(STDERR_FILENO, out.data, out.len) < 0)
		logger.folded = 0;	/* nobody listens: nothing to be done */
	if (logger.around != NULL)
		logger.around(false);
	buf_fini(&out);
}

void
log_flush(void)
{
	char text[80];
	unsigned n = logger.folded;

	logger.last_fmt = NULL;
	logger.folded = 0;
	if (n == 0)
		return;
	snprintf(text, sizeof(text), "… %u more of these in %lld s", n,
	    (long long)(logger.last_ms - logger.since_ms) / 1000);
	put_line(logger.last_level, text);
}

void
log_turn(void)
{
	if (logger.folded > 0 && clock_mono_ms() - logger.since_ms >= FOLD_MS)
		log_flush();
}

__attribute__((format(printf, 2, 0)))
static void
log_line(enum log_level level, const char *fmt, va_list ap)
{
	char text[LINE_MAX_BYTES];
	int64_t now;

	if (!log_wants(level))
		return;
	now = clock_mono_ms();
	if ((level == LOG_WARN || level == LOG_INFO) && level == logger.last_level &&
	    fmt == logger.last_fmt && now - logger.since_ms < FOLD_MS) {
		logger.folded++;
		logger.last_ms = now;
		return;
	}
	log_flush();
	vsnprintf(text, sizeof(text), fmt, ap);
	put_line(level, text);
	logger.last_fmt = fmt;
	logger.last_level = level;
	logger.since_ms = now;
}

#define LOG_AT(name, level)			\
void						\
name(const char *fmt, ...)			\
{						\
	va_list ap;				\
						\
	va_start(ap, fmt);			\
	log_line(level, fmt, ap);		\
	va_end(ap);				\
}

LOG_AT(log_error, LOG_ERROR)
LOG_AT(log_warn, LOG_WARN)
LOG_AT(log_info, LOG_INFO)
LOG_AT(log_debug, LOG_DEBUG)
