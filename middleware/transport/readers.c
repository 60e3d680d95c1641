/* SPDX-License-Identifier: BSD-2-Clause */
/* A source of readers: which implementation, and what holds for all of them. */
#include "transport/reader.h"

#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>

#include "transport/transport_priv.h"
#include "util/fork.h"

struct readers {
	const struct readers_ops *ops;
	void *impl;
	struct fork_mark mark;
};

enum ecert_rc readers_of(const struct readers_ops *ops, void *impl, struct readers **out)
{
	struct readers *r;

	*out = NULL;
	if (!ops)
		return ECERT_E_ARG;
	r = calloc(1, sizeof *r);
	if (!r)
		return ECERT_E_MEMORY;
	r->ops = ops;
	r->impl = impl;
	fork_mark_set(&r->mark);
	*out = r;
	return ECERT_OK;
}

void *readers_impl(const struct readers *r, const struct readers_ops *ops)
{
	return r->ops == ops ? r->impl : NULL;
}

/* The rest of s after prefix, or NULL. */
static const char *after(const char *s, const char *prefix)
{
	size_t n = strlen(prefix);

	return strncmp(s, prefix, n) == 0 ? s + n : NULL;
}

static enum ecert_rc make_source(const char *where, const struct readers_ops **ops, void **impl)
{
	const char *path;

	if (!where || strcmp(where, "pcsc") == 0)
		return pcsc_source(ops, impl);
	/* What stands in for a card never does so for a process with raised privileges. */
	if (getauxval(AT_SECURE) != 0)
		return ECERT_E_ARG;
	if ((path = after(where, "socket:")) && *path != '\0')
		return socket_source(path, ops, impl);
	if ((path = after(where, "replay:")) && *path != '\0')
		return replay_source(path, false, ops, impl);
	if ((path = after(where, "replay-any:")) && *path != '\0')
		return replay_source(path, true, ops, impl);
	return ECERT_E_ARG;
}

enum ecert_rc readers_open(const char *where, struct readers **out)
{
	const struct readers_ops *ops = NULL;
	void *impl = NULL;
	enum ecert_rc rc;

	*out = NULL;
	rc = make_source(where, &ops, &impl);
	if (rc != ECERT_OK)
		return rc;
	rc = readers_of(ops, impl, out);
	if (rc != ECERT_OK)
		ops->close(impl);
	return rc;
}

void readers_close(struct readers **r)
{
	if (!r || !*r)
		return;
	if ((*r)->ops->close)
		(*r)->ops->close((*r)->impl);
	free(*r);
	*r = NULL;
}

enum ecert_rc readers_list(struct readers *r, struct reader_info *out, size_t cap, size_t *n)
{
	enum ecert_rc rc;

	*n = 0;
	if (fork_mark_inherited(&r->mark))
		return ECERT_E_FORKED;
	rc = r->ops->list(r->impl, out, cap, n);
	if (rc != ECERT_OK)
		*n = 0;
	return rc;
}

enum ecert_rc readers_wait(struct readers *r, int timeout_ms)
{
	if (fork_mark_inherited(&r->mark))
		return ECERT_E_FORKED;
	return r->ops->wait(r->impl, timeout_ms);
}

void readers_cancel(struct readers *r)
{
	if (r->ops->cancel && !fork_mark_inherited(&r->mark))
		r->ops->cancel(r->impl);
}

enum ecert_rc channel_open(struct readers *r, const char *reader_name, struct channel **out)
{
	const struct channel_ops *ops = NULL;
	void *impl = NULL;
	enum ecert_rc rc;

	*out = NULL;
	if (fork_mark_inherited(&r->mark))
		return ECERT_E_FORKED;
	if (!reader_name)
		return ECERT_E_ARG;
	rc = r->ops->open(r->impl, reader_name, &ops, &impl);
	if (rc != ECERT_OK)
		return rc;
	rc = record_wrap(reader_name, &ops, &impl);
	if (rc == ECERT_OK)
		rc = channel_of(ops, impl, r->ops->is_virtual, out);
	if (rc != ECERT_OK)
		impl_close(ops, impl, false);
	return rc;
}
