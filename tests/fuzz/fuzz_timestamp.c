/* SPDX-License-Identifier: BSD-2-Clause */
/* Time-stamp tokens: read, their signature checked, and the hash index of an archive's compared
 * with a document, which is the token itself. */
#include <openssl/err.h>
#include <stdlib.h>

#include "document/cms/stamp/cades_stamps.h"
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct doc_verify_options o = {.now = 1780000000};
	struct cades_material *m = calloc(1, sizeof *m);
	struct cades_brought b = {.certs = NULL};
	struct cades_signer_parts signer;
	struct cades_token t;
	struct report rep;
	enum reason why = REASON_NONE;
	const char *defect = cades_token_read(rd_of(data, size), NULL, &t, &why);

	REQUIRE(m);
	REQUIRE(!defect || why == REASON_STAMP_UNREADABLE);
	if (!defect) {
		REQUIRE(t.when > 0 && t.info && t.content.n);
		report_init(&rep);
		cades_material_add(m, &t.opened, &t.parts);
		if (cades_parts_signer(&t.parts, 0, &signer))
			cades_material_add_values(m, signer.attributes, NULL);
		REQUIRE(m->n <= CADES_MATERIAL_MAX);
		REQUIRE(cades_material_pick(m, t.index.md ? &t.index : NULL, &b));
		(void)cades_token_check(&t, b.certs, &o, &rep);
		REQUIRE(!rep.overflow);
		if (t.index.md)
			(void)cades_index_misfit(&t.index, &t.parts, signer.attributes);
	}
	cades_brought_free(&b);
	cades_material_free(m);
	free(m);
	cades_token_free(&t);
	ERR_clear_error();
	return 0;
}
