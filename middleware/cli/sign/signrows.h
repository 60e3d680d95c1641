/* SPDX-License-Identifier: BSD-2-Clause */
/* The rows of the options of every command that signs. */
#ifndef ECERT_CLI_SIGNROWS_H
#define ECERT_CLI_SIGNROWS_H

#include "cli/cli.h"

#define SIGNING_OPTS(type, field)                                                                  \
	{"id", 0, OPT_STR, "HEX", offsetof(type, field.id),                                        \
	    MSG_ID(                                                                                \
		"the key by its id: 02 is the signature key (9C), 01 is 9A, 03 is 9D, 04 is 9E")}, \
	    {"cert-serial", 0, OPT_STR, "HEX", offsetof(type, field.cert_serial),                  \
		MSG_ID("the key by its certificate's serial number")},                             \
	    {"chain", 0, OPT_LIST, "PEM", offsetof(type, field.chain),                             \
		MSG_ID("certificates of the CA to put in as well (may be repeated)")},             \
	{                                                                                          \
		"alg", 0, OPT_STR, "NAME", offsetof(type, field.alg),                              \
		    MSG_ID("RS256, PS256, ES256 or ES384 (default: what fits the key)")            \
	}

#endif
