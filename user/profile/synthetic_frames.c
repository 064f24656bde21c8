// SPDX-License-Identifier: GPL-2.0
/* See synthetic_frames.h. */
#include "synthetic_frames.h"

#include <string.h>

const char *unseen_meaning(const char *name, size_t length)
{
	static const struct {
		const char *name, *meaning;
	} all[] = {
		{ UNSEEN_MASKED, "interrupts were off until its caller turned "
				 "them on: what ran meanwhile was not seen" },
		{ UNSEEN_LATE, "the sample came late: the CPU was taken away, "
			       "or interrupts were off in the kernel" },
		{ UNSEEN_LOST, "samples that were lost, of any stack" },
		{ UNSEEN_NOISE, "frames whose shares are less than their "
				"uncertainty" },
	};

	for (size_t i = 0; i < sizeof(all) / sizeof(*all); i++)
		if (strlen(all[i].name) == length &&
		    !memcmp(all[i].name, name, length))
			return all[i].meaning;
	return NULL;
}
