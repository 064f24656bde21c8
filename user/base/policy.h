/* SPDX-License-Identifier: GPL-2.0 */
/* The names of the sampling policies, as --jitter and META have them. */
#ifndef BASE_POLICY_H
#define BASE_POLICY_H

#include <stdbool.h>
#include <stdint.h>

#include "../../include/dither/abi.h"

extern const char *const policy_names[DITHER_POLICY_COUNT];

/* By its name alone, as META has it; false: there is none of that name. */
bool policy_named(const char *name, uint32_t *policy);

/* For whoever has to be told what policy_read() takes. */
#define POLICY_WORDS "stratified, poisson, fixed or uniform:J with J in 0 to 1"

/* "poisson", "uniform:0.25": false if @text is none. */
bool policy_read(const char *text, uint32_t *policy, uint32_t *jitter_ppm);

#endif
