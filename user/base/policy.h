/* SPDX-License-Identifier: GPL-2.0 */
/* The names of the sampling policies, as --jitter and META have them. */
#ifndef BASE_POLICY_H
#define BASE_POLICY_H

#include "../../include/dither/abi.h"

extern const char *const policy_names[DITHER_POLICY_COUNT];

#endif
