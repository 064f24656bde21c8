// SPDX-License-Identifier: GPL-2.0
/*
 * Writes a .dither file, chunk by chunk. A chunk is there as a whole or not at
 * all: when a write fails, the file is cut back to where the chunk began, and
 * nothing is written any more, so that what was recorded stays readable.
 */
#include "writer.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../base/alloc.h"
#include "../base/checksum.h"

#ifndef IOV_MAX
#define IOV_MAX 1024
#endif

struct writer {
	char *path;
	int fd;
	int failed;	      /* the first failure's negative errno, or 0 */
	struct error failure; /* its text */
	uint32_t sequence;
	uint64_t bytes; /* of whole chunks and the file header */
	uint64_t ring_bytes;
};

/* Skip the first @bytes of @parts; returns how many parts are used up. */
static int advance(struct iovec *parts, int count, size_t bytes)
{
	int done = 0;

	while (done < count && bytes >= parts[done].iov_len) {
		bytes -= parts[done].iov_len;
		done++;
	}
	if (done < count) {
		parts[done].iov_base = (char *)parts[done].iov_base + bytes;
		parts[done].iov_len -= bytes;
	}
	return done;
}

static int write_all(int fd, struct iovec *parts, int count)
{
	int done = advance(parts, count, 0);

	while (done < count) {
		int batch = count - done < IOV_MAX ? count - done : IOV_MAX;
		ssize_t written = writev(fd, parts + done, batch);

		if (written < 0 && errno == EINTR)
			continue;
		if (written < 0)
			return -errno;
		if (written == 0)
			return -EIO;
		done += advance(parts + done, count - done, written);
	}
	return 0;
}

/* Remember the failure for all later calls. */
static int fail(struct writer *writer, int code, struct error *error)
{
	const char *kept = "the file is cut back to its last whole chunk";

	/* A pipe cannot be cut; its reader finds the torn chunk by itself. */
	if (ftruncate(writer->fd, writer->bytes))
		kept = "its last chunk is torn";
	writer->failed = error_set(&writer->failure, code,
				   "cannot write to %s: %s; %s (%llu bytes)",
				   writer->path, strerror(-code), kept,
				   (unsigned long long)writer->bytes);
	return error_set(error, code, "%s", writer->failure.text);
}

static void release(struct writer *writer)
{
	free(writer->path);
	free(writer);
}

int writer_open(const char *path, struct writer **out, struct error *error)
{
	struct file_header header = {
		.version = FILE_VERSION,
		.byte_order = FILE_BYTE_ORDER,
	};
	struct iovec part = {
		.iov_base = &header,
		.iov_len = sizeof(header),
	};
	struct writer *writer;
	struct stat status;
	int fd, code;

	*out = NULL;
	memcpy(header.magic, FILE_MAGIC, sizeof(header.magic));
	if (!strcmp(path, "-"))
		return error_set(
			error, -EINVAL,
			"a recording cannot be written to \"-\": name a file");
	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	if (fd < 0) {
		code = -errno;
		return error_set(error, code, "cannot create %s: %s", path,
				 strerror(-code));
	}
	/*
	 * Stacks and paths are nobody else's business, even where an older
	 * file with a wider mode is replaced. Some file systems have no modes.
	 */
	if (!fstat(fd, &status) && S_ISREG(status.st_mode))
		(void)!fchmod(fd, 0600);

	writer = alloc_zeroed(1, sizeof(*writer));
	writer->path = alloc_string(path);
	writer->fd = fd;
	code = write_all(fd, &part, 1);
	if (code) {
		code = fail(writer, code, error);
		close(fd);
		release(writer);
		return code;
	}
	writer->bytes = sizeof(header);
	*out = writer;
	return 0;
}

int writer_chunk(struct writer *writer, enum chunk_type type,
		 const struct iovec *parts, int count, struct error *error)
{
	char zeros[FILE_ALIGN] = { 0 };
	struct chunk_header header = {
		.magic = CHUNK_MAGIC,
		.type = type,
		.sequence = writer->sequence,
	};
	struct iovec *all;
	uint64_t length = 0;
	size_t padding;
	int code;

	if (writer->failed)
		return error_set(error, writer->failed, "%s",
				 writer->failure.text);
	for (int i = 0; i < count; i++) {
		length += parts[i].iov_len;
		if (length > CHUNK_PAYLOAD_MAX)
			return error_set(error, -EINVAL,
					 "%s: a chunk of more than %u bytes",
					 writer->path, CHUNK_PAYLOAD_MAX);
	}
	header.length = length;
	header.payload_checksum = checksum_parts(parts, count);
	header.header_checksum = checksum(
		&header, offsetof(struct chunk_header, header_checksum));
	padding = -length & (FILE_ALIGN - 1);

	all = alloc_zeroed((size_t)count + 2, sizeof(*all));
	all[0].iov_base = &header;
	all[0].iov_len = sizeof(header);
	for (int i = 0; i < count; i++)
		all[i + 1] = parts[i];
	all[count + 1].iov_base = zeros;
	all[count + 1].iov_len = padding;
	code = write_all(writer->fd, all, count + 2);
	free(all);
	if (code)
		return fail(writer, code, error);

	writer->bytes += sizeof(header) + length + padding;
	writer->sequence++;
	if (type == CHUNK_RING && length >= sizeof(struct chunk_ring))
		writer->ring_bytes += length - sizeof(struct chunk_ring);
	return 0;
}

uint64_t writer_bytes(const struct writer *writer)
{
	return writer->bytes;
}

void writer_abandon(struct writer *writer)
{
	close(writer->fd);
	release(writer);
}

int writer_close(struct writer *writer, struct error *error)
{
	struct chunk_end end = {
		.chunks = writer->sequence,
		.ring_bytes = writer->ring_bytes,
	};
	struct iovec part = {
		.iov_base = &end,
		.iov_len = sizeof(end),
	};
	int code = writer_chunk(writer, CHUNK_END, &part, 1, error);

	/* Network file systems tell of a full disk only here. */
	if (close(writer->fd) && !code && errno != EINTR) {
		code = -errno;
		error_set(error, code, "cannot finish %s: %s", writer->path,
			  strerror(-code));
	}
	release(writer);
	return code;
}
