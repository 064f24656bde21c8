// SPDX-License-Identifier: GPL-2.0
/*
 * A program whose frame pointer leads to pages that are not there whenever it
 * faults: events of page faults make the sampler look at them in task context,
 * where a kernel without a count of preemption could bring them in.
 *
 * Usage: faults absent PAGES    print how many of them are there afterwards,
 *                               though nobody touched them
 *        faults served SECONDS  the same pages are brought in by userfaultfd,
 *                               which takes so long; print when it is asked to,
 *                               and how often
 *        faults mapping COUNT   one thread faults, another maps and unmaps, each
 *                               so often, then print that it is done
 * Standard input, if it is no terminal, is read to its end first.
 */
#include <fcntl.h>
#include <linux/userfaultfd.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#define PAGE 4096UL
#define SERVED_PAGES 3
#define BATCH 64UL

static int uffd;
static unsigned int delay_s;
static atomic_uint served;

static void fail(const char *what)
{
	perror(what);
	exit(1);
}

static char *map_pages(unsigned long count)
{
	char *at = mmap(NULL, count * PAGE, PROT_READ | PROT_WRITE,
			MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (at == MAP_FAILED)
		fail("mmap");
	madvise(at, count * PAGE, MADV_NOHUGEPAGE);
	return at;
}

/* Write to @page while the frame pointer is @frame. */
#if defined(__x86_64__)
__attribute__((noinline)) static void touch(char *page, char *frame)
{
	__asm__ volatile("push %%rbp\n\t"
			 "mov %1, %%rbp\n\t"
			 "movb $1, (%0)\n\t"
			 "pop %%rbp"
			 :
			 : "r"(page), "r"(frame)
			 : "memory");
}
#elif defined(__aarch64__)
__attribute__((noinline)) static void touch(char *page, char *frame)
{
	__asm__ volatile("stp x29, x30, [sp, #-16]!\n\t"
			 "mov x29, %1\n\t"
			 "strb w29, [%0]\n\t"
			 "ldp x29, x30, [sp], #16"
			 :
			 : "r"(page), "r"(frame)
			 : "memory");
}
#else
/* The frame pointer stays what it is: page faults are met all the same. */
__attribute__((noinline)) static void touch(char *page, char *frame)
{
	(void)frame;
	*(volatile char *)page = 1;
}
#endif

static void touch_all(char *pages, char *frames, unsigned long count)
{
	for (unsigned long i = 0; i < count; i++)
		touch(pages + i * PAGE, frames + i * PAGE + 0x100);
}

static bool is_present(int pagemap, const char *page)
{
	uint64_t entry = 0;

	if (pread(pagemap, &entry, sizeof(entry),
		  (uintptr_t)page / PAGE * sizeof(entry)) != sizeof(entry))
		fail("pagemap");
	return entry >> 63;
}

static void absent(unsigned long count)
{
	char *pages = map_pages(count), *frames = map_pages(count);
	int pagemap = open("/proc/self/pagemap", O_RDONLY | O_CLOEXEC);
	unsigned long there = 0;

	touch_all(pages, frames, count);
	for (unsigned long i = 0; i < count; i++)
		there += is_present(pagemap, frames + i * PAGE);
	printf("%lu of %lu are there\n", there, count);
}

static void *serve(void *unused)
{
	struct uffd_msg message;

	while (read(uffd, &message, sizeof(message)) == sizeof(message)) {
		struct uffdio_zeropage zeros = {
			.range.start = message.arg.pagefault.address & -PAGE,
			.range.len = PAGE,
		};

		atomic_fetch_add(&served, 1);
		printf("asked for a page\n");
		fflush(stdout);
		sleep(delay_s);
		ioctl(uffd, UFFDIO_ZEROPAGE, &zeros);
	}
	return unused;
}

static void serve_slowly(void)
{
	char *pages = map_pages(SERVED_PAGES),
	     *frames = map_pages(SERVED_PAGES);
	struct uffdio_api api = { .api = UFFD_API };
	struct uffdio_register area = {
		.range = { (uintptr_t)frames, SERVED_PAGES * PAGE },
		.mode = UFFDIO_REGISTER_MODE_MISSING,
	};
	pthread_t thread;

	uffd = syscall(SYS_userfaultfd, O_CLOEXEC);
	if (uffd < 0 || ioctl(uffd, UFFDIO_API, &api) ||
	    ioctl(uffd, UFFDIO_REGISTER, &area))
		fail("userfaultfd");
	if (pthread_create(&thread, NULL, serve, NULL))
		fail("pthread_create");
	touch_all(pages, frames, SERVED_PAGES);
	printf("asked %u times\n", atomic_load(&served));
}

static void *map_often(void *count)
{
	for (unsigned long i = 0; i < *(unsigned long *)count; i++)
		munmap(map_pages(1), PAGE);
	return NULL;
}

static void *fault_often(void *count)
{
	for (unsigned long i = 0; i < *(unsigned long *)count; i += BATCH) {
		char *pages = map_pages(2 * BATCH);

		touch_all(pages, pages + BATCH * PAGE, BATCH);
		munmap(pages, 2 * BATCH * PAGE);
	}
	return NULL;
}

static void map_and_fault(unsigned long count)
{
	pthread_t threads[2];

	if (pthread_create(&threads[0], NULL, map_often, &count) ||
	    pthread_create(&threads[1], NULL, fault_often, &count))
		fail("pthread_create");
	pthread_join(threads[0], NULL);
	pthread_join(threads[1], NULL);
	printf("done\n");
}

int main(int argc, char **argv)
{
	unsigned long number;
	char byte;

	if (argc != 3) {
		fprintf(stderr, "usage: faults absent|served|mapping NUMBER\n");
		return 2;
	}
	number = strtoul(argv[2], NULL, 0);
	while (!isatty(STDIN_FILENO) && read(STDIN_FILENO, &byte, 1) > 0)
		;
	if (!strcmp(argv[1], "absent")) {
		absent(number);
	} else if (!strcmp(argv[1], "served")) {
		delay_s = number;
		serve_slowly();
	} else if (!strcmp(argv[1], "mapping")) {
		map_and_fault(number);
	} else {
		return 2;
	}
	return 0;
}
