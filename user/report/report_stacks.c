// SPDX-License-Identifier: GPL-2.0
/*
 * See report_stacks.h. Ends are counted by samples in both halves; of user
 * stacks there is a table by weight, since there the ways to walk differ.
 */
#include "report_stacks.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "../base/terminal_text.h"

#define PLACES_SHOWN 5

static double percent(double part, double whole)
{
	return whole > 0 ? 100 * part / whole : 0;
}

void report_unwinder(const struct load *load, FILE *output)
{
	const char *unwind = recording_meta(load->recording, "unwind");
	bool can = recording_number(load->recording, "features") &
		   DITHER_FEATURE_UNWIND_TABLES;

	if (!unwind)
		return;
	fprintf(output, "  %-10s", "unwinding");
	if (!strcmp(unwind, "tables"))
		fputs("by tables", output);
	else if (!strcmp(unwind, "fp"))
		fputs(can ? "by frame pointers" :
			    "by frame pointers: the module has no tables",
		      output);
	else
		terminal_text(output, unwind, strlen(unwind), 0);
	fputc('\n', output);
}

static void report_ends(const struct load *load, FILE *output)
{
	static const char *const halves[HALVES] = { "user", "kernel" };
	static const char *const names[STACK_ENDS] = {
		[DITHER_END_ROOT] = "root",
		[DITHER_END_DEPTH] = "depth",
		[DITHER_END_FAULT] = "fault",
		[DITHER_END_BROKEN] = "broken",
		[DITHER_END_NO_TABLE] = "no table",
		[DITHER_END_UNSUPPORTED] = "unsupported",
		[STACK_UNKNOWN_END] = "other",
		[STACK_NONE] = "none",
		[STACK_MISSING] = "lost",
	};

	fprintf(output, "\nHow stacks ended\n");
	for (int half = 0; half < HALVES; half++) {
		const uint64_t *counts = load->statistics.ends[half];
		uint64_t all = 0;

		for (int end = 0; end < STACK_ENDS; end++)
			all += counts[end];
		fprintf(output, "  %-6s %10" PRIu64, halves[half], all);
		for (int end = 0; end < STACK_ENDS; end++) {
			bool usual = end <= DITHER_END_BROKEN ||
				     end == STACK_NONE;

			if (all && (usual || counts[end]))
				fprintf(output, "  %s %.1f%%", names[end],
					percent((double)counts[end],
						(double)all));
		}
		fputc('\n', output);
	}
}

/* The columns. */
static const char *const ends[USER_STACK_ENDS] = {
	[DITHER_END_ROOT] = "complete",
	[DITHER_END_DEPTH] = "depth",
	[DITHER_END_FAULT] = "fault",
	[DITHER_END_BROKEN] = "broken",
	[DITHER_END_NO_TABLE] = "no table",
	[DITHER_END_UNSUPPORTED] = "unsupported",
	[USER_STACK_OTHER_END] = "other",
};

static int width(int end)
{
	size_t length = strlen(ends[end]);

	return length < 8 ? 8 : (int)length;
}

static double row_weight(const double weights[USER_STACK_ENDS])
{
	double sum = 0;

	for (int end = 0; end < USER_STACK_ENDS; end++)
		sum += weights[end];
	return sum;
}

static void table_line(const char *label, const double weights[USER_STACK_ENDS],
		       double all, FILE *output)
{
	fprintf(output, "  %-16s", label);
	for (int end = 0; end < USER_STACK_ENDS; end++)
		fprintf(output, " %*.2f", width(end),
			percent(weights[end], all));
	fprintf(output, " %8.2f\n", percent(row_weight(weights), all));
}

static void report_table(const struct user_stacks *stacks, double all,
			 FILE *output)
{
	static const struct {
		unsigned int row;
		const char *label;
	} rows[] = {
		{ DITHER_UNWIND_TABLE, "tables" },
		{ DITHER_UNWIND_MIXED, "mixed" },
		{ DITHER_UNWIND_FRAME_POINTER, "frame pointers" },
		{ DITHER_UNWIND_NONE, "registers only" },
		{ USER_STACK_OTHER, "other" },
		{ USER_STACK_LOST, "not in the file" },
	};
	double sum[USER_STACK_ENDS] = { 0 };

	fprintf(output, "  %-16s", "");
	for (int end = 0; end < USER_STACK_ENDS; end++)
		fprintf(output, " %*s", width(end), ends[end]);
	fprintf(output, " %8s\n", "all");
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const double *weights = stacks->weights[rows[i].row];

		for (int end = 0; end < USER_STACK_ENDS; end++)
			sum[end] += weights[end];
		if (row_weight(weights) > 0)
			table_line(rows[i].label, weights, all, output);
	}
	table_line("all", sum, all, output);
}

static void report_places(const struct user_stacks *stacks, double all,
			  FILE *output)
{
	size_t count, i;
	struct user_stack_place *places = user_stacks_places(stacks, &count);
	double rest = 0;

	if (count)
		fprintf(output, "  Those for want of a table ended in\n");
	for (i = 0; i < count && i < PLACES_SHOWN; i++) {
		fprintf(output, "  %8.2f  ", percent(places[i].weight, all));
		terminal_text(output, places[i].name, strlen(places[i].name),
			      0);
		fputc('\n', output);
	}
	for (; i < count; i++)
		rest += places[i].weight;
	if (count > PLACES_SHOWN)
		fprintf(output, "  %8.2f  in %zu more\n", percent(rest, all),
			count - PLACES_SHOWN);
	free(places);
}

/* What the module had in the end. */
static void report_module_tables(const struct load *load, FILE *output)
{
	uint64_t dropped = recording_number(load->recording, "tables_dropped");
	uint64_t unmapped =
		recording_number(load->recording, "tables_unmapped");
	uint64_t evicted = recording_number(load->recording, "tables_evicted");

	if (!recording_meta(load->recording, "tables_count"))
		return;
	fprintf(output, "  tables in the module: %" PRIu64 ", %.1f MB",
		recording_number(load->recording, "tables_count"),
		(double)recording_number(load->recording, "tables_bytes") /
			1e6);
	if (dropped)
		fprintf(output, ", %" PRIu64 " dropped for others", dropped);
	if (unmapped)
		fprintf(output, ", %" PRIu64 " mappings not known there",
			unmapped);
	if (evicted)
		fprintf(output, ", %" PRIu64 " processes forgotten for others",
			evicted);
	fputc('\n', output);
}

void report_stacks(const struct load *load, FILE *output)
{
	const struct user_stacks *stacks = &load->user_stacks;
	double all = 0;

	report_ends(load, output);
	for (int row = 0; row < USER_STACK_ROWS; row++)
		all += row_weight(stacks->weights[row]);
	if (!(all > 0))
		return;
	fprintf(output,
		"\nUser stacks by what unwound them and why they ended, in %% of all\n");
	report_table(stacks, all, output);
	report_places(stacks, all, output);
	report_module_tables(load, output);
}
