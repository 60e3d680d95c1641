/* SPDX-License-Identifier: BSD-2-Clause */
/* ecert registry keys, authorize, set and publish: the public side. */
#include "cli/registry/registry.h"

#include <string.h>

static time_t time_of(const json_t *o, const char *name)
{
	return (time_t)json_integer_value(json_object_get(o, name));
}

static void key_line(const struct cli *c, const json_t *k)
{
	const char *kid = json_string_value(json_object_get(k, "kid"));
	const bool status = !strcmp(json_string_value(json_object_get(k, "use")), "status");
	const time_t until = time_of(k, "authorized_until");

	if (!json_is_null(json_object_get(k, "ended")))
		cli_tell(c, MSG("{kid}: over since {time}", P_TEXT("kid", kid),
				P_TIME("time", time_of(k, "ended"))));
	else if (!status)
		cli_tell(c, MSG("{kid}: grants, since {time}", P_TEXT("kid", kid),
				P_TIME("time", time_of(k, "since"))));
	else if (until)
		cli_tell(c, MSG("{kid}: the status key, authorised until {time}",
				P_TEXT("kid", kid), P_TIME("time", until)));
	else
		cli_tell(c, MSG("{kid}: the status key, which no token has authorised so far",
				P_TEXT("kid", kid)));
}

enum outcome cmd_registry_keys(struct cli *c, void *params, const struct strlist *args)
{
	json_t *keys = NULL, *k;
	size_t i;
	enum outcome code = desk_keys(&c->job, params, &keys);

	(void)args;
	json_array_foreach(keys, i, k)
	{
		key_line(c, k);
	}
	if (!code && !json_array_size(keys))
		cli_tell(c, MSG("There are no keys so far: `ecert registry keys --make` makes the "
				"status key."));
	if (!code)
		code = cli_json(c, json_pack("{s:O}", "keys", keys));
	json_decref(keys);
	return code;
}

enum outcome cmd_registry_authorize(struct cli *c, void *params, const struct strlist *args)
{
	char kid[44];
	time_t until;
	enum outcome code = desk_authorize(&c->job, params, kid, &until);

	(void)args;
	if (code)
		return code;
	cli_tell(
	    c, MSG("The status key speaks for the issuer until {time}", P_TIME("time", until)));
	return cli_json(c, json_pack("{s:s, s:I}", "kid", kid, "until", (json_int_t)until));
}

enum outcome cmd_registry_set(struct cli *c, void *params, const struct strlist *args)
{
	enum outcome code = desk_set(&c->job, params, args->v[0], args->v[1]);

	if (code)
		return code;
	cli_tell(
	    c, MSG("{name} is {value} from now on, on the pages by the next `ecert registry "
		   "publish`, and in what the token signs by the next `ecert registry authorize`",
		   P_TEXT("name", args->v[0]), P_TEXT("value", args->v[1])));
	return cli_json(c, json_pack("{s:s, s:s}", "name", args->v[0], "value", args->v[1]));
}

enum outcome cmd_registry_publish(struct cli *c, void *params, const struct strlist *args)
{
	struct publish_done d;
	enum outcome code = desk_publish(&c->job, params, args->v[0], &d);

	if (code)
		return code;
	cli_tell(c, MSG("{members} members, {marks} marks; {written} files written, {same} as they "
			"were",
			P_NUMBER("members", d.members), P_NUMBER("marks", d.marks),
			P_NUMBER("written", d.written), P_NUMBER("same", d.same)));
	cli_tell(c,
	    MSG("The statuses count until {time}: publish again before.", P_TIME("time", d.until)));
	return cli_json(
	    c, json_pack("{s:o, s:I, s:I, s:I, s:I, s:I, s:I}", "folder", cli_json_file(args->v[0]),
		   "members", (json_int_t)d.members, "marks", (json_int_t)d.marks, "written",
		   (json_int_t)d.written, "same", (json_int_t)d.same, "removed",
		   (json_int_t)d.removed, "until", (json_int_t)d.until));
}
