// SPDX-License-Identifier: GPL-2.0
/*
 * Asks the module what unwind tables it has, and prints: their number, the
 * bytes that they and what is known of processes take, mappings that there was
 * no room for.
 */
#include <fcntl.h>
#include <stdio.h>
#include <sys/ioctl.h>

#include "../../include/dither/abi.h"

int main(void)
{
	struct dither_tables tables = { .size = sizeof(tables) };
	int device = open(DITHER_DEVICE, O_RDWR | O_CLOEXEC);

	if (device < 0 || ioctl(device, DITHER_IOC_TABLES, &tables)) {
		perror(DITHER_DEVICE);
		return 1;
	}
	printf("%u %llu %llu\n", tables.count,
	       (unsigned long long)tables.bytes,
	       (unsigned long long)tables.unmapped);
	return 0;
}
