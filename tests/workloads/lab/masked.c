// SPDX-License-Identifier: GPL-2.0
/*
 * Has the kernel turn interrupts off for so long in every period, by the module
 * in tests/modules/irqs_off, which logs how long it was.
 *
 * Usage: masked SECONDS PERIOD_US MASKED_US [CPU]
 */
#include "truth.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#define PARAMETERS "/sys/module/dither_irqs_off/parameters/"

static uint64_t masked_ns(void)
{
	FILE *file = fopen(PARAMETERS "ns", "r");
	unsigned long long ns = 0;

	if (!file || fscanf(file, "%llu", &ns) != 1) {
		perror(PARAMETERS "ns");
		exit(1);
	}
	fclose(file);
	return ns;
}

int main(int argc, char **argv)
{
	uint64_t period, begin, end, next, before;
	int mask;

	if (argc < 4)
		return 2;
	truth_pin(argc > 4 ? argv[4] : NULL);
	mask = open(PARAMETERS "mask_us", O_WRONLY);
	if (mask < 0) {
		perror(PARAMETERS "mask_us");
		return 1;
	}
	period = strtoull(argv[2], NULL, 10) * 1000;
	before = masked_ns();
	begin = truth_now();
	end = begin + (uint64_t)(atof(argv[1]) * 1e9);
	for (next = begin; next < end; next += period) {
		truth_sleep_until(next);
		if (pwrite(mask, argv[3], strlen(argv[3]), 0) < 0) {
			perror(PARAMETERS "mask_us");
			return 1;
		}
	}
	truth_sleep_until(next);
	truth_window(begin, truth_now());
	truth_of("masked_body", masked_ns() - before);
	close(mask);
	return 0;
}
