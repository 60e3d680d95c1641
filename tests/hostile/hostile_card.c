/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The reference applet as an adversary. Links with ecert-vcard's doors in place of its card.c. The
 * file that ECERT_TEST_CASE names holds the name of the case in force (see cases.c); it is read at
 * every command, so that one card serves many cases. "honest" and an empty file change nothing.
 */
#include "tests/hostile/hostile.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <fcntl.h>

#define CASE_NAME_MAX 64

static struct {
	char name[CASE_NAME_MAX];
	const struct bend *bend;
	unsigned long commands; /* since the case came into force */
	const struct bend *on;	/* bends what goes over the wire until the next command */
	unsigned round;
	struct shot shot;
	size_t at;
} now;

const uint8_t *vcard_atr(size_t *len)
{
	/* compact-TLV 73 C0 01 C0: extended length and chaining; 55 "eCert" */
	static const uint8_t atr[] = {0x3B, 0x8B, 0x81, 0x31, 0xFE, 0x15, 0x80, 0x73, 0xC0, 0x01,
	    0xC0, 0x55, 'e', 'C', 'e', 'r', 't', 0xB8};

	*len = sizeof atr;
	return atr;
}

void vcard_reset(struct vcard *v)
{
	ap_reset(&v->ap);
	now.at = now.shot.len = 0;
	now.on = NULL;
}

/* Which case is in force now. */
static void look(void)
{
	const char *path = getenv("ECERT_TEST_CASE");
	char name[CASE_NAME_MAX] = "";
	int fd = path != NULL ? open(path, O_RDONLY | O_CLOEXEC) : -1;
	ssize_t n = fd >= 0 ? read(fd, name, sizeof name - 1) : 0;

	if (fd >= 0)
		close(fd);
	name[n > 0 ? n : 0] = '\0';
	name[strcspn(name, "\n")] = '\0';
	if (strcmp(name, now.name) == 0)
		return;
	memcpy(now.name, name, sizeof name);
	now.commands = 0;
	now.on = NULL;
	now.bend = bend_find(name);
	if (now.bend == NULL && name[0] != '\0' && strcmp(name, "honest") != 0) {
		fprintf(stderr, "hostile-card: no case %s\n", name);
		exit(2);
	}
}

static uint32_t object_tag(const uint8_t *apdu, size_t len)
{
	const uint8_t *d = apdu + (len > 7 && apdu[4] == 0 ? 7 : 5);
	uint32_t tag = 0;

	for (size_t i = 0; d + 2 + i < apdu + len && d[0] == ECERT_TAG_PATH && i < d[1]; i++)
		tag = tag << 8 | d[2 + i];
	return tag;
}

static bool hits(const struct bend *b, const uint8_t *apdu, size_t len)
{
	if (b == NULL || len < 4)
		return false;
	switch (b->hit) {
	case HIT_SELECT:
		return apdu[1] == ECERT_INS_SELECT;
	case HIT_OBJECT:
		return apdu[1] == ECERT_INS_GET_DATA && object_tag(apdu, len) == b->arg;
	case HIT_META:
		return apdu[1] == ECERT_INS_GET_METADATA && apdu[3] == b->arg;
	case HIT_USE:
		return apdu[1] == ECERT_INS_GENERAL_AUTHENTICATE && apdu[3] == b->arg;
	case HIT_TRIES:
		return apdu[1] == ECERT_INS_VERIFY && apdu[2] == 0 && len <= 5;
	case HIT_VERIFY:
		return apdu[1] == ECERT_INS_VERIFY && apdu[2] == 0 && len > 5;
	case HIT_ATTEST:
		return apdu[1] == ECERT_INS_ATTEST;
	case HIT_AFTER:
		return now.commands > b->arg;
	}
	return false;
}

/* A case about the names object is seen only when the status says that there is one. */
static bool lies_of_names(const struct bend *b, const uint8_t *apdu, size_t len)
{
	return b != NULL && b->hit == HIT_OBJECT && b->arg == ECERT_OBJ_ECERT_NAMES && len >= 4 &&
	       apdu[1] == ECERT_INS_GET_DATA && object_tag(apdu, len) == ECERT_OBJ_ECERT_STATUS;
}

/* The applet's whole answer, all pieces joined. */
static void whole(struct vcard *v, const uint8_t *apdu, size_t len)
{
	static const uint8_t more[] = {0, ECERT_INS_GET_RESPONSE, 0, 0, 0};
	static uint8_t r[AP_RESPONSE_MAX];
	size_t n = ap_process(&v->ap, apdu, len, r);

	now.shot.ap = &v->ap;
	now.shot.len = now.at = 0;
	for (;;) {
		memcpy(now.shot.data + now.shot.len, r, n - 2);
		now.shot.len += n - 2;
		now.shot.sw = (uint16_t)(r[n - 2] << 8 | r[n - 1]);
		if (r[n - 2] != 0x61)
			return;
		n = ap_process(&v->ap, more, sizeof more, r);
	}
}

/* The next piece: all that fits with extended length, else 256 bytes and 61xx. */
static size_t piece(const uint8_t *apdu, size_t len, uint8_t *resp)
{
	size_t most = len > 6 && apdu[4] == 0 ? 60000 : 256;
	size_t left = now.shot.len - now.at, n = left < most ? left : most;
	uint16_t sw = now.shot.sw;

	memcpy(resp, now.shot.data + now.at, n);
	now.at += n;
	left -= n;
	if (left > 0)
		sw = (uint16_t)(0x6100 | (left < 256 ? left : 0));
	resp[n] = (uint8_t)(sw >> 8);
	resp[n + 1] = (uint8_t)sw;
	return n + 2;
}

static size_t answer(struct vcard *v, const uint8_t *apdu, size_t len, uint8_t *resp)
{
	static uint8_t command[FRAME_MAX];
	const struct bend *b = now.bend;
	bool hit = hits(b, apdu, len);

	if (len >= 4 && apdu[1] == ECERT_INS_GET_RESPONSE) {
		if (now.on != NULL)
			return now.on->wire(resp, now.on->n, ++now.round);
		return piece(apdu, len, resp);
	}
	now.on = hit && b->wire != NULL ? b : NULL;
	/* 6Cxx makes the same command come again: that is the next round, too. */
	now.round = now.on != NULL ? now.round + 1 : 0;
	if (now.on != NULL)
		return b->wire(resp, b->n, now.round);
	memcpy(command, apdu, len);
	if (hit && b->before != NULL)
		b->before(&v->ap, command, len);
	whole(v, command, len);
	if (hit && b->answer != NULL)
		b->answer(&now.shot, b->n);
	if (lies_of_names(b, apdu, len))
		bend_announce_names(&now.shot);
	return piece(apdu, len, resp);
}

size_t vcard_apdu(struct vcard *v, const uint8_t *apdu, size_t len, uint8_t *resp)
{
	size_t n;

	if (v->opt->pull_after != 0 && v->apdus >= v->opt->pull_after) {
		v->pulled = true;
		return 0;
	}
	look();
	v->apdus++;
	now.commands++;
	vcard_log(v->log, '>', apdu, len);
	n = answer(v, apdu, len, resp);
	vcard_log(v->log, '<', resp, n);
	return n;
}
