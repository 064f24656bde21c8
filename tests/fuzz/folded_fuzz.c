// SPDX-License-Identifier: GPL-2.0
/*
 * Folded text from anybody: reading must survive it, and what was read must
 * come back unchanged when it is written and read again.
 */
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../user/profile/functions.h"
#include "../../user/render/svg.h"
#include "../../user/text/folded.h"

static struct profile *read_all(const void *data, size_t size,
				struct folded_summary *summary)
{
	struct profile *profile = profile_new();
	FILE *input = fmemopen((void *)data, size, "r");
	struct lines *lines = lines_new(input, "fuzz");

	/* What is packed may be damaged; nothing else may fail. */
	(void)folded_read(lines, NULL, profile, summary, NULL);
	lines_free(lines);
	fclose(input);
	profile_finish(profile);
	return profile;
}

static char *write_all(const struct profile *profile, size_t *length)
{
	char *text = NULL;
	FILE *output = open_memstream(&text, length);

	folded_write(profile, output);
	fclose(output);
	return text;
}

static void draw(const struct profile *profile)
{
	struct svg_options options;
	size_t length;
	char *text = NULL;
	FILE *output = open_memstream(&text, &length);

	svg_defaults(&options);
	options.min_width = 0;
	if (!svg_write(profile, &options, output, NULL) !=
	    (profile_total(profile) > 0))
		abort();
	fclose(output);
	free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct folded_summary summary;
	struct profile *profile;
	size_t count, once_length, twice_length;
	char *once, *twice;

	if (!size)
		return 0;
	profile = read_all(data, size, &summary);
	free(functions_list(profile, FUNCTIONS_BY_SELF, &count));
	draw(profile);
	once = write_all(profile, &once_length);
	profile_free(profile);
	if (once_length) {
		profile = read_all(once, once_length, &summary);
		twice = write_all(profile, &twice_length);
		/* Sums of decimals are rounded, so only whole counts return. */
		if (summary.problems.count ||
		    (!memchr(once, '.', once_length) &&
		     (once_length != twice_length ||
		      memcmp(once, twice, once_length))))
			abort();
		free(twice);
		profile_free(profile);
	}
	free(once);
	return 0;
}
