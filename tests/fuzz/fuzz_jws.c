/* SPDX-License-Identifier: BSD-2-Clause */
/* JWS: the text itself, or a header and a payload (two lines of JSON) that are put together here.
 */
#include <string.h>

#include "document/jose/jws.h"
#include "fuzz.h"
#include "util/hex.h"

static void accepted(const struct jws *j)
{
	time_t t;
	REQUIRE(j->alg > DOC_SIG_NONE && j->alg < DOC_SIG_COUNT);
	REQUIRE(json_is_object(j->header) && json_is_object(j->claims));
	REQUIRE(!json_object_get(j->header, "crit") && !json_object_get(j->header, "jku"));
	REQUIRE(j->x5c_n <= JWS_MAX_X5C && buf_len(&j->signing_input) > 2);
	if (jws_time(j, "iat", &t))
		REQUIRE(t >= 0);
	(void)jws_has_aud(j, "https://a.example");
	if (j->x5c_n)
		REQUIRE(jws_check_cert(j, buf_view(&j->x5c[0])) != ECERT_E_INTERNAL);
}

static void parse(struct rd text)
{
	static const struct jws_rules rules = {.typ = "jwt"};
	struct message_kept kept;
	char why[64], typ[16];
	struct jws *j = NULL;
	enum ecert_rc rc = jws_parse(text, &rules, &j, &kept);
	message_kept_text(&kept, NULL, why, sizeof why);
	REQUIRE((rc == ECERT_OK) == (j != NULL));
	REQUIRE(rc == ECERT_OK || why[0]);
	if (j)
		accepted(j);
	jws_free(&j);
	if (jws_peek_typ(text, typ, sizeof typ) == ECERT_OK)
		REQUIRE(strlen(typ) < sizeof typ);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct buf b = BUF_INIT(1u << 18);
	const uint8_t *nl = memchr(data, '\n', size);
	parse(rd_of(data, size));
	if (nl) {
		b64url_put(&b, rd_of(data, (size_t)(nl - data)));
		buf_u8(&b, '.');
		b64url_put(&b, rd_of(nl + 1, size - (size_t)(nl + 1 - data)));
		buf_str(&b, ".AAAA");
		parse(buf_view(&b));
	}
	buf_free(&b);
	return 0;
}
