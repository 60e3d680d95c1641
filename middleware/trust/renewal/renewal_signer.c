/* SPDX-License-Identifier: BSD-2-Clause */
/* A request against who signs it: the business number, and the mark that is to be renewed. */
#include <string.h>

#include "document/json.h"
#include "document/jose/jws.h"
#include "trust/claims.h"
#include "trust/mark/mark.h"
#include "trust/renewal/renewal_priv.h"

static size_t digits(const char *from, char *to, size_t size)
{
	size_t n = 0;

	for (; *from && n + 1 < size; from++)
		if (*from >= '0' && *from <= '9')
			to[n++] = *from;
	to[n] = 0;
	return n;
}

/* The certificate holds 16 digits, people write the first 8 or 11. */
bool renewal_business_check(const char *claimed, const char *certified, struct report *rep)
{
	char a[48], b[48];
	size_t n = digits(claimed ? claimed : "", a, sizeof a);
	size_t m = digits(certified, b, sizeof b);
	size_t least;
	bool ok;

	if (n == 0 || m == 0) {
		report_add(rep, CHK_BUSINESS_NUMBER, CHECK_SKIPPED,
		    MSG(m ? MSG_ID("the request names none")
			  : MSG_ID("the certificate names none")));
		return true;
	}
	least = n < m ? n : m;
	ok = least >= 8 && strncmp(a, b, least) == 0;
	return report_test(rep, CHK_BUSINESS_NUMBER, ok,
	    MSG(ok ? MSG_ID("the certificate's") : MSG_ID("it is not the certificate's")));
}

/* The mark is one, and of the merchant, issuer and type that the request names. */
static const char *mark_defect(const json_t *file, struct rd prev)
{
	static const struct {
		const char *claim, *field, *why;
	} row[] = {
	    {"sub", "merchant", MSG_ID("it is the mark of another merchant")},
	    {"iss", "issuer", MSG_ID("it is the mark of another issuer")},
	    {"trust_mark_type", "trust_mark_type", MSG_ID("it is a mark of another type")},
	};
	const struct jws_rules rules = {.typ = TRUST_MARK_TYP};
	struct jws *j = NULL;
	const char *why = NULL;

	if (jws_parse(prev, &rules, &j, NULL) != ECERT_OK)
		return MSG_ID("it is no trust mark");
	for (size_t i = 0; !why && i < sizeof row / sizeof row[0]; i++) {
		const char *have = jws_str(j, row[i].claim);
		const char *want = json_string_value(json_object_get(file, row[i].field));

		if (!have || !want || strcmp(have, want) != 0)
			why = row[i].why;
	}
	jws_free(&j);
	return why;
}

bool renewal_check_signer(struct rd json, struct rd cert, struct rd prev, struct report *rep)
{
	struct identity who;
	json_t *file = json_read(json, NULL);
	const char *why = NULL;
	bool ok = file && identity_read(cert, &who) == ECERT_OK;

	if (!ok)
		report_add(rep, CHK_BUSINESS_NUMBER, CHECK_FAILED,
		    MSG("the request or the certificate cannot be read"));
	else
		ok = renewal_business_check(
		    json_string_value(json_object_get(file, "br_no")), who.br, rep);
	if (file && prev.n) {
		why = mark_defect(file, prev);
		ok = report_test(rep, CHK_PREVIOUS_MARK, !why, why ? MSG(why) : MSG_EMPTY) && ok;
	}
	json_decref(file);
	return ok;
}
