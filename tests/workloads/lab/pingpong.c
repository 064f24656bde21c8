// SPDX-License-Identifier: GPL-2.0
/*
 * Two threads on one CPU that wait for each other: by turns each uses so much
 * of it.
 *
 * Usage: pingpong SECONDS PING_US PONG_US CPU
 */
#include "truth.h"

#include <pthread.h>
#include <semaphore.h>

static sem_t ping_may, pong_may;
static uint64_t end, ping_ns, pong_ns;

__attribute__((noinline)) static uint64_t ping_work(void)
{
	return truth_use(ping_ns);
}

__attribute__((noinline)) static uint64_t pong_work(void)
{
	return truth_use(pong_ns);
}

static void *pong(void *worked)
{
	while (!sem_wait(&pong_may) && truth_now() < end) {
		*(uint64_t *)worked += pong_work();
		sem_post(&ping_may);
	}
	return NULL;
}

int main(int argc, char **argv)
{
	uint64_t begin, pinged = 0, ponged = 0;
	pthread_t thread;

	if (argc < 5)
		return 2;
	truth_pin(argv[4]);
	ping_ns = strtoull(argv[2], NULL, 10) * 1000;
	pong_ns = strtoull(argv[3], NULL, 10) * 1000;
	sem_init(&ping_may, 0, 0);
	sem_init(&pong_may, 0, 0);
	begin = truth_now();
	end = begin + (uint64_t)(atof(argv[1]) * 1e9);
	if (pthread_create(&thread, NULL, pong, &ponged))
		return 1;
	while (truth_now() < end) {
		pinged += ping_work();
		sem_post(&pong_may);
		if (truth_now() < end)
			sem_wait(&ping_may);
	}
	truth_window(begin, truth_now());
	sem_post(&pong_may);
	pthread_join(thread, NULL);
	truth_of("ping_work", pinged);
	truth_of("pong_work", ponged);
	return 0;
}
