// SPDX-License-Identifier: GPL-2.0
/*
 * Any bytes as perf-script text and as folded stacks, read by one thread and by
 * several: the folded text, and what was refused, must be the same. The first
 * byte chooses the size of pieces.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../user/text/folded.h"
#include "../../user/text/perf_script.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct result {
	char *text;
	size_t length;
	uint32_t names, nodes;
	uint64_t used, refused;
};

static void read_all(const uint8_t *data, size_t size, bool script,
		     const struct parallel *parallel, struct result *result)
{
	const struct perf_script_options options = { .parallel = *parallel };
	struct profile *profile = profile_new();
	FILE *input = fmemopen((void *)data, size, "r"), *output;
	struct lines *lines = lines_new(input, "fuzz");
	struct perf_script_summary from_script;
	const struct folded_options folded = { .parallel = parallel,
					       .demangle = true };
	struct folded_summary from_folded;

	if (script) {
		(void)perf_script_read(lines, &options, profile, &from_script,
				       NULL);
		result->used = from_script.samples;
		result->refused = from_script.problems.count;
	} else {
		(void)folded_read(lines, &folded, profile, &from_folded, NULL);
		result->used = from_folded.stacks;
		result->refused = from_folded.problems.count;
	}
	lines_free(lines);
	fclose(input);
	result->names = profile_names(profile);
	result->nodes = profile_nodes(profile);
	profile_finish(profile);
	output = open_memstream(&result->text, &result->length);
	folded_write(profile, output);
	fclose(output);
	profile_free(profile);
}

static void compare(const uint8_t *data, size_t size, bool script)
{
	const struct parallel one = { .threads = 1 };
	const struct parallel two = { .threads = 2,
				      .piece = data[0] + (size_t)1 };
	struct result alone, together;

	read_all(data + 1, size - 1, script, &one, &alone);
	read_all(data + 1, size - 1, script, &two, &together);
	if (alone.length != together.length || alone.used != together.used ||
	    alone.refused != together.refused ||
	    alone.names != together.names || alone.nodes != together.nodes ||
	    memcmp(alone.text, together.text, alone.length))
		abort();
	free(alone.text);
	free(together.text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const uint8_t zstd[] = { 0x28, 0xb5, 0x2f, 0xfd };

	/* Before damage zstd may give more to who asks for less. */
	if (size < 2 || (size > 4 && !memcmp(data + 1, zstd, 4)))
		return 0;
	compare(data, size, true);
	compare(data, size, false);
	return 0;
}
