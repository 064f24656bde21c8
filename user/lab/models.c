// SPDX-License-Identifier: GPL-2.0
/*
 * The reference experiments, each at the rate that a fixed schedule is worst
 * at, or is known for.
 */
#include "model.h"

#define MS 1000000ULL
#define US 1000ULL

/* Function 0 is busy for @busy of every @period. */
#define PLAIN(experiment, name, busy, period, rate, seconds)             \
	{                                                                \
		{ experiment, name, rate, seconds, false, NULL },        \
			MODEL_RECTANGLE, VIEW_PLAIN, busy, period, false \
	}

const struct model models[] = {
	PLAIN("bursts", "100 Hz, .05 busy", 500 * US, 10 * MS, 100, 10),
	PLAIN("bursts", "100 Hz, .2 busy", 2 * MS, 10 * MS, 100, 10),
	PLAIN("bursts", "100 Hz, .5 busy", 5 * MS, 10 * MS, 100, 10),
	PLAIN("harmonics", "200 Hz, .1 busy", 500 * US, 5 * MS, 100, 10),
	/* In whole ns it drifts by 1 us in 10 s. */
	PLAIN("harmonics", "300 Hz, .1 busy", 333333, 3333333, 100, 10),
	PLAIN("harmonics", "50 Hz, .1 busy", 2 * MS, 20 * MS, 100, 10),
	PLAIN("near", "100 Hz for .3 s", 1 * MS, 10 * MS, 99, .3),
	PLAIN("near", "100 Hz for 3 s", 1 * MS, 10 * MS, 99, 3),
	PLAIN("near", "100 Hz for 30 s", 1 * MS, 10 * MS, 99, 30),
	PLAIN("calls", "300 of 1000 ns", 300, 1000, 1000, 4),
	PLAIN("calls", "300 of 1007 ns", 300, 1007, 1000, 4),
	{ { "masked", "200 us each ms", 1000, 4, false,
	    "samples due with interrupts off come late: lateness and overruns "
	    "tell the time, its body is never seen" },
	  MODEL_RECTANGLE,
	  VIEW_MASKED,
	  200 * US,
	  1 * MS,
	  false },
	{ { "evader", "sleeps 1 ms at ticks", 100, 10, false,
	    "it wakes after each instant of the fixed schedule, sleeps before the next" },
	  MODEL_RECTANGLE,
	  VIEW_PLAIN,
	  9 * MS,
	  10 * MS,
	  true },
	PLAIN("pingpong", "300 and 200 us", 300 * US, 500 * US, 1000, 4),
	{ { "loops", "50 and 50 ms", 1000, 4, false,
	    "shares of time; of instructions the two differ, see --clock" },
	  MODEL_RECTANGLE,
	  VIEW_PLAIN,
	  50 * MS,
	  100 * MS,
	  false },
	{ { "idle", "1 ms each 10 ms", 100, 10, false,
	    "asleep else: the share is of the CPU's time, by idle cells" },
	  MODEL_RECTANGLE,
	  VIEW_IDLE,
	  1 * MS,
	  10 * MS,
	  false },
	{ { "phases", "100 and 400 ms", 1000, 30, true,
	    "lengths by chance: the truth is what each run took" },
	  MODEL_PHASES,
	  VIEW_PLAIN,
	  100 * MS,
	  500 * MS,
	  false },
	{ { "deep", "A 400, B 56 bytes", 10000, 2, false,
	    "the ring is too small for A: the interval is that of the bounds on "
	    "what was lost" },
	  MODEL_RECTANGLE,
	  VIEW_RING,
	  40 * MS,
	  100 * MS,
	  false },
	{ { "same", "9 functions", 1000, 4, true, NULL },
	  MODEL_MIXTURE,
	  VIEW_PLAIN,
	  0,
	  0,
	  false },
};

const size_t model_count = sizeof(models) / sizeof(models[0]);
