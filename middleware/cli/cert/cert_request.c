/* SPDX-License-Identifier: BSD-2-Clause */
/* ecert cert request. */
#include <string.h>

#include "cli/cert/cert.h"

enum outcome request_cert(struct cli *c, void *params, const struct strlist *args)
{
	const struct cert_request_deed *o = params;
	const char *path = o->output ? o->output : "-";
	enum outcome code = cli_not_both(c, path);

	(void)args;
	if (!code)
		code = cert_request(&c->job, o);
	if (code || !strcmp(path, "-"))
		return code;
	cli_tell(c, MSG("{file}: send it to the CA, then `ecert cert import` what it answers.",
			P_FILE("file", path)));
	return cli_json(c, json_pack("{s:o, s:o}", "request", cli_json_file(path), "attestation",
			       o->attestation ? cli_json_file(o->attestation) : json_null()));
}

const struct opt cert_request_opts[] = {
    {"subject", 0, OPT_STR, "NAME", offsetof(struct cert_request_deed, subject),
	MSG_ID("who it is for: 'C=HK, O=Wong Trading Ltd, CN=WONG Mei'")},
    {"template", 0, OPT_STR, "JSON", offsetof(struct cert_request_deed, template_file),
	MSG_ID("subject and other names from a file (see below)")},
    {"san", 0, OPT_LIST, "NAME", offsetof(struct cert_request_deed, san),
	MSG_ID("a further name: email:ADDRESS, dns:HOST or uri:URI (may be repeated)")},
    {"slot", 's', OPT_STR, "SLOT", offsetof(struct cert_request_deed, slot),
	MSG_ID("the key: 9c (default), 9a, 9d, 9e, 82 to 95")},
    {"id", 0, OPT_STR, "HEX", offsetof(struct cert_request_deed, id),
	MSG_ID("the place by its PKCS#11 id: 02 is slot 9c")},
    {"attestation", 0, OPT_OUT, "FILE", offsetof(struct cert_request_deed, attestation),
	MSG_ID("also write the token's attestation of the key there (PEM), for the CA")},
    {"output", 'o', OPT_OUT, "FILE", offsetof(struct cert_request_deed, output),
	MSG_ID("where the request goes (default: standard output)")},
    {"force", 'f', OPT_FLAG, NULL, offsetof(struct cert_request_deed, force),
	MSG_ID("replace files that are there")},
    {0}};
