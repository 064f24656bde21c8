// SPDX-License-Identifier: GPL-2.0
/*
 * What a session gets to see: reads every byte of its rings, its head and tail
 * pages and what ioctls return, while the kernel is busy with names and paths
 * of all lengths. A session of user mode must find no kernel address, one of
 * kernel mode no user code, and none a byte that was not meant for it.
 *
 * Usage: secrets SECONDS user|kernel|all. Works in the current folder. Exit
 * status: 0, or 1 with what was found.
 */
#include <fcntl.h>
#include <inttypes.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "lib/session.h"
#include "lib/stream.h"
#include "lib/tally.h"

#define WORKERS 2
/* Seconds after which what has not been seen never will be. */
#define PATIENCE 120
/* Bytes of one piece of a long path. */
#define PIECE 200

static char folder[] = "secrets.XXXXXX";

/* A name as long as names get, then a short one in its place. */
static void change_names(void)
{
	prctl(PR_SET_NAME, "a-name-of-15-by");
	prctl(PR_SET_NAME, "b");
	prctl(PR_SET_NAME, "");
}

static void *end_at_once(void *name)
{
	prctl(PR_SET_NAME, name);
	return NULL;
}

static void make_threads(void)
{
	pthread_t thread;

	if (!pthread_create(&thread, NULL, end_at_once, "of-a-thread"))
		pthread_join(thread, NULL);
}

static void map_program(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	void *at;

	if (fd < 0)
		return;
	at = mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE, fd, 0);
	if (at != MAP_FAILED)
		munmap(at, 4096);
	close(fd);
}

/*
 * In folders within folders, short paths after long ones, some of them longer
 * than paths can be told; and out again.
 */
static void map_far_away(void)
{
	static const int depths[] = { 1, 22, 0, 18, 7 };
	static unsigned int turn;
	char piece[PIECE + 1];
	int i;

	memset(piece, 'p', PIECE);
	piece[PIECE] = '\0';
	for (i = 0; i < depths[turn % 5]; i++) {
		mkdir(piece, 0700);
		if (chdir(piece))
			break;
	}
	turn++;
	close(open("x", O_RDWR | O_CREAT | O_CLOEXEC, 0700));
	map_program("x");
	unlink("x");
	while (i--)
		if (chdir("..") || rmdir(piece))
			break;
}

static void map_things(void)
{
	void *at = mmap(NULL, 4096, PROT_READ | PROT_EXEC,
			MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (at != MAP_FAILED)
		munmap(at, 4096);
	map_far_away();
	map_program("/bin/sh");
	map_program("/proc/self/exe");
}

static void read_much(void)
{
	int fd = open("/proc/self/maps", O_RDONLY | O_CLOEXEC);
	char text[4096];

	while (fd >= 0 && read(fd, text, sizeof(text)) > 0)
		;
	close(fd);
}

static void fork_often(void)
{
	pid_t child = fork();

	if (!child) {
		change_names();
		execl("/bin/true", "true", NULL);
		_exit(0);
	}
	waitpid(child, NULL, 0);
}

static void keep_busy(void)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (!mkdtemp(folder) || chdir(folder))
		_exit(1);
	for (;;) {
		for (int i = 0; i < 20; i++)
			read_much();
		change_names();
		make_threads();
		map_things();
		fork_often();
	}
}

/* What ioctls return has numbers in it, and nothing between them. */
static void check_answers(const struct session *session)
{
	struct dither_ledger ledger;
	const uint64_t *words = (const void *)&ledger;

	if (session->info.reserved || session->config.nr_events ||
	    session->config.events)
		tally_fail("INFO or CONFIGURE returned what nobody asked for");
	for (unsigned int i = 0; i < session->ring_count; i++) {
		if (session_ledger(session, session->rings[i].cpu, &ledger)) {
			tally_fail("no ledger");
			return;
		}
		for (int cause = DITHER_LOST_FILTER; cause < DITHER_LOST_COUNT; cause++)
			if (ledger.lost[cause])
				tally_fail("lost[%d] is %" PRIu64, cause,
					   (uint64_t)ledger.lost[cause]);
		for (size_t word = 1; word < sizeof(ledger) / 8; word++)
			if (words[word] >> 56)
				tally_fail("word %zu of a ledger is %#" PRIx64, word,
					   words[word]);
	}
}

static void must(const char *what, int result)
{
	if (result >= 0)
		return;
	printf("%s: %s\n", what, strerror(-result));
	exit(2);
}

static time_t seconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec;
}

/* Instants that the session's configuration leaves out. */
static uint64_t left_out(const struct session *session)
{
	struct dither_ledger ledger;
	uint64_t filtered = 0;

	for (unsigned int i = 0; i < session->ring_count; i++)
		if (!session_ledger(session, session->rings[i].cpu, &ledger))
			filtered += ledger.filtered;
	return filtered;
}

/* However slow the machine is, there must have been something to see. */
static bool seen_enough(const struct session *session,
			const struct stream *stream)
{
	const uint64_t *records = stream->records;

	return (!session->config.flags || left_out(session) >= 100) &&
	       records[DITHER_RECORD_SAMPLE] >= 1000 &&
	       records[DITHER_RECORD_STACK] >= 100 && records[DITHER_RECORD_PAD] &&
	       records[DITHER_RECORD_FORK] >= 20 && records[DITHER_RECORD_EXIT] >= 20 &&
	       records[DITHER_RECORD_COMM] >= 100 && records[DITHER_RECORD_MAP] >= 100;
}

static void watch(struct session *session, struct stream *stream, int length)
{
	struct pollfd poller = { session->fd, POLLIN, 0 };
	time_t end = seconds() + length;

	stream_begin(stream, session);
	must("START", session_start(session));
	must("SNAPSHOT", session_snapshot(session, getpid()));
	while (seconds() < end ||
	       (!seen_enough(session, stream) && seconds() < end + PATIENCE)) {
		poll(&poller, 1, 50);
		stream_drain(stream);
	}
	if (!seen_enough(session, stream))
		tally_fail("too little was seen");
	check_answers(session);
	must("STOP", session_stop(session));
	while (stream_drain(stream))
		;
	stream_settle(stream);
}

static void print(const struct stream *stream)
{
	static const char *const names[] = { "padding", "sample", "stack", "epoch",
					     "lost",	"rate",	  "fork",  "comm",
					     "exit",	"map" };

	for (size_t type = 0; type < sizeof(names) / sizeof(names[0]); type++)
		printf("%s %" PRIu64 "  ", names[type], stream->records[type]);
	printf("\nsamples: user %" PRIu64 ", kernel %" PRIu64
	       "; stacks: user %" PRIu64 ", kernel %" PRIu64 "\n",
	       stream->user_samples, stream->kernel_samples, stream->user_stacks,
	       stream->kernel_stacks);
}

static void parse(int argc, char **argv, struct dither_config *config)
{
	const char *mode = argc == 3 ? argv[2] : "";

	if (!strcmp(mode, "user"))
		config->flags = DITHER_F_USER_ONLY;
	else if (!strcmp(mode, "kernel"))
		config->flags = DITHER_F_KERNEL_ONLY;
	else if (strcmp(mode, "all")) {
		fprintf(stderr, "usage: secrets SECONDS user|kernel|all\n");
		exit(2);
	}
}

int main(int argc, char **argv)
{
	struct dither_config config = {
		.period_ns = 1000000,
		.ring_bytes = DITHER_RING_MIN,
		.budget_ppm = DITHER_BUDGET_MAX_PPM,
	};
	pid_t workers[WORKERS];
	struct session session;
	struct stream stream;

	parse(argc, argv, &config);
	setvbuf(stdout, NULL, _IOLBF, 0);
	tally_begin();
	for (int i = 0; i < WORKERS; i++) {
		workers[i] = fork();
		if (!workers[i])
			keep_busy();
	}
	must("session", session_open(&session, &config));
	watch(&session, &stream, atoi(argv[1]));
	print(&stream);
	for (int i = 0; i < WORKERS; i++) {
		kill(workers[i], SIGKILL);
		waitpid(workers[i], NULL, 0);
	}
	stream_end(&stream);
	session_close(&session);
	printf("secrets: %" PRIu64 " failures\n", tally_failures());
	return tally_failures() ? 1 : 0;
}
