/* SPDX-License-Identifier: BSD-2-Clause */
/* Purposes in trust lists: one row each. */
#include "trust/list/list_purposes.h"

#include <string.h>

#include "trust/list/set.h"

static const struct {
	const char *name;
	enum trust_purpose purpose;
} rows[LIST_PURPOSES] = {
    {"ecert-signing", TRUST_ECERT_SIGNING},
    {"tsa", TRUST_TSA},
    {"trustmark-issuer", TRUST_MARK_ISSUER},
    {"trustmark-owner", TRUST_MARK_OWNER},
    {"attestation-root", TRUST_ATTESTATION},
};

bool list_purposes_get(const json_t *words, unsigned *out)
{
	size_t i;
	json_t *item;

	*out = 0;
	json_array_foreach(words, i, item)
	{
		const char *text = json_string_value(item);
		unsigned bit = 0;

		for (size_t k = 0; text && k < LIST_PURPOSES; k++)
			if (strcmp(rows[k].name, text) == 0)
				bit = rows[k].purpose;
		if (!bit)
			return false;
		*out |= bit;
	}
	return *out != 0;
}

const char *list_purpose_name(size_t i)
{
	return rows[i].name;
}

struct message list_purpose_words(size_t i, size_t n)
{
	switch (rows[i].purpose) {
	case TRUST_ECERT_SIGNING:
		return *MSG_N("{n} CA of signers", "{n} CAs of signers", n);
	case TRUST_TSA:
		return *MSG_N("{n} time-stamping authority, or its CA",
		    "{n} time-stamping authorities, or their CAs", n);
	case TRUST_MARK_ISSUER:
		return *MSG_N("{n} issuer of trust marks", "{n} issuers of trust marks", n);
	case TRUST_MARK_OWNER:
		return *MSG_N(
		    "{n} owner of types of trust marks", "{n} owners of types of trust marks", n);
	default:
		return *MSG_N("{n} root of token makers", "{n} roots of token makers", n);
	}
}

void list_purposes_count(const json_t *entries, size_t n[LIST_PURPOSES])
{
	size_t i;
	json_t *item;

	memset(n, 0, LIST_PURPOSES * sizeof *n);
	json_array_foreach(entries, i, item)
	{
		unsigned purposes = 0;

		if (!list_purposes_get(json_object_get(item, "purposes"), &purposes))
			continue;
		for (size_t k = 0; k < LIST_PURPOSES; k++)
			n[k] += (purposes & rows[k].purpose) != 0;
	}
}
