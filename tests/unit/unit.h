/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A unit test program: an array of cases, each named by a sentence about
 * behaviour, run by CUnit, one line of output a case.
 */
#ifndef UNIT_H
#define UNIT_H

#include <CUnit/CUnit.h>

struct unit_case {
	const char *sentence;
	void (*run)(void);
};

/* Returns the program's exit status: 0 when all passed. */
int unit_run(const char *suite, const struct unit_case *cases, size_t count);

#define UNIT_MAIN(suite, cases)						\
	int main(void)							\
	{								\
		return unit_run(suite, cases,				\
				sizeof(cases) / sizeof((cases)[0]));	\
	}

#endif
