// SPDX-License-Identifier: GPL-2.0
/* See boot_id.h. */
#include "boot_id.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "alloc.h"

char *machine_name(void)
{
	FILE *file = fopen("/proc/sys/kernel/random/boot_id", "re");
	char line[64] = "";
	bool got = file && fgets(line, sizeof(line), file);

	if (file)
		fclose(file);
	line[strcspn(line, "\n")] = '\0';
	return got && *line ? alloc_string(line) : NULL;
}
