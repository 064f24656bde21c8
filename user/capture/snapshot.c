// SPDX-License-Identifier: GPL-2.0
/*
 * The processes that run when a recording starts. Which ones there are is read
 * here; what they are is told by the module, into the ring.
 */
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>

#include "drain.h"
#include "surroundings.h"

static int snapshot_process(struct capture_device *device,
			    struct writer *writer, int pid, struct error *error)
{
	struct dither_snapshot request = {
		.size = sizeof(request),
		.pid = pid,
	};
	int more, result;

	for (;;) {
		more = ioctl(device->fd, DITHER_IOC_SNAPSHOT, &request);
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

int capture_snapshot(struct capture_device *device, struct writer *writer,
		     struct error *error)
{
	DIR *proc = opendir("/proc");
	struct dirent *entry;
	int result = 0;

	if (!proc)
		return error_set(error, -errno, "/proc: %s", strerror(errno));
	while (!result && (entry = readdir(proc))) {
		int pid = atoi(entry->d_name);

		if (pid > 0)
			result = snapshot_process(device, writer, pid, error);
	}
	closedir(proc);
	return result;
}
