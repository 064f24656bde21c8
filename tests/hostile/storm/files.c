// SPDX-License-Identifier: GPL-2.0
/* One random call after the other, on the device in one of its two places. */
#include "files.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#include "../../unit/random_numbers.h"
#include "../lib/tally.h"

static int zero, pipes[2], polled;

void files_init(void)
{
	zero = open("/dev/zero", O_RDWR | O_CLOEXEC);
	polled = epoll_create1(EPOLL_CLOEXEC);
	if (zero < 0 || polled < 0 || pipe2(pipes, O_CLOEXEC | O_NONBLOCK) ||
	    write(pipes[1], "something", 9) != 9) {
		perror("files");
		exit(2);
	}
}

static void must_fail(enum tally_operation operation, const char *what,
		      long result)
{
	result = tally_note(operation, result);
	if (result >= 0)
		tally_fail("%s on the device returned %ld", what, result);
}

static void read_and_write(int fd, uint64_t *random)
{
	char bytes[64] = "";
	struct iovec part = { bytes, sizeof(bytes) };
	off_t offset = random_next(random) >> random_below(random, 64) >> 1;

	switch (random_below(random, 8)) {
	case 0:
		must_fail(TALLY_READ, "read", read(fd, bytes, sizeof(bytes)));
		break;
	case 1:
		must_fail(TALLY_READ, "pread",
			  pread(fd, bytes, sizeof(bytes), offset));
		break;
	case 2:
		must_fail(TALLY_READ, "readv", readv(fd, &part, 1));
		break;
	case 3:
		must_fail(TALLY_WRITE, "write", write(fd, bytes, sizeof(bytes)));
		break;
	case 4:
		must_fail(TALLY_WRITE, "pwrite",
			  pwrite(fd, bytes, sizeof(bytes), offset));
		break;
	case 5:
		must_fail(TALLY_WRITE, "writev", writev(fd, &part, 1));
		break;
	default:
		/* Positions mean nothing; whether it says so is all the same. */
		tally_note(TALLY_SEEK, lseek(fd, offset, random_below(random, 6)));
	}
}

static void splice_and_send(int fd, uint64_t *random)
{
	switch (random_below(random, 5)) {
	case 0:
		must_fail(TALLY_SPLICE, "splice from it",
			  splice(fd, NULL, pipes[1], NULL, 512, SPLICE_F_NONBLOCK));
		break;
	case 1:
		must_fail(TALLY_SPLICE, "splice to it",
			  splice(pipes[0], NULL, fd, NULL, 512, SPLICE_F_NONBLOCK));
		break;
	case 2:
		must_fail(TALLY_SENDFILE, "sendfile from it",
			  sendfile(pipes[1], fd, NULL, 512));
		break;
	case 3:
		must_fail(TALLY_SENDFILE, "sendfile to it",
			  sendfile(fd, zero, NULL, 512));
		break;
	case 4:
		must_fail(TALLY_SENDFILE, "copy_file_range",
			  copy_file_range(fd, NULL, zero, NULL, 512, 0));
		break;
	}
}

static void treat_as_file(int fd, uint64_t *random)
{
	int number = random_next(random);
	struct stat status;

	switch (random_below(random, 10)) {
	case 0:
		must_fail(TALLY_FILE, "ftruncate", ftruncate(fd, 4096));
		break;
	case 1:
		must_fail(TALLY_FILE, "fallocate", fallocate(fd, 0, 0, 4096));
		break;
	case 2:
		must_fail(TALLY_FILE, "fsync", fsync(fd));
		break;
	case 3:
		tally_note(TALLY_FILE, flock(fd, LOCK_NB | (number & 1 ? LOCK_EX : LOCK_UN)));
		break;
	case 4:
		tally_note(TALLY_FILE, fcntl(fd, F_SETFL, number & (O_NONBLOCK | O_ASYNC | O_APPEND | O_DIRECT)));
		break;
	case 5:
		must_fail(TALLY_FILE, "a lease", fcntl(fd, F_SETLEASE, F_WRLCK));
		break;
	case 6:
		tally_note(TALLY_FILE, fcntl(fd, F_SETOWN, getpid()));
		break;
	case 7:
		tally_note(TALLY_FILE, ioctl(fd, FIONBIO, &number));
		break;
	case 8:
		must_fail(TALLY_FILE, "FIONREAD", ioctl(fd, FIONREAD, &number));
		break;
	default:
		tally_note(TALLY_FILE, fstat(fd, &status));
	}
}

static void watch(int fd, uint64_t *random)
{
	static const int operations[] = { EPOLL_CTL_ADD, EPOLL_CTL_MOD,
					  EPOLL_CTL_DEL };
	struct epoll_event event = { .events = random_next(random) };
	struct pollfd poller = { fd, random_next(random), 0 };

	/* Wake-ups of others' making would make for long waits. */
	event.events &= ~EPOLLWAKEUP;
	if (random_below(random, 2))
		tally_note(TALLY_POLL, poll(&poller, 1, random_below(random, 3)));
	else if (random_below(random, 2))
		tally_note(TALLY_EPOLL,
			   epoll_ctl(polled, operations[random_below(random, 3)],
				     fd, &event));
	else
		tally_note(TALLY_EPOLL, epoll_wait(polled, &event, 1, 1));
}

void files_attack(int fd, uint64_t *random)
{
	int copy;

	switch (random_below(random, 6)) {
	case 0:
		splice_and_send(fd, random);
		break;
	case 1:
		treat_as_file(fd, random);
		break;
	case 2:
	case 3:
		watch(fd, random);
		break;
	case 4:
		copy = tally_note(TALLY_DUP, dup(fd));
		if (copy >= 0) {
			read_and_write(copy, random);
			close(copy);
		}
		break;
	default:
		read_and_write(fd, random);
	}
}
