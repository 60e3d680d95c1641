/* SPDX-License-Identifier: BSD-2-Clause */
/* The table of places for keys (SP 800-73-5 part 1, table 4b) and the words for policies. */
#include "client/slot.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define RETIRED_FIRST 0x82
#define RETIRED_LAST  0x95

static const struct {
	uint8_t ref, id;
	const char *word, *use;
} rows[] = {
    {0x9A, 1, "auth", MSG_ID("authentication")},
    {0x9C, 2, "sign", MSG_ID("digital signature")},
    {0x9D, 3, "decrypt", MSG_ID("key management")},
    {0x9E, 4, "card", MSG_ID("card authentication")},
};
#define ROWS (sizeof rows / sizeof rows[0])

static long number(const char *text)
{
	char *end;
	long n = strtol(text, &end, 16);

	return *text && !*end ? n : -1;
}

uint8_t slot_by_name(const char *name)
{
	long n = number(name);

	for (size_t i = 0; i < ROWS; i++)
		if (n == rows[i].ref || !strcasecmp(name, rows[i].word))
			return rows[i].ref;
	return n >= RETIRED_FIRST && n <= RETIRED_LAST ? (uint8_t)n : 0;
}

uint8_t slot_by_id(const char *id)
{
	/* CKA_ID is one byte: 0001 is another object's. */
	long n = strlen(id) <= 2 ? number(id) : -1;

	for (size_t i = 0; i < ROWS; i++)
		if (n == rows[i].id)
			return rows[i].ref;
	if (n >= 5 && n <= 5 + RETIRED_LAST - RETIRED_FIRST)
		return (uint8_t)(RETIRED_FIRST + n - 5);
	return 0;
}

uint8_t slot_id(uint8_t ref)
{
	for (size_t i = 0; i < ROWS; i++)
		if (rows[i].ref == ref)
			return rows[i].id;
	if (ref >= RETIRED_FIRST && ref <= RETIRED_LAST)
		return (uint8_t)(ref - RETIRED_FIRST + 5);
	return 0;
}

#define SIXTEEN(high)                                                                              \
	high "0", high "1", high "2", high "3", high "4", high "5", high "6", high "7", high "8",  \
	    high "9", high "a", high "b", high "c", high "d", high "e", high "f"
static const char names[256][3] = {SIXTEEN("0"), SIXTEEN("1"), SIXTEEN("2"), SIXTEEN("3"),
    SIXTEEN("4"), SIXTEEN("5"), SIXTEEN("6"), SIXTEEN("7"), SIXTEEN("8"), SIXTEEN("9"),
    SIXTEEN("a"), SIXTEEN("b"), SIXTEEN("c"), SIXTEEN("d"), SIXTEEN("e"), SIXTEEN("f")};

const char *slot_name(uint8_t ref)
{
	return names[ref];
}

const char *slot_use(uint8_t ref)
{
	for (size_t i = 0; i < ROWS; i++)
		if (rows[i].ref == ref)
			return rows[i].use;
	return ref == 0xF9 ? MSG_ID("attestation") : MSG_ID("retired key management");
}

enum outcome slot_chosen(
    const struct job *job, const char *slot, const char *id, uint8_t fallback, uint8_t *out)
{
	*out = slot ? slot_by_name(slot) : id ? slot_by_id(id) : fallback;
	if (slot && id && slot_by_name(slot) != slot_by_id(id))
		return ui_fail(job->ui, OUT_USAGE, "options-exclude",
		    MSG("--slot and --id name two places"), MSG("Give one of them."));
	if (*out)
		return OUT_OK;
	if (slot || id)
		return ui_fail(job->ui, OUT_USAGE, "slot-unknown",
		    MSG("There is no place for keys named '{slot}'",
			P_TEXT("slot", slot ? slot : id)),
		    MSG("Slots are 9a, 9c (signature), 9d, 9e, 82 to 95; ids are 01, 02, 03, 04, "
			"05 to "
			"18."));
	return ui_fail(job->ui, OUT_USAGE, "slot-missing", MSG("Say which place: --slot"),
	    MSG("9c is the place of the signature key: --slot 9c."));
}

static const char *const pin_words[] = {
    "default", MSG_ID("never"), MSG_ID("once"), MSG_ID("always")};
static const char *const touch_words[] = {"default", "never", "always", "cached"};
static const char *const origin_words[] = {
    MSG_ID("unknown"), MSG_ID("generated"), MSG_ID("imported")};

static enum outcome policy(const struct job *job, const char *word, const char *const words[4],
    const char *option, uint8_t *out)
{
	*out = 0;
	for (uint8_t i = 0; word && i < 4; i++) {
		if (strcmp(word, words[i]))
			continue;
		*out = i;
		return OUT_OK;
	}
	if (!word)
		return OUT_OK;
	return ui_fail(job->ui, OUT_USAGE, "value-unknown",
	    MSG("{option} takes {words}, {words2} or {words3}", P_TEXT("option", option),
		P_TEXT("words", words[1]), P_TEXT("words2", words[2]), P_TEXT("words3", words[3])),
	    NULL);
}

enum outcome slot_pin_policy(const struct job *job, const char *word, enum pin_policy *out)
{
	uint8_t n;
	enum outcome code = policy(job, word, pin_words, "--pin-policy", &n);

	*out = (enum pin_policy)n;
	return code;
}

enum outcome slot_touch_policy(const struct job *job, const char *word, enum touch_policy *out)
{
	uint8_t n;
	enum outcome code = policy(job, word, touch_words, "--touch-policy", &n);

	*out = (enum touch_policy)n;
	return code;
}

const char *slot_pin_word(unsigned p)
{
	return p && p < 4 ? pin_words[p] : "unknown";
}

const char *slot_touch_word(unsigned p)
{
	return p && p < 4 ? touch_words[p] : "unknown";
}

const char *slot_origin_word(unsigned o)
{
	return o < 3 ? origin_words[o] : "unknown";
}
