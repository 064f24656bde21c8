/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Samples that came late. The clock's interrupt waits while interrupts are off,
 * and while something below the kernel has the CPU: such a sample stands at the
 * end of time that could not be looked at, and with the cells that passed
 * meanwhile tells how much of it there was.
 */
#ifndef LOAD_LATE_SAMPLES_H
#define LOAD_LATE_SAMPLES_H

#include <stddef.h>
#include <stdint.h>

#include "../base/error.h"
#include "../file/recording.h"
#include "../profile/profile.h"

enum late_kind {
	LATE_IRQS_OFF,	 /* in the kernel: interrupts were off */
	LATE_CPU_STOLEN, /* in user mode or idle: the CPU was somewhere else */
	LATE_KINDS,
	LATE_NOT = LATE_KINDS,
};

/* A frame of their own, the innermost one. */
extern const char *const late_names[LATE_KINDS];

/* Of the function that turned interrupts on again. */
struct late_function {
	uint32_t name;	  /* of the profile */
	uint32_t longest; /* lateness, ns; as in struct dither_sample */
	double weight;	  /* of the samples, and of what they passed */
	double sampled;	  /* of the samples alone */
};

struct late {
	uint32_t limit_ns; /* samples of more lateness are late */
	double cells;	   /* weight of all samples, and of what they passed */
	double squares;	   /* … of the weights of each of these */
	double weight[LATE_KINDS];
	uint64_t samples[LATE_KINDS];
	uint64_t passed;  /* cells, of samples that were late or not, */
	uint64_t foreign; /* … and before firings that left no sample */
	struct late_function *functions; /* by name */
	size_t function_room;
};

/*
 * @lateness: of all samples of the clock, ascending. @given: microseconds, as
 * text, or NULL: four times the lower quartile, for most samples of most
 * recordings are on time, and not below 10 us. Never more than the sampling
 * period. -EINVAL: @given is no such number.
 */
int late_begin(struct late *late, const struct recording *recording,
	       const uint32_t *lateness, size_t count, const char *given,
	       struct error *error);
void late_free(struct late *late);

/*
 * Count a sample of the clock, worth @weight and each of its @passed cells as
 * well; those are its own, not what another firing left behind.
 */
enum late_kind late_sample(struct late *late,
			   const struct dither_sample *sample, double weight,
			   uint32_t passed);

/*
 * The function in which a sample of LATE_IRQS_OFF stands, worth @cells of them.
 */
void late_function(struct late *late, uint32_t name,
		   const struct dither_sample *sample, double weight,
		   double cells);

/* Those with a weight, heaviest first, equal ones by name; to be freed. */
struct late_function *late_functions(const struct late *late,
				     const struct profile *profile,
				     size_t *count);

#endif
