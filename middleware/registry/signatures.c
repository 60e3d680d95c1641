/* SPDX-License-Identifier: BSD-2-Clause */
/* Keys of the issuer, and everything signed in a register against the keys that are on record. */
#include <string.h>

#include "document/jose/jws.h"
#include "registry/registry_priv.h"
#include "trust/mark/mark.h"
#include "trust/renewal/renewal.h"
#include "util/text.h"

#define PAGE 200

/* Columns of both: the text, and its SHA-256. */
static bool is_hashed(struct store_rows *rows, struct rd *text)
{
	const char *jws = store_get_text(rows, 1), *sha256 = store_get_text(rows, 2);
	char have[44] = "";

	*text = rd_of(jws, jws ? strlen(jws) : 0);
	return jws && sha256 && jws_sha256(*text, have) == ECERT_OK && !strcmp(have, sha256);
}

/* The request is what was hashed, and is signed with the certificate beside it. */
static const char *request_defect(struct store_rows *rows)
{
	struct rd text, cert = store_get_blob(rows, 3);
	struct jws *j = NULL;
	const char *why = NULL;

	if (!is_hashed(rows, &text))
		return MSG_ID("this request is not the one of its SHA-256");
	if (jws_parse(text, &(struct jws_rules){.typ = RENEWAL_TYP, .need_x5c = true}, &j, NULL) !=
		ECERT_OK ||
	    !rd_equal(buf_view(&j->x5c[0]), cert) || jws_check_cert(j, cert) != ECERT_OK)
		why = MSG_ID("this request is not signed with the certificate beside it");
	jws_free(&j);
	return why;
}

/* The mark is what was hashed, is signed with a key of the issuer, and names its request. */
static const char *mark_defect(struct store_rows *rows)
{
	const char *request = store_get_text(rows, 4), *named, *kid = store_get_text(rows, 5);
	struct rd text, cert = store_get_blob(rows, 3);
	struct jws *j = NULL;
	const char *why = NULL;

	if (!is_hashed(rows, &text))
		return MSG_ID("this mark is not the one of its SHA-256");
	if (jws_parse(text, &(struct jws_rules){.typ = TRUST_MARK_TYP, .need_kid = true}, &j,
		NULL) != ECERT_OK ||
	    !kid || strcmp(j->kid, kid) != 0 || jws_check_cert(j, cert) != ECERT_OK) {
		why = MSG_ID("this mark is not signed with a key of the issuer's");
	} else {
		named = jws_str(j, "hktm_request");
		if (!named || !request || strcmp(named, request) != 0)
			why = MSG_ID("this mark was granted for another request");
	}
	jws_free(&j);
	return why;
}

static enum ecert_rc look(struct registry *r, const char *part, const char *sql,
    const char *(*defect)(struct store_rows *rows), struct registry_check *out)
{
	int64_t after = 0;
	size_t n = PAGE;
	enum ecert_rc rc = ECERT_OK;

	while (rc == ECERT_OK && n == PAGE && !out->why) {
		struct store_rows *rows;

		rc = STORE_QUERY(r->store, &rows, sql, store_int(after), store_int(PAGE));
		for (n = 0; rc == ECERT_OK && !out->why; n++) {
			rc = store_next(rows);
			if (rc != ECERT_OK)
				break;
			after = store_get_int(rows, 0);
			out->why = defect(rows);
			if (!out->why)
				continue;
			out->bad = after;
			text_copy(out->part, sizeof out->part, part);
		}
		store_done(&rows);
		if (rc == ECERT_E_NOT_FOUND)
			rc = ECERT_OK;
	}
	return rc;
}

enum ecert_rc registry_check_signatures(struct registry *r, struct registry_check *out)
{
	enum ecert_rc rc = look(r, "applications",
	    "SELECT id, text, sha256, cert FROM applications WHERE id > ? ORDER BY id LIMIT ?",
	    request_defect, out);

	if (rc == ECERT_OK)
		rc = look(r, "marks",
		    "SELECT k.id, k.text, k.sha256, (SELECT y.cert FROM keys y WHERE y.kid = k.kid "
		    "AND y.used = 'grant' ORDER BY y.id LIMIT 1), a.sha256, k.kid FROM marks k "
		    "JOIN applications a ON a.id = k.application WHERE k.id > ? ORDER BY k.id "
		    "LIMIT ?",
		    mark_defect, out);
	return rc;
}
