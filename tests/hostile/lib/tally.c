// SPDX-License-Identifier: GPL-2.0
/* Counters in shared anonymous memory, and the text that they make. */
#include "tally.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define ERRORS 256
#define FAILURES_SHOWN 20

static const char *const operations[TALLY_OPERATIONS] = {
	[TALLY_OPEN] = "open",
	[TALLY_CLOSE] = "close",
	[TALLY_INFO] = "INFO",
	[TALLY_CONFIGURE] = "CONFIGURE",
	[TALLY_START] = "START",
	[TALLY_STOP] = "STOP",
	[TALLY_SNAPSHOT] = "SNAPSHOT",
	[TALLY_LEDGER] = "LEDGER",
	[TALLY_TABLE] = "TABLE",
	[TALLY_TABLES] = "TABLES",
	[TALLY_UNKNOWN] = "unknown ioctl",
	[TALLY_MMAP_TAIL] = "mmap tail",
	[TALLY_MMAP_DATA] = "mmap data",
	[TALLY_MMAP_ELSE] = "mmap elsewhere",
	[TALLY_MMAP_OVER] = "mmap over",
	[TALLY_MPROTECT] = "mprotect",
	[TALLY_MREMAP] = "mremap",
	[TALLY_MUNMAP] = "munmap",
	[TALLY_MADVISE] = "madvise",
	[TALLY_REMAP] = "remap_file_pages",
	[TALLY_TOUCH] = "touch",
	[TALLY_POKE] = "poke",
	[TALLY_SCRIBBLE] = "scribble",
	[TALLY_READ] = "read",
	[TALLY_WRITE] = "write",
	[TALLY_SEEK] = "lseek",
	[TALLY_SPLICE] = "splice",
	[TALLY_SENDFILE] = "sendfile",
	[TALLY_FILE] = "other file calls",
	[TALLY_POLL] = "poll",
	[TALLY_EPOLL] = "epoll",
	[TALLY_DUP] = "dup",
	[TALLY_SEND] = "sendmsg",
	[TALLY_RECEIVE] = "recvmsg",
	[TALLY_FORK] = "fork",
};

static const char *const states[TALLY_STATES] = {
	[TALLY_CONFIGURED] = "configured",
	[TALLY_MAPPED] = "mapped",
	[TALLY_RUNNING] = "running",
	[TALLY_STOPPED] = "stopped",
	[TALLY_CONFIGURED_TWICE] = "configured twice",
	[TALLY_WRITE_BACK_FAILED] = "not written back",
	[TALLY_SNAPSHOT_DONE] = "snapshot done",
	[TALLY_SNAPSHOT_FULL] = "snapshot full",
	[TALLY_RECORDS_LOST] = "records lost",
	[TALLY_BAD_TAIL] = "bad tail",
	[TALLY_OVERWRITING] = "overwriting",
	[TALLY_UNWINDING] = "unwinding by tables",
	[TALLY_TABLE_TAKEN] = "table taken",
	[TALLY_TABLE_NONE] = "no table, and said so",
	[TALLY_TABLE_TWICE] = "table there already",
	[TALLY_TABLE_REFUSED] = "table refused",
	[TALLY_TABLE_TOO_LARGE] = "table too large",
	[TALLY_READABLE] = "readable",
	[TALLY_HUNG_UP] = "hung up",
	[TALLY_ALL_SESSIONS] = "all sessions taken",
	[TALLY_ALL_MEMORY] = "all memory taken",
	[TALLY_CLOSED_RUNNING] = "closed while running",
	[TALLY_USED_AFTER_CLOSE] = "used after close",
	[TALLY_INHERITED] = "inherited by fork",
	[TALLY_RECEIVED] = "received by message",
	[TALLY_INTERRUPTED] = "interrupted",
	[TALLY_KILLED] = "killed",
	[TALLY_HONEST] = "honest session",
};

static struct tally {
	uint64_t results[TALLY_OPERATIONS][ERRORS];
	uint64_t states[TALLY_STATES];
	uint64_t failures;
} *tally;

static uint64_t add(uint64_t *counter)
{
	return __atomic_fetch_add(counter, 1, __ATOMIC_RELAXED);
}

void tally_begin(void)
{
	tally = mmap(NULL, sizeof(*tally), PROT_READ | PROT_WRITE,
		     MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (tally == MAP_FAILED) {
		perror("mmap");
		exit(2);
	}
}

long tally_note(enum tally_operation operation, long result)
{
	int error = result < 0 ? errno : 0;

	add(&tally->results[operation][error < ERRORS ? error : ERRORS - 1]);
	return result < 0 ? -error : result;
}

void tally_reach(enum tally_state state)
{
	add(&tally->states[state]);
}

bool tally_reached(enum tally_state state)
{
	return __atomic_load_n(&tally->states[state], __ATOMIC_RELAXED);
}

bool tally_reached_all(void)
{
	for (int state = 0; state < TALLY_STATES; state++)
		if (!tally_reached(state))
			return false;
	return true;
}

void tally_fail(const char *format, ...)
{
	va_list arguments;
	char text[512];

	va_start(arguments, format);
	vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	if (add(&tally->failures) < FAILURES_SHOWN)
		dprintf(STDOUT_FILENO, "failure: %s\n", text);
}

uint64_t tally_failures(void)
{
	return __atomic_load_n(&tally->failures, __ATOMIC_RELAXED);
}

static void print_operation(enum tally_operation operation)
{
	uint64_t *results = tally->results[operation];
	const char *name;
	int error;

	printf("%-18s", operations[operation]);
	for (error = 0; error < ERRORS; error++) {
		if (!results[error])
			continue;
		name = error ? strerrorname_np(error) : "done";
		printf(" %s %" PRIu64, name ? name : "?", results[error]);
	}
	putchar('\n');
}

void tally_print(void)
{
	int i;

	for (i = 0; i < TALLY_OPERATIONS; i++)
		print_operation(i);
	for (i = 0; i < TALLY_STATES; i++) {
		printf("reached: %-22s %8" PRIu64 "\n", states[i],
		       tally->states[i]);
		if (!tally->states[i])
			tally_fail("never reached: %s", states[i]);
	}
}
