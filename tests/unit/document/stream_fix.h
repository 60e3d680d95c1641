/* SPDX-License-Identifier: BSD-2-Clause */
/* Signed files of any size, as a signer's program writes them. */
#ifndef ECERT_TEST_STREAM_FIX_H
#define ECERT_TEST_STREAM_FIX_H

#include "cades_fix.h"

#define LARGE (40u << 20)

static const struct doc_verify_options options = {.now = T0 + DAY, .path = &yes};

/* A file of n bytes, signed with the content inside. indefinite: in pieces, lengths left open. */
static inline int signed_file(size_t n, bool indefinite, unsigned char **der, size_t *len)
{
	char *content = calloc(1, n);
	assert_non_null(content);
	memset(content, 'x', n);
	BIO *in = BIO_new_mem_buf(content, (int)n), *out = BIO_new(BIO_s_mem());
	unsigned flags = CMS_CADES | CMS_BINARY | CMS_NOSMIMECAP | (indefinite ? CMS_STREAM : 0);
	CMS_ContentInfo *cms = CMS_sign(p256.cert, p256.key, NULL, in, flags);
	assert_non_null(cms);
	assert_int_equal(i2d_CMS_bio_stream(out, cms, in, (int)flags), 1);
	char *p = NULL;
	long have = BIO_get_mem_data(out, &p);
	*len = (size_t)have;
	*der = malloc(*len);
	assert_non_null(*der);
	memcpy(*der, p, *len);
	BIO_free(in);
	BIO_free(out);
	CMS_ContentInfo_free(cms);
	free(content);
	return file_with(*der, *len);
}

static inline struct doc_result *verified(int fd)
{
	struct doc_result *r = NULL;
	assert_int_equal(lseek(fd, 0, SEEK_SET), 0);
	assert_int_equal(cades_verify_fd(fd, -1, &options, &r), ECERT_OK);
	return r;
}

static inline void put_length(struct buf *b, size_t n)
{
	buf_u8(b, 0x84);
	buf_u32(b, (uint32_t)n);
}

#endif
