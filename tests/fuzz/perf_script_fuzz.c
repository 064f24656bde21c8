// SPDX-License-Identifier: GPL-2.0
/*
 * What perf prints, from anybody, packed or not: reading must survive it, and
 * its weights must come out again.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "../../user/export/pprof.h"
#include "../../user/text/folded.h"
#include "../../user/text/perf_script.h"
#include "../../user/text/text_kind.h"

static void read_all(const uint8_t *data, size_t size,
		     const struct perf_script_options *options)
{
	struct profile *profile = profile_new();
	FILE *input = fmemopen((void *)data, size, "r"), *output;
	struct lines *lines = lines_new(input, "fuzz");
	struct perf_script_summary summary;
	enum text_kind kind;
	size_t length;
	char *text = NULL;

	(void)text_kind_find("fuzz", (const char *)data, size, false, &kind,
			     NULL);
	/* A field that leaves a doubt is refused: there are no samples then. */
	(void)perf_script_read(lines, options, profile, &summary, NULL);
	lines_free(lines);
	fclose(input);
	profile_finish(profile);
	if (profile_node(profile, PROFILE_ROOT).samples != summary.samples)
		abort();
	output = open_memstream(&text, &length);
	folded_write(profile, output);
	fclose(output);
	free(text);
	profile_free(profile);
}

static void write_traces(const struct sample_table *table)
{
	const struct pprof_facts facts = { 0 };
	char *bytes = NULL;
	size_t length;
	FILE *output = open_memstream(&bytes, &length);

	pprof_write(table, &facts, output);
	fclose(output);
	free(bytes);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct sample_times times = { 0 };
	struct perf_script_options options = { .times = &times };

	if (!size)
		return 0;
	read_all(data, size, &options);
	sample_times_free(&times);
	options = (struct perf_script_options){
		.pid = true, .tid = true, .cpu = true, .samples = true
	};
	read_all(data, size, &options);
	options = (struct perf_script_options){ .modules = true,
						.table = sample_table_new() };
	read_all(data, size, &options);
	write_traces(options.table);
	sample_table_free(options.table);
	return 0;
}
