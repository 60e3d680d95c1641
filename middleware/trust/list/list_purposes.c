/* SPDX-License-Identifier: BSD-2-Clause */
/* Purposes in trust lists: one row each. */
#include "trust/list/list_purposes.h"

#include <string.h>

#include "trust/list/set.h"
#include "util/message.h"

static const struct {
	const char *name;
	enum trust_purpose purpose;
	const char *one, *more;
} rows[LIST_PURPOSES] = {
    {"ecert-signing", TRUST_ECERT_SIGNING, MSG_ID("{n} CA of signers"),
	MSG_ID("{n} CAs of signers")},
    {"tsa", TRUST_TSA, MSG_ID("{n} time-stamping authority, or its CA"),
	MSG_ID("{n} time-stamping authorities, or their CAs")},
    {"trustmark-issuer", TRUST_MARK_ISSUER, MSG_ID("{n} issuer of trust marks"),
	MSG_ID("{n} issuers of trust marks")},
    {"trustmark-owner", TRUST_MARK_OWNER, MSG_ID("{n} owner of types of trust marks"),
	MSG_ID("{n} owners of types of trust marks")},
    {"attestation-root", TRUST_ATTESTATION, MSG_ID("{n} root of token makers"),
	MSG_ID("{n} roots of token makers")},
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

const char *list_purpose_words(size_t i, const char **one)
{
	*one = rows[i].one;
	return rows[i].more;
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
