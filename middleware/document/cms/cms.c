/* SPDX-License-Identifier: BSD-2-Clause */
/* What CMS looks like from outside (DER or BER, base64, PEM, S/MIME), and who signs and verifies.
 */
#include "document/cms/cms.h"

#include <string.h>

#include "document/cms/cades.h"
#include "document/cms/extend/cades_extend.h"
#include "document/kind/kind_priv.h"

/* Past the tag and the length (X.690, 8.1.3), of any form; false for another tag. n: of the
 * contents, 0 when it is not known. */
static bool enter(struct rd *r, uint8_t tag, size_t *n)
{
	uint8_t have = 0, first = 0, next = 0;

	*n = 0;
	if (rd_u8(r, &have) != ECERT_OK || have != tag || rd_u8(r, &first) != ECERT_OK)
		return false;
	*n = first < 0x80 ? first : 0;
	for (unsigned i = 0; first > 0x80 && i < (first & 0x7Fu); i++) {
		if (*n > SIZE_MAX >> 9 || rd_u8(r, &next) != ECERT_OK)
			return false;
		*n = *n << 8 | next;
	}
	return true;
}

static bool pass(struct rd *r, uint8_t tag)
{
	size_t n;

	if (!enter(r, tag, &n) || n > r->n)
		return false;
	*r = rd_of(r->p + n, r->n - n);
	return true;
}

/* To what EncapsulatedContentInfo holds (RFC 5652, 5.2). Only of DER and BER. */
static bool enter_content(struct rd *head)
{
	size_t n;

	if (!enter(head, 0x30, &n) || !pass(head, 0x06) || !enter(head, 0xA0, &n) ||
	    !enter(head, 0x30, &n) || !pass(head, 0x02) || !pass(head, 0x31) ||
	    !enter(head, 0x30, &n))
		return false;
	/* What stands behind EncapsulatedContentInfo has the same tag. */
	if (n && n < head->n)
		head->n = n;
	return true;
}

/* What signs something else than a document has a name of its own (kind.c). */
static bool is_of_another(struct rd head)
{
	return enter_content(&head) &&
	       (kind_begins(head, KIND_TSTINFO) || kind_begins(head, KIND_AUTHENTICODE));
}

/* A SEQUENCE that begins with an OID, but for China's own kind. */
static bool is_der(struct rd head)
{
	/* GM/T 0010: 1.2.156.10197.6.1.4.2 and below. */
	static const uint8_t gm[] = {6, 10, 0x2A, 0x81, 0x1C, 0xCF, 0x55, 6, 1, 4, 2};
	struct rd in = kind_inside(head);

	return head.n > 2 && head.p[0] == 0x30 && in.n > 2 && in.p[0] == 6 &&
	       !kind_begins(in, rd_of(gm, sizeof gm)) && !is_of_another(head);
}

/* Base64 of a SEQUENCE whose length is long or indefinite: "MI" and "MA". */
static bool is_base64_der(struct rd head)
{
	static const char alphabet[] =
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=\r\n";
	size_t n = head.n < 256 ? head.n : 256;

	if (!kind_begins(head, KIND_WORD("MI")) && !kind_begins(head, KIND_WORD("MA")))
		return false;
	for (size_t i = 0; i < n; i++)
		if (!head.p[i] || !strchr(alphabet, head.p[i]))
			return false;
	return n >= 16;
}

/* RFC 8551, 3.2 and 3.5: of the message itself, in its headers. */
static bool has_smime_type(struct rd head)
{
	const uint8_t *end = memmem(head.p, head.n, "\n\n", 2);
	const uint8_t *crlf = memmem(head.p, head.n, "\r\n\r\n", 4);

	if (!end || (crlf && crlf < end))
		end = crlf;
	if (end)
		head = rd_of(head.p, (size_t)(end - head.p));
	return kind_says(head, "pkcs7-") || kind_says(head, "smime.p7m");
}

static bool begins(struct rd head)
{
	return is_der(head) || is_base64_der(kind_text(head)) ||
	       (kind_is_mail(head) && has_smime_type(head));
}

static bool inside(struct rd head)
{
	static const char *const armour[] = {
	    "-----BEGIN CMS-----", "-----BEGIN PKCS7-----", "-----BEGIN PKCS #7 SIGNED DATA-----",
	    "-----BEGIN SIGNED MESSAGE-----", /* gpgsm's */
	};
	const bool armoured = rd_contains(head, "-----BEGIN ");

	for (size_t i = 0; i < sizeof armour / sizeof armour[0]; i++)
		if (armoured && rd_contains(head, armour[i]))
			return true;
	return kind_is_mail(kind_text(head)) && kind_says(head, "pkcs7-");
}

/* RFC 5652, 5.1: eContent behind eContentType. Only of DER and BER, and of a message that is its
 * own content. */
static bool holds_content(struct rd head)
{
	if (kind_is_mail(head))
		return true;
	return enter_content(&head) && pass(&head, 0x06) && head.n && head.p[0] == 0xA0;
}

const struct doc_format format_cms = {
    .kind = DOC_KIND_CMS,
    .name = "cades",
    .suffix = ".p7s",
    .begins = begins,
    .inside = inside,
    .holds_content = holds_content,
    .sign_fd = cades_sign_fd,
    .extend = cades_extend,
    .extends_to = DOC_LEVEL_LTA,
    .verify = cades_verify,
    .verify_fd = cades_verify_fd,
};
