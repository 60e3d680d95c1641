/* SPDX-License-Identifier: BSD-2-Clause */
/* What ecert-wall-pdf can be asked. */
#include "document/pdf/objects/objects.h"
#include "document/pdf/revisions/revisions.h"
#include "wall/wall.h"

const struct wall_op wall_ops[] = {
    {PDF_CHANGES_OP, pdf_changes, false},
    {PDF_PLAN_OP, pdf_plan, false},
    {PDF_DSS_OP, pdf_dss, false},
};
const size_t wall_ops_n = sizeof wall_ops / sizeof wall_ops[0];
