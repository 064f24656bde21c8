// SPDX-License-Identifier: GPL-2.0
/*
 * Threads of one process share an arena in which code comes and goes. Each runs
 * its own only, in pages of its own, so that it never runs what has just gone.
 */
#include "lies.h"

#include <fcntl.h>
#include <pthread.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "../../unit/random_numbers.h"
#include "../lib/tally.h"
#include "code.h"

#define THREADS 3
#define PAGES 64U

static size_t page;
static uint8_t *arena;
static struct lies *shared;

struct mapper {
	uint64_t random;
	int program;  /* a file that has code, and a table of lies */
	int memory;   /* … and one that has been made for this */
	uint8_t *own; /* pages nobody else changes */
};

static void run(uint8_t *at)
{
	memcpy(at, code_countdown, sizeof(code_countdown));
	__builtin___clear_cache((char *)at,
				(char *)at + sizeof(code_countdown));
	if (!mprotect(at, page, PROT_READ | PROT_EXEC))
		((void (*)(void))(uintptr_t)at)();
}

/* Code of a file, at an offset that may be far beyond its end. */
static void map_file(struct mapper *mapper, uint8_t *at, size_t bytes)
{
	uint64_t offset = page * random_below(&mapper->random, 64);

	if (!random_below(&mapper->random, 4))
		offset = (random_next(&mapper->random) >> 1 >>
			  random_below(&mapper->random, 40)) &
			 ~(page - 1);
	mmap(at, bytes, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_FIXED,
	     random_below(&mapper->random, 2) ? mapper->program :
						mapper->memory,
	     offset);
}

static void change(struct mapper *mapper)
{
	uint8_t *at = arena + page * random_below(&mapper->random, PAGES);
	size_t bytes = page * (1 + random_below(&mapper->random, 8));

	switch (random_below(&mapper->random, 6)) {
	case 0:
		munmap(at, bytes);
		break;
	case 1:
		mprotect(at, bytes, random_below(&mapper->random, 8));
		break;
	case 2:
		mremap(at, page, page, MREMAP_MAYMOVE | MREMAP_FIXED,
		       arena + page * random_below(&mapper->random, PAGES));
		break;
	case 3:
		mmap(at, bytes, PROT_READ | PROT_WRITE | PROT_EXEC,
		     MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
		break;
	default:
		map_file(mapper, at, bytes);
	}
}

/* Generated code in pages that come, run, move and go. */
static void generate(struct mapper *mapper)
{
	uint8_t *from = mapper->own, *to = mapper->own + 4 * page;
	int file = random_below(&mapper->random, 2) ? mapper->memory : -1;

	if (mmap(from, page, PROT_READ | PROT_WRITE,
		 MAP_FIXED | MAP_PRIVATE | (file < 0 ? MAP_ANONYMOUS : 0), file,
		 0) == MAP_FAILED) {
		tally_fail("no memory for code");
		return;
	}
	run(from);
	if (mremap(from, page, page, MREMAP_MAYMOVE | MREMAP_FIXED, to) == to)
		((void (*)(void))(uintptr_t)to)();
}

static void *map_on(void *number)
{
	struct mapper mapper = {
		.random = shared->random +
			  (uintptr_t)number * 0x9e3779b97f4a7c15ULL,
		.program = open("/proc/self/exe", O_RDONLY | O_CLOEXEC),
		.memory = memfd_create("code", MFD_CLOEXEC),
		.own = arena + page * (PAGES + 8 + 8 * (uintptr_t)number),
	};

	if (ftruncate(mapper.memory, page))
		tally_fail("no file for code");
	while (!*shared->stop) {
		for (int i = 0; i < 8; i++)
			change(&mapper);
		generate(&mapper);
		__atomic_fetch_add(&shared->count->mappings, 10,
				   __ATOMIC_RELAXED);
	}
	return NULL;
}

void lies_map(struct lies *lies)
{
	pthread_t threads[THREADS];
	uintptr_t i;

	shared = lies;
	page = sysconf(_SC_PAGESIZE);
	/* A hole in it is filled by nobody else's stack: those are there first. */
	arena = mmap(NULL, page * (PAGES + 8 + 8 * (THREADS + 1)), PROT_NONE,
		     MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (arena == MAP_FAILED)
		return;
	for (i = 0; i < THREADS; i++)
		pthread_create(&threads[i], NULL, map_on, (void *)i);
	for (i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
}
