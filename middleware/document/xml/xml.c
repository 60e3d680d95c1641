/* SPDX-License-Identifier: BSD-2-Clause */
/* What XML with a signature is known by is kind/'s: the namespace in a text that begins as XML. */
#include "document/xml/xml.h"

#include "document/xml/sign/sign.h"

static bool never(struct rd head)
{
	(void)head;
	return false;
}

const struct doc_format format_xades = {
    .kind = DOC_KIND_SIGNED_XML,
    .name = "xades",
    .suffix = ".xades",
    .begins = never,
    .sign_fd = xades_sign_fd,
    .prepare = xades_prepare,
    .sign_into = xades_sign_into,
    .forget = xades_forget,
    .goes_inside = xades_goes_inside,
    .stamps = true,
};
