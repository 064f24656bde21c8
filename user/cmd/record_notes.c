// SPDX-License-Identifier: GPL-2.0
/* See record_notes.h. */
#include "record_notes.h"

#include <stdlib.h>

#include "../base/alloc.h"
#include "../base/cpu_list.h"
#include "../base/error.h"

static void note_isolated(const struct capture_device *device)
{
	bool *left_out = alloc_zeroed(device->info.cpus, sizeof(*left_out));
	char *list;

	for (unsigned int i = 0; i < device->ring_count; i++)
		left_out[device->rings[i].cpu] =
			device->rings[i].role == DITHER_ROLE_ISOLATED;
	list = cpu_list_text(left_out, device->info.cpus);
	if (*list)
		error_print("isolated CPUs are not sampled (isolcpus or nohz_full): %s; name them with -C to sample them",
			    list);
	free(list);
	free(left_out);
}

void record_notes(const struct capture_device *device)
{
	note_isolated(device);
	/* 0: the module is older, and does not say. */
	if (device->info.timer_ns > 1)
		error_print("high resolution timers are off: instants are ticks of %.1f ms, not random",
			    device->info.timer_ns / 1e6);
}
