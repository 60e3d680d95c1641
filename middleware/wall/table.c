/* SPDX-License-Identifier: BSD-2-Clause */
/* What ecert-wall can be asked: all operations but those on PDFs. */
#include "document/asic/unpack/unpack.h"
#include "document/xml/extend/look/places.h"
#include "document/xml/nodes/nodes.h"
#include "document/xml/sign/look/look.h"
#include "wall/wall.h"

/* Whether the wall can be put up here at all. */
static enum ecert_rc stand(const struct wall_call *call, struct buf *answer)
{
	(void)call;
	buf_str(answer, "stands");
	return ECERT_OK;
}

const struct wall_op wall_ops[] = {
    {"stand", stand, false},
    {ZIP_LIST_OP, zip_list, false},
    {ZIP_READ_OP, zip_read, true},
    {ASIC_MANIFEST_OP, asic_manifest, false},
    {ASIC_LIST_OP, asic_list, false},
    {XSIGN_PLAN_OP, xsign_plan, false},
    {XML_SIGNATURES_OP, xml_signatures, false},
    {XML_TRANSFORM_OP, xml_transform, false},
    {XEXT_PLACES_OP, xml_places, false},
};
const size_t wall_ops_n = sizeof wall_ops / sizeof wall_ops[0];
