// SPDX-License-Identifier: GPL-2.0
/*
 * Text says less than a recording, and what was imported from text no more than
 * that: no ledger, and folded stacks not even how many samples a count stands
 * for, so there are no intervals either.
 */
#include "report_text.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "../base/decimal.h"
#include "../base/terminal_text.h"
#include "../load/row_marks.h"

#define NAME_WIDTH 52
#define MODULE_WIDTH 20

static const char *what(const struct input *input)
{
	if (input->imported)
		return "Recording ";
	return input->kind == INPUT_FOLDED ? "Folded stacks " :
					     "perf-script text ";
}

static void origin(const struct recording *recording, FILE *output)
{
	const char *from = recording_meta(recording, "imported_from");
	uint64_t left_out = recording_number(recording, "lines_left_out");

	fputs("\n  imported  from perf-script text ", output);
	if (from)
		terminal_text(output, from, strlen(from), 0);
	if (left_out)
		fprintf(output, ", of which %" PRIu64 " lines were left out",
			left_out);
	fputs(": no ledger", output);
	if (!recording_complete(recording))
		fputs("; the file is not whole", output);
}

static void header(const struct input *input, const char *unit, FILE *output)
{
	const struct perf_script_summary *script = &input->script;
	char total[DECIMAL_MAX];

	decimal_grouped(total, profile_total(input->profile), 6);
	fputs(what(input), output);
	terminal_text(output, input->name, strlen(input->name), 0);
	if (input->imported)
		origin(input->imported, output);
	if (input->kind == INPUT_FOLDED)
		fprintf(output, "\n  stacks    %" PRIu64 "\n",
			input->folded.stacks);
	else
		fprintf(output, "\n  samples   %" PRIu64 "\n", script->samples);
	for (unsigned int i = 0; i < script->event_count; i++) {
		fputs("  event     ", output);
		terminal_text(output, script->events[i].name,
			      strlen(script->events[i].name), 0);
		fprintf(output, ", %" PRIu64 " samples\n",
			script->events[i].samples);
	}
	fprintf(output, "  weight    %s ", total);
	terminal_text(output, unit, strlen(unit), 0);
	fputc('\n', output);
}

static void line(const struct function *function, double total,
		 struct marks *marks, FILE *output)
{
	const char *tab = memrchr(function->text, '\t', function->length);
	size_t name = tab ? (size_t)(tab - function->text) : function->length;
	char self[DECIMAL_MAX], all[DECIMAL_MAX];

	fprintf(output, "%6s %6s %c",
		decimal_fixed(self, 100 * function->self / total, 2),
		decimal_fixed(all, 100 * function->total / total, 2),
		marks_use(marks, mark_of_function(function, function->masked)));
	if (!tab) {
		terminal_text(output, function->text, name, 0);
	} else {
		terminal_column(output, function->text, name, NAME_WIDTH);
		fputc(' ', output);
		terminal_text(output, tab + 1, function->length - name - 1,
			      MODULE_WIDTH);
	}
	fputc('\n', output);
}

void report_text(const struct input *input, const char *unit,
		 enum functions_order order, size_t limit, FILE *output)
{
	double total = profile_total(input->profile);
	struct marks marks = { false, false };
	size_t count, shown;
	struct function *functions =
		functions_list(input->profile, order, &count);

	header(input, unit, output);
	shown = limit && limit < count ? limit : count;
	fprintf(output, "\nFunctions: %zu of %zu, by %s\n%6s %6s  %s\n", shown,
		count, order == FUNCTIONS_BY_TOTAL ? "total" : "self", "self%",
		"total%", "function");
	for (size_t i = 0; total > 0 && i < shown; i++)
		line(&functions[i], total, &marks, output);
	marks_explain(&marks, output);
	free(functions);
}
