// SPDX-License-Identifier: GPL-2.0
/* See file_contents.h; called by the thread of table_thread.h. */
#include "file_contents.h"

#include <linux/magic.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/vfs.h>
#include <time.h>
#include <unistd.h>

#include "../resolve/content_hash.h"
#include "../resolve/elf.h"

static int64_t nanoseconds(const struct timespec *time)
{
	return (int64_t)((uint64_t)time->tv_sec * 1000000000U +
			 (uint64_t)time->tv_nsec);
}

static int64_t now_ns(clockid_t clock)
{
	struct timespec now;

	clock_gettime(clock, &now);
	return nanoseconds(&now);
}

/* Whether such file systems show another device than the kernel's records. */
static bool has_devices_of_its_own(int file)
{
	struct statfs system;

	return !fstatfs(file, &system) &&
	       (system.f_type == OVERLAYFS_SUPER_MAGIC ||
		system.f_type == BTRFS_SUPER_MAGIC);
}

static bool is_wanted(int file, const struct stat *status, uint64_t time,
		      const struct chunk_file *wanted)
{
	int64_t calendar = now_ns(CLOCK_REALTIME) - now_ns(CLOCK_MONOTONIC);

	if (!S_ISREG(status->st_mode) || status->st_ino != wanted->inode ||
	    (uint64_t)status->st_size != wanted->bytes ||
	    nanoseconds(&status->st_mtim) != wanted->mtime_ns)
		return false;
	/* Times of modification can be set, these not. */
	if (time && nanoseconds(&status->st_ctim) > (int64_t)time + calendar)
		return false;
	return (major(status->st_dev) == wanted->dev_major &&
		minor(status->st_dev) == wanted->dev_minor) ||
	       has_devices_of_its_own(file);
}

static bool is_unchanged(int file, const struct stat *before)
{
	struct stat status;

	return !fstat(file, &status) && status.st_size == before->st_size &&
	       nanoseconds(&status.st_ctim) == nanoseconds(&before->st_ctim);
}

bool contents_read(int file, uint64_t time, struct chunk_file *wanted)
{
	struct content content;
	struct stat status;
	struct elf *elf;
	bool done;

	if (fstat(file, &status) || !is_wanted(file, &status, time, wanted)) {
		close(file);
		return false;
	}
	if (elf_read(file, wanted->bytes, &elf, NULL))
		return false;
	done = content_read(elf, &content) && is_unchanged(elf->file, &status);
	elf_close(elf);
	if (done) {
		wanted->code = content.code;
		wanted->names = content.names;
	}
	return done;
}
