// SPDX-License-Identifier: GPL-2.0
/* See tally.h. */
#include "tally.h"

#include <limits.h>
#include <math.h>
#include <string.h>

#include "../profile/synthetic_frames.h"
#include "../stats/interval.h"

#define KERNEL_SUFFIX "_[k]"
#define NOBODY UINT_MAX

/* Frames of the kernel have a suffix, those of modules in brackets none. */
static bool is_called(const char *frame, const char *name)
{
	size_t length = strlen(name);

	return !strncmp(frame, name, length) &&
	       (!frame[length] || !strcmp(frame + length, KERNEL_SUFFIX));
}

/* truth->count: none of them. NOBODY: not a sample. */
static unsigned int function_of(const struct profile *profile, uint32_t node,
				const struct truth *truth, const char *instead)
{
	/* Nobody knows whose these were; they are counted apart. */
	if (is_called(profile_text(profile, profile_node(profile, node).name),
		      SYNTHETIC_LOST))
		return NOBODY;
	for (; node != PROFILE_ROOT;
	     node = profile_node(profile, node).parent) {
		const char *frame =
			profile_text(profile, profile_node(profile, node).name);

		for (unsigned int i = 0; i < truth->count; i++)
			if (is_called(frame, instead && !i ?
						     instead :
						     truth->functions[i].name))
				return i;
	}
	return truth->count;
}

static void tell_truth(const struct truth *truth, struct outcome *outcome)
{
	double whole = (double)(truth->end - truth->begin), known = 0;

	for (unsigned int i = 0; i < truth->count; i++)
		known += (double)truth->functions[i].ns;
	if (truth->count > 1)
		whole = known > 0 ? known : 1;
	for (unsigned int i = 0; i < truth->count; i++)
		outcome->truth[i] = (double)truth->functions[i].ns / whole;
	if (truth->count == 1)
		outcome->truth[1] = fmax(0, 1 - outcome->truth[0]);
}

void tally(const struct profile *profile, const struct sample_times *times,
	   const struct truth *truth, const struct tally_options *options,
	   struct outcome *outcome, subject_see *see, void *context)
{
	double sum = 0, squares = 0;

	*outcome = (struct outcome){
		.functions = truth->count == 1 ? 2 : truth->count,
	};
	tell_truth(truth, outcome);
	for (size_t i = 0; i < times->count; i++) {
		const struct moment *moment = &times->items[i];
		unsigned int function;

		if (moment->time < truth->begin || moment->time >= truth->end)
			continue;
		function = function_of(profile, moment->node, truth,
				       options->instead);
		if (function >= outcome->functions)
			continue;
		outcome->count[function] += (uint64_t)llround(moment->weight);
		sum += moment->weight;
		squares += moment->weight * moment->weight;
		if (see)
			see(context, moment->time, function);
	}
	if (options->cells > sum && truth->count == 1) {
		outcome->count[1] =
			(uint64_t)llround(options->cells) - outcome->count[0];
		squares += options->cells - sum;
		sum = options->cells;
	}
	for (unsigned int i = 0; i < outcome->functions; i++)
		outcome->samples += outcome->count[i];
	outcome->effective = interval_effective(sum, squares);
}
