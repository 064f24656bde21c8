// SPDX-License-Identifier: GPL-2.0
/*
 * Samples at 10 kHz by unwind tables that lie, in programs that map, unmap and
 * generate code, fork and exec, and have stack pointers that point anywhere.
 * Tables come, are refused, push each other out. Every record that comes of it
 * is looked at, and in the end nothing may be left of any table.
 *
 * Usage: tables SECONDS [SEED], or tables left: only the last. Exit status: 0,
 * or 1 if anything was not as it must be; 77 where there are no tables.
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "../unit/random_numbers.h"
#include "lib/session.h"
#include "lib/stream.h"
#include "lib/tally.h"
#include "lies/lies.h"

/* Seconds after which what has not gone never will. */
#define PATIENCE 30

static void (*const lives[])(struct lies *) = {
	lies_give, lies_map, lies_stand, lies_stand, lies_breed,
};

#define LIVES (sizeof(lives) / sizeof(lives[0]))

static volatile bool *stop;
static struct lies_count *count;
static pid_t processes[LIVES];

static time_t seconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec;
}

static void *shared_memory(size_t bytes)
{
	void *at = mmap(NULL, bytes, PROT_READ | PROT_WRITE,
			MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (at == MAP_FAILED) {
		perror("memory");
		exit(2);
	}
	return at;
}

static void begin(size_t number, int fd, uint64_t seed)
{
	struct lies lies = { .random = seed, .stop = stop, .count = count };

	processes[number] = fork();
	if (processes[number])
		return;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	close(fd);
	lives[number](&lies);
	exit(0);
}

static void end_all(void)
{
	int status;

	*stop = true;
	for (size_t i = 0; i < LIVES; i++) {
		if (waitpid(processes[i], &status, 0) != processes[i] || status)
			tally_fail("process %zu ended with status %#x", i,
				   status);
	}
}

static void must(const char *what, int result)
{
	if (result < 0)
		tally_fail("%s: %s", what, strerror(-result));
}

static void read_on(struct session *session, struct stream *stream,
		    time_t length)
{
	struct pollfd poller = { session->fd, POLLIN, 0 };
	time_t end = seconds() + length;

	while (seconds() < end) {
		poll(&poller, 1, 20);
		stream_drain(stream);
	}
}

static void sample(struct session *session, time_t length, uint64_t seed)
{
	static struct stream stream;
	uint64_t random = seed;

	stream_begin(&stream, session);
	must("START", session_start(session));
	/* Its children are known with it. */
	must("SNAPSHOT", session_snapshot(session, getpid()));
	for (size_t i = 0; i < LIVES; i++)
		begin(i, session->fd, random_next(&random) | 1);
	read_on(session, &stream, length);
	end_all();
	must("STOP", session_stop(session));
	while (stream_drain(&stream))
		;
	stream_settle(&stream);
	stream_end(&stream);

	printf("%" PRIu64 " samples in user mode, %" PRIu64 " user stacks:"
	       " %" PRIu64 " by tables, %" PRIu64 " mixed, %" PRIu64
	       " by frame pointer, %" PRIu64 " told by another one;"
	       " %" PRIu64 " tables wanted\n",
	       stream.user_samples, stream.user_stacks,
	       stream.unwinders[DITHER_UNWIND_TABLE],
	       stream.unwinders[DITHER_UNWIND_MIXED],
	       stream.unwinders[DITHER_UNWIND_FRAME_POINTER], stream.based,
	       stream.records[DITHER_RECORD_TABLE_WANTED]);
	printf("by tables: up to %u frames; ended by root %" PRIu64
	       ", depth %" PRIu64 ", fault %" PRIu64 ", broken %" PRIu64
	       ", no table %" PRIu64 ", unsupported %" PRIu64 "\n",
	       stream.deepest, stream.table_ends[DITHER_END_ROOT],
	       stream.table_ends[DITHER_END_DEPTH],
	       stream.table_ends[DITHER_END_FAULT],
	       stream.table_ends[DITHER_END_BROKEN],
	       stream.table_ends[DITHER_END_NO_TABLE],
	       stream.table_ends[DITHER_END_UNSUPPORTED]);
	/* Or nothing was tried. */
	for (int end = DITHER_END_ROOT; end <= DITHER_END_BROKEN; end++)
		if (!stream.table_ends[end])
			tally_fail("no stack by tables has end %d", end);
}

static void account(const struct session *session)
{
	struct dither_tables tables = { .size = sizeof(tables) };
	struct dither_ledger ledger, sum = { 0 };

	for (unsigned int i = 0; i < session->ring_count; i++) {
		must("LEDGER",
		     session_ledger(session, session->rings[i].cpu, &ledger));
		sum.cells += ledger.cells;
		sum.kept += ledger.kept;
		sum.overruns += ledger.overruns;
		sum.handler_ns += ledger.handler_ns;
		sum.running_ns += ledger.running_ns;
		sum.rate_changes += ledger.rate_changes;
	}
	printf("%" PRIu64 " cells, %" PRIu64 " kept, %" PRIu64 " overruns,"
	       " %" PRIu64 " changes of rate; %" PRIu64
	       "%% of the CPUs in the handler\n",
	       (uint64_t)sum.cells, (uint64_t)sum.kept, (uint64_t)sum.overruns,
	       (uint64_t)sum.rate_changes,
	       (uint64_t)(100 * sum.handler_ns / (sum.running_ns + 1)));
	must("TABLES",
	     ioctl(session->fd, DITHER_IOC_TABLES, &tables) ? -errno : 0);
	printf("tables: %" PRIu64 " lies taken, %" PRIu64 " refused, %" PRIu64
	       " fillers; %" PRIu64 " dropped, %" PRIu64 " mappings not known;"
	       " %u and %" PRIu64 " of %" PRIu64 " bytes at the end\n",
	       count->given, count->refused, count->fillers,
	       (uint64_t)tables.dropped, (uint64_t)tables.unmapped,
	       tables.count, (uint64_t)tables.bytes,
	       (uint64_t)tables.bytes_max);
	printf("%" PRIu64 " mappings changed, %" PRIu64
	       " crooked stacks, %" PRIu64 " processes\n",
	       count->mappings, count->stacks, count->processes);
	if (!count->given || !count->refused || !count->fillers ||
	    !tables.dropped || !count->mappings || !count->stacks ||
	    !count->processes)
		tally_fail("not everything was tried");
}

/* As it is when the module has just been loaded. */
static bool is_new(const struct dither_tables *tables)
{
	return !tables->count && !tables->bytes && !tables->dropped &&
	       !tables->unmapped;
}

/* What tasks had still to tell of is freed when they have. */
static void check_that_nothing_is_left(void)
{
	struct dither_tables tables;
	time_t end = seconds() + PATIENCE;
	int fd, result;

	do {
		usleep(100000);
		fd = open(DITHER_DEVICE, O_RDWR | O_CLOEXEC);
		tables = (struct dither_tables){ .size = sizeof(tables) };
		result = ioctl(fd, DITHER_IOC_TABLES, &tables);
		close(fd);
	} while (!result && !is_new(&tables) && seconds() < end);
	if (result || !is_new(&tables))
		tally_fail("TABLES without a session: %d, %u tables, %" PRIu64
			   " bytes",
			   result, tables.count, (uint64_t)tables.bytes);
}

static int look_what_is_left(void)
{
	tally_begin();
	check_that_nothing_is_left();
	return tally_failures() ? 1 : 0;
}

int main(int argc, char **argv)
{
	const struct dither_config config = {
		.flags = DITHER_F_TABLES,
		.period_ns = 100000,
		.ring_bytes = 4 << 20,
		/* More, and an emulated CPU would do nothing else. */
		.budget_ppm = 500000,
		.max_depth = DITHER_DEPTH_MAX,
	};
	uint64_t seed = argc > 2 ? strtoull(argv[2], NULL, 0) :
				   (uint64_t)time(NULL);
	struct session session;
	int error;

	if (argc == 2 && !strcmp(argv[1], "bred"))
		return lies_bred();
	if (argc == 2 && !strcmp(argv[1], "left"))
		return look_what_is_left();
	if (argc < 2 || argc > 3 || atoi(argv[1]) <= 0 || !seed) {
		fprintf(stderr, "usage: tables SECONDS [SEED]\n");
		return 2;
	}
	setvbuf(stdout, NULL, _IOLBF, 0);
	tally_begin();
	printf("tables: %s seconds, seed %" PRIu64 "\n", argv[1], seed);
	stop = shared_memory(sizeof(*stop));
	count = shared_memory(sizeof(*count));
	error = session_open(&session, &config);
	if (error == -EOPNOTSUPP)
		return 77;
	if (error) {
		printf("failure: a session: %s\n", strerror(-error));
		return 1;
	}
	sample(&session, atoi(argv[1]), seed);
	account(&session);
	session_close(&session);
	check_that_nothing_is_left();
	printf("tables: %" PRIu64 " failures\n", tally_failures());
	return tally_failures() ? 1 : 0;
}
