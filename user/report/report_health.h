/* SPDX-License-Identifier: GPL-2.0 */
/* The second half of the report: how far the first can be trusted. */
#ifndef REPORT_REPORT_HEALTH_H
#define REPORT_REPORT_HEALTH_H

#include <stdio.h>

#include "../load/load.h"

void report_ledger(const struct load *load, FILE *output);
void report_lateness(const struct load *load, FILE *output);
void report_losses(const struct load *load, FILE *output);
void report_rates(const struct load *load, FILE *output);
void report_problems(const struct load *load, FILE *output);

#endif
