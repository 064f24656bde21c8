// SPDX-License-Identifier: GPL-2.0
/* See policy.h. */
#include "policy.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

const char *const policy_names[DITHER_POLICY_COUNT] = {
	[DITHER_POLICY_STRATIFIED] = "stratified",
	[DITHER_POLICY_POISSON] = "poisson",
	[DITHER_POLICY_UNIFORM] = "uniform",
	[DITHER_POLICY_FIXED] = "fixed",
};

bool policy_named(const char *name, uint32_t *policy)
{
	for (uint32_t i = 0; i < DITHER_POLICY_COUNT; i++) {
		if (!strcmp(name, policy_names[i])) {
			*policy = i;
			return true;
		}
	}
	return false;
}

bool policy_read(const char *text, uint32_t *policy, uint32_t *jitter_ppm)
{
	const char *uniform = policy_names[DITHER_POLICY_UNIFORM];
	size_t length = strlen(uniform);
	double part;
	char *end;

	*jitter_ppm = 0;
	if (policy_named(text, policy))
		return *policy != DITHER_POLICY_UNIFORM;
	if (strncmp(text, uniform, length) || text[length] != ':')
		return false;
	text += length + 1;
	part = strtod(text, &end);
	if (end == text || *end || !(part >= 0) || !(part <= 1))
		return false;
	*policy = DITHER_POLICY_UNIFORM;
	*jitter_ppm = (uint32_t)lround(part * DITHER_JITTER_MAX_PPM);
	return true;
}
