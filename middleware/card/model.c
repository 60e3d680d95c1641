/* SPDX-License-Identifier: BSD-2-Clause */
/* The table of card models: what is known of each without asking. */
#include "card/card_priv.h"

#include <string.h>

#define ALG(name) (1u << KEY_##name)
/* SP 800-78-5, table 10, and RSA-4096, which many have beside it. */
#define ALGS_PIV     (ALG(RSA1024) | ALG(RSA2048) | ALG(RSA3072) | ALG(RSA4096) | ALG(P256) | ALG(P384))
#define ALGS_YUBICO  (ALGS_PIV | ALG(ED25519) | ALG(X25519))
#define ALGS_CLASSIC (ALG(RSA1024) | ALG(RSA2048) | ALG(P256) | ALG(P384))

/*
 * As measured. PivApplet 0.9 knows the Yubico set but MOVE KEY. CanoKey has no ATTEST and two
 * retired slots (metadata of the others may be an empty 9000), says nothing of lengths in its ATR,
 * and tears an object that is larger. OpenFIPS201 is plain PIV, and where the platform deletes
 * nothing an object keeps its first size. A YubiKey's features depend on its firmware, so they are
 * asked.
 */
static const struct card_model models[] = {
    {.name = "e-Cert PIV",
	.mark = "e-Cert PIV",
	.has = CARD_HAS_METADATA | CARD_HAS_ATTEST | CARD_HAS_IMPORT | CARD_HAS_SERIAL |
	       CARD_HAS_ECERT | CARD_HAS_MOVE,
	.algs = ALGS_YUBICO | ALG(SM2)},
    {.name = "PivApplet",
	.mark = "PivApplet",
	.lacks = CARD_HAS_ECERT | CARD_HAS_MOVE,
	.quirks = QUIRK_ORIGIN_ZERO,
	.algs = ALGS_CLASSIC},
    {.name = "YubiKey", .mark = "YubiKey", .lacks = CARD_HAS_ECERT, .algs = ALGS_YUBICO},
    {.name = "YubiKey", .mark = "Yubikey", .lacks = CARD_HAS_ECERT, .algs = ALGS_YUBICO},
    {.name = "CanoKey",
	.mark = "CanoKey",
	.lacks = CARD_HAS_ECERT | CARD_HAS_ATTEST,
	.quirks = QUIRK_EXTENDED,
	.retired = 2,
	.algs = ALGS_YUBICO | ALG(SM2),
	.object_max = 2800},
    {.name = "CanoKey",
	.mark = "Canokey",
	.lacks = CARD_HAS_ECERT | CARD_HAS_ATTEST,
	.quirks = QUIRK_EXTENDED,
	.retired = 2,
	.algs = ALGS_YUBICO | ALG(SM2),
	.object_max = 2800},
    {.name = "Nitrokey", .mark = "Nitrokey", .lacks = CARD_HAS_ECERT, .algs = ALGS_YUBICO},
    {.name = "OpenFIPS201",
	.mark = "OpenFIPS201",
	.lacks = CARD_HAS_ECERT,
	.quirks = QUIRK_FIXED,
	.algs = ALGS_CLASSIC},
    {.name = "PIV", .mark = "", .lacks = CARD_HAS_ECERT, .algs = ALGS_PIV},
};

const struct card_model *card_model_find(struct rd label, struct rd atr)
{
	const struct card_model *m = models;

	while (m->mark[0] != '\0' && !rd_contains(label, m->mark) && !rd_contains(atr, m->mark))
		m++;
	return m;
}

void card_can(const struct card *c, struct card_abilities *out)
{
	*out = (struct card_abilities){.algs = c->algs,
	    .retired = c->retired,
	    .fixed_size = (c->model->quirks & QUIRK_FIXED) != 0,
	    .object_max = c->model->object_max};
}
