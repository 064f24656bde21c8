/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The same profile seen flat: one line a function.
 */
#ifndef PROFILE_FUNCTIONS_H
#define PROFILE_FUNCTIONS_H

#include "profile.h"

struct function {
	const char *text; /* of its name; lives as long as the profile */
	size_t length;
	uint32_t name;	  /* of the profile */
	double self;	  /* weight of the stacks it ends */
	double total;	  /* weight of the stacks it is in, once each */
	double masked; /* weight of the frames SYNTHETIC_IRQS_OFF right on it */
	uint64_t samples; /* how many those were */
};

enum functions_order {
	FUNCTIONS_BY_SELF,
	FUNCTIONS_BY_TOTAL,
};

/*
 * Every function of a finished profile, the heaviest first, equal ones by
 * name. The array is the caller's to free().
 */
struct function *functions_list(const struct profile *profile,
				enum functions_order order, size_t *count);

#endif
