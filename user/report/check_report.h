/* SPDX-License-Identifier: GPL-2.0 */
/* The answer of check for programs: JUnit's XML, and JSON. */
#ifndef REPORT_CHECK_REPORT_H
#define REPORT_CHECK_REPORT_H

#include <stdio.h>

#include "../load/compared_inputs.h"
#include "../stats/verdict.h"

struct check_report {
	const struct pair *pair;
	const struct verdict *verdict;
	const struct verdict_rule *rule;
	const char *sentence;
};

/* "ok", "regressed", "inconclusive". */
const char *check_report_word(const struct verdict *verdict);

void check_report_junit(const struct check_report *report, FILE *output);
void check_report_json(const struct check_report *report, FILE *output);

#endif
