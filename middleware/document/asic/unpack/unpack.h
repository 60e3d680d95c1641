/* SPDX-License-Identifier: BSD-2-Clause */
/* The operations on containers of ecert-wall. */
#ifndef ECERT_DOCUMENT_ASIC_UNPACK_H
#define ECERT_DOCUMENT_ASIC_UNPACK_H

#include "document/asic/questions.h"
#include "wall/wall.h"

enum ecert_rc zip_list(const struct wall_call *call, struct buf *answer) MUST_CHECK;
enum ecert_rc zip_read(const struct wall_call *call, struct buf *answer) MUST_CHECK;
enum ecert_rc asic_manifest(const struct wall_call *call, struct buf *answer) MUST_CHECK;

#endif
