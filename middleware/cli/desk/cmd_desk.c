/* SPDX-License-Identifier: BSD-2-Clause */
/* ecert desk. */
#include <stddef.h>

#include "actions/desk/open.h"
#include "cli/commands.h"

static enum outcome run_desk(struct cli *c, void *params, const struct strlist *args)
{
	struct desk_opened out;
	enum outcome code = desk_page_open(&c->job, params, &out);

	(void)args;
	if (code)
		return code;
	if (out.opened) {
		cli_tell(c, MSG("The page is open in your browser."));
	} else {
		cli_tell(c, MSG("Open this address in a browser on this computer, within a minute; "
				"it is good once:"));
		cli_say(c, "%s", out.address);
	}
	return cli_json(
	    c, json_pack("{s:s, s:b}", "address", out.address, "opened", (int)out.opened));
}

static const struct opt opts[] = {
    {"print", 0, OPT_FLAG, NULL, offsetof(struct desk_open_deed, print),
	MSG_ID("print the page's address instead of opening a browser")},
    {0}};

const struct command desk_commands[] = {
    {"desk", NULL, "", 0, 0, MSG_ID("open your page for signing and verifying in the browser"),
	MSG_ID("Opens a page on this computer, for you alone: how tokens and certificates are, "
	       "verifying and signing files that you drop on it. Nothing leaves the computer, and "
	       "the PIN is never typed into the page: a window of its own, or the reader's keypad, "
	       "asks for it and says what is signed.\n\n"
	       "The page is served by ecert-desk, which starts when it is needed and ends when no "
	       "page is open. The address is good once, and for seconds.\n\n"
	       "Examples:\n  ecert desk\n  ecert desk --print"),
	opts, sizeof(struct desk_open_deed), run_desk},
    {0}};
