/* SPDX-License-Identifier: GPL-2.0 */
/* Student's t distribution. */
#ifndef STATS_STUDENT_H
#define STATS_STUDENT_H

/* How probable a value at least as far from 0 as @t is: two-sided. */
double student_probability(double t, double freedom);

/* What 95% of all values are nearer to 0 than. */
double student_limit(double freedom);

#endif
