/* SPDX-License-Identifier: GPL-2.0 */
/* A profile without the frames whose shares are no more than noise. */
#ifndef STATS_NOISE_H
#define STATS_NOISE_H

#include "../profile/profile.h"
#include "shares.h"

/*
 * A finished copy of a finished profile, in which those of a frame's children
 * that shares_is_noise() calls so are one, named SYNTHETIC_NOISE, with nothing
 * below it: widths still add up. SYNTHETIC_LOST stays: it is counted, not
 * sampled. @map, if any, is set to where each node is in the copy, to be freed.
 */
struct profile *profile_without_noise(const struct profile *profile,
				      const struct shares *shares,
				      uint32_t **map);

#endif
