/* SPDX-License-Identifier: BSD-2-Clause */
/* Windows programs (PE), and whether they have a signature (Authenticode). */
#include <string.h>

#include "document/kind/kind_priv.h"

static uint32_t le32(const uint8_t *p)
{
	return (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

/* "PE Format", "COFF File Header" and "Optional Header": the fifth data directory is the
 * certificate table. */
enum doc_kind kind_of_pe(const struct kind_view *v)
{
	uint8_t dos[64], coff[26], table[8];
	uint64_t at, directories;

	if (!kind_read(v, 0, dos, sizeof dos))
		return DOC_KIND_OTHER;
	at = le32(dos + 60);
	if (!kind_read(v, at, coff, sizeof coff) || memcmp(coff, "PE\0\0", 4) != 0)
		return DOC_KIND_OTHER;
	directories = at + 24 + (coff[24] == 0x0B && coff[25] == 2 ? 112 : 96);
	if (kind_read(v, directories + 4 * sizeof table, table, sizeof table) && le32(table + 4))
		return DOC_KIND_SIGNED_PE;
	return DOC_KIND_PE;
}
