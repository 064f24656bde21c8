/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Two runs that differ by chance only, compared as dither diff would: whether
 * it calls function 0 changed.
 */
#ifndef LAB_AA_COMPARISON_H
#define LAB_AA_COMPARISON_H

#include <stdbool.h>
#include <stdint.h>

#include "subject.h"

struct pair;

struct pair *pair_new(void);
void pair_free(struct pair *pair);

void pair_see(struct pair *pair, uint64_t time, unsigned int function);

/*
 * The run is over. True: it was the second of two, and these are the p of
 * function 0's change, by blocks of time and as if each sample were of its own.
 */
bool pair_end(struct pair *pair, const struct outcome *outcome, double *p,
	      double *iid_p);

#endif
