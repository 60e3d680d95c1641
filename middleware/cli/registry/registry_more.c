/* SPDX-License-Identifier: BSD-2-Clause */
/* ecert registry delegate, expire, export and import. */
#include "cli/registry/registry.h"

enum outcome cmd_registry_delegate(struct cli *c, void *params, const struct strlist *args)
{
	const struct desk_deed *deed = params;
	const char *file = deed->out ? deed->out : "delegation.jwt";
	time_t until;
	enum outcome code = cli_not_both(c, file);

	if (!code)
		code = desk_delegate(&c->job, deed, args->v[0], &until);
	if (code)
		return code;
	cli_tell(c, MSG("{issuer} may issue marks of {type}: {file}", P_TEXT("issuer", args->v[0]),
			P_TEXT("type", deed->type), P_FILE("file", file)));
	return cli_json(c, json_pack("{s:s, s:s, s:o, s:o}", "issuer", args->v[0],
			       "trust_mark_type", deed->type, "file", cli_json_file(file), "until",
			       until ? json_integer((json_int_t)until) : json_null()));
}

enum outcome cmd_registry_expire(struct cli *c, void *params, const struct strlist *args)
{
	size_t n;
	enum outcome code = desk_expire(&c->job, params, &n);

	(void)args;
	if (code)
		return code;
	cli_tell(c, MSG_N("{n} mark is over", "{n} marks are over", n));
	return cli_json(c, json_pack("{s:I}", "marks", (json_int_t)n));
}

enum outcome cmd_registry_export(struct cli *c, void *params, const struct strlist *args)
{
	size_t n;
	enum outcome code = cli_not_both(c, args->v[0]);

	if (!code)
		code = desk_export(&c->job, params, args->v[0], &n);
	if (code)
		return code;
	cli_tell(c,
	    MSG_N("{n} entry in {file}", "{n} entries in {file}", n, P_FILE("file", args->v[0])));
	return cli_json(c,
	    json_pack("{s:o, s:I}", "file", cli_json_file(args->v[0]), "entries", (json_int_t)n));
}

enum outcome cmd_registry_import(struct cli *c, void *params, const struct strlist *args)
{
	size_t n;
	enum outcome code = desk_import(&c->job, params, args->v[0], &n);

	if (code)
		return code;
	cli_tell(c, MSG_N("{n} entry taken in, as it was written",
			"{n} entries taken in, all as they were written", n));
	return cli_json(c, json_pack("{s:I}", "entries", (json_int_t)n));
}
