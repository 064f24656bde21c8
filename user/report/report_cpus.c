// SPDX-License-Identifier: GPL-2.0
/* See report_cpus.h. */
#include "report_cpus.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdlib.h>

#include "../base/alloc.h"
#include "../base/cpu_list.h"

static void report_role(const struct recording *recording, uint32_t role,
			const char *why, FILE *output)
{
	unsigned int count = recording_cpus(recording);
	bool *marked = alloc_zeroed(count, sizeof(*marked));
	char *list;

	for (unsigned int cpu = 0; cpu < count; cpu++) {
		const struct dither_ledger *ledger =
			recording_ledger(recording, cpu);

		marked[cpu] = ledger && ledger->role == role;
	}
	list = cpu_list_text(marked, count);
	if (*list)
		fprintf(output, "  CPUs not sampled: %s (%s)\n", list, why);
	free(list);
	free(marked);
}

/* The same in each ledger, but those that were read later say more. */
static uint64_t ringless(const struct recording *recording)
{
	uint64_t most = 0;

	for (unsigned int cpu = 0; cpu < recording_cpus(recording); cpu++) {
		const struct dither_ledger *ledger =
			recording_ledger(recording, cpu);

		if (ledger && ledger->ringless > most)
			most = ledger->ringless;
	}
	return most;
}

void report_cpus(const struct recording *recording, FILE *output)
{
	uint64_t lost = ringless(recording);
	uint64_t timer_ns = recording_number(recording, "timer_ns");

	report_role(recording, DITHER_ROLE_NOT_NAMED, "not among those of -C",
		    output);
	report_role(recording, DITHER_ROLE_ISOLATED,
		    "isolated: isolcpus or nohz_full; -C samples them",
		    output);
	if (lost)
		fprintf(output,
			"  process records lost on CPUs that were added later: %" PRIu64
			"\n",
			lost);
	if (timer_ns > 1)
		fprintf(output,
			"  high resolution timers were off: instants are ticks of %.1f ms, not random\n",
			(double)timer_ns / 1e6);
}
