// SPDX-License-Identifier: GPL-2.0
/* See complain.h. */
#include "complain.h"

#include <inttypes.h>

#include "../base/error.h"

#define SHOWN 20

void complain_of_damage(const struct recording *recording)
{
	size_t damage = recording_damage_count(recording);

	for (size_t i = 0; i < damage && i < SHOWN; i++)
		error_print("%s", recording_damage(recording, i));
	if (damage > SHOWN)
		error_print("%s: and %zu more places are damaged",
			    recording_path(recording), damage - SHOWN);
}

void complain_of_files(const struct resolver *resolver)
{
	size_t complaints = resolver_complaint_count(resolver);

	for (size_t i = 0; i < complaints && i < SHOWN; i++)
		error_print("%s", resolver_complaint(resolver, i));
	if (complaints > SHOWN)
		error_print("and %zu more files could not be used",
			    complaints - SHOWN);
}

void complain_of_lines(const char *name, const struct problems *problems)
{
	for (uint64_t i = 0; i < problems->count && i < PROBLEMS_KEPT; i++)
		error_print("%s:%" PRIu64 ": %s", name, problems->kept[i].line,
			    problems->kept[i].text);
	if (problems->count)
		error_print("%s: %" PRIu64 " lines left out", name,
			    problems->count);
}
