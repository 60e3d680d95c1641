/* SPDX-License-Identifier: BSD-2-Clause */
/* HTML, SVG and CSV out of what others wrote. */
#ifndef ECERT_PUBLISH_WEB_H
#define ECERT_PUBLISH_WEB_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "util/buf.h"

/* Text for content and for a quoted attribute: escaped, and what may not be shown (util/text.h)
 * becomes '?'. NULL is nothing. */
void web_text(struct buf *b, const char *text);
/* The same of a JSON scalar, a number with its own digits. */
void web_scalar(struct buf *b, const json_t *v);
/* Parts in order: those at even places as they are, those at odd ones by web_text. */
void web_parts(struct buf *b, const char *const *parts, size_t n);
#define web_put(b, ...)                                                                            \
	web_parts((b), (const char *const[]){__VA_ARGS__},                                         \
	    sizeof((const char *const[]){__VA_ARGS__}) / sizeof(const char *))
void web_number(struct buf *b, int64_t n);
/* <time>: the day, in UTC. */
void web_day(struct buf *b, int64_t t);
/* <time>: the minute, in UTC. */
void web_minute(struct buf *b, int64_t t);
/* A link to what a member named when it is one that cannot run anything: https, or an address of
 * mail; its text otherwise. label NULL: the address itself, without https://. */
void web_link(struct buf *b, const char *to, const char *label);
bool web_is_https(const char *url);
bool web_is_mail(const char *text);

/* A CSV cell in quotes that no spreadsheet takes for a formula. */
void csv_cell(struct buf *b, const char *text);

#endif
