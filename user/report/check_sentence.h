/* SPDX-License-Identifier: GPL-2.0 */
/* The answer of check for people: the verdict, its cause, and what to do. */
#ifndef REPORT_CHECK_SENTENCE_H
#define REPORT_CHECK_SENTENCE_H

#include "../stats/verdict.h"

/* One line without its end; to be freed. */
char *check_sentence(const struct comparison *comparison,
		     const struct verdict *verdict,
		     const struct verdict_rule *rule);

/* "few samples", "phases"; NULL: it is not inconclusive. */
const char *check_cause(const struct verdict *verdict);

#endif
