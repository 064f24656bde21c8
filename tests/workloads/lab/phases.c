// SPDX-License-Identifier: GPL-2.0
/*
 * Two phases of the same length by turns: chase() waits more than it computes,
 * arithmetic() only computes. Logs for each how long it took and what its own
 * counters saw, by perf_event_open() on itself: the truth for who measures from
 * outside. usage: phases SECONDS [PHASE_MS [CPU]]
 *
 * An emulated CPU does not stall. On arm64, where user space may wait for an
 * interrupt (tests/modules/stall.c), it does so instead of missing a cache;
 * elsewhere it chases pointers through more memory than caches hold.
 */
#include "truth.h"

#include <linux/perf_event.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#define NODES (1U << 21)
#define STEPS 20000

struct truth {
	uint64_t ns;
	uint64_t cycles, instructions;
};

static uint32_t *next;
static int cycles_fd, instructions_fd;

static int count(uint64_t config)
{
	struct perf_event_attr attr = {
		.type = PERF_TYPE_HARDWARE,
		.size = sizeof(attr),
		.config = config,
	};

	return (int)syscall(SYS_perf_event_open, &attr, 0, -1, -1, 0);
}

static uint64_t counted(int fd)
{
	uint64_t value = 0;

	if (fd < 0 || read(fd, &value, sizeof(value)) != sizeof(value))
		return 0;
	return value;
}

static void stall(void)
{
#ifdef __aarch64__
	__asm__ volatile("wfi" ::: "memory");
#endif
}

__attribute__((noinline)) static void chase(void)
{
	uint32_t at = 0;

	for (int i = 0; i < STEPS; i++)
		at = next[at];
	sink += at;
	stall();
}

__attribute__((noinline)) static void arithmetic(void)
{
	uint64_t x = sink | 1;

	for (int i = 0; i < STEPS; i++)
		x = x * 6364136223846793005ULL + 1442695040888963407ULL;
	sink += x;
}

/* One cycle through all nodes, in no order that a prefetcher could guess. */
static void make_chain(void)
{
	uint64_t random = 1;

	next = malloc(NODES * sizeof(*next));
	if (!next)
		exit(1);
	for (uint32_t i = 0; i < NODES; i++)
		next[i] = i;
	for (uint32_t i = NODES - 1; i > 0; i--) {
		uint32_t j, swap = next[i];

		random = random * 6364136223846793005ULL + 1;
		j = (uint32_t)(random >> 33) % i;
		next[i] = next[j];
		next[j] = swap;
	}
}

static void phase(void (*work)(void), uint64_t length, struct truth *truth)
{
	uint64_t cycles = counted(cycles_fd);
	uint64_t instructions = counted(instructions_fd);
	uint64_t begin = truth_now(), end = begin + length;

	while (truth_now() < end)
		work();
	truth->ns += truth_now() - begin;
	truth->cycles += counted(cycles_fd) - cycles;
	truth->instructions += counted(instructions_fd) - instructions;
}

static void tell(const char *name, const struct truth *truth)
{
	truth_of(name, truth->ns);
	printf("%s seconds=%.3f cycles=%llu instructions=%llu ipc=%.4f\n", name,
	       (double)truth->ns / 1e9, (unsigned long long)truth->cycles,
	       (unsigned long long)truth->instructions,
	       truth->cycles ?
		       (double)truth->instructions / (double)truth->cycles :
		       0);
}

int main(int argc, char **argv)
{
	uint64_t seconds = (uint64_t)((argc > 1 ? atof(argv[1]) : 5) * 1e9);
	uint64_t length = (uint64_t)((argc > 2 ? atof(argv[2]) : 50) * 1e6);
	struct truth chased = { 0 }, computed = { 0 };
	uint64_t begin;

	truth_pin(argc > 3 ? argv[3] : NULL);
	make_chain();
	cycles_fd = count(PERF_COUNT_HW_CPU_CYCLES);
	instructions_fd = count(PERF_COUNT_HW_INSTRUCTIONS);
	begin = truth_now();
	while (truth_now() < begin + seconds) {
		phase(chase, length, &chased);
		phase(arithmetic, length, &computed);
	}
	truth_window(begin, truth_now());
	tell("chase", &chased);
	tell("arithmetic", &computed);
	return 0;
}
