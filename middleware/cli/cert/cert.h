/* SPDX-License-Identifier: BSD-2-Clause */
/* Certificate requests and answers. */
#ifndef ECERT_CLI_CERT_H
#define ECERT_CLI_CERT_H

#include "cli/cli.h"
#include "provision/subject.h"

struct cert_request_params {
	const char *slot, *id, *subject, *template_file, *output, *attestation;
	struct strlist san;
	bool force;
};
extern const struct opt cert_request_opts[];
enum outcome cert_request(struct cli *c, void *params, const struct strlist *args);

struct cert_import_params {
	const char *slot, *id, *mgm, *label;
	struct strlist chain;
	bool force;
};
extern const struct opt cert_import_opts[];
enum outcome cert_import(struct cli *c, void *params, const struct strlist *args);

#endif
