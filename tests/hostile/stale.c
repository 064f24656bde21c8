// SPDX-License-Identifier: GPL-2.0
/*
 * Two processes whose stacks are the same for a few frames, one CPU for both.
 * The module knows the code of one, generated code without a table, and follows
 * its frame pointers from there; of the other it knows none. The chain of that
 * one ends in ADDRESS, where the first one's goes on: what the module remembers
 * of the one walk must not lead the other to ADDRESS.
 *
 * Usage: stale ADDRESS SAMPLES, as root. It ends when so many samples of user
 * mode have been taken. Exit status: 0, or 1 with what is wrong; whether ADDRESS
 * was read is the caller's to find out.
 */
#include <inttypes.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "lib/session.h"
#include "lib/stream.h"
#include "lib/tally.h"

#if defined(__x86_64__)

/* Far from what any loader uses, so that both have them there. */
#define CODE 0x100000000000UL
#define STACK 0x110000000000UL
#define BYTES 0x10000UL

#define COMMON 4 /* frames of both */
#define DEEP 12	 /* … of the one that the module knows */

/* Seconds after which so many samples will never come. */
#define PATIENCE 120

struct frame {
	uint64_t next;
	uint64_t caller;
	uint64_t padding[6];
};

static struct session session;
static struct stream stream;

static void fail(const char *what)
{
	perror(what);
	exit(1);
}

static void map(unsigned long at, int protection)
{
	if (mmap((void *)at, BYTES, protection,
		 MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1,
		 0) == MAP_FAILED)
		fail("mmap");
}

/* A loop, with a chain of @count frames above it, the last of which is @end's. */
static void build(int count, uint64_t end)
{
	static const uint8_t jump_to_itself[] = { 0xeb, 0xfe };
	struct frame *frames = (struct frame *)(STACK + BYTES / 2);

	memcpy((void *)CODE, jump_to_itself, sizeof(jump_to_itself));
	for (int i = 0; i < count; i++) {
		frames[i].next = i == count - 1 ? end :
						  (uint64_t)&frames[i + 1];
		frames[i].caller = CODE + 0x100 * (i + 1);
	}
}

static void spin(void)
{
	__asm__ volatile("mov %0, %%rbp\n\t"
			 "mov %1, %%rsp\n\t"
			 "jmp *%2"
			 :
			 : "r"(STACK + BYTES / 2), "r"(STACK + BYTES / 4),
			   "r"(CODE)
			 : "memory");
	__builtin_unreachable();
}

static void use_last_cpu(void)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(sysconf(_SC_NPROCESSORS_ONLN) - 1, &set);
	if (sched_setaffinity(0, sizeof(set), &set))
		fail("sched_setaffinity");
}

static pid_t begin(int count, uint64_t end)
{
	pid_t pid = fork();

	if (pid < 0)
		fail("fork");
	if (pid)
		return pid;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	map(CODE, PROT_READ | PROT_WRITE | PROT_EXEC);
	map(STACK, PROT_READ | PROT_WRITE);
	build(count, end);
	use_last_cpu();
	spin();
	_exit(1);
}

static void sample(pid_t unknown, pid_t known, uint64_t wanted)
{
	const int32_t pids[] = { unknown, known };
	struct dither_config config = {
		.flags = DITHER_F_TABLES,
		.nr_pids = 2,
		.pids = (uintptr_t)pids,
		.period_ns = 500000,
		.budget_ppm = 1000000,
	};
	time_t end = time(NULL) + PATIENCE;
	int error = session_open(&session, &config);

	if (error) {
		printf("the session cannot be opened: %s\n", strerror(-error));
		exit(1);
	}
	stream_begin(&stream, &session);
	if (session_start(&session) || session_snapshot(&session, known)) {
		printf("the session cannot be started\n");
		exit(1);
	}
	while (stream.user_samples < wanted && time(NULL) < end) {
		usleep(20000);
		stream_drain(&stream);
	}
	session_stop(&session);
	stream_drain(&stream);
	stream_settle(&stream);
}

/* Both kinds of stacks were met, or nothing was tried. */
static bool met_both(uint64_t wanted)
{
	printf("%" PRIu64 " samples, %" PRIu64
	       " stacks by frame pointer, %" PRIu64 " of them broken, %" PRIu64
	       " whole\n",
	       stream.user_samples,
	       stream.unwinders[DITHER_UNWIND_FRAME_POINTER],
	       stream.ends[DITHER_END_BROKEN], stream.ends[DITHER_END_ROOT]);
	return stream.user_samples >= wanted &&
	       stream.unwinders[DITHER_UNWIND_FRAME_POINTER] >= 2 &&
	       stream.ends[DITHER_END_BROKEN] && stream.ends[DITHER_END_ROOT];
}

int main(int argc, char **argv)
{
	pid_t unknown, known;
	uint64_t wanted;
	bool met;

	if (argc != 3) {
		fprintf(stderr, "usage: stale ADDRESS SAMPLES\n");
		return 2;
	}
	wanted = strtoull(argv[2], NULL, 0);
	tally_begin();
	unknown = begin(COMMON, strtoull(argv[1], NULL, 0));
	known = begin(DEEP, 0);
	/* Both are in their loops, or else exit. */
	usleep(100000);
	sample(unknown, known, wanted);
	met = met_both(wanted);
	stream_end(&stream);
	session_close(&session);
	kill(unknown, SIGKILL);
	kill(known, SIGKILL);
	while (wait(NULL) > 0)
		;
	return met && !tally_failures() ? 0 : 1;
}

#else

int main(void)
{
	printf("left out: it is made for x86-64\n");
	return 0;
}

#endif
