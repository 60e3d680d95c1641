/* SPDX-License-Identifier: BSD-2-Clause */
/* The names of levels and profiles. */
#include "document/extend/level.h"

#include <stddef.h>
#include <string.h>

static const char *const names[DOC_LEVEL_COUNT] = {"", "B", "T", "LT", "LTA"};

static const char *const profiles[][DOC_LEVEL_COUNT] = {
    {"", "CAdES-B-B", "CAdES-B-T", "CAdES-B-LT", "CAdES-B-LTA"},
    {"", "PAdES-B-B", "PAdES-B-T", "PAdES-B-LT", "PAdES-B-LTA"},
    {"", "XAdES-B-B", "XAdES-B-T", "XAdES-B-LT", "XAdES-B-LTA"},
    {"", "JAdES-B-B", "JAdES-B-T", "JAdES-B-LT", "JAdES-B-LTA"},
};
#define FAMILIES (sizeof profiles / sizeof profiles[0])

const char *doc_level_name(enum doc_level level)
{
	return names[level];
}

enum doc_level doc_level_named(const char *name)
{
	for (int i = DOC_LEVEL_B; i < DOC_LEVEL_COUNT; i++)
		if (!strcmp(names[i], name))
			return (enum doc_level)i;
	return DOC_LEVEL_NONE;
}

const char *doc_level_profile(const char *profile, enum doc_level level)
{
	for (size_t i = 0; profile && level && i < FAMILIES; i++)
		for (int k = DOC_LEVEL_B; k < DOC_LEVEL_COUNT; k++)
			if (!strcmp(profiles[i][k], profile))
				return profiles[i][level];
	return profile;
}

enum doc_level doc_level_of_profile(const char *profile)
{
	for (size_t i = 0; profile && i < FAMILIES; i++)
		for (int k = DOC_LEVEL_B; k < DOC_LEVEL_COUNT; k++)
			if (!strcmp(profiles[i][k], profile))
				return (enum doc_level)k;
	return DOC_LEVEL_NONE;
}
