/* SPDX-License-Identifier: BSD-2-Clause */
/* The words of the pages. */
#include "publish/words.h"

#define W(id, en, hant, hans) [id] = {(en), (hant), (hans)},
static const char *const all[WORD_COUNT][TONGUE_COUNT] = {WORDS(W)};
#undef W

static const struct {
	const char *tag, *name, *file;
} tongues[TONGUE_COUNT] = {
    {"en", "English", "index.html"},
    {"zh-Hant", "繁體中文", "zh-hant.html"},
    {"zh-Hans", "简体中文", "zh-hans.html"},
};

const char *word(enum tongue t, enum word_id w)
{
	return all[w][t];
}

const char *tongue_tag(enum tongue t)
{
	return tongues[t].tag;
}

const char *tongue_name(enum tongue t)
{
	return tongues[t].name;
}

const char *tongue_file(enum tongue t)
{
	return tongues[t].file;
}
