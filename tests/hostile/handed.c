// SPDX-License-Identifier: GPL-2.0
/*
 * What a process without capabilities may do with a session that another one
 * has opened: read and stop it. Run by root, it gives its capabilities up for
 * each call that is to be tried without, and takes them back afterwards.
 *
 * Usage: handed. Exit status: 0, or 1 with what was not so.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "lib/nobody.h"
#include "lib/session.h"

static int failures;

static void expect(const char *what, int result, int wanted)
{
	if (result == wanted)
		return;
	printf("%s: %s, not %s\n", what, strerror(-result), strerror(-wanted));
	failures++;
}

/* ioctl() without capabilities. */
static int call(int fd, unsigned long command, void *argument)
{
	int result;

	if (seteuid(NOBODY))
		return -errno;
	result = ioctl(fd, command, argument) < 0 ? -errno : 0;
	if (seteuid(0))
		return -errno;
	return result;
}

static int configure(int fd)
{
	struct dither_config config = {
		.size = sizeof(config),
		.period_ns = 1000000,
		.flags = DITHER_F_USER_ONLY,
	};

	return call(fd, DITHER_IOC_CONFIGURE, &config);
}

static int snapshot(int fd)
{
	struct dither_snapshot request = {
		.size = sizeof(request),
		.pid = getpid(),
	};

	return call(fd, DITHER_IOC_SNAPSHOT, &request);
}

static int give_table(int fd)
{
	struct dither_table_image request = { .size = sizeof(request), .fd = -1 };

	return call(fd, DITHER_IOC_TABLE, &request);
}

static int ledger(int fd)
{
	struct dither_ledger request = { .size = sizeof(request) };

	return call(fd, DITHER_IOC_LEDGER, &request);
}

static int info(int fd)
{
	struct dither_info request = { .size = sizeof(request) };

	return call(fd, DITHER_IOC_INFO, &request);
}

int main(void)
{
	const struct dither_config config = { .period_ns = 1000000 };
	int fd = open(DITHER_DEVICE, O_RDWR | O_CLOEXEC);
	struct session session;
	int error;

	if (fd < 0) {
		perror(DITHER_DEVICE);
		return 1;
	}
	expect("INFO without", info(fd), 0);
	expect("TABLE without", give_table(fd), -EACCES);
	expect("CONFIGURE without", configure(fd), -EACCES);
	error = session_adopt(&session, fd, &config);
	expect("CONFIGURE", error, 0);
	if (error)
		return 1;
	expect("START without", call(fd, DITHER_IOC_START, NULL), -EACCES);
	expect("START", session_start(&session), 0);
	expect("SNAPSHOT without", snapshot(fd), -EACCES);
	poll(NULL, 0, 100);
	expect("LEDGER without", ledger(fd), 0);
	expect("STOP without", call(fd, DITHER_IOC_STOP, NULL), 0);
	session_close(&session);
	return failures > 0;
}
