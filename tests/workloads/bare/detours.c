// SPDX-License-Identifier: GPL-2.0
/*
 * Stacks that are not one call after the other: signal handlers on the stack
 * and beside it, one upon another; coroutines; jumps out of deep calls; frames
 * of sizes that only run time knows; threads that do all of this at once.
 *
 * usage: detours SECONDS
 */
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <ucontext.h>
#include <unistd.h>

#define NOINLINE __attribute__((noinline, noclone))
#define THREADS 2

static double until;
static volatile sig_atomic_t handled;
static _Thread_local ucontext_t here, there;
static _Thread_local volatile unsigned long sink;

static double now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

/* A leaf: it keeps nothing on the stack. */
static NOINLINE unsigned long spin(unsigned long value)
{
	for (int i = 0; i < 20000; i++)
		value = value * 6364136223846793005UL + (value >> 33);
	return value;
}

static NOINLINE unsigned long descend(unsigned int depth, unsigned long value)
{
	if (!depth)
		return spin(value);
	return descend(depth - 1, value + depth) ^ depth;
}

/* The size is not known before it runs: the frame is found by a register. */
static NOINLINE unsigned long widen(size_t bytes, unsigned long value)
{
	char *room = __builtin_alloca(bytes);

	memset(room, (int)value, bytes);
	value = descend(4, value + (unsigned char)room[bytes / 2]);
	return value + (unsigned char)room[bytes - 1];
}

/* More aligned than any caller's stack is. */
static NOINLINE unsigned long align(unsigned long value)
{
	_Alignas(128) volatile unsigned char wide[256];

	wide[value % 256] = (unsigned char)value;
	value = widen(64 + value % 3000, value);
	return value + wide[value % 256];
}

static void on_stack(int number)
{
	(void)number;
	handled++;
	sink += descend(3, sink);
}

/* On a stack of its own, and interrupted there in turn. */
static void on_other_stack(int number)
{
	(void)number;
	handled++;
	sink += descend(2, sink);
	pthread_kill(pthread_self(), SIGUSR2);
	sink += widen(500, sink);
}

static NOINLINE void send_signals(void)
{
	pthread_kill(pthread_self(), SIGUSR1);
	sink += spin(sink);
	pthread_kill(pthread_self(), SIGUSR2);
}

static void coroutine(void)
{
	for (;;) {
		sink += descend(6, sink);
		swapcontext(&there, &here);
		sink += align(sink);
		swapcontext(&there, &here);
	}
}

static NOINLINE void dive(jmp_buf *surface, unsigned int depth)
{
	if (!depth) {
		sink += spin(sink);
		longjmp(*surface, 1);
	}
	/* Never so, but the compiler does not know. */
	if (depth > 100)
		return;
	dive(surface, depth - 1);
	sink++;
}

static NOINLINE void jump(void)
{
	jmp_buf surface;

	if (!setjmp(surface))
		dive(&surface, 9);
	sink += spin(sink);
}

static void *work(void *unused)
{
	size_t bytes = 128 << 10;
	stack_t other = { .ss_sp = malloc(bytes), .ss_size = bytes };
	char *coroutine_stack = malloc(bytes);

	sigaltstack(&other, NULL);
	getcontext(&there);
	there.uc_stack.ss_sp = coroutine_stack;
	there.uc_stack.ss_size = bytes;
	there.uc_link = NULL;
	makecontext(&there, coroutine, 0);
	while (now() < until) {
		send_signals();
		swapcontext(&here, &there);
		jump();
		sink += align(sink);
	}
	other.ss_flags = SS_DISABLE;
	sigaltstack(&other, NULL);
	free(coroutine_stack);
	free(other.ss_sp);
	return unused;
}

int main(int argc, char **argv)
{
	struct sigaction on = { .sa_handler = on_stack };
	struct sigaction other = { .sa_handler = on_other_stack,
				   .sa_flags = SA_ONSTACK };
	struct sigaction timer = { .sa_handler = on_stack,
				   .sa_flags = SA_ONSTACK | SA_RESTART };
	struct itimerspec every = { { 0, 7000000 }, { 0, 7000000 } };
	struct sigevent event = { .sigev_notify = SIGEV_SIGNAL,
				  .sigev_signo = SIGALRM };
	pthread_t threads[THREADS];
	timer_t clock;

	until = now() + (argc > 1 ? atof(argv[1]) : 1);
	sigaction(SIGUSR2, &on, NULL);
	sigaction(SIGUSR1, &other, NULL);
	sigaction(SIGALRM, &timer, NULL);
	if (timer_create(CLOCK_MONOTONIC, &event, &clock) ||
	    timer_settime(clock, 0, &every, NULL))
		return 1;
	for (int i = 0; i < THREADS; i++)
		pthread_create(&threads[i], NULL, work, NULL);
	work(NULL);
	for (int i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
	printf("%d signals, %lx\n", (int)handled, sink);
	return 0;
}
