// SPDX-License-Identifier: GPL-2.0
/* See json_formats.h. */
#include "json_formats.h"

#include <stdlib.h>
#include <string.h>

#include "../base/alloc.h"
#include "../base/decimal.h"
#include "../base/json.h"

#define DECIMALS 6

static void put_name(const struct profile *profile, uint32_t name, FILE *output)
{
	const char *text = profile_text(profile, name), *tab;
	size_t length = profile_text_length(profile, name);

	tab = memrchr(text, '\t', length);
	if (!length)
		json_text(output, "[empty]", strlen("[empty]"));
	else
		json_text(output, text, tab ? (size_t)(tab - text) : length);
}

static void put_number(FILE *output, double value)
{
	char buffer[DECIMAL_MAX];

	fputs(decimal_trimmed(buffer, value, DECIMALS), output);
}

enum column { COLUMN_LEVEL, COLUMN_VALUE, COLUMN_LABEL, COLUMN_SELF, COLUMNS };

static void put_cell(const struct profile *profile, uint32_t number,
		     enum column column, double scale, FILE *output)
{
	struct profile_node node = profile_node(profile, number);

	if (column == COLUMN_LABEL && node.name == PROFILE_NONE)
		fputs("\"total\"", output);
	else if (column == COLUMN_LABEL)
		put_name(profile, node.name, output);
	else
		put_number(output,
			   scale * (column == COLUMN_SELF ? node.self :
							    node.total));
}

/* By node; parents have smaller numbers. The caller's to free(). */
static uint32_t *levels_of(const struct profile *profile)
{
	uint32_t count = profile_nodes(profile);
	uint32_t *levels = alloc_zeroed(count, sizeof(*levels));

	for (uint32_t i = PROFILE_ROOT + 1; i < count; i++)
		levels[i] = levels[profile_node(profile, i).parent] + 1;
	return levels;
}

void nested_set_write(const struct profile *profile,
		      const struct value_type *meaning, FILE *output)
{
	const char *unit = strcmp(meaning->type, "nanoseconds") ? "short" :
								  "ns";
	uint32_t *levels = levels_of(profile);

	fprintf(output,
		"[{\"schema\":{\"meta\":{\"preferredVisualisationType\":"
		"\"flamegraph\"},\"fields\":["
		"{\"name\":\"level\",\"type\":\"number\"},"
		"{\"name\":\"value\",\"type\":\"number\",\"config\":{\"unit\":"
		"\"%s\"}},"
		"{\"name\":\"label\",\"type\":\"string\"},"
		"{\"name\":\"self\",\"type\":\"number\",\"config\":{\"unit\":"
		"\"%s\"}}]},\n\"data\":{\"values\":[",
		unit, unit);
	for (int column = 0; column < COLUMNS; column++) {
		fputs(column ? ",\n[" : "\n[", output);
		for (uint32_t i = PROFILE_ROOT; i != PROFILE_NONE;
		     i = profile_next(profile, i)) {
			if (i != PROFILE_ROOT)
				fputc(',', output);
			if (column == COLUMN_LEVEL)
				fprintf(output, "%u", levels[i]);
			else
				put_cell(profile, i, (enum column)column,
					 meaning->scale, output);
		}
		fputc(']', output);
	}
	fputs("]}}]\n", output);
	free(levels);
}
