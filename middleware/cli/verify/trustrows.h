/* SPDX-License-Identifier: BSD-2-Clause */
/* The rows of the options that say whom to trust. */
#ifndef ECERT_CLI_TRUSTROWS_H
#define ECERT_CLI_TRUSTROWS_H

#include "actions/trustopts.h"
#include "cli/cli.h"

#define ANCHOR_OPTS(type, field)                                                                   \
	{"anchor", 'a', OPT_LIST, "PEM", offsetof(type, field.anchor),                             \
	    MSG_ID("a CA that you trust for signatures (may be repeated)")},                       \
	{                                                                                          \
		"tsa-anchor", 0, OPT_LIST, "PEM", offsetof(type, field.tsa_anchor),                \
		    MSG_ID("a CA that you trust for time stamps, or a TSA (default: those of "     \
			   "--anchor; may be repeated)")                                           \
	}

#define WHOM_OPTS(type, field)                                                                     \
	ANCHOR_OPTS(type, field),                                                                  \
	    {"intermediate", 0, OPT_LIST, "PEM", offsetof(type, field.helper),                     \
		MSG_ID("certificates that help to build the chain (may be repeated)")},            \
	    {"trust-list", 0, OPT_STR, "FILE", offsetof(type, field.list),                         \
		MSG_ID("a signed list of whom to trust")},                                         \
	    {"trust-list-signer", 0, OPT_STR, "PEM", offsetof(type, field.list_signer),            \
		MSG_ID("the certificate that signs the list")},                                    \
	    {"trust-list-seq", 0, OPT_INT, "N", offsetof(type, field.list_seq),                    \
		MSG_ID("refuse a list whose seq is lower than this")},                             \
	    {"trust-list-store", 0, OPT_STR, "DIR", offsetof(type, field.list_store),              \
		MSG_ID("where the newest list seen is remembered (default: "                       \
		       "~/.local/state/ecert/lists)")},                                            \
	    {"attestation-root", 0, OPT_LIST, "PEM", offsetof(type, field.attestation_root),       \
		MSG_ID("a root of token makers, or one token's own F9 certificate (may be "        \
		       "repeated)")},                                                              \
	    {"mark-issuer", 0, OPT_LIST, "[URL=]PEM", offsetof(type, field.mark_issuer),           \
		MSG_ID("an issuer of trust marks (may be repeated)")},                             \
	    {"mark-owner", 0, OPT_LIST, "URL=TYPE=PEM", offsetof(type, field.mark_owner),          \
		MSG_ID("the owner of a type of trust marks (may be repeated)")},                   \
	{                                                                                          \
		"no-trust-store", 0, OPT_FLAG, NULL, offsetof(type, field.no_store),               \
		    MSG_ID("trust nobody of `ecert trust list`; so it is also with an option "     \
			   "that says whom to trust")                                              \
	}

/* --at goes with them: both say as of when. */
#define REVOKED_OPTS(type, field)                                                                  \
	{"at", 0, OPT_STR, "TIME", offsetof(type, field.at),                                       \
	    MSG_ID("verify as of this time: 2026-11-21T12:00:00Z, or seconds since 1970")},        \
	    {"crl", 0, OPT_LIST, "FILE", offsetof(type, field.crl),                                \
		MSG_ID("a CA's list of revoked certificates (may be repeated)")},                  \
	    {"ocsp", 0, OPT_STR, "FILE", offsetof(type, field.ocsp),                               \
		MSG_ID("an OCSP response for the signer's certificate")},                          \
	{                                                                                          \
		"need-revocation", 0, OPT_FLAG, NULL, offsetof(type, field.need_revocation),       \
		    MSG_ID("call valid only what is known not to be revoked")                      \
	}

#define TRUST_OPTS(type, field) WHOM_OPTS(type, field), REVOKED_OPTS(type, field)

#define ONLINE_OPTS(type, field)                                                                   \
	{"online", 0, OPT_FLAG, NULL, offsetof(type, field.on),                                    \
	    MSG_ID(                                                                                \
		"ask for OCSP responses, CRLs and CAs' certificates where the certificates say, "  \
		"and the issuers of trust marks")},                                                \
	    {"online-allow", 0, OPT_LIST, "HOST[:PORT]", offsetof(type, field.allow),              \
		MSG_ID("a host that may be asked though it is in a private network (may be "       \
		       "repeated)")},                                                              \
	    {"online-cache", 0, OPT_STR, "DIR", offsetof(type, field.cache),                       \
		MSG_ID("where what was fetched is kept until it is due again (default: "           \
		       "~/.cache/ecert/online)")},                                                 \
	    {"online-limit", 0, OPT_COUNT, "N", offsetof(type, field.limit),                       \
		MSG_ID("requests at most for all files together, half of them to one host "        \
		       "(default: 4000)")},                                                        \
	{                                                                                          \
		"online-timeout", 0, OPT_COUNT, "SECONDS", offsetof(type, field.seconds),          \
		    MSG_ID("how long one answer may take (default: 10)")                           \
	}

#endif
