/* SPDX-License-Identifier: BSD-2-Clause */
/* From the command line to the command: groups, and the words for people who are new here. */
#include <argp.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "actions/job.h"
#include "cli/cli.h"
#include "cli/help/help.h"
#include "cli/help/meant.h"
#include "cli/language.h"
#include "cli/options.h"
#include "cli/terminal.h"
#include "config.h"
#include "util/log.h"

static const char getting_started[] = MSG_ID(
    "ecert keeps your e-Cert key on a token, signs with it, and verifies what others\n"
    "signed.\n"
    "\n"
    "  ecert token list                         which tokens are plugged in\n"
    "  ecert sign invoice.pdf                   sign: writes invoice.pdf.p7s\n"
    "  ecert verify --anchor ca.pem invoice.pdf check a signature: who, when, CA\n"
    "\n"
    "  ecert help                               all commands\n"
    "  ecert help words                         what a PUK is, an escrow, an anchor\n"
    "  ecert sign --help                        one command, with examples\n");

static bool group_known(const char *group)
{
	for (const struct command *const *p = commands; *p; p++)
		if (!strcmp((*p)->group, group))
			return true;
	return false;
}

static const struct command *find_command(const char *group, const char *name)
{
	for (const struct command *const *p = commands; *p; p++)
		for (const struct command *cmd = *p; cmd->group; cmd++)
			if (!strcmp(cmd->group, group) &&
			    (!cmd->name || (name && !strcmp(cmd->name, name))))
				return cmd;
	return NULL;
}

static enum outcome run_command(
    const struct command *cmd, struct cli *c, const char *self, int argc, char **argv)
{
	void *params = calloc(1, cmd->params_size ? cmd->params_size : 1);
	struct strlist args = {0};
	enum outcome code;
	char title[64];

	if (!params)
		return ui_fail_rc(c->job.ui, ECERT_E_MEMORY, MSG("Cannot start: {why}"));
	snprintf(title, sizeof title, "%s %s%s%s", self, cmd->group, cmd->name ? " " : "",
	    cmd->name ? cmd->name : "");
	argv[0] = title;
	code = options_told(cmd, c, argc, argv);
	if (!code)
		code = options_parse(cmd, c, params, argc, argv, &args);
	if (!code)
		code = job_check(&c->job);
	if (!code)
		code = cmd->run(c, params, &args);
	options_free(cmd->opts, params);
	free(params);
	free(args.v);
	return code;
}

static enum outcome help(struct cli *c, int argc, char **argv)
{
	static char option[] = "--help";
	char *asked[] = {NULL, option, NULL};
	const struct command *cmd;
	struct meant hint;
	enum outcome code;
	bool known;

	for (int i = argc - 1; i >= 0; i--) {
		/* Anywhere on the line; which was seen before. */
		if (strcmp(argv[i], "--json") != 0 && strcmp(argv[i], "-j") != 0)
			continue;
		memmove(argv + i, argv + i + 1, (size_t)(argc - i - 1) * sizeof *argv);
		argc--;
	}
	if (argc < 1)
		return c->json ? help_is_text(c) : help_all();
	code = help_topic(c, argc, argv, &known);
	if (known)
		return code;
	if (argc > 1 && group_known(argv[0]) && !find_command(argv[0], argv[1]))
		return ui_fail(c->job.ui, OUT_USAGE, "command-unknown",
		    MSG("There is no command '{group} {name}'", P_FILE("group", argv[0]),
			P_FILE("name", argv[1])),
		    meant_command(argv[0], argv[1], &hint));
	cmd = find_command(argv[0], argc > 1 ? argv[1] : NULL);
	if (c->json && (cmd || group_known(argv[0])))
		return help_is_text(c);
	if (cmd)
		return run_command(cmd, c, "ecert", 2, asked);
	if (group_known(argv[0]))
		return help_group(argv[0]);
	return ui_fail(c->job.ui, OUT_USAGE, "group-unknown",
	    MSG("There is no group '{group}'", P_FILE("group", argv[0])),
	    meant_command(argv[0], argc > 1 ? argv[1] : NULL, &hint));
}

static enum outcome dispatch(struct cli *c, int argc, char **argv)
{
	const char *group = argv[0], *name = argc > 1 ? argv[1] : NULL;
	const struct command *cmd = find_command(group, name);
	struct meant hint;

	if (!cmd && options_want_json(argc, argv))
		c->json = true;
	if (!strcmp(group, "help"))
		return help(c, argc - 1, argv + 1);
	if (cmd && !cmd->name)
		return run_command(cmd, c, "ecert", argc, argv);
	if (cmd)
		return run_command(cmd, c, "ecert", argc - 1, argv + 1);
	if (!group_known(group))
		return ui_fail(c->job.ui, OUT_USAGE, "command-unknown",
		    MSG("There is no command '{group}'", P_FILE("group", group)),
		    meant_command(group, name, &hint));
	if (name && name[0] != '-')
		return ui_fail(c->job.ui, OUT_USAGE, "command-unknown",
		    MSG("There is no command '{group} {name}'", P_FILE("group", group),
			P_FILE("name", name)),
		    meant_command(group, name, &hint));
	if (c->json && (!name || strcmp(name, "--help")))
		return ui_fail(c->job.ui, OUT_USAGE, "command-missing",
		    MSG("'{group}' is a group of commands: say which", P_FILE("group", group)),
		    MSG("See `ecert help`."));
	help_group(group);
	return name && !strcmp(name, "--help") ? OUT_OK : OUT_USAGE;
}

/* A closed standard stream's number would go to the next file or socket that is opened, the token's
 * perhaps, which then got our words: something that cannot be used that way takes its place. */
static void keep_standard_streams(void)
{
	static const int modes[] = {O_WRONLY, O_RDONLY, O_RDONLY};

	for (int fd = 0; fd < 3; fd++)
		if (fcntl(fd, F_GETFD) < 0 && open("/dev/null", modes[fd]) != fd)
			_exit(OUT_IO);
}

/* A pipe that nobody reads any more. Lines are written when they are said, so that the error may be
 * an earlier one's, and errno is gone. */
static bool reader_left(void)
{
	struct pollfd p = {.fd = STDOUT_FILENO, .events = POLLOUT};

	return poll(&p, 1, 0) == 1 && (p.revents & POLLERR) != 0;
}

/* What was said has to arrive; a reader who has heard enough (`| head`) is no error. */
static enum outcome flushed(const struct cli *c, enum outcome code)
{
	bool bad = ferror(stdout) != 0;

	errno = 0;
	bad = fflush(stdout) != 0 || bad;
	if (!bad || code || errno == EPIPE || reader_left())
		return code;
	return ui_fail(c->job.ui, OUT_IO, "output-unwritable",
	    MSG("Done, but the answer cannot be written to standard output"),
	    MSG("Check where the output goes."));
}

enum outcome cli_main(int argc, char **argv)
{
	struct cli c = {.json = false};
	const struct ui ui = {&terminal_calls, &c};
	enum outcome code;
	int first = 1;

	job_init(&c.job, &ui);
	keep_standard_streams();

	argp_program_version = PACKAGE_STRING;
	setenv("ARGP_HELP_FMT", "no-dup-args-note", 0);
	log_init();
	signal(SIGPIPE, SIG_IGN);
	signal(SIGXFSZ, SIG_IGN); /* a full quota is an error to report, not a crash */
	if (argc > 1 && (!strcmp(argv[1], "--help") || !strcmp(argv[1], "-?")))
		return flushed(&c, help_all());
	if (argc > 1 && (!strcmp(argv[1], "--version") || !strcmp(argv[1], "-V"))) {
		puts(PACKAGE_STRING);
		return flushed(&c, OUT_OK);
	}
	code = options_told(NULL, &c, argc, argv);
	if (code)
		return flushed(&c, code);
	options_errors(argc, argv);
	if (argc > 1)
		first = options_common(&c, argc, argv);
	if (first >= argc) {
		fputs(language_of(getting_started), argc > 1 ? stderr : stdout);
		cli_json_error(
		    &c, OUT_USAGE, "command-missing", "No command is named", "See `ecert help`.");
		return argc > 1 ? OUT_USAGE : OUT_OK;
	}
	code = flushed(&c, dispatch(&c, argc - first, argv + first));
	free(c.job.reads.v);
	return code;
}
