/* SPDX-License-Identifier: BSD-2-Clause */
/* The names object of a hostile card: whatever it says, no ID is another slot's and labels are
 * text. */
#include <string.h>

#include "card/card.h"
#include "fuzz.h"
#include "token/local/names.h"
#include "token/text.h"

static void check_name(const struct token_names *all, const struct token_name *n)
{
	struct rd id = rd_of(n->id, n->id_len);

	REQUIRE(token_name_of(all, n->ref) == n);
	REQUIRE(n->ref != 0xF9 && n->id_len <= TOKEN_ID_MAX);
	REQUIRE(strnlen(n->key, sizeof n->key) < sizeof n->key);
	REQUIRE(strnlen(n->cert, sizeof n->cert) < sizeof n->cert);
	REQUIRE(text_valid(rd_of(n->key, strlen(n->key))));
	REQUIRE(text_valid(rd_of(n->cert, strlen(n->cert))));
	REQUIRE(!token_id_reserved(id));
	for (size_t i = 0; i < all->n; i++) {
		const struct token_name *other = &all->name[i];

		REQUIRE(other == n || !id.n || !rd_equal(rd_of(other->id, other->id_len), id));
	}
}

/* What was understood is understood again. */
static void write_again(const struct token_names *all)
{
	static struct token_names same;
	struct buf object = BUF_INIT(65536);

	for (size_t i = 0; i < all->n; i++) {
		const struct token_name *n = &all->name[i];
		const struct card_name entry = {.ref = n->ref,
		    .id = rd_of(n->id, n->id_len),
		    .key = rd_of(n->key, strlen(n->key)),
		    .cert = rd_of(n->cert, strlen(n->cert)),
		    .pub = rd_of(n->pub, strlen(n->pub)),
		    .deny = n->deny};

		card_name_put(&object, &entry);
	}
	REQUIRE(buf_rc(&object) == ECERT_OK);
	names_read(buf_view(&object), &same);
	for (size_t i = 0; i < same.n; i++)
		REQUIRE(!memcmp(
		    &same.name[i], token_name_of(all, same.name[i].ref), sizeof same.name[i]));
	buf_free(&object);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct token_names all;

	names_read(rd_of(data, size), &all);
	REQUIRE(all.n <= TOKEN_KEYS_MAX);
	for (size_t i = 0; i < all.n; i++)
		check_name(&all, &all.name[i]);
	write_again(&all);
	return 0;
}
