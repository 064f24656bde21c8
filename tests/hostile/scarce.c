// SPDX-License-Identifier: GPL-2.0
/*
 * Every allocation on every way into the module fails once: by the kernel's
 * fault injection, the first one of a call, then the second, until the call
 * needs no more. What fails must change nothing, and work when tried again.
 *
 * Usage: scarce. Exit status: 0, or 1 with what was not so; 77 where the kernel
 * has no fault injection. What it needs to be set in debugfs is set by who
 * calls it.
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "../../include/dither/abi.h"
#include "lib/image.h"
#include "lib/session.h"
#include "lib/tally.h"

/* More allocations than any call makes. */
#define TRIES 2000

static int injector;
static int fd, own;
static bool has_tables;

static int call(unsigned long command, void *argument)
{
	int result = ioctl(fd, command, argument);

	return result < 0 ? -errno : result;
}

static int do_open(void)
{
	fd = open(DITHER_DEVICE, O_RDWR | O_CLOEXEC);
	return fd < 0 ? -errno : 0;
}

static int do_info(void)
{
	struct dither_info info = { .size = sizeof(info) };
	int result = call(DITHER_IOC_INFO, &info);

	has_tables = info.features & DITHER_FEATURE_UNWIND_TABLES;
	return result;
}

static int do_configure(void)
{
	int32_t pids[] = { getpid(), getppid() };
	uint8_t mask = 1;
	struct dither_config config = {
		.size = sizeof(config),
		.flags = DITHER_F_INHERIT | (has_tables ? DITHER_F_TABLES : 0),
		.period_ns = 1000000,
		.ring_bytes = DITHER_RING_MIN,
		.pids = (uintptr_t)pids,
		.nr_pids = 2,
		.cpumask = (uintptr_t)&mask,
		.cpumask_bytes = 1,
	};

	return call(DITHER_IOC_CONFIGURE, &config);
}

/* What fails here for want of memory fails once: nothing may stay mapped. */
static int unmap(void *at, size_t bytes)
{
	return munmap(at, bytes) && munmap(at, bytes) ? -errno : 0;
}

static int do_map(void)
{
	void *at = mmap(NULL, sysconf(_SC_PAGESIZE) + DITHER_RING_MIN, PROT_READ,
			MAP_SHARED, fd, DITHER_MMAP_DATA(0));

	if (at == MAP_FAILED)
		return -errno;
	return unmap(at, sysconf(_SC_PAGESIZE) + DITHER_RING_MIN);
}

static int do_start(void)
{
	return call(DITHER_IOC_START, NULL);
}

static int do_snapshot(void)
{
	struct dither_snapshot request = { .size = sizeof(request), .pid = getpid() };

	return call(DITHER_IOC_SNAPSHOT, &request);
}

/* What the module does to a process that maps a program. */
static int do_map_program(void)
{
	void *at = mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE, own, 0);

	if (at == MAP_FAILED)
		return -errno;
	return unmap(at, 4096);
}

static int do_table(void)
{
	static uint64_t image[IMAGE_ROOM / sizeof(uint64_t)];
	uint64_t random = 1;
	struct dither_table_image request = {
		.size = sizeof(request),
		.fd = own,
		.image = (uintptr_t)image,
		.bytes = image_make(image, &random, IMAGE_ANYTHING, 0, 4),
	};

	return has_tables ? call(DITHER_IOC_TABLE, &request) : 0;
}

static int do_ledger(void)
{
	struct dither_ledger ledger = { .size = sizeof(ledger) };
	int result = call(DITHER_IOC_LEDGER, &ledger);

	if (!result && !session_balances(&ledger))
		tally_fail("the ledger does not balance");
	return result;
}

static int do_stop(void)
{
	return call(DITHER_IOC_STOP, NULL);
}

static int do_close(void)
{
	return close(fd) ? -errno : 0;
}

/* In the order of a session's life. */
static const struct step {
	const char *name;
	int (*run)(void);
} steps[] = {
	{ "open", do_open },
	{ "INFO", do_info },
	{ "CONFIGURE", do_configure },
	{ "mmap", do_map },
	{ "START", do_start },
	{ "SNAPSHOT", do_snapshot },
	{ "mmap of a program", do_map_program },
	{ "TABLE", do_table },
	{ "LEDGER", do_ledger },
	{ "STOP", do_stop },
	{ "close", do_close },
};

#define STEPS (sizeof(steps) / sizeof(steps[0]))

/* The allocation number @nth from here on fails; 0: none does. */
static void inject(int nth)
{
	char text[16];
	int length = snprintf(text, sizeof(text), "%d", nth);

	if (pwrite(injector, text, length, 0) != length) {
		perror("fail-nth");
		exit(2);
	}
}

/* Whether that one has come. */
static bool injected(void)
{
	char text[16] = "";

	if (pread(injector, text, sizeof(text) - 1, 0) <= 0) {
		perror("fail-nth");
		exit(2);
	}
	inject(0);
	return !atoi(text);
}

static void must(const struct step *step)
{
	int result = step->run();

	if (result < 0)
		tally_fail("%s: %s", step->name, strerror(-result));
}

/* Returns whether the step had an allocation number @nth. */
static bool fail_once(size_t number, int nth)
{
	const struct step *step = &steps[number];
	bool had;
	int result;

	for (size_t i = 0; i < number; i++)
		must(&steps[i]);
	inject(nth);
	result = step->run();
	had = injected();
	if (!had && result < 0)
		tally_fail("%s fails without need: %s", step->name, strerror(-result));
	if (result < 0 && result != -ENOMEM)
		tally_fail("%s without allocation %d: %s", step->name, nth,
			   strerror(-result));
	if (result < 0)
		must(step);
	for (size_t i = number + 1; i < STEPS; i++)
		must(&steps[i]);
	return had;
}

int main(void)
{
	tally_begin();
	injector = open("/proc/self/fail-nth", O_RDWR | O_CLOEXEC);
	if (injector < 0)
		return 77;
	own = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
	for (size_t i = 0; i < STEPS; i++) {
		int nth = 1;

		while (nth < TRIES && fail_once(i, nth))
			nth++;
		printf("%s: each of %d allocations failed once\n", steps[i].name,
		       nth - 1);
	}
	printf("scarce: %" PRIu64 " failures\n", tally_failures());
	return tally_failures() ? 1 : 0;
}
