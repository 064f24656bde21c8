/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What theory says of samples: variance ratios, floors, p-values. The formulas
 * and their sources are in docs/theory.md.
 */
#ifndef LAB_THEORY_H
#define LAB_THEORY_H

#include <stddef.h>
#include <stdint.h>

/*
 * V = n Var(mean) / Var(f), the variance of the mean of @samples values of a
 * sine that makes @turns periods in a mean interval, relative to that of
 * independent samples. @policy: enum dither_policy; @jitter: of UNIFORM, 0 to
 * 1. FIXED: where @turns is whole, @samples, for all see the same phase.
 */
double theory_harmonic_ratio(uint32_t policy, double jitter, double turns,
			     double samples);

/* The same of a rectangle that is 1 for the share @duty of each period. */
double theory_duty_ratio(uint32_t policy, double jitter, double turns,
			 double samples, double duty);

/* Expected total variation distance of @samples independent ones from @share. */
double theory_distance_floor(const double *share, size_t count, double samples);

/*
 * How probable a chi-square at least as large is; @freedom is 1 or even. NAN
 * else.
 */
double theory_chi_square(double value, unsigned int freedom);

/*
 * Kolmogorov's test that @values (to be sorted in place) are uniform in [0, 1]:
 * how probable a distance at least as large is.
 */
double theory_uniform(double *values, size_t count);

#endif
