/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Whether the samples of a recording lie on the instants that its seed, policy
 * and RATE records promise: the module's own schedule, run once more.
 */
#ifndef CMD_INSTANTS_H
#define CMD_INSTANTS_H

#include "../file/recording.h"

struct instants;

/* NULL when the recording does not say how it was sampled. */
struct instants *instants_new(const struct recording *recording);
void instants_free(struct instants *instants);

/* Both in the order of time, CPU by CPU; @instants may be NULL. */
void instants_rate(struct instants *instants, unsigned int cpu,
		   const struct dither_rate *record);
void instants_sample(struct instants *instants, unsigned int cpu,
		     const struct dither_sample *sample);

/* Samples whose instant is known, and those of them that lie on it. */
uint64_t instants_known(const struct instants *instants);
uint64_t instants_met(const struct instants *instants);

#endif
