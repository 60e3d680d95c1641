/* SPDX-License-Identifier: BSD-2-Clause */
/* What is in a ZIP file, by libzip. */
#include <stdlib.h>
#include <string.h>
#include <zip.h>

#include "document/asic/unpack/unpack.h"
#include "document/wall/frame.h"

static enum ecert_rc open_zip(const struct wall_call *call, zip_t **out)
{
	zip_error_t why;
	zip_source_t *s;

	*out = NULL;
	if (call->inputs != 1)
		return ECERT_E_ARG;
	zip_error_init(&why);
	s = zip_source_buffer_create(call->input[0].p, call->input[0].n, 0, &why);
	if (!s)
		return ECERT_E_MEMORY;
	*out = zip_open_from_source(s, ZIP_RDONLY, &why);
	if (*out)
		return ECERT_OK;
	zip_source_free(s);
	return zip_error_code_zip(&why) == ZIP_ER_MEMORY ? ECERT_E_MEMORY : ECERT_E_MALFORMED;
}

static enum ecert_rc put_member(zip_t *z, zip_uint64_t i, struct buf *answer)
{
	zip_stat_t st;
	size_t n;

	zip_stat_init(&st);
	if (zip_stat_index(z, i, ZIP_FL_ENC_RAW, &st) || !(st.valid & ZIP_STAT_NAME) ||
	    !(st.valid & ZIP_STAT_SIZE))
		return ECERT_E_MALFORMED;
	n = strlen(st.name);
	if (n > ZIP_NAME_MAX)
		return ECERT_E_TOO_LARGE;
	buf_u16(answer, (uint16_t)n);
	buf_put(answer, st.name, n);
	buf_u64(answer, st.size);
	buf_u8(answer, st.encryption_method != ZIP_EM_NONE);
	return ECERT_OK;
}

/* No two readers see different files. */
static enum ecert_rc check_names(const struct wall_call *call, zip_t *z, size_t n)
{
	struct rd *names = calloc(n + 1, sizeof *names);
	enum ecert_rc rc = names ? ECERT_OK : ECERT_E_MEMORY;

	for (size_t i = 0; rc == ECERT_OK && i < n; i++) {
		const char *name = zip_get_name(z, i, ZIP_FL_ENC_RAW);

		names[i] = name ? rd_of(name, strlen(name)) : rd_of(NULL, 0);
	}
	if (rc == ECERT_OK && !zip_says_once(call->input[0], names, n))
		rc = ECERT_E_MALFORMED;
	free(names);
	return rc;
}

enum ecert_rc zip_list(const struct wall_call *call, struct buf *answer)
{
	zip_t *z;
	enum ecert_rc rc = open_zip(call, &z);
	zip_int64_t n = rc == ECERT_OK ? zip_get_num_entries(z, 0) : 0;

	if (rc == ECERT_OK && (n < 0 || n > ZIP_MEMBERS_MAX))
		rc = n < 0 ? ECERT_E_MALFORMED : ECERT_E_TOO_LARGE;
	if (rc == ECERT_OK)
		buf_u32(answer, (uint32_t)n);
	for (zip_uint64_t i = 0; rc == ECERT_OK && i < (zip_uint64_t)n; i++)
		rc = put_member(z, i, answer);
	if (rc == ECERT_OK)
		rc = check_names(call, z, (size_t)n);
	if (z)
		zip_discard(z);
	return rc;
}

/* A member's end comes with fewer bytes than were asked for, and is an error when its bytes are not
 * those that it was made of. */
static enum ecert_rc read_some(
    const struct wall_call *call, zip_file_t *f, uint64_t want, struct buf *answer)
{
	static uint8_t room[WALL_PIECE_MAX];
	enum ecert_rc rc = ECERT_OK;
	zip_int64_t n = 1;

	while (rc == ECERT_OK && want && n > 0) {
		n = zip_fread(f, room, want < sizeof room ? want : sizeof room);
		if (n > 0 && call->put)
			rc = call->put(call, rd_of(room, (size_t)n));
		else if (n > 0)
			buf_put(answer, room, (size_t)n);
		want -= n > 0 ? (uint64_t)n : 0;
	}
	return n < 0 ? ECERT_E_MALFORMED : rc;
}

enum ecert_rc zip_read(const struct wall_call *call, struct buf *answer)
{
	struct rd r = call->request;
	uint32_t index = 0;
	uint64_t want = 0;
	zip_t *z = NULL;
	zip_file_t *f = NULL;
	enum ecert_rc rc = rd_u32(&r, &index);

	if (rc == ECERT_OK)
		rc = rd_u64(&r, &want);
	if (rc != ECERT_OK || !rd_empty(&r))
		return ECERT_E_ARG;
	rc = open_zip(call, &z);
	f = rc == ECERT_OK ? zip_fopen_index(z, index, 0) : NULL;
	if (rc == ECERT_OK && !f)
		rc = ECERT_E_UNSUPPORTED;
	if (rc == ECERT_OK)
		rc = read_some(call, f, want, answer);
	if (f)
		zip_fclose(f);
	if (z)
		zip_discard(z);
	return rc;
}
