/* SPDX-License-Identifier: BSD-2-Clause */
/* What a container is known by is kind/'s: a first member, or names of META-INF. */
#include "document/asic/asic.h"

#include "document/asic/make.h"

const struct doc_format format_asic = {
    .kind = DOC_KIND_ASIC,
    .name = "asice",
    .prepare = asic_prepare,
    .sign_into = asic_sign_into,
    .forget = asic_forget,
    .extend = asic_extend,
    .extends_to = DOC_LEVEL_LT,
    .verify = asic_verify,
    .verify_fd = asic_verify_fd,
};
