/* SPDX-License-Identifier: BSD-2-Clause */
/* Counting what is in a SignedData (RFC 5652, 5.1 and 5.3), by a walk over its bytes. */
#include "document/cms/form/cades_limits.h"

#include <string.h>

#include "document/ber.h"
#include "document/cms/cades.h"
#include "util/message.h"

/* Honest files have a dozen of each; archives with time stamps some dozens. */
#define MANY	 256
#define CERT_MAX 65536 /* as identity_read; the largest real ones are below 10 kB */

/* As the sentences below say. */
_Static_assert(MANY == 256 && CADES_MAX_SIGNERS == 16 && CERT_MAX == 64 << 10, "limits in words");

#define SEQUENCE 0x30
#define SET	 0x31

/* At most `most` values, none longer than `size`. */
static bool within(struct rd list, unsigned most, size_t size)
{
	struct ber b;
	unsigned n = 0;

	while (ber_next(&list, &b) == ECERT_OK)
		if (++n > most || b.whole.n > size)
			return false;
	return true;
}

/* Attributes, and the values of each. */
static const char *attributes(struct rd list)
{
	struct rd attribute, type, values;

	if (!within(list, MANY, SIZE_MAX))
		return MSG_ID("a signer has more than 256 attributes");
	while (ber_expect(&list, SEQUENCE, &attribute) == ECERT_OK)
		if (ber_expect(&attribute, 0x06, &type) == ECERT_OK &&
		    ber_expect(&attribute, SET, &values) == ECERT_OK &&
		    !within(values, MANY, SIZE_MAX))
			return MSG_ID("an attribute has more than 256 values");
	return NULL;
}

static const char *signer(struct rd info)
{
	struct ber b;
	const char *why = NULL;

	/* The second one says who it is, by a name of any number of parts. */
	for (unsigned i = 0; !why && ber_next(&info, &b) == ECERT_OK; i++) {
		if (i == 1 && b.whole.n > CERT_MAX)
			why = MSG_ID("a signer's name is longer than 64 KiB");
		else if (i > 1 && (b.tag == 0xA0 || b.tag == 0xA1))
			why = attributes(b.value);
	}
	return why;
}

static const char *signers(struct rd list)
{
	struct rd info;
	const char *why = NULL;

	if (!within(list, CADES_MAX_SIGNERS, SIZE_MAX))
		return MSG_ID("there are more than 16 signers");
	while (!why && ber_expect(&list, SEQUENCE, &info) == ECERT_OK)
		why = signer(info);
	return why;
}

static const char *signed_data(struct rd data)
{
	struct rd version, algorithms, content;
	struct ber b;
	const char *why = NULL;

	if (ber_expect(&data, 0x02, &version) != ECERT_OK ||
	    ber_expect(&data, SET, &algorithms) != ECERT_OK ||
	    ber_expect(&data, SEQUENCE, &content) != ECERT_OK)
		return NULL;
	if (!within(algorithms, MANY, CERT_MAX))
		return MSG_ID("there are more than 256 digest algorithms");
	while (!why && ber_next(&data, &b) == ECERT_OK) {
		if (b.tag == 0xA0 && !within(b.value, MANY, SIZE_MAX))
			why = MSG_ID("there are more than 256 certificates");
		else if (b.tag == 0xA0 && !within(b.value, MANY, CERT_MAX))
			why = MSG_ID("a certificate is larger than 64 KiB");
		else if (b.tag == 0xA1 && !within(b.value, MANY, SIZE_MAX))
			why = MSG_ID("there are more than 256 CRLs");
		else if (b.tag == SET)
			why = signers(b.value);
	}
	return why;
}

const char *cades_limits_defect(struct rd der)
{
	static const uint8_t id_signed[] = {0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1, 7, 2};
	struct rd info, type, tagged, data;

	if (ber_expect(&der, SEQUENCE, &info) != ECERT_OK ||
	    ber_expect(&info, 0x06, &type) != ECERT_OK ||
	    !rd_equal(type, rd_of(id_signed, sizeof id_signed)) ||
	    ber_expect(&info, 0xA0, &tagged) != ECERT_OK ||
	    ber_expect(&tagged, SEQUENCE, &data) != ECERT_OK)
		return NULL;
	return signed_data(data);
}
