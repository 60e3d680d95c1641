/* SPDX-License-Identifier: BSD-2-Clause */
/* The module's configuration file: any text leaves every option with a value it may have. */
#include <string.h>

#include "fuzz.h"
#include "pkcs11/config.h"

static void text_ends(const char *s, size_t size)
{
	REQUIRE(memchr(s, 0, size));
}

static bool boolean(const bool *b)
{
	uint8_t v;

	memcpy(&v, b, 1);
	return v <= 1;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct config c;
	struct tokens_config t;
	char *text = malloc(size + 1);

	REQUIRE(text);
	if (size)
		memcpy(text, data, size);
	text[size] = '\0';
	config_defaults(&c);
	config_parse(&c, text, "fuzz");
	free(text);
	text_ends(c.reader, sizeof c.reader);
	text_ends(c.daemon_socket, sizeof c.daemon_socket);
	text_ends(c.puk_file, sizeof c.puk_file);
	REQUIRE(c.daemon == DAEMON_AUTO || c.daemon == DAEMON_NEVER || c.daemon == DAEMON_ALWAYS);
	REQUIRE(c.isolation == ISOLATION_SESSION || c.isolation == ISOLATION_STRICT);
	REQUIRE(boolean(&c.raw_rsa_decrypt) && boolean(&c.last_try) && boolean(&c.overwrite));
	t = config_tokens(&c);
	REQUIRE(!t.reader || *t.reader);
	REQUIRE(!t.daemon_socket || *t.daemon_socket);
	return 0;
}
