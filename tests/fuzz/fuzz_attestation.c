/* SPDX-License-Identifier: BSD-2-Clause */
/* Attestation: a statement and the certificates after it, one behind the other as DER. */
#include "document/identity.h"
#include "fuzz.h"
#include "trust/attestation/attestation.h"
#include "trust/path/check.h"
#include "util/tlv.h"

static size_t split(struct rd in, struct rd *certs, size_t max)
{
	size_t n = 0;
	while (n < max) {
		struct rd before = in;
		struct tlv t;
		if (tlv_next(&in, &t) != ECERT_OK)
			break;
		certs[n++] = rd_of(before.p, before.n - in.n);
	}
	return n;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct rd certs[ATTESTATION_MAX + 1];
	struct attestation a;
	struct identity id;
	struct trust_set *s = NULL;
	struct report rep;
	struct message_kept kept;
	char why[64];
	size_t n = split(rd_of(data, size), certs, ATTESTATION_MAX + 1);
	if (n == 0)
		return 0;
	report_init(&rep);
	REQUIRE(trust_set_new(&s) == ECERT_OK);
	if (n > 1 &&
	    trust_set_add_der(s, certs[n - 1], TRUST_ATTESTATION, TRUST_FROM_LIST, NULL) ==
		ECERT_OK &&
	    attestation_check(s, certs[0], certs + 1, n - 1, 1780000000, &a, &rep))
		/* A TEST root from a list is never trusted. */
		REQUIRE(!a.test_root && report_verdict(&rep) == VERDICT_PASSED);
	trust_set_free(&s);
	if (attestation_read(certs[0], &a) == ECERT_OK) {
		json_t *j = attestation_json(&a);
		REQUIRE(j);
		json_decref(j);
	}
	if (identity_read(certs[0], &id) == ECERT_OK) {
		json_t *j = identity_json(&id);
		REQUIRE(j);
		json_decref(j);
	}
	bool may = trust_may_sign(certs[0], 1780000000, &kept);
	message_kept_text(&kept, NULL, why, sizeof why);
	REQUIRE(may == !why[0]);
	return 0;
}
