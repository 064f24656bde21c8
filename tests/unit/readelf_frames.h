/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Call frame information as readelf --debug-dump=frames-interp prints it: a
 * line for each row of each function, in columns by register.
 */
#ifndef READELF_FRAMES_H
#define READELF_FRAMES_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define READELF_CELL 24

struct readelf_row {
	uint64_t start, end;	/* addresses */
	char cfa[READELF_CELL];
	/* "" where there is no column of that name */
	char fp[READELF_CELL], ra[READELF_CELL], sp[READELF_CELL];
	bool signal;
	bool debug;		/* of .debug_frame */
};

struct readelf_function {
	uint64_t start, end;
	size_t order;		/* in the output */
	size_t first_row, row_count;
	bool debug;
	bool foreign;		/* its return address is in another column */
};

struct readelf_frames {
	struct readelf_row *rows;
	size_t row_count, row_room;
	struct readelf_function *functions;
	size_t function_count, function_room;
};

struct readelf_parser {
	struct readelf_frames *frames;
	const char *fp, *sp;	/* names of registers */
	unsigned int ra;	/* number of the return address's column */
	int fp_column, sp_column, ra_column;	/* or -1 */
	bool debug, signal, inside;
	/* CIEs of this section that are other than usual. */
	unsigned long long signal_cies[64], foreign_cies[64];
	size_t signal_cie_count, foreign_cie_count;
};

static inline void *readelf_grow(void *items, size_t count, size_t *room,
				 size_t size)
{
	if (count < *room)
		return items;
	*room = *room ? *room * 2 : 1024;
	items = reallocarray(items, *room, size);
	if (!items)
		abort();
	return items;
}

/* "OFFSET LENGTH ID CIE "zRS" …" or "OFFSET LENGTH ID FDE cie=… pc=…..…" */
static inline void readelf_entry(struct readelf_parser *parser,
				 const char *line)
{
	struct readelf_frames *frames = parser->frames;
	unsigned long long offset, cie, start, end;
	struct readelf_function *function;
	const char *ra = strstr(line, " ra=");

	parser->inside = false;
	if (strstr(line, " CIE ")) {
		offset = strtoull(line, NULL, 16);
		if (strstr(line, " CIE \"zRS\"") &&
		    parser->signal_cie_count < 64)
			parser->signal_cies[parser->signal_cie_count++] = offset;
		if (ra && strtoul(ra + 4, NULL, 10) != parser->ra &&
		    parser->foreign_cie_count < 64)
			parser->foreign_cies[parser->foreign_cie_count++] =
				offset;
		return;
	}
	if (sscanf(line, "%*x %*x %*x FDE cie=%llx pc=%llx..%llx", &cie, &start,
		   &end) != 3 ||
	    !start || start >= end)
		return;
	parser->inside = true;
	parser->signal = false;
	for (size_t i = 0; i < parser->signal_cie_count; i++)
		if (parser->signal_cies[i] == cie)
			parser->signal = true;
	frames->functions = readelf_grow(frames->functions,
					 frames->function_count,
					 &frames->function_room,
					 sizeof(*function));
	function = &frames->functions[frames->function_count];
	*function = (struct readelf_function){
		.start = start,
		.end = end,
		.order = frames->function_count++,
		.first_row = frames->row_count,
		.debug = parser->debug,
	};
	for (size_t i = 0; i < parser->foreign_cie_count; i++)
		if (parser->foreign_cies[i] == cie)
			function->foreign = true;
}

static inline void readelf_columns(struct readelf_parser *parser, char *line)
{
	int column = 0;

	parser->fp_column = -1;
	parser->sp_column = -1;
	parser->ra_column = -1;
	for (char *at = strtok(line, " \n"); at; at = strtok(NULL, " \n")) {
		if (!strcmp(at, parser->fp))
			parser->fp_column = column;
		if (!strcmp(at, parser->sp))
			parser->sp_column = column;
		if (!strcmp(at, "ra"))
			parser->ra_column = column;
		column++;
	}
}

static inline void readelf_row(struct readelf_parser *parser, char *line)
{
	struct readelf_frames *frames = parser->frames;
	struct readelf_function *function =
		&frames->functions[frames->function_count - 1];
	struct readelf_row *row;
	int column = 0;

	frames->rows = readelf_grow(frames->rows, frames->row_count,
				    &frames->row_room, sizeof(*row));
	row = &frames->rows[frames->row_count++];
	*row = (struct readelf_row){ .end = function->end,
				     .signal = parser->signal,
				     .debug = parser->debug };
	for (char *at = strtok(line, " \n"); at; at = strtok(NULL, " \n")) {
		if (*at == '(')	/* of "r10 (r10)" */
			continue;
		if (column == 0)
			row->start = strtoull(at, NULL, 16);
		else if (column == 1)
			snprintf(row->cfa, READELF_CELL, "%s", at);
		if (column == parser->fp_column)
			snprintf(row->fp, READELF_CELL, "%s", at);
		if (column == parser->sp_column)
			snprintf(row->sp, READELF_CELL, "%s", at);
		if (column == parser->ra_column)
			snprintf(row->ra, READELF_CELL, "%s", at);
		column++;
	}
	if (function->row_count++)
		row[-1].end = row->start;
}

static inline void readelf_line(struct readelf_parser *parser, char *line)
{
	if (!strncmp(line, "Contents of the ", 16)) {
		parser->debug = strstr(line, "debug_frame");
		parser->signal_cie_count = 0;
		parser->foreign_cie_count = 0;
		parser->inside = false;
	} else if (strstr(line, " CIE ") || strstr(line, " FDE ")) {
		readelf_entry(parser, line);
	} else if (parser->inside && !strncmp(line, "   LOC", 6)) {
		readelf_columns(parser, line);
	} else if (parser->inside && strspn(line, "0123456789abcdef") == 16) {
		readelf_row(parser, line);
	}
}

static inline int readelf_order(const void *first, const void *second)
{
	const struct readelf_function *a = first, *b = second;

	if (a->start != b->start)
		return a->start < b->start ? -1 : 1;
	if (a->debug != b->debug)
		return a->debug ? 1 : -1;
	return a->order < b->order ? -1 : 1;
}

/* The functions of @path in ascending order. */
static inline void readelf_frames_read(struct readelf_frames *frames,
				       const char *path, bool arm64)
{
	struct readelf_parser parser = {
		.frames = frames,
		.fp = arm64 ? "x29" : "rbp",
		.sp = arm64 ? "sp" : "rsp",
		.ra = arm64 ? 30 : 16,
	};
	char command[4096], line[4096];
	FILE *pipe;

	*frames = (struct readelf_frames){ .rows = NULL };
	snprintf(command, sizeof(command),
		 "LC_ALL=C readelf --wide --debug-dump=frames-interp '%s' 2>/dev/null",
		 path);
	pipe = popen(command, "r");
	if (!pipe)
		abort();
	while (fgets(line, sizeof(line), pipe))
		readelf_line(&parser, line);
	pclose(pipe);
	if (frames->function_count)
		qsort(frames->functions, frames->function_count,
		      sizeof(*frames->functions), readelf_order);
}

static inline void readelf_frames_free(struct readelf_frames *frames)
{
	free(frames->rows);
	free(frames->functions);
}

#endif
