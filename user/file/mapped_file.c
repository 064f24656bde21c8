// SPDX-License-Identifier: GPL-2.0
/*
 * Mapped files and the SIGBUS that comes with them: a page that the file no
 * longer has, or that the disk cannot deliver, raises it on first touch. No
 * check of the size beforehand can exclude that. The handler puts zeros under
 * the rest of the mapping and takes a note; signals from elsewhere go to
 * whoever handled them before.
 */
#include "mapped_file.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../base/alloc.h"

#define PIPE_MAX ((size_t)1 << 30)

struct mapping {
	unsigned char *data;
	size_t size;
	int fd; /* of a mapped file, else -1 */
	volatile sig_atomic_t broken;
	struct mapping *next; /* of those that are mapped */
};

static struct mapping *mapped_files;
static uintptr_t page_mask;
static struct sigaction earlier_action;

static void fill_with_zeros(int number, siginfo_t *info, void *context)
{
	uintptr_t at = (uintptr_t)info->si_addr;

	(void)number;
	(void)context;
	for (struct mapping *m = mapped_files; m; m = m->next) {
		uintptr_t start = (uintptr_t)m->data;
		uintptr_t page = at & page_mask;

		if (at < start || at - start >= m->size)
			continue;
		m->broken = 1;
		if (mmap((void *)page, m->size - (page - start), PROT_READ,
			 MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1,
			 0) != MAP_FAILED)
			return;
	}
	/* Not ours: it happens again, and finds who was there before. */
	sigaction(SIGBUS, &earlier_action, NULL);
}

static void guard(struct mapping *mapping)
{
	struct sigaction action = {
		.sa_sigaction = fill_with_zeros,
		.sa_flags = SA_SIGINFO,
	};

	sigemptyset(&action.sa_mask);
	page_mask = -(uintptr_t)sysconf(_SC_PAGESIZE);
	mapping->next = mapped_files;
	mapped_files = mapping;
	if (!mapping->next)
		sigaction(SIGBUS, &action, &earlier_action);
}

static void unguard(struct mapping *mapping)
{
	struct mapping **link = &mapped_files;

	while (*link != mapping)
		link = &(*link)->next;
	*link = mapping->next;
	if (!mapped_files)
		sigaction(SIGBUS, &earlier_action, NULL);
}

/* Read on until @wanted bytes are there, or the file ends. */
static int read_up_to(int fd, struct mapping *mapping, size_t wanted)
{
	while (mapping->size < wanted) {
		ssize_t got = read(fd, mapping->data + mapping->size,
				   wanted - mapping->size);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return -errno;
		if (got == 0)
			break;
		mapping->size += got;
	}
	return 0;
}

static bool begins_with(const struct mapping *mapping, const char *magic,
			size_t length)
{
	return mapping->size >= length && !memcmp(mapping->data, magic, length);
}

/* A wrong file is refused by its first bytes: /dev/zero has no end. */
static int load_pipe(int fd, const char *magic, size_t magic_length,
		     struct mapping *mapping)
{
	size_t room = 1U << 16;
	int code;

	mapping->data = alloc_resize(NULL, room, 1);
	code = read_up_to(fd, mapping, magic_length);
	if (code || !begins_with(mapping, magic, magic_length))
		return code;
	for (;;) {
		code = read_up_to(fd, mapping, room);
		if (code || mapping->size < room)
			return code;
		if (room >= PIPE_MAX)
			return -EFBIG;
		room *= 2;
		mapping->data = alloc_resize(mapping->data, room, 1);
	}
}

static int map_file(int fd, uint64_t size, struct mapping *mapping)
{
	void *data;

	if (size > SIZE_MAX / 2)
		return -EFBIG;
	if (!size)
		return 0;
	data = mmap(NULL, size, PROT_READ, MAP_PRIVATE, fd, 0);
	if (data == MAP_FAILED)
		return errno == ENOMEM ? -EFBIG : -errno;
	mapping->data = data;
	mapping->size = size;
	mapping->fd = fd;
	guard(mapping);
	return 0;
}

int mapping_open(const char *path, const char *magic, size_t magic_length,
		 struct mapping **out, struct error *error)
{
	struct mapping *mapping;
	struct stat status;
	int code = 0, fd;

	*out = NULL;
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0) {
		code = -errno;
		return error_set(error, code, "cannot open %s: %s", path,
				 strerror(-code));
	}
	mapping = alloc_zeroed(1, sizeof(*mapping));
	mapping->fd = -1;
	if (fstat(fd, &status))
		code = -errno;
	else if (S_ISREG(status.st_mode))
		code = map_file(fd, status.st_size, mapping);
	else
		code = load_pipe(fd, magic, magic_length, mapping);
	if (mapping->fd < 0)
		close(fd);

	if (code == -EFBIG)
		error_set(error, code,
			  "%s: too large for a pipe, or for a 32 bit machine",
			  path);
	else if (code)
		error_set(error, code, "cannot read %s: %s", path,
			  strerror(-code));
	else if (!begins_with(mapping, magic, magic_length))
		code = error_set(
			error, -EINVAL,
			"%s: not a dither recording (it does not begin like one)",
			path);
	if (code) {
		mapping_close(mapping);
		return code;
	}
	*out = mapping;
	return 0;
}

void mapping_close(struct mapping *mapping)
{
	if (!mapping)
		return;
	if (mapping->fd >= 0) {
		unguard(mapping);
		munmap(mapping->data, mapping->size);
		close(mapping->fd);
	} else {
		free(mapping->data);
	}
	free(mapping);
}

const unsigned char *mapping_data(const struct mapping *mapping)
{
	return mapping->data;
}

size_t mapping_size(const struct mapping *mapping)
{
	return mapping->size;
}

int mapping_broken(const struct mapping *mapping)
{
	return mapping->broken;
}

int mapping_shrunk(const struct mapping *mapping)
{
	struct stat status;

	if (mapping->broken)
		return 1;
	return mapping->fd >= 0 && (fstat(mapping->fd, &status) ||
				    status.st_size < (off_t)mapping->size);
}
