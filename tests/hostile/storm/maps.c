// SPDX-License-Identifier: GPL-2.0
/*
 * The data's mapping can be read, moved and taken apart, and nothing else; the
 * tail's can be written too. What cannot be read any more is a signal.
 */
#include "maps.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stddef.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../../../include/dither/abi.h"
#include "../../unit/random_numbers.h"
#include "../lib/argument.h"
#include "../lib/touch.h"

static size_t page_size(void)
{
	return sysconf(_SC_PAGESIZE);
}

/* Of a mapping that is asked for with a length of @bytes. */
static size_t whole_pages(size_t bytes)
{
	return (bytes + page_size() - 1) / page_size() * page_size();
}

static bool is_sampled(const struct maps *maps, unsigned int cpu)
{
	return !maps->mask || (cpu / 8 < maps->mask_bytes &&
			       maps->mask[cpu / 8] >> cpu % 8 & 1);
}

static size_t data_bytes(const struct maps *maps, unsigned int cpu)
{
	return page_size() + (is_sampled(maps, cpu) ? maps->size : maps->side);
}

void maps_drop(struct maps *maps)
{
	if (maps->tail)
		tally_note(TALLY_MUNMAP, munmap(maps->tail, page_size()));
	if (maps->head)
		tally_note(TALLY_MUNMAP, munmap(maps->head, maps->data_bytes));
	maps->tail = maps->head = NULL;
}

static void keep(struct maps *maps, bool data, void *at, size_t bytes)
{
	if (data) {
		if (maps->head)
			munmap(maps->head, maps->data_bytes);
		maps->head = at;
		maps->data_bytes = bytes;
	} else {
		if (maps->tail)
			munmap(maps->tail, page_size());
		maps->tail = at;
	}
	if (maps->tail && maps->head)
		tally_reach(TALLY_MAPPED);
}

struct attempt {
	bool data;		/* what .offset names, */
	unsigned int cpu;	/* … and of which CPU */
	bool named;		/* … if it names anything */
	uint64_t offset;
	size_t bytes;
	int protection;
	int flags;
};

static void spoil(struct attempt *attempt, uint64_t *random)
{
	switch (random_below(random, 12)) {
	case 0:
		attempt->flags = MAP_PRIVATE;
		break;
	case 1:
		attempt->protection = random_below(random, 8);
		break;
	case 2:
		attempt->bytes += page_size();
		break;
	case 3:
		attempt->bytes -= page_size();
		break;
	case 4:
		attempt->bytes = random_below(random, 4 * attempt->bytes + 1);
		break;
	case 5:
		attempt->offset = (random_next(random) >> random_below(random, 32) & 0x7fffffff)
					  << 32 |
				  (uint32_t)attempt->offset;
		break;
	case 6:
		attempt->offset += page_size() * random_below(random, 8);
		break;
	case 7:
		attempt->offset ^= 1ULL << random_below(random, 64);
		break;
	case 8:
		attempt->flags |= MAP_POPULATE;
		break;
	case 9:
		attempt->flags |= MAP_LOCKED;
		break;
	}
}

/* A spoilt offset may be another one that is right. */
static void read_offset(struct attempt *attempt, unsigned int cpus)
{
	attempt->cpu = attempt->offset >> 32;
	attempt->data = attempt->offset == DITHER_MMAP_DATA(attempt->cpu);
	attempt->named = attempt->cpu < cpus &&
			 (attempt->data ||
			  attempt->offset == DITHER_MMAP_TAIL(attempt->cpu));
}

static void judge(const struct maps *maps, const struct attempt *attempt,
		  struct verdict *verdict)
{
	size_t page = page_size();
	size_t bytes = whole_pages(attempt->bytes);
	size_t right = attempt->data ? data_bytes(maps, attempt->cpu) : page;

	if (!maps->configured || attempt->flags & MAP_PRIVATE || bytes != right)
		verdict_add(verdict, EINVAL);
	if (!attempt->named) {
		verdict_add(verdict, EINVAL);
		verdict_add(verdict, EOVERFLOW);
	}
	if (attempt->protection & PROT_EXEC ||
	    (attempt->data && attempt->protection & PROT_WRITE))
		verdict_add(verdict, EPERM);
	if (attempt->protection & PROT_WRITE && !maps->writable)
		verdict_add(verdict, EACCES);
	if (attempt->bytes > 1U << 30)
		verdict_add(verdict, ENOMEM);
}

void maps_try(struct maps *maps, uint64_t *random)
{
	struct attempt attempt = {
		.data = random_below(random, 2),
		.cpu = random_below(random, maps->cpus),
		.flags = MAP_SHARED,
	};
	enum tally_operation operation;
	struct verdict verdict = { 0 };
	long result;
	void *at;

	attempt.bytes = attempt.data ? data_bytes(maps, attempt.cpu) :
				       page_size();
	attempt.offset = attempt.data ? DITHER_MMAP_DATA(attempt.cpu) :
					DITHER_MMAP_TAIL(attempt.cpu);
	attempt.protection = attempt.data || !maps->writable ?
				     PROT_READ :
				     PROT_READ | PROT_WRITE;
	for (uint64_t i = random_below(random, 3); i; i--)
		spoil(&attempt, random);
	read_offset(&attempt, maps->cpus);
	judge(maps, &attempt, &verdict);
	operation = !attempt.named ? TALLY_MMAP_ELSE :
		    attempt.data   ? TALLY_MMAP_DATA :
				     TALLY_MMAP_TAIL;
	at = mmap(NULL, attempt.bytes, attempt.protection, attempt.flags,
		  maps->fd, attempt.offset);
	result = tally_note(operation, at == MAP_FAILED ? -1 : 0);
	if (!verdict_holds(&verdict, result))
		tally_fail("mmap of %zu bytes at %#llx, protection %d, flags %#x: %ld",
			   attempt.bytes, (unsigned long long)attempt.offset,
			   attempt.protection, attempt.flags, result);
	/* Only what can be read and, the tail, written is of use. */
	if (!result && (attempt.data ? attempt.protection == PROT_READ :
				       attempt.protection == (PROT_READ | PROT_WRITE)))
		keep(maps, attempt.data, at, whole_pages(attempt.bytes));
	else if (!result)
		munmap(at, attempt.bytes);
}

static void *map(struct maps *maps, enum tally_operation operation, size_t bytes,
		 int protection, uint64_t offset)
{
	void *at = mmap(NULL, bytes, protection, MAP_SHARED, maps->fd, offset);
	long result = tally_note(operation, at == MAP_FAILED ? -1 : 0);

	if (result)
		tally_fail("a good mmap of %zu bytes at %#llx: %ld (rings of %u, %u)",
			   bytes, (unsigned long long)offset, result, maps->size,
			   maps->side);
	return result ? NULL : at;
}

void maps_make(struct maps *maps, unsigned int cpu)
{
	size_t bytes = data_bytes(maps, cpu);
	void *at;

	at = map(maps, TALLY_MMAP_DATA, bytes, PROT_READ, DITHER_MMAP_DATA(cpu));
	if (at)
		keep(maps, true, at, bytes);
	if (!maps->writable)
		return;
	at = map(maps, TALLY_MMAP_TAIL, page_size(), PROT_READ | PROT_WRITE,
		 DITHER_MMAP_TAIL(cpu));
	if (at)
		keep(maps, false, at, page_size());
}

static void must_be(enum tally_operation operation, const char *what,
		    long result, int error)
{
	result = tally_note(operation, result);
	if (result != -error)
		tally_fail("%s of a mapping returned %ld, not %d", what, result,
			   -error);
}

static void protect(struct maps *maps, uint64_t *random)
{
	size_t page = page_size();
	size_t first = random_below(random, 2) ?
			       0 :
			       random_below(random, maps->data_bytes / page) * page;
	size_t bytes = maps->data_bytes - first;
	uint8_t *at = (uint8_t *)maps->head + first;

	must_be(TALLY_MPROTECT, "writable data",
		mprotect(at, bytes, PROT_READ | PROT_WRITE), EACCES);
	must_be(TALLY_MPROTECT, "write-only data",
		mprotect(at, bytes, PROT_WRITE), EACCES);
	must_be(TALLY_MPROTECT, "executable data",
		mprotect(at, bytes, PROT_READ | PROT_EXEC), EACCES);
	must_be(TALLY_MPROTECT, "no access to data",
		mprotect(at, bytes, PROT_NONE), 0);
	must_be(TALLY_TOUCH, "reading without access",
		touch_read((void *)at, NULL), EFAULT);
	must_be(TALLY_MPROTECT, "access to data",
		mprotect(at, bytes, PROT_READ), 0);
	if (maps->tail) {
		must_be(TALLY_MPROTECT, "executable tail",
			mprotect(maps->tail, page, PROT_READ | PROT_EXEC), EACCES);
		must_be(TALLY_MPROTECT, "unwritable tail",
			mprotect(maps->tail, page, PROT_READ), 0);
		must_be(TALLY_MPROTECT, "writable tail",
			mprotect(maps->tail, page, PROT_READ | PROT_WRITE), 0);
	}
	/* Such mappings are never joined again: it is two now. */
	if (first)
		maps_drop(maps);
}

/* Every other way to write somewhere. */
static void poke(struct maps *maps, uint64_t *random)
{
	size_t offset = random_below(random, maps->data_bytes / 4) * 4;
	uint8_t *at = (uint8_t *)maps->head + offset;
	uint32_t value = random_next(random);
	struct iovec ours = { &value, sizeof(value) };
	struct iovec theirs = { at, sizeof(value) };
	long result;
	int fd;

	must_be(TALLY_POKE, "a store into data",
		touch_write((void *)at, value), EFAULT);
	result = process_vm_writev(getpid(), &ours, 1, &theirs, 1, 0);
	/* Kernels may be made without it. */
	if (result >= 0 || errno != ENOSYS)
		must_be(TALLY_POKE, "process_vm_writev", result, EFAULT);
	fd = open("/proc/self/mem", O_RDWR | O_CLOEXEC);
	if (fd >= 0) {
		result = tally_note(TALLY_POKE, pwrite(fd, &value, sizeof(value),
						       (uintptr_t)at));
		if (result >= 0)
			tally_fail("/proc/self/mem wrote data");
		close(fd);
	}
	fd = open("/dev/zero", O_RDONLY | O_CLOEXEC);
	if (fd >= 0) {
		must_be(TALLY_POKE, "read() into data",
			read(fd, at, sizeof(value)), EFAULT);
		close(fd);
	}
	if (maps->head[offsetof(struct dither_head, size) / 4] !=
	    maps->data_bytes - page_size())
		tally_fail("the head page's size has changed");
}

static void resize(struct maps *maps, uint64_t *random)
{
	size_t page = page_size();
	void *at;

	must_be(TALLY_MREMAP, "growing",
		mremap(maps->head, maps->data_bytes, maps->data_bytes + page,
		       MREMAP_MAYMOVE) == MAP_FAILED ? -1 : 0, EFAULT);
	must_be(TALLY_MREMAP, "doubling",
		mremap(maps->head, 0, maps->data_bytes, MREMAP_MAYMOVE) ==
			MAP_FAILED ? -1 : 0, EFAULT);
	if (random_below(random, 2)) {
		/* To a place that is free, though it has just been taken. */
		at = mmap(NULL, maps->data_bytes, PROT_NONE,
			  MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
		if (at == MAP_FAILED)
			return;
		at = mremap(maps->head, maps->data_bytes, maps->data_bytes,
			    MREMAP_MAYMOVE | MREMAP_FIXED, at);
		must_be(TALLY_MREMAP, "moving", at == MAP_FAILED ? -1 : 0, 0);
		if (at != MAP_FAILED)
			maps->head = at;
	} else {
		must_be(TALLY_MREMAP, "shrinking",
			mremap(maps->head, maps->data_bytes, page, 0) ==
				MAP_FAILED ? -1 : 0, 0);
		munmap(maps->head, page);
		maps->head = NULL;
	}
}

/* Take it apart, and put something else into its place. */
static void break_up(struct maps *maps, uint64_t *random)
{
	size_t page = page_size();
	size_t pages = maps->data_bytes / page;
	uint8_t *at = (uint8_t *)maps->head;
	size_t hole = random_below(random, pages) * page;

	must_be(TALLY_MUNMAP, "a hole", munmap(at + hole, page), 0);
	must_be(TALLY_TOUCH, "reading a hole",
		touch_read((void *)(at + hole), NULL), EFAULT);
	must_be(TALLY_MMAP_OVER, "other memory",
		mmap(at, page * (1 + random_below(random, pages)),
		     PROT_READ | PROT_WRITE,
		     MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) ==
			MAP_FAILED ? -1 : 0, 0);
	must_be(TALLY_MUNMAP, "what is left", munmap(at, maps->data_bytes), 0);
	maps->head = NULL;
}

/* Some of it is refused, some does nothing, some takes the pages away. */
static void advise(struct maps *maps, uint64_t *random)
{
	size_t page = page_size();
	size_t first = random_below(random, maps->data_bytes / page) * page;
	uint8_t *at = (uint8_t *)maps->head + first;
	uint32_t *tail = maps->tail;

	/* Up to what is there now; poisoning memory is another matter. */
	tally_note(TALLY_MADVISE, madvise(at, page, random_below(random, 26)));
	tally_note(TALLY_MADVISE, mlock(at, page));
	tally_note(TALLY_MADVISE, msync(at, page, MS_SYNC));
	tally_note(TALLY_REMAP,
		   remap_file_pages(maps->head, maps->data_bytes, 0,
				    random_below(random, 2) ?
					    random_next(random) & 0xfffffff :
					    DITHER_MMAP_DATA(0) / page, 0));
	tally_note(TALLY_TOUCH, touch_read((void *)at, NULL));
	if (tail && !random_below(random, 4)) {
		tally_note(TALLY_MADVISE, madvise(tail, page, MADV_DONTNEED));
		tally_note(TALLY_TOUCH, touch_read(tail, NULL));
	}
	/* What is where is anyone's guess now. */
	maps_drop(maps);
}

/* A child has the descriptor, but not the mapping. */
static void leave_to_child(struct maps *maps)
{
	struct dither_ledger ledger = { .size = sizeof(ledger) };
	uint32_t *head = maps->head;
	int status, fd = maps->fd;
	pid_t child;

	child = tally_note(TALLY_FORK, fork());
	if (!child) {
		if (!touch_read(head, NULL))
			tally_fail("a child has its parent's mapping");
		if (tally_note(TALLY_LEDGER, ioctl(fd, DITHER_IOC_LEDGER, &ledger)))
			tally_fail("a child cannot use its parent's descriptor");
		tally_reach(TALLY_INHERITED);
		_exit(0);
	}
	if (child > 0 && (waitpid(child, &status, 0) != child || status))
		tally_fail("a child ended with status %#x", status);
}

void maps_attack(struct maps *maps, uint64_t *random)
{
	if (!maps->head)
		return;
	switch (random_below(random, 16)) {
	case 0:
	case 1:
		advise(maps, random);
		break;
	case 2:
		resize(maps, random);
		break;
	case 3:
		break_up(maps, random);
		break;
	case 4:
		leave_to_child(maps);
		break;
	case 5:
	case 6:
	case 7:
		protect(maps, random);
		break;
	default:
		poke(maps, random);
	}
}
