/* SPDX-License-Identifier: GPL-2.0 */
/* A profile seen from its leaves: callers stand above what they call. */
#ifndef PROFILE_REVERSE_H
#define PROFILE_REVERSE_H

#include "profile.h"

/* A finished profile of the same stacks, innermost first; to be freed. */
struct profile *profile_reversed(const struct profile *profile);

#endif
