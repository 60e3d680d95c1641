/* SPDX-License-Identifier: BSD-2-Clause */
/* What a container is written of: unzip opens it, the wall reads it, and a manifest's names lead to
 * the members that they name, and to no other. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

/* cmocka wants these first */
#include <setjmp.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "document/asic/manifest.h"
#include "document/asic/zip_write.h"
#include "util/file.h"

#define T0	 1800000000
#define TYPE	 "application/vnd.etsi.asic-e+zip"
#define MANIFEST "META-INF/ASiCManifest001.xml"

static char path[] = "/tmp/ecert-asic.XXXXXX";

static int use_wall(void **state)
{
	char wall[4096];

	(void)state;
	snprintf(wall, sizeof wall, "%s/ecert-wall", getenv("top_builddir"));
	return setenv("ECERT_WALL", wall, 1);
}

static enum ecert_rc gather(void *ctx, struct rd part)
{
	buf_rd(ctx, part);
	return buf_rc(ctx);
}

static enum ecert_rc refuse(void *ctx, struct rd part)
{
	(void)ctx;
	(void)part;
	return ECERT_E_IO;
}

static struct rd text(const char *s)
{
	return rd_of(s, strlen(s));
}

/* A container of these members behind its type, and open. */
static int container(const char *const *name, const char *const *content, size_t n)
{
	struct buf out = BUF_INIT(1u << 20);
	struct zip_writer w;
	int fd;

	zip_write_begin(&w, gather, &out, T0);
	assert_int_equal(zip_write_whole(&w, "mimetype", text(TYPE)), ECERT_OK);
	for (size_t i = 0; i < n; i++)
		assert_int_equal(zip_write_whole(&w, name[i], text(content[i])), ECERT_OK);
	assert_int_equal(zip_write_end(&w), ECERT_OK);
	zip_write_free(&w);
	strcpy(path, "/tmp/ecert-asic.XXXXXX");
	fd = mkstemp(path);
	assert_true(fd >= 0 && file_write_fd(fd, buf_view(&out)));
	/* ZIP 4.3.7 and ASiC's own rule: the type's bytes are where magic(5) looks for them. */
	assert_memory_equal(buf_view(&out).p, "PK\3\4", 4);
	assert_memory_equal(buf_view(&out).p + 30, "mimetype" TYPE, strlen("mimetype" TYPE));
	buf_free(&out);
	return fd;
}

/* What a command says of the file, up to cap bytes; it has to end well. */
static void said(const char *command, char *out, size_t cap)
{
	char line[256];
	FILE *f;
	size_t n;

	snprintf(line, sizeof line, command, path);
	f = popen(line, "r");
	assert_non_null(f);
	n = fread(out, 1, cap - 1, f);
	out[n] = 0;
	assert_int_equal(pclose(f), 0);
}

static void unzip_opens_what_is_written(void **state)
{
	static const char *const name[] = {"order.xml", "\xE7\x99\xBC\xE7\xA5\xA8 1.txt", "empty"};
	static const char *const content[] = {"<order/>", "HK$ 1,234.00", ""};
	char out[4096];
	int fd = container(name, content, 3);

	(void)state;
	said("unzip -tqq %s", out, sizeof out);
	said("unzip -p %s order.xml", out, sizeof out);
	assert_string_equal(out, "<order/>");
	said("unzip -Z1 %s | head -n 1", out, sizeof out);
	assert_string_equal(out, "mimetype\n");
	said("unzip -Zv %s mimetype | grep -c 'compression method: *none (stored)'", out,
	    sizeof out);
	assert_string_equal(out, "1\n");
	close(fd);
	unlink(path);
}

static void the_wall_reads_what_is_written(void **state)
{
	static const char *const name[] = {"a", "b c", "META-INF/x.p7s"};
	static const char *const content[] = {"first", "", "third"};
	int fd = container(name, content, 3);
	struct asic_container c;
	const char *why = NULL;
	enum reason reason;

	(void)state;
	assert_int_equal(asic_open(fd, &c, &why, &reason), ECERT_OK);
	assert_null(why);
	assert_int_equal(c.n, 4);
	for (size_t i = 0; i < 3; i++) {
		struct buf got = BUF_INIT(64);

		assert_true(rd_equal(c.v[i + 1].name, text(name[i])));
		assert_int_equal(c.v[i + 1].size, strlen(content[i]));
		assert_int_equal(asic_read_all(&c, i + 1, &got, &why, &reason), ECERT_OK);
		assert_true(rd_equal(buf_view(&got), text(content[i])));
		buf_free(&got);
	}
	assert_false(asic_is_data(&c.v[0]));
	assert_true(asic_is_data(&c.v[1]));
	assert_false(asic_is_data(&c.v[3]));
	assert_true(asic_named(&c.v[3], "META-INF/", ".p7s"));
	asic_close(&c);
	close(fd);
	unlink(path);
}

/* Nothing is written that readers of 32 bits would read as something else. */
static void what_does_not_fit_is_refused(void **state)
{
	struct buf out = BUF_INIT(1u << 20);
	struct zip_writer w;

	(void)state;
	zip_write_begin(&w, gather, &out, T0);
	assert_int_equal(zip_write_member(&w, "large", 1ull << 32, 0), ECERT_E_TOO_LARGE);
	w.at = UINT32_MAX;
	assert_int_equal(zip_write_whole(&w, "late", text("x")), ECERT_E_TOO_LARGE);
	w.at = 0;
	w.members = UINT16_MAX;
	assert_int_equal(zip_write_whole(&w, "many", text("x")), ECERT_E_TOO_LARGE);
	zip_write_free(&w);
	zip_write_begin(&w, refuse, NULL, T0);
	assert_int_equal(zip_write_whole(&w, "a", text("x")), ECERT_E_IO);
	zip_write_free(&w);
	buf_free(&out);
}

static void a_manifest_names_what_it_is_about(void **state)
{
	static const char *const file[] = {
	    "plain.txt", "a b&<\">.txt", "100%25.txt", "\xE7\x99\xBC\xE7\xA5\xA8.pdf"};
	const char *name[5], *content[5];
	uint8_t digest[32] = {1, 2, 3};
	struct buf xml = BUF_INIT(1u << 20);
	struct asic_container c;
	struct asic_manifest m;
	const char *why = NULL;
	enum reason reason;
	char *whole;
	int fd;

	(void)state;
	asic_manifest_begin(&xml, "META-INF/signature001.p7s");
	for (size_t i = 0; i < 4; i++) {
		name[i] = file[i];
		content[i] = file[i];
		asic_manifest_add(&xml, file[i], "SHA256", rd_of(digest, sizeof digest));
	}
	asic_manifest_end(&xml);
	assert_int_equal(buf_rc(&xml), ECERT_OK);
	whole = strndup((const char *)buf_view(&xml).p, buf_len(&xml));
	name[4] = MANIFEST;
	content[4] = whole;
	fd = container(name, content, 5);
	assert_int_equal(asic_open(fd, &c, &why, &reason), ECERT_OK);
	assert_null(why);
	assert_int_equal(asic_manifest_read(&c, 5, &m, &why, &reason), ECERT_OK);
	assert_null(why);
	assert_true(rd_equal(m.signature, text("META-INF/signature001.p7s")));
	assert_int_equal(m.n, 4);
	for (size_t i = 0; i < 4; i++) {
		size_t at = 0;

		assert_true(asic_find(&c, m.v[i].uri, &at));
		assert_int_equal(at, i + 1);
		assert_ptr_equal(m.v[i].md, EVP_sha256());
	}
	assert_false(asic_find(&c, text("none"), &(size_t){0}));
	asic_manifest_free(&m);
	asic_close(&c);
	free(whole);
	buf_free(&xml);
	close(fd);
	unlink(path);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(unzip_opens_what_is_written),
	    cmocka_unit_test(the_wall_reads_what_is_written),
	    cmocka_unit_test(what_does_not_fit_is_refused),
	    cmocka_unit_test(a_manifest_names_what_it_is_about),
	};

	return cmocka_run_group_tests(tests, use_wall, NULL);
}
