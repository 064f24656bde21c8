// SPDX-License-Identifier: GPL-2.0
/*
 * Sessions have fixed descriptors, and mappings lie in an arena of their own,
 * so that nothing else of these processes can be hit by mistake.
 */
#include "mob.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../../../include/dither/abi.h"
#include "../../unit/random_numbers.h"
#include "../lib/image.h"
#include "../lib/session.h"
#include "../lib/tally.h"
#include "../lib/touch.h"
#include "files.h"
#include "post.h"
#include "tables.h"

#define FIRST_FD 100
#define SESSIONS 3
#define THREADS 3
#define ARENA (2U << 20)

/* What is handed over while it changes. */
struct torn {
	union {
		uint32_t words[64];
		struct dither_info info;
		struct dither_config config;
		struct dither_snapshot snapshot;
		struct dither_ledger ledger;
		struct dither_table_image image;
		struct dither_tables tables;
	};
};

#define TORN 6

/* An image, of which one word after the other goes bad, too. */
static uint32_t *torn_image;

static struct torn *torn;
static uint8_t *arena;
static size_t page;
static const volatile bool *stopped;
static int letters;
static pthread_barrier_t complete;

static long control(enum tally_operation operation, int fd, unsigned long command,
		    void *argument)
{
	long result = tally_note(operation, ioctl(fd, command, argument));

	if (result == -EINTR)
		tally_reach(TALLY_INTERRUPTED);
	return result;
}

static void good_config(struct dither_config *config, uint64_t *random)
{
	*config = (struct dither_config){
		.size = sizeof(*config),
		.flags = (random_below(random, 4) ? 0 : DITHER_F_OVERWRITE) |
			 (random_below(random, 2) ? 0 : DITHER_F_TABLES),
		.policy = random_below(random, 3) ? 0 : DITHER_POLICY_POISSON,
		.period_ns = 1000000 << random_below(random, 4),
		.ring_bytes = DITHER_RING_MIN << random_below(random, 3),
		.watermark = random_below(random, 8192),
	};
}

static void put_session(int from, int fd)
{
	if (from < 0)
		return;
	dup2(from, fd);
	close(from);
}

/* Mappings keep sessions: there may be none left for want of closing them. */
static void open_again(int fd)
{
	int new = tally_note(TALLY_OPEN, open(DITHER_DEVICE, O_RDWR | O_CLOEXEC));

	if (new == -EMFILE)
		mmap(arena, ARENA, PROT_NONE,
		     MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
	put_session(new, fd);
}

static void configure(int fd, uint64_t *random)
{
	struct dither_config config;

	good_config(&config, random);
	control(TALLY_CONFIGURE, fd, DITHER_IOC_CONFIGURE, &config);
}

static void read_ledger(int fd, uint64_t *random)
{
	struct dither_ledger ledger = {
		.size = sizeof(ledger),
		.cpu = random_below(random, 3),
	};

	if (!control(TALLY_LEDGER, fd, DITHER_IOC_LEDGER, &ledger) &&
	    !session_balances(&ledger))
		tally_fail("in the crowd, the ledger of CPU %u does not balance",
			   ledger.cpu);
}

static void hand_over_torn(int fd, uint64_t *random)
{
	switch (random_below(random, TORN)) {
	case 0:
		control(TALLY_INFO, fd, DITHER_IOC_INFO, &torn[0]);
		break;
	case 1:
		control(TALLY_CONFIGURE, fd, DITHER_IOC_CONFIGURE, &torn[1]);
		break;
	case 2:
		control(TALLY_SNAPSHOT, fd, DITHER_IOC_SNAPSHOT, &torn[2]);
		break;
	case 3:
		control(TALLY_LEDGER, fd, DITHER_IOC_LEDGER, &torn[3]);
		break;
	case 4:
		control(TALLY_TABLE, fd, DITHER_IOC_TABLE, &torn[4]);
		break;
	case 5:
		control(TALLY_TABLES, fd, DITHER_IOC_TABLES, &torn[5]);
		break;
	}
}

static void snapshot(int fd, uint64_t *random)
{
	struct dither_snapshot request = {
		.size = sizeof(request),
		.pid = random_below(random, 2) ? getpid() : 1,
	};

	control(TALLY_SNAPSHOT, fd, DITHER_IOC_SNAPSHOT, &request);
}

static uint8_t *somewhere(uint64_t *random)
{
	return arena + random_below(random, ARENA / 2 / page) * page;
}

static void map(int fd, uint64_t *random)
{
	bool data = random_below(random, 2);
	unsigned int cpu = random_below(random, 2);
	size_t bytes = data ? page + (DITHER_RING_MIN << random_below(random, 3)) : page;
	int protection = data ? PROT_READ : PROT_READ | PROT_WRITE;
	void *at = mmap(somewhere(random), bytes, protection, MAP_SHARED | MAP_FIXED,
			fd, data ? DITHER_MMAP_DATA(cpu) : DITHER_MMAP_TAIL(cpu));

	tally_note(data ? TALLY_MMAP_DATA : TALLY_MMAP_TAIL,
		   at == MAP_FAILED ? -1 : 0);
}

static void change_mapping(uint64_t *random)
{
	static const int advices[] = { MADV_DONTNEED, MADV_DONTFORK, MADV_DOFORK,
				       MADV_WILLNEED, MADV_COLD, MADV_PAGEOUT,
				       MADV_REMOVE, MADV_FREE };
	size_t bytes = page * (1 + random_below(random, 64));
	uint8_t *at = somewhere(random);

	switch (random_below(random, 6)) {
	case 0:
		tally_note(TALLY_MUNMAP, munmap(at, bytes));
		break;
	case 1:
		tally_note(TALLY_MPROTECT, mprotect(at, bytes, random_below(random, 8)));
		break;
	case 2:
		tally_note(TALLY_MREMAP,
			   mremap(at, bytes, page * random_below(random, 64),
				  MREMAP_MAYMOVE | MREMAP_FIXED, somewhere(random)) ==
				   MAP_FAILED ? -1 : 0);
		break;
	case 3:
		tally_note(TALLY_MADVISE, madvise(at, bytes, advices[random_below(random, 8)]));
		break;
	default:
		tally_note(TALLY_SCRIBBLE, touch_write((void *)at, random_next(random)));
	}
}

/* A child with all the sessions, and with none of the threads. */
static void fork_off(int fd, uint64_t *random)
{
	pid_t child = tally_note(TALLY_FORK, fork());

	if (!child) {
		for (int i = 0; i < 8; i++) {
			read_ledger(fd, random);
			change_mapping(random);
		}
		_exit(0);
	}
	if (child > 0)
		waitpid(child, NULL, 0);
}

static void act(uint64_t *random)
{
	int fd = FIRST_FD + random_below(random, SESSIONS);

	switch (random_below(random, 32)) {
	case 0:
		open_again(fd);
		break;
	case 1:
		if (!random_below(random, 4))
			tally_note(TALLY_CLOSE, close(fd));
		break;
	case 2:
	case 3:
		configure(fd, random);
		break;
	case 4:
	case 5:
		control(TALLY_START, fd, DITHER_IOC_START, NULL);
		break;
	case 6:
		control(TALLY_STOP, fd, DITHER_IOC_STOP, NULL);
		break;
	case 7:
	case 8:
		snapshot(fd, random);
		break;
	case 9:
	case 10:
	case 11:
		read_ledger(fd, random);
		break;
	case 12:
	case 13:
	case 14:
	case 15:
		hand_over_torn(fd, random);
		break;
	case 16:
	case 17:
	case 18:
	case 19:
		map(fd, random);
		break;
	case 20:
		put_session(post_receive(letters), fd);
		break;
	case 21:
		if (!random_below(random, 8))
			fork_off(fd, random);
		break;
	case 22:
	case 23:
	case 24:
		files_attack(fd, random);
		break;
	default:
		change_mapping(random);
	}
}

static void *crowd(void *seed)
{
	uint64_t random = (uintptr_t)seed;

	/* The last one's stack must not come to lie in a hole of the arena. */
	pthread_barrier_wait(&complete);
	while (!*stopped)
		act(&random);
	return NULL;
}

/* Good structures, of which one word after the other goes bad and good. */
static void tear(uint64_t *random)
{
	static const unsigned int words[TORN] = { 4, 22, 4, 4, 10, 12 };
	/* Not made in place: the twin tears there meanwhile. */
	static uint64_t whole[IMAGE_ROOM / sizeof(uint64_t)];
	struct torn good[TORN];
	int i;

	memset(good, 0, sizeof(good));
	good[0].info.size = sizeof(good[0].info);
	good_config(&good[1].config, random);
	good[2].snapshot = (struct dither_snapshot){
		.size = sizeof(good[2].snapshot),
		.pid = getpid(),
	};
	good[3].ledger.size = sizeof(good[3].ledger);
	good[4].image = (struct dither_table_image){
		.size = sizeof(good[4].image),
		.fd = tables_descriptor(random),
		.image = (uintptr_t)torn_image,
		.bytes = image_make(whole, random, IMAGE_ANYTHING, 0, 4),
	};
	memcpy(torn_image, whole, good[4].image.bytes);
	good[5].tables.size = sizeof(good[5].tables);
	memcpy(torn, good, sizeof(good));
	for (i = 0; i < 200 && !*stopped; i++) {
		unsigned int which = random_below(random, TORN);
		unsigned int word = random_below(random, words[which]);
		uint32_t *hole = &torn_image[random_below(random, 256)];

		__atomic_fetch_xor(hole, 1U << i % 32, __ATOMIC_RELAXED);
		__atomic_store_n(&torn[which].words[word],
				 (uint32_t)random_next(random), __ATOMIC_RELAXED);
		sched_yield();
		__atomic_store_n(&torn[which].words[word],
				 good[which].words[word], __ATOMIC_RELAXED);
		if (random_below(random, 4))
			__atomic_fetch_xor(hole, 1U << i % 32, __ATOMIC_RELAXED);
	}
}

/* Who is interrupted must let go of what it waits for. */
static void alarmed(int number)
{
	(void)number;
}

static void be_interrupted(void)
{
	const struct itimerval often = { { 0, 7000 }, { 0, 7000 } };
	const struct sigaction action = { .sa_handler = alarmed };

	sigaction(SIGALRM, &action, NULL);
	setitimer(ITIMER_REAL, &often, NULL);
}

static void prepare(void)
{
	page = sysconf(_SC_PAGESIZE);
	torn = mmap(NULL, TORN * sizeof(*torn), PROT_READ | PROT_WRITE,
		    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	arena = mmap(NULL, ARENA, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	torn_image = mmap(NULL, IMAGE_ROOM, PROT_READ | PROT_WRITE,
			  MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (torn == MAP_FAILED || torn_image == MAP_FAILED || arena == MAP_FAILED) {
		perror("memory");
		exit(2);
	}
}

void mob_run(uint64_t seed, const volatile bool *stop, int post)
{
	pthread_t threads[THREADS];
	uint64_t random = seed;
	pid_t twin;

	stopped = stop;
	letters = post;
	/* The others have more to say. */
	nice(10);
	prepare();
	tables_init(true);
	touch_init();
	for (int i = 0; i < SESSIONS; i++)
		open_again(FIRST_FD + i);
	/* A second process on the same sessions. */
	twin = fork();
	if (!twin) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		random++;
	}
	be_interrupted();
	pthread_barrier_init(&complete, NULL, THREADS);
	for (int i = 0; i < THREADS; i++)
		pthread_create(&threads[i], NULL, crowd,
			       (void *)(uintptr_t)(random_next(&random) | 1));
	while (!*stop)
		tear(&random);
	for (int i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
	if (!twin)
		_exit(0);
	waitpid(twin, NULL, 0);
}
