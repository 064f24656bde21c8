// SPDX-License-Identifier: GPL-2.0
/* See crowd.h: stacks that are none, and change while they are looked at. */
#include <fcntl.h>
#include <linux/userfaultfd.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <unistd.h>

#include "../../unit/random_numbers.h"
#include "crowd.h"

#define BYTES 0x10000UL
#define SPINS 3000000UL
#define SIGNALS 50

/* Loop @count times with frame pointer and stack pointer set so. */
static void spin(unsigned long frame, unsigned long stack, unsigned long count)
{
#if defined(__x86_64__)
	__asm__ volatile("mov %%rbp, %%r12\n\t"
			 "mov %%rsp, %%r13\n\t"
			 "mov %0, %%rbp\n\t"
			 "mov %1, %%rsp\n\t"
			 "1: dec %2\n\t"
			 "jnz 1b\n\t"
			 "mov %%r12, %%rbp\n\t"
			 "mov %%r13, %%rsp"
			 : "+r"(frame), "+r"(stack), "+r"(count)
			 :
			 : "r12", "r13", "memory");
#elif defined(__aarch64__)
	__asm__ volatile("mov x20, x29\n\t"
			 "mov x21, sp\n\t"
			 "mov x29, %0\n\t"
			 "mov sp, %1\n\t"
			 "1: subs %2, %2, #1\n\t"
			 "b.ne 1b\n\t"
			 "mov x29, x20\n\t"
			 "mov sp, x21"
			 : "+r"(frame), "+r"(stack), "+r"(count)
			 :
			 : "x20", "x21", "cc", "memory");
#else
	while (count--)
		__asm__ volatile("" : : "r"(frame), "r"(stack));
#endif
}

static uint64_t *map_stack(void)
{
	void *at = mmap(NULL, BYTES, PROT_READ | PROT_WRITE,
			MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	return at == MAP_FAILED ? NULL : at;
}

static uint64_t hostile_word(uint64_t *random)
{
	static const uint64_t words[] = {
		0x4141414141414140,
		0xffff888000000000,
		0xffffffff81000000,
		0xffff900012345670,
		0x7ffffffffff0,
		0x800000000000,
		8,
		0,
		-8ULL,
		0x8000000000000000,
		0xffffffffff600000,
	};

	return words[random_below(random, sizeof(words) / sizeof(words[0]))];
}

/* A chain of @count frames, the last of which leads to @end. */
static void build(uint64_t *words, unsigned int count, uint64_t end)
{
	for (unsigned int i = 0; i < count; i++) {
		words[8 * i] = i + 1 < count ? (uintptr_t)&words[8 * (i + 1)] :
					       end;
		words[8 * i + 1] = (uintptr_t)&spin + i;
	}
}

void crowd_poison(uint64_t *random)
{
	uint64_t *words = map_stack();

	if (!words)
		return;
	for (int i = 0; i < 4; i++) {
		build(words, 1 + random_below(random, 200),
		      hostile_word(random));
		spin((uintptr_t)words, (uintptr_t)words + BYTES / 2, SPINS / 4);
		spin(hostile_word(random), (uintptr_t)words + BYTES / 2,
		     SPINS / 4);
	}
	munmap(words, BYTES);
}

void crowd_switch_stacks(uint64_t *random)
{
	uint64_t *stacks[4];

	for (int i = 0; i < 4; i++) {
		stacks[i] = map_stack();
		if (!stacks[i])
			return;
		build(stacks[i], 20,
		      random_below(random, 2) && i ? (uintptr_t)stacks[i - 1] :
						     0);
	}
	for (int i = 0; i < 400; i++) {
		uint64_t *stack = stacks[random_below(random, 4)];

		spin((uintptr_t)stack,
		     (uintptr_t)stack + BYTES / 2 + 16 * (i % 8), SPINS / 400);
	}
	for (int i = 0; i < 4; i++)
		munmap(stacks[i], BYTES);
}

struct pull {
	void *pages;
	atomic_bool stop;
};

static void *pull_pages(void *argument)
{
	struct pull *pull = argument;

	while (!atomic_load(&pull->stop)) {
		madvise(pull->pages, BYTES, MADV_DONTNEED);
		mprotect(pull->pages, BYTES, PROT_NONE);
		mprotect(pull->pages, BYTES, PROT_READ | PROT_WRITE);
		build(pull->pages, 100, 0);
	}
	return NULL;
}

void crowd_pull_pages(uint64_t *random)
{
	struct pull pull = { .pages = map_stack() };
	uint64_t *own = map_stack();
	pthread_t thread;

	if (!pull.pages || !own ||
	    pthread_create(&thread, NULL, pull_pages, &pull))
		return;
	spin((uintptr_t)pull.pages, (uintptr_t)own + BYTES / 2,
	     SPINS + random_below(random, SPINS));
	atomic_store(&pull.stop, true);
	pthread_join(thread, NULL);
	munmap(pull.pages, BYTES);
	munmap(own, BYTES);
}

/* Pages that a handler would wait for until the descriptor is closed. */
void crowd_hold_pages(uint64_t *random)
{
	int fd = syscall(SYS_userfaultfd, O_CLOEXEC | O_NONBLOCK);
	uint64_t *pages = map_stack(), *own = map_stack();
	struct uffdio_api api = { .api = UFFD_API };
	struct uffdio_register area = {
		.range = { (uintptr_t)pages, BYTES },
		.mode = UFFDIO_REGISTER_MODE_MISSING,
	};

	if (fd >= 0 && pages && own && !ioctl(fd, UFFDIO_API, &api) &&
	    !ioctl(fd, UFFDIO_REGISTER, &area)) {
		build(own, 4, (uintptr_t)pages + 64);
		/* Its faults, with the frame pointer in such a page, are others'. */
		for (int i = 0; i < 16; i++) {
			spin((uintptr_t)own, (uintptr_t)own + BYTES / 2,
			     1 + random_below(random, SPINS / 16));
			madvise((char *)own + BYTES / 2, BYTES / 2,
				MADV_DONTNEED);
		}
	}
	if (fd >= 0)
		close(fd);
	munmap(pages, BYTES);
	munmap(own, BYTES);
}

static volatile sig_atomic_t signals;

static void on_signal(int number)
{
	(void)number;
	signals++;
}

void crowd_signals(uint64_t *random)
{
	struct sigaction action = { .sa_handler = on_signal,
				    .sa_flags = SA_ONSTACK };
	struct itimerval often = { { 0, 200 }, { 0, 200 } };
	struct itimerval never = { { 0, 0 }, { 0, 0 } };
	stack_t stack = { .ss_sp = map_stack(), .ss_size = BYTES };
	stack_t none = { .ss_flags = SS_DISABLE };

	if (!stack.ss_sp || sigaltstack(&stack, NULL))
		return;
	sigaction(SIGALRM, &action, NULL);
	signals = 0;
	setitimer(ITIMER_REAL, &often, NULL);
	while (signals < SIGNALS)
		spin(hostile_word(random), (uintptr_t)&stack, 1);
	setitimer(ITIMER_REAL, &never, NULL);
	sigaltstack(&none, NULL);
	munmap(stack.ss_sp, BYTES);
}
