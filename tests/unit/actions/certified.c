/* SPDX-License-Identifier: BSD-2-Clause */
/* A token that can sign. */
#include "tests/unit/actions/certified.h"

#include <openssl/x509.h>

#include "provision/certput.h"
#include "tests/unit/document/pki.h"

void certify(struct deed *d, const char *mgm, time_t until)
{
	const struct token_newkey spec = {.ref = 0x9C, .alg = KEY_P256};
	struct pki_id ca, own;
	struct rd list;
	struct pubkey *pub = NULL;
	struct prov p;

	assert_int_equal(prov_open(&d->job, &p), OUT_OK);
	assert_int_equal(prov_login_mgm(&p, mgm), OUT_OK);
	assert_int_equal(token_key_generate(&p.at, &spec, &pub), ECERT_OK);
	pki_make(&(struct pki_spec){.cn = "CA", .ca = true, .until = until}, &ca);
	pki_make(&(struct pki_spec){.cn = "WONG Mei",
		     .ou = {"0012345678000123"
			    "00123456"},
		     .issuer = &ca,
		     .usage = "digitalSignature",
		     .from = until - 300 * DAY,
		     .until = until,
		     .use_key = pubkey_evp(pub)},
	    &own);
	assert_int_equal(cert_put(&p, 0x9C, own.der), OUT_OK);
	pki_write_pem(deed_file(d, "ca.pem", NULL), &ca);
	pki_write_pem(deed_file(d, "own.pem", NULL), &own);
	list = pki_crl(&ca, NULL, time(NULL) - DAY, time(NULL) + DAY, NULL);
	pki_write(deed_file(d, "ca.crl", NULL), list);
	OPENSSL_free((void *)(uintptr_t)list.p);
	pki_free(&own);
	pki_free(&ca);
	pubkey_free(&pub);
	prov_close(&p);
}
