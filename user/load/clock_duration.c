// SPDX-License-Identifier: GPL-2.0
/* See clock_duration.h. */
#include "clock_duration.h"

/* Of the CPU whose clock ran longest: others may have come later. */
static uint64_t counted(const struct load *load)
{
	uint64_t longest = 0;

	for (unsigned int cpu = 0; cpu < recording_cpus(load->recording);
	     cpu++) {
		const struct dither_ledger *ledger =
			recording_ledger(load->recording, cpu);

		if (ledger && ledger->running_ns > longest)
			longest = ledger->running_ns;
	}
	return longest;
}

uint64_t ran_ns(const struct load *load, bool *seen)
{
	const struct statistics *statistics = &load->statistics;
	uint64_t ran = counted(load);

	*seen = !ran && statistics->last_time > statistics->first_time;
	return *seen ? statistics->last_time - statistics->first_time : ran;
}
