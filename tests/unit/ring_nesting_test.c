// SPDX-License-Identifier: GPL-2.0
/*
 * The ring at full speed: a thread writes, is interrupted by a signal whose
 * handler writes, which is interrupted by another signal whose handler writes
 * too, while a second thread reads or takes snapshots.
 */
#include "unit.h"

#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <time.h>
#include <unistd.h>

#include "random_numbers.h"
#include "ring_inputs.h"

#define SIZE (2 * DITHER_RING_MIN)
#define SECOND 1000000000ULL

/* Signals are held back until they are convenient there. */
#ifdef __SANITIZE_THREAD__
#define SIGNALS_INTERRUPT false
#else
#define SIGNALS_INTERRUPT true
#endif

static struct ring_area *area;
static struct ring_account account;
static u64 snapshots, cut; /* that decoded; that were partly overwritten */
static u64 wakes;
static bool written;

/* Each is touched at its own level only. */
static struct {
	u64 attempts;
	u64 random;
	u64 deepest; /* times that it has interrupted all levels below */
} writers[RING_WRITERS + 1];

static u64 now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (u64)time.tv_sec * SECOND + (u64)time.tv_nsec;
}

static void write_as(u32 writer)
{
	u32 words = writer == 2 ? 200 : 20;
	u32 bytes = RING_MESSAGE_MIN +
		    8 * (u32)random_below(&writers[writer].random, words);

	writers[writer].deepest += READ_ONCE(area->ring.nesting) == writer - 1;
	if (ring_write(&area->ring, bytes, writer, writers[writer].attempts++))
		__atomic_fetch_add(&wakes, 1, __ATOMIC_RELAXED);
}

/* The first interrupt stays a while, to be found there by the second. */
static void handle(int number)
{
	if (number == SIGUSR2) {
		write_as(3);
		return;
	}
	for (int i = 0; i < 8; i++)
		write_as(2);
}

static void catch_signals(void)
{
	struct sigaction action = { .sa_handler = handle };

	sigemptyset(&action.sa_mask);
	sigaction(SIGUSR1, &action, NULL);
	sigaddset(&action.sa_mask, SIGUSR1);
	sigaction(SIGUSR2, &action, NULL);
}

/* An endless train of signals, wherever their receiver may be just then. */
static timer_t send_signals(int number, long nanoseconds)
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
	return timer;
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

	for (u32 rounds = 0; !last; rounds++) {
		last = smp_load_acquire(&written);
		if (!ring_read(area, &account, copy))
			sched_yield();
		/* Falls behind now and then. */
		if (rounds % 1024 == 0)
			usleep(1000);
	}
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
		for (u32 writer = 1; writer <= RING_WRITERS; writer++)
			account.gaps[writer] += one.gaps[writer];
	}
	free(snapshot.data);
	free(snapshot.records);
	return unused;
}

/* Faster than the reader, but not so fast that nearly everything is lost. */
static void write_for(u64 duration)
{
	u64 end = now() + duration;

	while (now() < end) {
		if (area->ring.overwrite)
			ring_write_epoch(&area->ring);
		for (int i = 0; i < 200; i++)
			write_as(1);
		if (area->ring.reserved - READ_ONCE(area->tail->tail) >
		    SIZE - SIZE / 8)
			sched_yield();
	}
}

static void run(void *(*reader)(void *), bool overwrite, u32 position,
		u64 duration)
{
	timer_t first, second;
	pthread_t thread;

	memset(&account, 0, sizeof(account));
	memset(writers, 0, sizeof(writers));
	for (u32 i = 1; i <= RING_WRITERS; i++)
		writers[i].random = i;
	written = false;
	wakes = 0;
	area = ring_area_new(SIZE);
	ring_begin(area, position, SIZE / 4, overwrite);
	catch_signals();
	hold_signals(SIG_BLOCK);
	pthread_create(&thread, NULL, reader, NULL);
	hold_signals(SIG_UNBLOCK);
	first = send_signals(SIGUSR1, 31000);
	second = send_signals(SIGUSR2, 47000);
	write_for(duration);
	timer_delete(first);
	timer_delete(second);
	smp_store_release(&written, true);
	pthread_join(thread, NULL);
	CU_ASSERT_EQUAL(account.broken, 0);
	CU_ASSERT_EQUAL(area->ring.nesting, 0);
	CU_ASSERT_EQUAL(area->page->head, area->ring.reserved);
	if (SIGNALS_INTERRUPT) {
		CU_ASSERT(writers[2].deepest > 0);
		CU_ASSERT(writers[3].deepest > 0);
	}
}

static void all_accounted(void)
{
	u64 bytes, watermarks;

	run(read_on, false, -SIZE, 2 * SECOND);
	for (u32 writer = 1; writer <= 3; writer++)
		CU_ASSERT(ring_balances(area, &account, writer,
					writers[writer].attempts));
	CU_ASSERT(account.received[1] > 10000);
	CU_ASSERT(account.lost[1] > 0);
	CU_ASSERT(account.pads > 0);
	bytes = (u64)local_read(&area->ring.bytes);
	watermarks = bytes / area->ring.watermark;
	CU_ASSERT_EQUAL((u32)bytes, area->tail->tail + SIZE);
	CU_ASSERT(wakes <= watermarks && wakes > watermarks / 2);
}

static void all_decode(void)
{
	/* On a busy machine the writers may sleep through all snapshots. */
	for (int attempt = 0; attempt < 20 && !cut; attempt++) {
		run(take_snapshots, true, 0, SECOND / 2);
		for (u32 writer = 1; writer <= 3; writer++)
			CU_ASSERT_EQUAL(account.gaps[writer], 0);
	}
	CU_ASSERT(snapshots > 0);
	CU_ASSERT(cut > 0);
}

static const struct unit_case cases[] = {
	{ "three nested writers and a reader lose nothing unaccounted",
	  all_accounted },
	{ "snapshots of what three nested writers overwrite all decode",
	  all_decode },
};

UNIT_MAIN("ring nesting", cases)
