// SPDX-License-Identifier: GPL-2.0
/* See policy.h. */
#include "policy.h"

const char *const policy_names[DITHER_POLICY_COUNT] = {
	[DITHER_POLICY_STRATIFIED] = "stratified",
	[DITHER_POLICY_POISSON] = "poisson",
	[DITHER_POLICY_UNIFORM] = "uniform",
	[DITHER_POLICY_FIXED] = "fixed",
};
