// SPDX-License-Identifier: GPL-2.0
/*
 * A storm on /dev/dither: processes that know what must come of each step, mobs
 * that do anything at once and get killed, and an honest one between them, that
 * must not notice. Prints what was done and which states were met.
 *
 * Usage: storm SECONDS [SEED]. It takes longer while any state has not been
 * met. Exit status: 0, or 1 if anything was not as it
 * must be. The same seed makes the same steps, as far as scheduling allows.
 */
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "../unit/random_numbers.h"
#include "lib/session.h"
#include "lib/tally.h"
#include "storm/files.h"
#include "storm/honest.h"
#include "storm/mob.h"
#include "storm/model.h"
#include "storm/post.h"

#define MODELS 2
#define MOBS 2
#define PROCESSES (MODELS + MOBS + 1)

/* Seconds after which what has not happened never will. */
#define PATIENCE 180

static volatile bool *stop;
static int post[2];
static pid_t processes[PROCESSES];

static void run(int number, uint64_t seed)
{
	if (number < MODELS)
		model_run(seed, stop, post[0]);
	else if (number < MODELS + MOBS)
		mob_run(seed, stop, post[1]);
	else
		honest_run(seed, stop);
	_exit(0);
}

static void begin(int number, uint64_t *random)
{
	uint64_t seed = random_next(random) | 1;
	pid_t pid = fork();

	if (!pid) {
		/* To be killed with what it forks, and to go when this one goes. */
		setpgid(0, 0);
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		run(number, seed);
	}
	if (pid < 0) {
		perror("fork");
		exit(2);
	}
	setpgid(pid, pid);
	processes[number] = pid;
}

static time_t seconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec;
}

static void kill_a_mob(uint64_t *random)
{
	int number = MODELS + random_below(random, MOBS);

	kill(-processes[number], SIGKILL);
	while (waitpid(-processes[number], NULL, 0) > 0)
		;
	tally_reach(TALLY_KILLED);
	begin(number, random);
}

static void show_where(pid_t pid)
{
	char path[64], text[4096];
	ssize_t length;
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/stack", pid);
	fd = open(path, O_RDONLY);
	length = fd < 0 ? 0 : read(fd, text, sizeof(text) - 1);
	printf("process %d does not end:\n%.*s\n", pid, (int)length, text);
	if (fd >= 0)
		close(fd);
}

static void wait_for_all(void)
{
	time_t end = seconds() + PATIENCE;
	int status, ended;

	for (int i = 0; i < PROCESSES; i++) {
		do {
			ended = waitpid(processes[i], &status, WNOHANG);
			if (!ended)
				usleep(20000);
		} while (!ended && seconds() < end);
		if (!ended) {
			show_where(processes[i]);
			tally_fail("a process hangs");
			kill(-processes[i], SIGKILL);
		} else if (status) {
			tally_fail("process %d of %d ended with status %#x", i,
				   PROCESSES, status);
		}
	}
}

static unsigned int parameter(const char *name)
{
	unsigned int value = 0;
	char path[128];
	FILE *in;

	snprintf(path, sizeof(path), "/sys/module/dither/parameters/%s", name);
	in = fopen(path, "re");
	if (!in || fscanf(in, "%u", &value) != 1)
		value = 0;
	if (in)
		fclose(in);
	return value;
}

static unsigned int possible_sessions(void)
{
	unsigned int count = 0;
	int fds[256];

	while (count < 256 && (fds[count] = open(DITHER_DEVICE, O_RDWR)) >= 0)
		count++;
	for (unsigned int i = 0; i < count; i++)
		close(fds[i]);
	return count;
}

static uint32_t possible_ring(void)
{
	struct dither_config config = { .period_ns = DITHER_PERIOD_MAX_NS };
	struct session session;
	uint32_t ring;

	for (ring = DITHER_RING_MAX; ring >= DITHER_RING_MIN; ring /= 2) {
		config.ring_bytes = ring;
		if (session_open(&session, &config))
			continue;
		session_close(&session);
		break;
	}
	return ring;
}

/* Sessions on their way in messages are given back by a worker, some time. */
static void check_limits(uint32_t ring)
{
	unsigned int sessions = parameter("max_sessions");
	time_t end = seconds() + PATIENCE;

	while (possible_sessions() != sessions && seconds() < end)
		usleep(100000);
	if (possible_sessions() != sessions)
		tally_fail("%u of %u sessions are left", possible_sessions(), sessions);
	if (possible_ring() != ring)
		tally_fail("rings of %u bytes are possible, %u were", possible_ring(), ring);
}

static void rage(time_t length, uint64_t seed)
{
	time_t end = seconds() + length;
	uint64_t random = seed;

	for (int i = 0; i < PROCESSES; i++)
		begin(i, &random);
	/* A slow machine is given time to meet every state. */
	while (seconds() < end ||
	       (!tally_reached_all() && seconds() < end + PATIENCE)) {
		usleep(100000 + random_below(&random, 1500000));
		kill_a_mob(&random);
	}
	*stop = true;
	wait_for_all();
}

/* Where there are no tables, what they lead to is not missed. */
static void pass_over_tables(void)
{
	struct dither_config config = { .period_ns = DITHER_PERIOD_MAX_NS };
	struct session session;
	int state;

	if (session_open(&session, &config))
		return;
	if (!(session.info.features & DITHER_FEATURE_UNWIND_TABLES))
		for (state = TALLY_UNWINDING; state <= TALLY_TABLE_TOO_LARGE; state++)
			tally_reach(state);
	session_close(&session);
}

int main(int argc, char **argv)
{
	uint64_t seed = argc > 2 ? strtoull(argv[2], NULL, 0) : (uint64_t)time(NULL);
	uint32_t ring;

	if (argc < 2 || argc > 3 || atoi(argv[1]) <= 0 || !seed) {
		fprintf(stderr, "usage: storm SECONDS [SEED]\n");
		return 2;
	}
	setvbuf(stdout, NULL, _IOLBF, 0);
	printf("storm: %s seconds, seed %" PRIu64 "\n", argv[1], seed);
	tally_begin();
	files_init();
	post_init(post);
	stop = mmap(NULL, sizeof(*stop), PROT_READ | PROT_WRITE,
		    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	ring = possible_ring();
	pass_over_tables();
	rage(atoi(argv[1]), seed);
	close(post[0]);
	close(post[1]);
	check_limits(ring);
	tally_print();
	printf("storm: %" PRIu64 " failures\n", tally_failures());
	return tally_failures() ? 1 : 0;
}
