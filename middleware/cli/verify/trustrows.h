/* SPDX-License-Identifier: BSD-2-Clause */
/* The rows of the options that say whom to trust. */
#ifndef ECERT_CLI_TRUSTROWS_H
#define ECERT_CLI_TRUSTROWS_H

#include "actions/trustopts.h"
#include "cli/cli.h"

#define TRUST_OPTS(type, field)                                                                    \
	{"anchor", 'a', OPT_LIST, "PEM", offsetof(type, field.anchor),                             \
	    "a CA that you trust for signatures (may be repeated)"},                               \
	    {"intermediate", 0, OPT_LIST, "PEM", offsetof(type, field.helper),                     \
		"certificates that help to build the chain (may be repeated)"},                    \
	    {"crl", 0, OPT_LIST, "FILE", offsetof(type, field.crl),                                \
		"a CA's list of revoked certificates (may be repeated)"},                          \
	    {"ocsp", 0, OPT_STR, "FILE", offsetof(type, field.ocsp),                               \
		"an OCSP response for the signer's certificate"},                                  \
	    {"trust-list", 0, OPT_STR, "FILE", offsetof(type, field.list),                         \
		"a signed list of whom to trust"},                                                 \
	    {"trust-list-signer", 0, OPT_STR, "PEM", offsetof(type, field.list_signer),            \
		"the certificate that signs the list"},                                            \
	    {"trust-list-seq", 0, OPT_INT, "N", offsetof(type, field.list_seq),                    \
		"refuse a list whose seq is lower than this"},                                     \
	    {"trust-list-store", 0, OPT_STR, "DIR", offsetof(type, field.list_store),              \
		"where the newest list seen is remembered (default: ~/.local/state/ecert/lists)"}, \
	    {"attestation-root", 0, OPT_LIST, "PEM", offsetof(type, field.attestation_root),       \
		"a root of token makers, or one token's own F9 certificate (may be repeated)"},    \
	    {"mark-issuer", 0, OPT_LIST, "[URL=]PEM", offsetof(type, field.mark_issuer),           \
		"an issuer of trust marks (may be repeated)"},                                     \
	    {"mark-owner", 0, OPT_LIST, "URL=TYPE=PEM", offsetof(type, field.mark_owner),          \
		"the owner of a type of trust marks (may be repeated)"},                           \
	{                                                                                          \
		"at", 0, OPT_STR, "TIME", offsetof(type, field.at),                                \
		    "verify as of this time: 2026-11-21T12:00:00Z, or seconds since 1970"          \
	}

#endif
