// SPDX-License-Identifier: GPL-2.0
/* Sizes and places, good and bad; canaries around the good ones. */
#include "argument.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "../../unit/random_numbers.h"

#define PAGES 4
#define CANARY 0xc5

void verdict_add(struct verdict *verdict, int error)
{
	verdict->errors[verdict->count++] = error;
}

bool verdict_holds(const struct verdict *verdict, long result)
{
	if (!verdict->count)
		return result >= 0;
	for (int i = 0; i < verdict->count; i++)
		if (result == -verdict->errors[i])
			return true;
	return false;
}

void argument_init(struct argument *argument)
{
	size_t page = sysconf(_SC_PAGESIZE);

	argument->page = page;
	argument->pages = mmap(NULL, (PAGES + 1) * page, PROT_READ | PROT_WRITE,
			       MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	argument->before = malloc(PAGES * page);
	if (argument->pages == MAP_FAILED || !argument->before ||
	    mprotect(argument->pages + PAGES * page, page, PROT_NONE)) {
		perror("memory");
		exit(2);
	}
}

/* The size that is claimed, and what is wrong with that. */
static uint32_t choose_size(uint64_t *random, uint32_t known, bool *tail,
			    struct verdict *verdict)
{
	*tail = false;
	switch (random_below(random, 16)) {
	case 0:	/* an older caller's */
		return 4 * (1 + random_below(random, known / 4));
	case 1:
		return 4 + random_below(random, known - 4);
	case 2:	/* a newer caller's */
		return known + random_below(random, 256);
	case 3:	/* … who uses what is newer */
		*tail = true;
		verdict_add(verdict, E2BIG);
		return known + 1 + random_below(random, 256);
	case 4:
		verdict_add(verdict, EINVAL);
		return random_below(random, 4);
	case 5:
		verdict_add(verdict, E2BIG);
		verdict_add(verdict, EFAULT);
		return sysconf(_SC_PAGESIZE) + 1 + random_below(random, 1 << 30);
	default:
		return known;
	}
}

static void *bad_pointer(const struct argument *argument, uint64_t *random)
{
	const uintptr_t end = (uintptr_t)argument->pages + PAGES * argument->page;

	switch (random_below(random, 6)) {
	case 0:
		return NULL;
	case 1:
		return (void *)end;
	case 2:	/* its beginning is there */
		return (void *)(end - 1 - random_below(random, 8));
	case 3:	/* the kernel's half */
		return (void *)(~(uintptr_t)0 - random_below(random, 1 << 20));
	case 4:
		return (void *)((uintptr_t)1 << (8 * sizeof(long) - 1));
	default:
		return (void *)(end - 1);
	}
}

static uint8_t *choose_place(const struct argument *argument, uint64_t *random,
			     uint32_t bytes)
{
	uint8_t *end = argument->pages + PAGES * argument->page;

	/* Right before memory that is not there: no byte more may be touched. */
	if (random_below(random, 2))
		return end - bytes;
	return argument->pages + random_below(random, 2 * argument->page);
}

void *argument_place(struct argument *argument, uint64_t *random,
		     void *structure, uint32_t known, struct verdict *verdict)
{
	const size_t all = PAGES * argument->page;
	uint32_t size, bytes;
	bool tail;

	size = choose_size(random, known, &tail, verdict);
	bytes = size < 2 * argument->page ? size : known;
	if (bytes < sizeof(size))
		bytes = sizeof(size);
	memset(argument->pages, CANARY, all);
	argument->size = size;
	argument->known = known;
	argument->read_only = false;
	argument->at = NULL;
	if (!random_below(random, 24)) {
		verdict_add(verdict, EFAULT);
		verdict_add(verdict, E2BIG);	/* a canary read as the size */
		memcpy(argument->before, argument->pages, all);
		return bad_pointer(argument, random);
	}

	argument->at = choose_place(argument, random, bytes);
	memset(argument->at, 0, bytes);
	memcpy(structure, &size, sizeof(size));
	memcpy(argument->at, structure, bytes < known ? bytes : known);
	if (tail)
		argument->at[known + random_below(random, size - known)] =
			1 + random_below(random, 255);
	/* An older caller has never heard of the rest. */
	if (size < known)
		memset((uint8_t *)structure + bytes, 0, known - bytes);
	memcpy(argument->before, argument->pages, all);
	if (!random_below(random, 24)) {
		argument->read_only = true;
		verdict_add(verdict, EFAULT);
		mprotect(argument->pages, all, PROT_READ);
	}
	return argument->at;
}

void argument_return(struct argument *argument, const char *what, long result,
		     void *structure)
{
	const size_t all = PAGES * argument->page;
	uint32_t written = 0;
	size_t begin = 0;

	if (argument->read_only)
		mprotect(argument->pages, all, PROT_READ | PROT_WRITE);
	/* CONFIGURE has written back before it finds that there is no memory. */
	if (argument->at && (result >= 0 || result == -ENOMEM)) {
		begin = argument->at - argument->pages;
		written = argument->size < argument->known ? argument->size :
							     argument->known;
	}
	if (memcmp(argument->pages, argument->before, begin) ||
	    memcmp(argument->pages + begin + written,
		   argument->before + begin + written, all - begin - written))
		tally_fail("%s of size %u, with result %ld, wrote beyond its structure",
			   what, argument->size, result);
	if (written)
		memcpy(structure, argument->at, written);
}
