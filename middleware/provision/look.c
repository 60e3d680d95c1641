/* SPDX-License-Identifier: BSD-2-Clause */
/* What our own card layer knows of a token that a person uses through PKCS#11. */
#include "provision/look.h"

#include "provision/cardio.h"
#include "provision/chainobj.h"
#include "provision/prov.h"

static int pin_tries(const struct job *job, const char *reader)
{
	struct prov p;
	int tries;

	if (prov_open_reader(job, reader, &p) != ECERT_OK)
		return -1;
	tries = p.info.pin_tries;
	prov_close(&p);
	return tries;
}

static int puk_tries(const struct job *job, const char *reader)
{
	struct prov p;
	int tries;

	if (prov_open_reader(job, reader, &p) != ECERT_OK)
		return -1;
	tries = cardio_puk_tries(job, p.slot.reader);
	prov_close(&p);
	return tries;
}

static enum ecert_rc authorities(const struct job *job, const char *reader, STACK_OF(X509) * to)
{
	struct prov p;
	enum ecert_rc rc;

	if (prov_open_reader(job, reader, &p) != ECERT_OK)
		return ECERT_OK;
	rc = chain_object_get(&p, to);
	prov_close(&p);
	return rc;
}

const struct look provision_look = {
    .pin_tries = pin_tries, .puk_tries = puk_tries, .authorities = authorities};
