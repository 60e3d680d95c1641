/* SPDX-License-Identifier: BSD-2-Clause */
/* What XML with a signature is known by is kind/'s: the namespace in a text that begins as XML. */
#include "document/xml/xml.h"

#include <string.h>

#include "document/xml/extend/extend.h"
#include "document/xml/sign/sign.h"
#include "document/xml/verify.h"
#include "document/wall/start.h"

/* Where the next of these bytes is; NULL: nowhere. */
static const uint8_t *find(struct rd r, const char *what)
{
	return r.n ? memmem(r.p, r.n, what, strlen(what)) : NULL;
}

static struct rd behind(struct rd r, const uint8_t *at, size_t n)
{
	size_t gone = (size_t)(at - r.p) + n;

	return rd_of(r.p + gone, r.n - gone);
}

/* A start tag's attribute URI: empty, or a fragment of the document itself. */
static bool is_own(struct rd tag)
{
	const uint8_t *at = find(tag, "URI=");

	if (!at)
		return false;
	tag = behind(tag, at, 4);
	return tag.n > 1 && (tag.p[1] == '#' || tag.p[1] == tag.p[0]);
}

/* Every reference that is seen is into the document itself. */
static bool holds_content(struct rd head)
{
	const uint8_t *at;

	while ((at = find(head, "Reference "))) {
		const uint8_t *end;
		bool starts = at > head.p && (at[-1] == '<' || at[-1] == ':');

		head = behind(head, at, 10);
		end = find(head, ">");
		if (starts && end && !is_own(rd_of(head.p, (size_t)(end - head.p))))
			return false;
	}
	return true;
}

static void ready(int steps)
{
	wall_ready(WALL_PLAIN, steps);
}

const struct doc_format format_xades = {
    .kind = DOC_KIND_SIGNED_XML,
    .name = "xades",
    .suffix = ".xades",
    .holds_content = holds_content,
    .sign_fd = xades_sign_fd,
    .prepare = xades_prepare,
    .ready = ready,
    .sign_into = xades_sign_into,
    .forget = xades_forget,
    .goes_inside = xades_goes_inside,
    .extend = xades_extend,
    .extends_to = DOC_LEVEL_LT,
    .verify = xml_verify,
    .verify_fd = xml_verify_fd,
};
