/* SPDX-License-Identifier: GPL-2.0 */
/* Text as a command reads it: its kind found, read, and folded. */
#ifndef TEXT_FOLD_H
#define TEXT_FOLD_H

#include <stdlib.h>
#include <string.h>

#include "../../user/load/input.h"
#include "scratch_file.h"
#include "unit.h"

static struct input_options fold_options = { .samples = true };

/* The folded text, or the error; the caller frees it. */
static inline char *fold_bytes(const void *bytes, size_t length)
{
	FILE *file = fopen(file_path(), "w"), *output;
	struct error error = { "" };
	struct input input;
	char *text = NULL;
	size_t size;

	fwrite(bytes, 1, length, file);
	fclose(file);
	fold_options.load.path = file_path();
	if (input_open(&fold_options, &input, &error))
		return strdup(error.text);
	output = open_memstream(&text, &size);
	folded_write(input.profile, output);
	fclose(output);
	input_close(&input);
	return text;
}

static inline void expect_fold(const char *input, const char *output)
{
	char *text = fold_bytes(input, strlen(input));

	CU_ASSERT_STRING_EQUAL(text, output);
	if (strcmp(text, output))
		printf("# of: %s\n# got: %s\n# not: %s\n", input, text, output);
	free(text);
}

/* Refused, by an error that says so. */
static inline void expect_refused(const char *input, const char *why)
{
	char *text = fold_bytes(input, strlen(input));

	CU_ASSERT_PTR_NOT_NULL(strstr(text, why));
	if (!strstr(text, why))
		printf("# of: %s\n# got: %s\n# not: %s\n", input, text, why);
	free(text);
}

#endif
