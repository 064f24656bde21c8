/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What a recording's seed, policy and period promise: the schedule of any CPU,
 * and how it goes on from instant to instant and from shape to shape.
 */
#ifndef SCHEDULE_SCHEDULE_REPLAY_H
#define SCHEDULE_SCHEDULE_REPLAY_H

#include <stdbool.h>

#include "../../kmod/core/schedule.h"
#include "../file/recording.h"

struct expected_schedule {
	uint32_t policy, jitter_ppm;
	uint64_t period, seed;
	uint64_t stop;	/* when it was over, ns; 0: not told */
	uint64_t steps; /* draws that may still be passed */
};

/* False: the recording does not say, or not within the ABI's bounds. */
bool expected_read(const struct recording *recording,
		   struct expected_schedule *expected);

bool expected_is_grid(const struct expected_schedule *expected);

/* The schedule of @cpu in a session that began at @origin. */
void expected_begin(const struct expected_schedule *expected, unsigned int cpu,
		    uint64_t origin, struct dither_schedule *schedule);

/*
 * Pass all instants up to @until. Draws are passed one by one, for the module
 * may have come by at any time between. False: there are too many.
 */
bool expected_pass(struct expected_schedule *expected,
		   struct dither_schedule *schedule, uint64_t until);

enum expected_reach { REACH_MET, REACH_MISSED, REACH_TOO_FAR };

/* The instants next to a moment. */
struct expected_around {
	uint64_t before; /* 0: none, or not known */
	uint64_t after;
};

/* Go on to the instant @due. Where it is none, @schedule stays, see @around. */
enum expected_reach expected_reach(struct expected_schedule *expected,
				   struct dither_schedule *schedule,
				   uint64_t due,
				   struct expected_around *around);

/* Whether cells are as long as their shape says. */
bool expected_has_cells(const struct expected_schedule *expected,
			const struct dither_rate *record);

/*
 * Whether @schedule goes on as the record (not of a start) says. Then it has
 * done so, else it may be anywhere.
 */
bool expected_goes_on(struct expected_schedule *expected,
		      struct dither_schedule *schedule,
		      const struct dither_rate *record);

/*
 * The grid that begins at @origin, with cells of period << @shift, at the one
 * that @due lies in. False: there is none.
 */
bool expected_find_grid(const struct expected_schedule *expected,
			unsigned int cpu, uint64_t origin, unsigned int shift,
			uint64_t due, struct dither_schedule *schedule);

#endif
