/* SPDX-License-Identifier: BSD-2-Clause */
/* A document that is to be signed: read twice, as it is, and with everything in place but the
 * signature. */
#include "document/xml/sign/look/look.h"

#include <string.h>

#include "document/xml/names.h"
#include "document/xml/sign/look/canon.h"
#include "document/xml/sign/look/place.h"
#include "document/xml/sign/look/scan.h"
#include "document/xml/sign/look/there.h"

static bool begins(struct rd file, const char *bytes, size_t n)
{
	return file.n >= n && !memcmp(file.p, bytes, n);
}

/* UTF-16 and UTF-32 (XML 1.0, appendix F.1): their ASCII characters are no single bytes. */
static bool is_wide(struct rd file)
{
	return begins(file, "\xFE\xFF", 2) || begins(file, "\xFF\xFE", 2) ||
	       begins(file, "\0<", 2) || begins(file, "<\0", 2) || begins(file, "\0\0", 2);
}

/* What is known without a parser. Errors: ECERT_E_TOO_LARGE. */
static enum ecert_rc look_at_bytes(struct rd file, enum xsign_refusal *why)
{
	struct xsign_where where;
	enum ecert_rc rc;

	*why = XSIGN_GOOD;
	if (file.n > XSIGN_FILE_MAX)
		return ECERT_E_TOO_LARGE;
	if (is_wide(file)) {
		*why = XSIGN_ENCODING;
		return ECERT_OK;
	}
	rc = xsign_scan(file, SIZE_MAX, &where);
	if (rc == ECERT_E_UNSUPPORTED)
		*why = XSIGN_DOCTYPE;
	else if (rc == ECERT_E_MALFORMED)
		*why = XSIGN_BROKEN;
	return rc == ECERT_E_TOO_LARGE ? rc : ECERT_OK;
}

static enum ecert_rc find_place(struct rd file, xmlDoc *doc, enum xsign_profile profile,
    struct xsign_shape *shape, struct buf *values, enum xsign_refusal *why)
{
	xmlNode *in = NULL;
	bool same = false;
	enum ecert_rc rc = there_same_ids(doc, &same);

	*why = same ? XSIGN_SAME_IDS : XSIGN_GOOD;
	if (rc == ECERT_OK && !same)
		rc = place_find(file, doc, profile, shape, &in, why);
	if (rc == ECERT_OK && *why == XSIGN_GOOD && there_would_break(doc, in, shape->place))
		*why = XSIGN_COVERED;
	if (rc == ECERT_OK && *why == XSIGN_GOOD)
		rc = there_values(doc, &shape->signatures, values);
	return rc;
}

/* The file with what is around the signature, and what is digested of that. */
static enum ecert_rc digested(
    struct rd file, const struct xsign_shape *shape, struct buf *out, enum xsign_refusal *why)
{
	struct buf whole = BUF_INIT(file.n + (64u << 10));
	size_t at = (size_t)shape->at, behind = at + xsign_shape_dropped(shape);
	xmlDoc *doc = NULL;
	enum ecert_rc rc;

	buf_put(&whole, file.p, at);
	xsign_shape_before(shape, &whole);
	xsign_shape_behind(shape, &whole);
	buf_put(&whole, file.p + behind, file.n - behind);
	rc = buf_rc(&whole);
	if (rc == ECERT_OK)
		rc = tree_read(buf_view(&whole), &doc, why);
	if (rc == ECERT_OK && *why == XSIGN_GOOD)
		rc = shape->place == XSIGN_AT_END
			 ? canon_without(doc, "Signature", XMLN_DSIG, out)
			 : canon_without(doc, "UBLDocumentSignatures", XMLN_UBL_SIG, out);
	buf_free(&whole);
	xmlFreeDoc(doc);
	if (rc != ECERT_E_UNSUPPORTED)
		return rc;
	*why = XSIGN_RELATIVE;
	return ECERT_OK;
}

static void put_counted(struct buf *answer, struct rd text)
{
	buf_u16(answer, (uint16_t)text.n);
	buf_rd(answer, text);
}

static void put_answer(
    const struct xsign_shape *shape, const struct buf *values, struct rd octets, struct buf *answer)
{
	buf_u8(answer, XSIGN_GOOD);
	buf_u8(answer, (uint8_t)shape->place);
	buf_u64(answer, shape->at);
	put_counted(answer, shape->empty);
	buf_u8(answer, shape->signatures);
	put_counted(answer, shape->signed_id);
	buf_rd(answer, buf_view(values));
	buf_u32(answer, (uint32_t)octets.n);
	buf_rd(answer, octets);
}

enum ecert_rc xsign_plan(const struct wall_call *call, struct buf *answer)
{
	struct rd r = call->request, file;
	struct buf values = BUF_INIT(8u << 20), octets = BUF_INIT(48u << 20);
	struct xsign_shape shape = {.place = XSIGN_AT_END};
	enum xsign_refusal why = XSIGN_GOOD;
	uint8_t profile = 0;
	xmlDoc *doc = NULL;
	enum ecert_rc rc = rd_u8(&r, &profile);

	if (rc != ECERT_OK || !rd_empty(&r) || profile >= XSIGN_PROFILE_COUNT || call->inputs != 1)
		return ECERT_E_ARG;
	file = call->input[0];
	rc = look_at_bytes(file, &why);
	if (rc == ECERT_OK && why == XSIGN_GOOD)
		rc = tree_read(file, &doc, &why);
	if (rc == ECERT_OK && why == XSIGN_GOOD)
		rc = find_place(file, doc, (enum xsign_profile)profile, &shape, &values, &why);
	/* Its name is copied: two trees at once would be too much of a large one. */
	if (rc == ECERT_OK && why == XSIGN_GOOD) {
		xmlFreeDoc(doc);
		doc = NULL;
		rc = digested(file, &shape, &octets, &why);
	}
	if (rc == ECERT_OK && why == XSIGN_GOOD)
		rc = buf_rc(&values);
	if (rc == ECERT_OK && why == XSIGN_GOOD)
		put_answer(&shape, &values, buf_view(&octets), answer);
	else if (rc == ECERT_OK)
		buf_u8(answer, (uint8_t)why);
	xmlFreeDoc(doc);
	buf_free(&values);
	buf_free(&octets);
	return rc;
}
