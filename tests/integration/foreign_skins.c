/* SPDX-License-Identifier: BSD-2-Clause */
/* The table of cards that are not ours, as measured. */
#include "tests/integration/foreign_card.h"

#include <stdlib.h>
#include <string.h>

/* No historical bytes: nothing is said of lengths or chaining. */
static const uint8_t silent[] = {0x3B, 0x80, 0x01, 0x81};
/* Compact-TLV 73 C0 01 C0: extended length and chaining. */
static const uint8_t able[] = {0x3B, 0x85, 0x01, 0x80, 0x73, 0xC0, 0x01, 0xC0, 0x77};
/* CanoKey's: its name, and not a word of lengths. */
static const uint8_t canokey[] = {
    0x3B, 0xF7, 0x11, 0x00, 0x00, 0x81, 0x31, 0xFE, 0x65, 'C', 'a', 'n', 'o', 'k', 'e', 'y', 0x99};

#define ATR(a) .atr = a, .atr_len = sizeof a

static const struct skin skins[] = {
    {.name = "canokey",
	ATR(canokey),
	.piece = 1340,
	.longest = 1340,
	.extensions = true,
	.pin_lost_on_select = true,
	.always_is_once = true,
	.repeat_status = true,
	.retired = 2,
	.object_max = 2900,
	.no_admin = true,
	.chained_get = 0x6E00,
	.unknown_aid = 0x6A82,
	.unpadded = 0x6700,
	.empty_use = 0x6985,
	.long_digest = 0x6700},
    {.name = "pivapplet",
	.label = "PivApplet v0.9.0/RAEeC",
	ATR(able),
	.piece = 255,
	.longest = FOREIGN_MAX,
	.extensions = true,
	.attest = true,
	.select_first = true,
	.always_is_strict = true,
	.zero_history = true,
	.long_lengths = true,
	.more_tries = 2,
	.bare_empty = true,
	.origin_from_zero = true,
	.blind_import = true,
	.refused_verifies = true,
	.chained_get = 0x6984,
	.unknown_aid = 0x6D00,
	.unpadded = 0x6A80,
	.empty_use = 0x6A86,
	.empty_attest = 0x6F00},
    /* From before SP 800-78-4: its management key is 3DES and nothing else. */
    {.name = "tdes",
	ATR(able),
	.piece = 255,
	.longest = FOREIGN_MAX,
	.extensions = true,
	.tdes_only = true},
    /* no card that was measured: what its attestation would be with a byte too many or too few */
    {.name = "torn",
	.label = "PivApplet v0.9.0/RAEeC",
	ATR(able),
	.piece = 255,
	.longest = FOREIGN_MAX,
	.extensions = true,
	.attest = true,
	.torn_attestation = true,
	.unknown_aid = 0x6A82,
	.unpadded = 0x6A80,
	.empty_use = 0x6A88},
    {.name = "openfips201",
	.label = "OpenFIPS201",
	ATR(able),
	.piece = 255,
	.longest = FOREIGN_MAX,
	.no_growth = true,
	.strict_use = true,
	.unknown_aid = 0x6A82,
	.unpadded = 0x6A80,
	.empty_use = 0x6A88},
    {.name = "base",
	ATR(silent),
	.piece = 256,
	.unknown_aid = 0x6A82,
	.unpadded = 0x6A80,
	.empty_use = 0x6A88},
    {.name = "bare",
	ATR(silent),
	.piece = 256,
	.no_chuid = true,
	.gzip = true,
	.unknown_aid = 0x6A82,
	.unpadded = 0x6A80,
	.empty_use = 0x6A88},
    {.name = "terse",
	ATR(silent),
	.piece = 256,
	.no_count = true,
	.no_logout = true,
	.t0 = true,
	.unknown_ins = 0x6A82,
	.unknown_aid = 0x6A82,
	.unpadded = 0x6700,
	.empty_use = 0x6A80},
};

const struct skin *skin(void)
{
	static const struct skin *mine;
	const char *want = getenv("ECERT_TEST_SKIN");

	for (size_t i = 0; mine == NULL && i < sizeof skins / sizeof skins[0]; i++) {
		if (want != NULL && strcmp(skins[i].name, want) == 0)
			mine = &skins[i];
	}
	if (mine == NULL) {
		fprintf(stderr, "foreign-card: ECERT_TEST_SKIN names no skin:");
		for (size_t i = 0; i < sizeof skins / sizeof skins[0]; i++)
			fprintf(stderr, " %s", skins[i].name);
		fprintf(stderr, "\n");
		exit(2);
	}
	return mine;
}
