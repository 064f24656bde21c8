// SPDX-License-Identifier: GPL-2.0
/*
 * As models.c has them, at lengths that one can wait for and at rates that an
 * emulator can follow.
 */
#include "experiment.h"

#define PLAIN EXPERIMENT_PLAIN

/* Works for the part @duty of each period, then sleeps. */
#define BURST(experiment, name, view, hertz, duty, rate, seconds, note)       \
	{                                                                     \
		{ experiment, name, rate, seconds, false, note }, view, true, \
			"burst", { #hertz, #duty }, hertz, duty, hertz        \
	}

/* The rest are its arguments. */
#define PROGRAM(experiment, name, view, pairs, rate, seconds, begins, note,    \
		program, ...)                                                  \
	{                                                                      \
		{ experiment, name, rate, seconds, pairs, note }, view, false, \
			program, { __VA_ARGS__ }, 0, 0, begins                 \
	}

const struct experiment experiments[] = {
	BURST("bursts", "100 Hz, .05 busy", PLAIN, 100, .05, 100, 4, NULL),
	BURST("bursts", "100 Hz, .2 busy", PLAIN, 100, .2, 100, 4, NULL),
	BURST("bursts", "100 Hz, .5 busy", PLAIN, 100, .5, 100, 4, NULL),
	BURST("harmonics", "200 Hz, .1 busy", PLAIN, 200, .1, 100, 4, NULL),
	BURST("harmonics", "300 Hz, .1 busy", PLAIN, 300, .1, 100, 4, NULL),
	BURST("harmonics", "50 Hz, .1 busy", PLAIN, 50, .1, 100, 4, NULL),
	BURST("near", "100 Hz for .3 s", PLAIN, 100, .1, 99, .3, NULL),
	BURST("near", "100 Hz for 3 s", PLAIN, 100, .1, 99, 3, NULL),
	PROGRAM("calls", "3 and 7 parts", PLAIN, false, 500, 3, 0,
		"too short for a clock: the truth is what one call more takes",
		"calls", NULL),
	PROGRAM("calls", ".3 of 2 ms", PLAIN, false, 500, 3, 0,
		"the two take a period of the sampler together", "turns",
		"2000000", ".3"),
	PROGRAM("masked", "20 of 100 ms", EXPERIMENT_MASKED, false, 200, 4, 0,
		"interrupts are off: told by lateness and overruns, the body "
		"is never seen",
		"masked", "100000", "20000"),
	PROGRAM("evader", "sleeps 3 ms at ticks", PLAIN, false, 100, 4, 100,
		"it looks up when the sampler's timer is due, and counts on "
		"its pace",
		"evader", EXPERIMENT_RATE, "1500"),
	PROGRAM("pingpong", "1.5 and 3 ms", PLAIN, false, 100, 4, 0, NULL,
		"pingpong", "1500", "3000"),
	PROGRAM("loops", "50 and 50 ms", PLAIN, false, 500, 3, 0,
		"shares of time; of instructions the two differ, see --clock",
		"phases", "50"),
	BURST("idle", "1 ms each 10 ms", EXPERIMENT_ASLEEP, 100, .1, 100, 4,
	      "idle CPUs are left asleep: the share is of the cells planned"),
	PROGRAM("phases", "100 and 400 ms", PLAIN, true, 200, 6, 0,
		"lengths by chance: the truth is what each run took", "slow",
		"100", "400"),
	PROGRAM("deep", "60 frames and 3", EXPERIMENT_STOPPED, false, 1000, 4,
		0,
		"the reader is stopped, the ring small: the interval is that "
		"of the bounds on what was lost",
		"depths", "2000", "3000"),
	PROGRAM("same", "9 functions", PLAIN, true, 200, 4, 0, NULL, "mixture",
		"500"),
};

const size_t experiment_count = sizeof(experiments) / sizeof(experiments[0]);

const char *experiment_needs(const struct experiment *experiment)
{
	return experiment->view == EXPERIMENT_MASKED ? "dither_irqs_off" : NULL;
}
