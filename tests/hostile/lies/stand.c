// SPDX-License-Identifier: GPL-2.0
/*
 * Stack and frame pointer are registers like any other, as long as nothing is
 * pushed. What they point to is a session's own rings, where no memory is,
 * where the kernel's is, or words that all are addresses of this program's code.
 */
#include "lies.h"

#include <stddef.h>
#include <sys/mman.h>
#include <unistd.h>

#include "../../unit/random_numbers.h"
#include "../lib/session.h"
#include "../lib/tally.h"

#define WORDS 8192
#define PLACES 14

static uint64_t places[PLACES];
static size_t place_count;

/* Count down with these; no signal may come meanwhile. */
static void spin(uint64_t sp, uint64_t fp, uint64_t count)
{
#if defined(__x86_64__)
	__asm__ volatile("mov %%rsp, %%r12\n\tmov %%rbp, %%r13\n\t"
			 "mov %1, %%rsp\n\tmov %2, %%rbp\n"
			 "1:\tdec %0\n\tjnz 1b\n\t"
			 "mov %%r12, %%rsp\n\tmov %%r13, %%rbp"
			 : "+c"(count)
			 : "D"(sp), "S"(fp)
			 : "r12", "r13", "memory", "cc");
#elif defined(__aarch64__)
	register uint64_t left __asm__("x9") = count;
	register uint64_t stack __asm__("x10") = sp;
	register uint64_t frame __asm__("x11") = fp;

	__asm__ volatile("mov x12, sp\n\tmov x13, x29\n\t"
			 "mov sp, %1\n\tmov x29, %2\n"
			 "1:\tsubs %0, %0, #1\n\tb.ne 1b\n\t"
			 "mov sp, x12\n\tmov x29, x13"
			 : "+r"(left)
			 : "r"(stack), "r"(frame)
			 : "x12", "x13", "memory", "cc");
#else
	(void)sp, (void)fp, (void)count;
#endif
}

static void add(uint64_t place)
{
	if (place_count < PLACES)
		places[place_count++] = place;
}

/* Words that any rule may take for a return address, before no memory. */
static uint64_t *make_words(uint64_t *random)
{
	size_t bytes = WORDS * sizeof(uint64_t), page = sysconf(_SC_PAGESIZE);
	uint64_t *words = mmap(NULL, bytes + page, PROT_READ | PROT_WRITE,
			       MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (words == MAP_FAILED ||
	    mprotect((uint8_t *)words + bytes, page, PROT_NONE))
		return NULL;
	for (size_t i = 0; i < WORDS; i++)
		words[i] = (uintptr_t)spin + random_below(random, 256);
	return words;
}

static void find_places(struct lies *lies, const struct session *session)
{
	uint64_t *words = make_words(&lies->random);

	if (!words) {
		tally_fail("no memory for a stack");
		return;
	}
	add((uintptr_t)words);
	add((uintptr_t)words);
	add((uintptr_t)words);
	add((uintptr_t)(words + WORDS - 4));
	add((uintptr_t)(words + WORDS));
	add((uintptr_t)session->rings[0].data);
	add((uintptr_t)session->rings[0].head);
	add((uintptr_t)session->rings[0].tail);
	add((uintptr_t)session->rings[0].data + session->rings[0].size);
	add(0);
	add(0x00007ffffffff000ULL);
	add(0x0000800000000000ULL);
	add(0xffff888000000000ULL);
	add(~0ULL);
}

static uint64_t some_place(uint64_t *random)
{
	uint64_t place = places[random_below(random, place_count)];

	switch (random_below(random, 4)) {
	case 0:
		return place + random_below(random, 8192) - 4096;
	case 1:
		return place + 8 * random_below(random, 64);
	default:
		return place;
	}
}

void lies_stand(struct lies *lies)
{
	const struct dither_config config = {
		.flags = DITHER_F_TABLES,
		.period_ns = 10000000,
		.ring_bytes = DITHER_RING_MIN,
	};
	struct session session;

	if (session_open(&session, &config) || session_start(&session)) {
		tally_fail("no session of its own");
		return;
	}
	find_places(lies, &session);
	while (!*lies->stop && place_count) {
		spin(some_place(&lies->random), some_place(&lies->random),
		     200000);
		lies->count->stacks++;
	}
	session_close(&session);
}
