/* SPDX-License-Identifier: GPL-2.0 */
/* perf-script text that was imported into the test program's file. */
#ifndef IMPORTED_H
#define IMPORTED_H

#include <stdio.h>
#include <string.h>

#include "../../user/text/perf_import.h"
#include "../../user/text/perf_imported.h"
#include "scratch_file.h"
#include "unit.h"

/* Write the file anew; returns what perf_import() does. */
static inline int import_bytes(const void *text, size_t length,
			       struct perf_import_summary *summary)
{
	FILE *input = fmemopen((void *)text, length, "r");
	struct lines *lines = lines_new(input, "in");
	struct error error = { "" };
	struct writer *writer;
	int result;

	CU_ASSERT_EQUAL_FATAL(writer_open(file_path(), &writer, &error), 0);
	result = perf_import(lines, writer, summary, &error);
	CU_ASSERT_EQUAL(writer_close(writer, &error), 0);
	if (*error.text)
		printf("# %s\n", error.text);
	lines_free(lines);
	fclose(input);
	return result;
}

/* The profile in the file, to be finished and freed; *damage: sentences. */
static inline struct profile *
read_imported(const struct perf_script_options *options,
	      struct perf_script_summary *summary, size_t *damage)
{
	struct profile *profile = profile_new();
	struct error error = { "" };
	struct recording *recording;

	CU_ASSERT_EQUAL_FATAL(recording_open(file_path(), &recording, &error),
			      0);
	CU_ASSERT_EQUAL(perf_imported_read(recording, options, profile, summary,
					   &error),
			0);
	*damage = recording_damage_count(recording);
	recording_close(recording);
	return profile;
}

#endif
