/* SPDX-License-Identifier: BSD-2-Clause */
/* A file that behaves like flash, and the lock that keeps a second card out of it. */
#include "applet-spec/host/host.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define IMAGE (2 * HOST_AREA_SIZE)

static int write_all(int fd, const uint8_t *p, size_t len, off_t off)
{
	while (len > 0) {
		ssize_t n = pwrite(fd, p, len, off);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return -1;
		p += n;
		off += n;
		len -= (size_t)n;
	}
	return 0;
}

static enum ap_hal_rc flash_read(void *ctx, uint32_t off, uint8_t *out, size_t len)
{
	const struct host *h = ctx;

	if (off > IMAGE || len > IMAGE - off)
		return AP_HAL_FAIL;
	memcpy(out, h->image + off, len);
	return AP_HAL_OK;
}

static enum ap_hal_rc flash_write(void *ctx, uint32_t off, const uint8_t *in, size_t len)
{
	struct host *h = ctx;

	if (off > IMAGE || len > IMAGE - off || write_all(h->fd, in, len, off) != 0)
		return AP_HAL_FAIL;
	memcpy(h->image + off, in, len);
	return AP_HAL_OK;
}

static enum ap_hal_rc flash_erase(void *ctx, unsigned int area)
{
	struct host *h = ctx;
	uint32_t off = area * HOST_AREA_SIZE;

	if (area > 1)
		return AP_HAL_FAIL;
	memset(h->image + off, 0xFF, HOST_AREA_SIZE);
	/* An erase is how keys die: OpenSSL must not remember them either. */
	host_forget_keys(h);
	if (write_all(h->fd, h->image + off, HOST_AREA_SIZE, off) != 0)
		return AP_HAL_FAIL;
	return AP_HAL_OK;
}

static enum ap_hal_rc flash_sync(void *ctx)
{
	const struct host *h = ctx;

	return h->sync && fdatasync(h->fd) != 0 ? AP_HAL_FAIL : AP_HAL_OK;
}

void host_hal_flash(struct host *h)
{
	h->hal.area_size = HOST_AREA_SIZE;
	h->hal.flash_read = flash_read;
	h->hal.flash_write = flash_write;
	h->hal.flash_erase = flash_erase;
	h->hal.flash_sync = flash_sync;
}

/* A short file is one whose making was cut off: what is missing is erased flash. */
static int load(struct host *h)
{
	size_t have = 0;
	ssize_t n;

	h->image = malloc(IMAGE);
	if (h->image == NULL)
		return ENOMEM;
	memset(h->image, 0xFF, IMAGE);
	while (
	    have < IMAGE && (n = pread(h->fd, h->image + have, IMAGE - have, (off_t)have)) != 0) {
		if (n > 0)
			have += (size_t)n;
		else if (errno != EINTR)
			return errno;
	}
	return have < IMAGE && write_all(h->fd, h->image + have, IMAGE - have, (off_t)have) != 0
		   ? errno
		   : 0;
}

int host_open(struct host *h, const char *path, bool sync)
{
	memset(h, 0, sizeof(*h));
	h->sync = sync;
	h->fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (h->fd < 0)
		return errno;
	if (flock(h->fd, LOCK_EX | LOCK_NB) != 0)
		return errno;
	host_hal_crypto(h);
	host_hal_flash(h);
	return load(h);
}

void host_close(struct host *h)
{
	host_forget_keys(h);
	if (h->image != NULL)
		OPENSSL_cleanse(h->image, IMAGE);
	free(h->image);
	h->image = NULL;
	if (h->fd >= 0)
		close(h->fd);
	h->fd = -1;
}
