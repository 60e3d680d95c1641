/* SPDX-License-Identifier: BSD-2-Clause */
/* Place, logo and QR code, as they were asked for. */
#include "actions/sign/seen.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "actions/sign/place.h"

/* What a QR code of a stamp's size says at most. */
#define URL_MAX 256

bool sign_wants_pdf(const struct sign_deed *d)
{
	const struct doc_pdf_options *p = &d->pdf;

	return d->visible || p->field || p->reason || p->place || p->contact || p->certify ||
	       p->logo || p->qr;
}

/* A telephone opens what it says: a web address, and nothing that only looks like one. */
static bool is_address(const char *url)
{
	size_t scheme = !strncmp(url, "https://", 8) ? 8 : !strncmp(url, "http://", 7) ? 7 : 0;

	for (const char *p = url; *p; p++)
		if (*p <= ' ' || *p > '~' || strchr("\"<>\\^`{|}", *p))
			return false;
	return scheme && url[scheme] && !strchr("/?#:@.", url[scheme]) &&
	       !memchr(url + scheme, '@', strcspn(url + scheme, "/?#"));
}

static enum outcome check_logo(const struct job *job, const char *file)
{
	int fd = open(file, O_RDONLY | O_CLOEXEC | O_NONBLOCK);

	if (fd < 0)
		return ui_fail(job->ui, OUT_IO, "file-unreadable",
		    MSG("Cannot read {file}: {why}", P_FILE("file", file), P_ERRNO("why", errno)),
		    MSG("Check the name behind --logo."));
	close(fd);
	return OUT_OK;
}

static enum outcome check_address(const struct job *job, const char *url)
{
	if (strlen(url) > URL_MAX)
		return ui_fail(job->ui, OUT_USAGE, "qr-too-long",
		    MSG("The address behind --qr is too long for a code that a telephone reads"),
		    MSG("{max} bytes are the most that is taken.", P_NUMBER("max", URL_MAX)));
	if (!is_address(url))
		return ui_fail(job->ui, OUT_USAGE, "qr-malformed",
		    MSG("'{text}' is no web address", P_TEXT("text", url)),
		    MSG("It begins with https:// or http://, names no user, and has other "
			"characters than ASCII as %XX."));
	return OUT_OK;
}

enum outcome sign_seen_check(const struct job *job, const struct sign_deed *d)
{
	const struct doc_pdf_options *p = &d->pdf;
	struct doc_pdf_options place;
	enum outcome code = OUT_OK;

	if (d->visible && !sign_place_read(d->visible, &place))
		return ui_fail(job->ui, OUT_USAGE, "place-malformed",
		    MSG("'{text}' is no place on a page", P_TEXT("text", d->visible)),
		    MSG("A corner (bottom-right), a page (last), both (last,top-left), or a page "
			"and points from its left and lower edge (1,72,36)."));
	if (!d->visible && (p->logo || p->qr))
		return ui_fail(job->ui, OUT_USAGE, "seen-nowhere",
		    MSG("--logo and --qr are parts of a visible signature"),
		    MSG("Say where it is seen as well, as in --visible=bottom-right."));
	if (p->logo)
		code = check_logo(job, p->logo);
	if (!code && p->qr)
		code = check_address(job, p->qr);
	return code;
}
