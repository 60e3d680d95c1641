/* SPDX-License-Identifier: BSD-2-Clause */
/* Certificates: whatever is read, no text that comes out can move a cursor or forge a line. */
#include "crypto/cert/x509.h"
#include "fuzz.h"

/* Printable: no C0 control, no DEL. */
static void text(struct buf *b)
{
	struct rd t = buf_view(b);

	for (size_t i = 0; i < t.n; i++)
		REQUIRE(t.p[i] >= 0x20 && t.p[i] != 0x7F);
	buf_reset(b);
}

static void names(const X509 *x, struct buf *b)
{
	const X509_NAME *name = X509_get_subject_name(x);

	for (int nid = 13; nid < 20; nid++) {
		for (size_t i = 0; x509_name_value(name, nid, i, b) == ECERT_OK; i++)
			text(b);
	}
	if (x509_name_line(name, b) == ECERT_OK)
		text(b);
	buf_reset(b);
	if (x509_email(x, b) == ECERT_OK)
		text(b);
	buf_reset(b);
	REQUIRE(x509_serial(x, b) == ECERT_OK);
	text(b);
}

static void facts(X509 *x)
{
	char oid[X509_OID_TEXT];
	struct x509_facts f;
	struct pubkey *k;
	bool has;

	if (x509_facts(x, &f) == ECERT_OK)
		REQUIRE(f.has_key_usage || f.key_usage == 0);
	for (size_t i = 0; x509_policy(x, i, oid) == ECERT_OK; i++)
		REQUIRE(oid[0] >= '0' && oid[0] <= '2');
	for (size_t i = 0; x509_eku(x, i, oid) == ECERT_OK; i++)
		REQUIRE(x509_has_eku(x, oid, &has) && has);
	if (x509_pubkey(x, &k) == ECERT_OK)
		REQUIRE(x509_matches(x, k));
	pubkey_free(&k);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct buf b = BUF_INIT(1 << 17);
	struct cert_parts c;
	struct rd id;
	X509 *x;

	if (cert_walk(rd_of(data, size), &c) == ECERT_OK && cert_key_id(&c, &id) == ECERT_OK)
		REQUIRE(id.n <= size);
	if (cert_label(rd_of(data, size), &b) == ECERT_OK)
		text(&b);
	buf_reset(&b);
	if (x509_parse(rd_of(data, size), &x) == ECERT_OK) {
		names(x, &b);
		facts(x);
	}
	X509_free(x);
	buf_free(&b);
	return 0;
}
