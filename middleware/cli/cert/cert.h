/* SPDX-License-Identifier: BSD-2-Clause */
/* Certificate requests and answers. */
#ifndef ECERT_CLI_CERT_H
#define ECERT_CLI_CERT_H

#include "actions/cert/import.h"
#include "actions/cert/request.h"
#include "cli/cli.h"

/* Their parameters: the structs of the deeds. */
extern const struct opt cert_request_opts[], cert_import_opts[];
enum outcome request_cert(struct cli *c, void *params, const struct strlist *args);
enum outcome import_cert(struct cli *c, void *params, const struct strlist *args);

#endif
