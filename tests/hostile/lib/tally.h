/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the processes of a test did, what came of it and what was not as it
 * must be: counts in memory that all of them share, so that a process which is
 * killed has counted too. Any thread, any process; not in signal handlers.
 */
#ifndef HOSTILE_TALLY_H
#define HOSTILE_TALLY_H

#include <stdbool.h>
#include <stdint.h>

enum tally_operation {
	TALLY_OPEN,
	TALLY_CLOSE,
	TALLY_INFO,
	TALLY_CONFIGURE,
	TALLY_START,
	TALLY_STOP,
	TALLY_SNAPSHOT,
	TALLY_LEDGER,
	TALLY_TABLE,
	TALLY_TABLES,
	TALLY_UNKNOWN,		/* an ioctl that there is not */
	TALLY_MMAP_TAIL,
	TALLY_MMAP_DATA,
	TALLY_MMAP_ELSE,	/* an offset that there is not */
	TALLY_MMAP_OVER,	/* other memory in a mapping's place */
	TALLY_MPROTECT,
	TALLY_MREMAP,
	TALLY_MUNMAP,
	TALLY_MADVISE,
	TALLY_REMAP,		/* remap_file_pages() */
	TALLY_TOUCH,		/* reading a mapping; EFAULT: a signal */
	TALLY_POKE,		/* writing where one may not */
	TALLY_SCRIBBLE,		/* writing a tail page */
	TALLY_READ,
	TALLY_WRITE,
	TALLY_SEEK,
	TALLY_SPLICE,
	TALLY_SENDFILE,
	TALLY_FILE,		/* truncate, fcntl, flock, fsync, … */
	TALLY_POLL,
	TALLY_EPOLL,
	TALLY_DUP,
	TALLY_SEND,		/* handing the descriptor to others */
	TALLY_RECEIVE,
	TALLY_FORK,
	TALLY_OPERATIONS
};

enum tally_state {
	TALLY_CONFIGURED,
	TALLY_MAPPED,
	TALLY_RUNNING,
	TALLY_STOPPED,
	TALLY_CONFIGURED_TWICE,
	TALLY_WRITE_BACK_FAILED,
	TALLY_SNAPSHOT_DONE,
	TALLY_SNAPSHOT_FULL,
	TALLY_RECORDS_LOST,
	TALLY_BAD_TAIL,
	TALLY_OVERWRITING,
	TALLY_UNWINDING,	/* a session with unwind tables */
	TALLY_TABLE_TAKEN,
	TALLY_TABLE_NONE,	/* … told that there is none */
	TALLY_TABLE_TWICE,
	TALLY_TABLE_REFUSED,
	TALLY_TABLE_TOO_LARGE,
	TALLY_READABLE,
	TALLY_HUNG_UP,
	TALLY_ALL_SESSIONS,	/* the limit of sessions */
	TALLY_ALL_MEMORY,	/* the limit of memory */
	TALLY_CLOSED_RUNNING,
	TALLY_USED_AFTER_CLOSE,
	TALLY_INHERITED,
	TALLY_RECEIVED,
	TALLY_INTERRUPTED,
	TALLY_KILLED,
	TALLY_HONEST,
	TALLY_STATES
};

/* Before the first fork. */
void tally_begin(void);

/* Count a system call that returned @result; returns it, or -errno. */
long tally_note(enum tally_operation operation, long result);
void tally_reach(enum tally_state state);
bool tally_reached(enum tally_state state);
bool tally_reached_all(void);

/* Something is not as it must be: print it, the first times, and count it. */
__attribute__((format(printf, 1, 2))) void tally_fail(const char *format, ...);
uint64_t tally_failures(void);

/* Print operations and states; each state that was not reached is a failure. */
void tally_print(void);

#endif
