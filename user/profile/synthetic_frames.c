// SPDX-License-Identifier: GPL-2.0
/* See synthetic_frames.h. */
#include "synthetic_frames.h"

#include <string.h>

const char *synthetic_meaning(const char *name, size_t length)
{
	static const struct {
		const char *name, *meaning;
	} all[] = {
		{ SYNTHETIC_IRQS_OFF,
		  "interrupts were off until its caller turned "
		  "them on: what ran meanwhile was not seen" },
		{ SYNTHETIC_LATE,
		  "the sample came late: the CPU was taken away, "
		  "or interrupts were off in the kernel" },
		{ SYNTHETIC_LOST, "samples that were lost, of any stack" },
		{ SYNTHETIC_NOISE, "frames whose shares are less than their "
				   "uncertainty" },
	};

	for (size_t i = 0; i < sizeof(all) / sizeof(*all); i++)
		if (strlen(all[i].name) == length &&
		    !memcmp(all[i].name, name, length))
			return all[i].meaning;
	return NULL;
}
