// SPDX-License-Identifier: GPL-2.0
/*
 * The processes that run when a recording starts, and later those of which the
 * module could not tell all. Which ones there are is read here; what they are is
 * told by the module, into the ring.
 */
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "capture_metadata.h"
#include "drain.h"
#include "process_requests.h"

/* Linux has no higher process numbers. */
#define NUMBERS_MAX (4U << 20)

/* *bytes: no more than that, and what is left of it; 0: all. */
static int snapshot_process(struct capture_device *device,
			    struct writer *writer, int pid, uint64_t *bytes,
			    struct error *error)
{
	struct dither_snapshot request = {
		.size = sizeof(request),
		.pid = pid,
		.bytes = *bytes,
	};
	int more, result;

	for (;;) {
		more = ioctl(device->fd, DITHER_IOC_SNAPSHOT, &request);
		*bytes = request.bytes;
		if (more < 0 && errno == EINTR)
			continue;
		/* It has exited, which is no error: the module told of it. */
		if (more < 0 && errno == ESRCH)
			return 0;
		if (more < 0)
			return error_set(error, -errno,
					 DITHER_DEVICE ": listing process %d: %s",
					 pid, strerror(errno));
		if (!more)
			return 0;
		result = capture_drain(device, writer, error);
		if (result)
			return result;
	}
}

int capture_check_proc(struct error *error)
{
	char self[16] = "";

	/* What cannot be read at all is another complaint's. */
	if (readlink("/proc/self", self, sizeof(self) - 1) <= 0 ||
	    atoi(self) == getpid())
		return 0;
	return error_set(
		error, -EXDEV,
		"/proc shows the processes of another PID namespace: mount this one's (mount -t proc proc /proc, or unshare --mount-proc)");
}

int capture_snapshot(struct capture_device *device, struct writer *writer,
		     struct error *error)
{
	DIR *proc = opendir("/proc");
	struct dirent *entry;
	uint64_t all = 0;
	int result = 0;

	if (!proc)
		return error_set(error, -errno, "/proc: %s", strerror(errno));
	while (!result && (entry = readdir(proc))) {
		int pid = atoi(entry->d_name);

		if (pid > 0)
			result = snapshot_process(device, writer, pid, &all,
						  error);
	}
	closedir(proc);
	return result;
}

/* All processes whose number is of that class. */
static int relearn_class(struct capture_device *device, struct writer *writer,
			 uint32_t class, uint64_t *bytes, struct error *error)
{
	int result = 0;

	for (uint32_t number = class; !result && number < NUMBERS_MAX;
	     number += DITHER_FORGET_CLASSES)
		if (number)
			result = snapshot_process(device, writer, (int)number,
						  bytes, error);
	return result;
}

int capture_relearn(struct capture_device *device, struct writer *writer,
		    double now, struct error *error)
{
	uint64_t bytes, left;
	uint32_t class;
	int result = 0;

	while (!result &&
	       forgotten_next(device->forgotten, now, &class, &bytes)) {
		left = bytes;
		result = relearn_class(device, writer, class, &left, error);
		forgotten_spend(device->forgotten, bytes - left);
	}
	return result;
}
