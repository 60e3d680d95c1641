/* SPDX-License-Identifier: BSD-2-Clause */
/* The module's options: none needed, a small file, and the environment. */
#ifndef ECERT_PKCS11_CONFIG_H
#define ECERT_PKCS11_CONFIG_H

#include "ecert/cryptoki.h"
#include "token/token.h"

/* ecert-pkcs11.conf(5) says what each means. */
struct config {
	char reader[256];	 /* "" = PC/SC */
	char daemon_socket[256]; /* "" = the default place */
	enum token_daemon daemon;
	enum token_isolation isolation;
	bool raw_rsa_decrypt;
	bool last_try;
	bool overwrite;
	CK_ULONG sm2_mechanism_base;
	char puk_file[256];
	bool reverify;
	bool user_writes;
	char management_key_file[256];
};

/*
 * Defaults, then SYSCONFDIR/ecert/pkcs11.conf, then $XDG_CONFIG_HOME/ecert/pkcs11.conf (or
 * ~/.config), then ECERT_READER (set to nothing is not set) and ECERT_DAEMON. A process with raised
 * privileges reads the system's file only. A file that is not there is no error; a line that is not
 * understood is logged and skipped.
 */
void config_load(struct config *c);
/* One file's text; for tests. */
void config_parse(struct config *c, char *text, const char *where);
void config_defaults(struct config *c);
struct tokens_config config_tokens(const struct config *c);

#endif
