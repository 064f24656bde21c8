/* SPDX-License-Identifier: GPL-2.0 */
/* How long the clocks of a recording ran. */
#ifndef LOAD_CLOCK_DURATION_H
#define LOAD_CLOCK_DURATION_H

#include <stdbool.h>
#include <stdint.h>

#include "load.h"

/*
 * From START to STOP, as the module counted it, in ns; 0: not known. *seen: the
 * recording was cut short, and this is from the first to the last sample.
 */
uint64_t ran_ns(const struct load *load, bool *seen);

#endif
