// SPDX-License-Identifier: GPL-2.0
#include "unit.h"

#include <stdio.h>
#include <stdlib.h>

static void print_case(const CU_pTest test, const CU_pSuite suite,
		       const CU_pFailureRecord failure)
{
	printf("%s %s: %s\n", failure ? "not ok" : "ok", suite->pName, test->pName);
	for (CU_pFailureRecord at = failure; at; at = at->pNext)
		printf("#   %s:%u: %s\n", at->strFileName, at->uiLineNumber,
		       at->strCondition);
	fflush(stdout);
}

int unit_run(const char *name, const struct unit_case *cases, size_t count)
{
	unsigned int failed;
	CU_pSuite suite;

	if (CU_initialize_registry() != CUE_SUCCESS)
		return 2;
	suite = CU_add_suite(name, NULL, NULL);
	for (size_t i = 0; i < count; i++) {
		if (!suite || !CU_add_test(suite, cases[i].sentence, cases[i].run)) {
			fprintf(stderr, "%s: %s\n", name, CU_get_error_msg());
			return 2;
		}
	}
	CU_set_test_complete_handler(print_case);
	CU_run_all_tests();
	failed = CU_get_number_of_tests_failed();
	CU_cleanup_registry();
	return failed ? 1 : 0;
}
