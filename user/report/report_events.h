/* SPDX-License-Identifier: GPL-2.0 */
/* The part of the report on events: what was counted, where, and how surely. */
#ifndef REPORT_REPORT_EVENTS_H
#define REPORT_REPORT_EVENTS_H

#include <stdio.h>

#include "../load/load.h"

/* One line a kind of samples, for the head of the report. */
void report_clocks(const struct load *load, FILE *output);

/* What each event counted in all, and what became of that. */
void report_events(const struct load *load, FILE *output);

/* Ratios of events, for the @limit (0: all) first functions and stacks. */
void report_ratios(const struct load *load, unsigned long limit, FILE *output);

#endif
