// SPDX-License-Identifier: GPL-2.0
/*
 * The ring under load, for as many records as one likes:
 *
 *	ring_stress read|hostile|snapshots RECORDS
 *
 * A thread writes, is interrupted by a signal whose handler writes, and that
 * by another signal whose handler writes too. Signals come at random instants,
 * by timers, and from inside each writer, between reserve and commit.
 * ThreadSanitizer holds signals back; there, interrupts are calls, at random
 * accesses of the ring's code to what contexts share.
 *
 * read: a second thread reads, at times too slowly; all must be accounted for.
 * hostile: it writes any number into the tail instead, all the time, and so
 *	does something before every step of the writers.
 * snapshots: the ring overwrites, and it takes snapshots; all must decode. Not
 *	for ThreadSanitizer: copying what is being overwritten, to throw that
 *	part away, is what a snapshot does.
 *
 * Prints "# " and figures, then "ok" or "not ok" and why; exits 0 or 1.
 */
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <time.h>
#include <unistd.h>

#include "../unit/random_numbers.h"
#include "../unit/ring_inputs.h"

static void interrupt(void);

#ifdef __SANITIZE_THREAD__
#define SIGNALS false
#undef WRITE_ONCE
#define WRITE_ONCE(x, value)                                          \
	do {                                                          \
		__typeof__(x) to_write = (value);                     \
		interrupt();                                          \
		__atomic_store_n(&(x), to_write, __ATOMIC_RELAXED);   \
	} while (0)
#undef barrier
#define barrier() interrupt()
#else
#define SIGNALS true
#endif

#include "../../kmod/core/ring.c"

#define SIZE DITHER_RING_MIN
#define LEVELS 3
#define NESTED_MIN 1000 /* fewer interrupted writers would show nothing */

static struct ring_area *area;
static struct ring_account account;
static bool written, hostile;
static u64 snapshots, cut, scribbles;
static u32 level; /* of the writer that runs; 0: none */
static const char *broken; /* what the writer found */

/* Each is touched at its own level only. */
static struct {
	u64 attempts;
	u64 refused;
	u64 interrupting; /* attempts that found all levels below in a record */
	u64 random;
} writers[RING_WRITERS + 1];

/* What a writer may rely on whatever stands in the tail. */
static void check_room(const u8 *room, u32 bytes)
{
	const struct dither_ring *ring = &area->ring;

	if (room < area->data || room + bytes > area->data + SIZE)
		broken = "a reservation outside the data";
	if (ring->reserved - ring->head > SIZE)
		broken = "a reservation over what is not published";
}

/* A tail that may be right, or wrong in any way. */
static void spoil_tail(u64 *random)
{
	u32 value = (u32)random_below(random, 1ULL << 32);

	if (value & 3)
		value = READ_ONCE(area->page->head) - value % SIZE;
	__atomic_store_n(&area->tail->tail, value, __ATOMIC_RELAXED);
}

static void write_as(u32 writer);

/* The next level comes, perhaps, while this one is at work. */
static void interrupt(void)
{
	u32 here = level;

	if (!here || here == LEVELS ||
	    random_below(&writers[here].random, SIGNALS ? 16 : 128))
		return;
	if (SIGNALS) {
		raise(here == 1 ? SIGUSR1 : SIGUSR2);
	} else {
		write_as(here + 1);
		write_as(here + 1);
	}
}

static void write_one(u32 writer)
{
	u32 bytes = RING_MESSAGE_MIN +
		    8 * (u32)random_below(&writers[writer].random, 12);
	u64 number = writers[writer].attempts++;
	void *room;

	if (hostile)
		spoil_tail(&writers[writer].random);
	writers[writer].interrupting +=
		READ_ONCE(area->ring.nesting) == writer - 1;
	room = dither_ring_reserve(&area->ring, bytes, number, NULL);
	if (!room) {
		writers[writer].refused++;
		dither_ring_lose(&area->ring, ring_cause(writer), number);
		return;
	}
	check_room(room, bytes);
	interrupt();
	ring_fill(room, bytes, writer, number);
	interrupt();
	dither_ring_commit(&area->ring);
}

static void write_as(u32 writer)
{
	u32 before = level;

	__atomic_store_n(&level, writer, __ATOMIC_RELAXED);
	write_one(writer);
	__atomic_store_n(&level, before, __ATOMIC_RELAXED);
}

static void handle(int number)
{
	u32 writer = number == SIGUSR1 ? 2 : 3;

	write_as(writer);
	write_as(writer);
}

static void catch_signals(void)
{
	struct sigaction action = { .sa_handler = handle };

	sigemptyset(&action.sa_mask);
	sigaction(SIGUSR1, &action, NULL);
	sigaddset(&action.sa_mask, SIGUSR1);
	sigaction(SIGUSR2, &action, NULL);
}

static void send_signals(int number, long nanoseconds)
{
	const struct timespec interval = { .tv_nsec = nanoseconds };
	const struct itimerspec train = { interval, interval };
	struct sigevent event = {
		.sigev_notify = SIGEV_SIGNAL,
		.sigev_signo = number,
	};
	timer_t timer;

	if (timer_create(CLOCK_MONOTONIC, &event, &timer) ||
	    timer_settime(timer, 0, &train, NULL)) {
		perror("timer");
		exit(2);
	}
}

/* Threads inherit the mask: only the writer takes the signals. */
static void hold_signals(int how)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	sigaddset(&set, SIGUSR2);
	pthread_sigmask(how, &set, NULL);
}

static void *read_on(void *unused)
{
	static u8 copy[SIZE];
	bool last = false;

	for (u32 rounds = 1; !last; rounds++) {
		last = smp_load_acquire(&written);
		if (!ring_read(area, &account, copy))
			sched_yield();
		/* Falls behind now and then, until a writer is refused. */
		while (rounds % 4096 == 1 && !smp_load_acquire(&written) &&
		       !local_read(&area->ring.losses))
			sched_yield();
	}
	return unused;
}

static void *scribble(void *unused)
{
	u64 random = 99;

	for (; !smp_load_acquire(&written); scribbles++)
		spoil_tail(&random);
	return unused;
}

static void *take_snapshots(void *unused)
{
	struct ring_snapshot snapshot = {
		.data = malloc(SIZE),
		.records = malloc(SIZE),
	};

	while (!smp_load_acquire(&written)) {
		struct ring_account one = { 0 };

		ring_snapshot_begin(area, &snapshot);
		ring_snapshot_copy(area, &snapshot);
		ring_snapshot_end(area, &snapshot);
		cut += snapshot.whole < SIZE;
		if (!ring_snapshot_decode(area, &snapshot, &one))
			continue;
		snapshots++;
		account.broken += one.broken + one.losses;
		for (u32 writer = 1; writer <= LEVELS; writer++)
			account.gaps[writer] += one.gaps[writer];
	}
	free(snapshot.data);
	free(snapshot.records);
	return unused;
}

static u64 attempts(void)
{
	u64 sum = 0;

	for (u32 writer = 1; writer <= LEVELS; writer++)
		sum += READ_ONCE(writers[writer].attempts);
	return sum;
}

/* Where a reader is to keep up, it is waited for at times. */
static void write_all(u64 records, bool wait)
{
	for (u32 i = 0; attempts() < records; i++) {
		if (area->ring.overwrite && i % 64 == 0)
			ring_write_epoch(&area->ring);
		write_as(1);
		if (wait && i % 64 == 0 &&
		    area->ring.head - READ_ONCE(area->tail->tail) >
			    SIZE - SIZE / 8)
			sched_yield();
	}
}

static const char *nesting_fault(void)
{
	if (area->ring.nesting || area->page->head != area->ring.reserved)
		return "a writer has not published";
	for (u32 writer = 2; writer <= LEVELS; writer++) {
		if (writers[writer].interrupting < NESTED_MIN)
			return "too few writers were interrupted to show anything";
	}
	return broken;
}

static const char *read_fault(void)
{
	if (account.broken)
		return "records were torn or out of order";
	for (u32 writer = 1; writer <= LEVELS; writer++) {
		if (!ring_balances(area, &account, writer,
				   writers[writer].attempts))
			return "records are not accounted for";
	}
	if (!account.losses || !account.pads)
		return "the ring was never full, or never wrapped";
	return nesting_fault();
}

static const char *hostile_fault(void)
{
	u64 refused, told;

	for (u32 writer = 1; writer <= LEVELS; writer++) {
		refused = writers[writer].refused;
		told = (u64)local_read(&area->ring.lost[ring_cause(writer)]);
		if (told > refused)
			return "more was lost than was refused";
	}
	if (!local_read(&area->ring.bad_tails) || !scribbles)
		return "no tail was bad";
	return nesting_fault();
}

static const char *snapshots_fault(void)
{
	if (account.broken)
		return "records of a snapshot were torn";
	for (u32 writer = 1; writer <= LEVELS; writer++) {
		if (account.gaps[writer])
			return "records were missing inside a snapshot";
	}
	if (!snapshots || !cut)
		return "no snapshot was overtaken while it was taken";
	return nesting_fault();
}

static const struct mode {
	const char *name;
	const char *promise;
	void *(*other)(void *unused);
	const char *(*fault)(void);
	bool overwrite;
} modes[] = {
	{ "read", "nothing is lost unaccounted, torn or out of order", read_on,
	  read_fault, false },
	{ "hostile", "a hostile tail does not reach the writer", scribble,
	  hostile_fault, false },
	{ "snapshots", "snapshots of an overwritten ring decode",
	  take_snapshots, snapshots_fault, true },
};

static void show(const struct mode *mode)
{
	const char *fault = mode->fault();

	printf("# %s:", mode->name);
	for (u32 writer = 1; writer <= LEVELS; writer++)
		printf(" level %u %llu attempts, %llu refused, %llu interrupting;",
		       writer, (unsigned long long)writers[writer].attempts,
		       (unsigned long long)writers[writer].refused,
		       (unsigned long long)writers[writer].interrupting);
	printf(" %llu snapshots, %llu overtaken; %llu bad tails of %llu\n",
	       (unsigned long long)snapshots, (unsigned long long)cut,
	       (unsigned long long)local_read(&area->ring.bad_tails),
	       (unsigned long long)scribbles);
	if (fault)
		printf("not ok %s: %s\n", mode->promise, fault);
	else
		printf("ok %s\n", mode->promise);
	if (fault)
		exit(1);
}

static void run(const struct mode *mode, u64 records)
{
	pthread_t thread;

	for (u32 writer = 1; writer <= LEVELS; writer++)
		writers[writer].random = writer;
	hostile = mode->other == scribble;
	area = ring_area_new(SIZE);
	/* Positions begin again at 0 early on. */
	ring_begin(area, -SIZE, SIZE / 4, mode->overwrite);
	catch_signals();
	hold_signals(SIG_BLOCK);
	if (pthread_create(&thread, NULL, mode->other, NULL)) {
		perror("pthread_create");
		exit(2);
	}
	if (SIGNALS) {
		hold_signals(SIG_UNBLOCK);
		send_signals(SIGUSR1, 131000);
		send_signals(SIGUSR2, 97000);
	}
	write_all(records, mode->other == read_on);
	hold_signals(SIG_BLOCK);
	smp_store_release(&written, true);
	pthread_join(thread, NULL);
	show(mode);
}

int main(int argc, char **argv)
{
	for (size_t i = 0; argc == 3 && i < sizeof(modes) / sizeof(*modes); i++) {
		if (strcmp(argv[1], modes[i].name))
			continue;
		run(&modes[i], strtoull(argv[2], NULL, 10));
		return 0;
	}
	fprintf(stderr, "usage: ring_stress read|hostile|snapshots RECORDS\n");
	return 2;
}
