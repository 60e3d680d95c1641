/* SPDX-License-Identifier: BSD-2-Clause */
/* A channel to a card: what holds whatever is behind it (nesting, forks, dead cards, bad lengths).
 */
#include "transport/reader.h"

#include <stdlib.h>

#include "transport/transport_priv.h"
#include "util/fork.h"

struct channel {
	const struct channel_ops *ops;
	void *impl;
	struct fork_mark mark;
	bool is_virtual;
	unsigned depth;	    /* of nested transactions */
	enum ecert_rc dead; /* ECERT_E_REMOVED or ECERT_E_NO_SERVICE: only closing is left */
	bool pinpad_asked;
	struct pinpad pinpad;
};

enum ecert_rc impl_begin(const struct channel_ops *ops, void *impl)
{
	return ops->begin ? ops->begin(impl) : ECERT_OK;
}

void impl_end(const struct channel_ops *ops, void *impl)
{
	if (ops->end)
		ops->end(impl);
}

enum ecert_rc impl_reset(const struct channel_ops *ops, void *impl)
{
	return ops->reset ? ops->reset(impl) : ECERT_OK;
}

void impl_close(const struct channel_ops *ops, void *impl, bool forked)
{
	if (ops->close)
		ops->close(impl, forked);
}

enum ecert_rc channel_of(
    const struct channel_ops *ops, void *impl, bool is_virtual, struct channel **out)
{
	struct channel *c;

	*out = NULL;
	if (!ops)
		return ECERT_E_ARG;
	c = calloc(1, sizeof *c);
	if (!c)
		return ECERT_E_MEMORY;
	c->ops = ops;
	c->impl = impl;
	c->is_virtual = is_virtual;
	fork_mark_set(&c->mark);
	*out = c;
	return ECERT_OK;
}

void channel_close(struct channel **c)
{
	bool forked;

	if (!c || !*c)
		return;
	forked = fork_mark_inherited(&(*c)->mark);
	if ((*c)->depth > 0 && !forked)
		impl_end((*c)->ops, (*c)->impl);
	impl_close((*c)->ops, (*c)->impl, forked);
	free(*c);
	*c = NULL;
}

/* May the implementation be reached at all? */
static enum ecert_rc usable(const struct channel *c)
{
	return fork_mark_inherited(&c->mark) ? ECERT_E_FORKED : c->dead;
}

static enum ecert_rc remember(struct channel *c, enum ecert_rc rc)
{
	if (rc == ECERT_E_REMOVED || rc == ECERT_E_NO_SERVICE)
		c->dead = rc;
	return rc;
}

enum ecert_rc channel_begin(struct channel *c)
{
	enum ecert_rc rc = usable(c);

	if (rc != ECERT_OK)
		return rc;
	if (c->depth == 0) {
		rc = remember(c, impl_begin(c->ops, c->impl));
		if (rc != ECERT_OK && rc != ECERT_E_RESET)
			return rc;
	}
	c->depth++;
	return rc;
}

void channel_end(struct channel *c)
{
	if (fork_mark_inherited(&c->mark) || c->depth == 0)
		return;
	if (--c->depth == 0)
		impl_end(c->ops, c->impl);
}

/* An implementation is not believed about lengths, nor are the cards behind it. */
static enum ecert_rc check_response(enum ecert_rc rc, size_t cap, size_t *len)
{
	if (rc == ECERT_OK && *len > cap)
		rc = ECERT_E_BUFFER;
	if (rc == ECERT_OK && *len < 2)
		rc = ECERT_E_CARD;
	if (rc != ECERT_OK)
		*len = 0;
	return rc;
}

enum ecert_rc channel_transmit(
    struct channel *c, struct rd command, uint8_t *resp, size_t cap, size_t *len)
{
	enum ecert_rc rc = usable(c);

	*len = 0;
	if (rc != ECERT_OK)
		return rc;
	if (command.n < 4 || !resp || cap < 2)
		return ECERT_E_ARG;
	rc = remember(c, c->ops->transmit(c->impl, command, resp, cap, len));
	return check_response(rc, cap, len);
}

enum ecert_rc channel_reset(struct channel *c)
{
	enum ecert_rc rc = usable(c);

	return rc == ECERT_OK ? remember(c, impl_reset(c->ops, c->impl)) : rc;
}

struct pinpad channel_pinpad(struct channel *c)
{
	if (!c->pinpad_asked && c->ops->pinpad && usable(c) == ECERT_OK) {
		c->pinpad = c->ops->pinpad(c->impl);
		c->pinpad_asked = true;
	}
	return c->pinpad;
}

enum ecert_rc channel_pinpad_transmit(
    struct channel *c, struct rd apdu_template, bool modify, uint8_t *resp, size_t cap, size_t *len)
{
	enum ecert_rc rc = usable(c);
	struct pinpad offered;

	*len = 0;
	if (rc != ECERT_OK)
		return rc;
	if (!resp || cap < 2)
		return ECERT_E_ARG;
	offered = channel_pinpad(c);
	if (!(modify ? offered.modify : offered.verify) || !c->ops->pinpad_transmit)
		return ECERT_E_UNSUPPORTED;
	rc = remember(c, c->ops->pinpad_transmit(c->impl, apdu_template, modify, resp, cap, len));
	return check_response(rc, cap, len);
}

struct rd channel_atr(const struct channel *c)
{
	return c->ops->atr(c->impl);
}

bool channel_is_virtual(const struct channel *c)
{
	return c->is_virtual;
}
