// SPDX-License-Identifier: GPL-2.0
/*
 * See code_extents.h. The kernel tells the size of a module, with its data, and
 * where each function of a BPF program ends. Of trampolines, and of programs
 * where it does not tell, it is known only that each has a page at least from
 * where it begins, or up to the next one.
 */
#include "code_extents.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../base/alloc.h"
#include "bpf_programs.h"

#define PAGE_BYTES 4096U
#define NAME_MAX_BYTES 64

bool extents_parse_module(const char *line, struct code_extent *extent)
{
	char name[NAME_MAX_BYTES + 1];
	uint64_t address, bytes;

	if (sscanf(line, "%64s %" SCNu64 " %*s %*s %*s %" SCNx64, name, &bytes,
		   &address) != 3 ||
	    !address || !bytes || address + bytes < address)
		return false;
	extent->start = address;
	extent->end = address + bytes;
	extent->module = alloc_format("[%s]", name);
	extent->name = NULL;
	return true;
}

bool extents_parse_area(const char *line, uint64_t *start, uint64_t *end)
{
	uint64_t bytes;

	/* Addresses may be made up. */
	return sscanf(line, "%" SCNx64 "-%" SCNx64 " %" SCNu64, start, end,
		      &bytes) == 3 &&
	       *start < *end && *end - *start == bytes;
}

static void add(struct code_extents *extents, const struct code_extent *extent)
{
	extents->extent = alloc_grow(extents->extent, extents->count,
				     &extents->room, sizeof(*extent));
	extents->extent[extents->count++] = *extent;
}

static void add_function(void *context, uint64_t start, uint64_t bytes)
{
	const struct code_extent extent = {
		.start = start,
		.end = start + bytes,
		.module = alloc_string("[bpf]"),
	};

	add(context, &extent);
}

/* Each line of a file, until one is wanted no more. */
static void read_lines(const char *path,
		       void (*line)(void *context, const char *line),
		       void *context)
{
	FILE *in = fopen(path, "re");
	char *text = NULL;
	size_t room = 0;

	if (!in)
		return;
	while (getline(&text, &room, in) > 0)
		line(context, text);
	free(text);
	fclose(in);
}

static void add_module(void *context, const char *line)
{
	struct code_extent extent;

	if (extents_parse_module(line, &extent))
		add(context, &extent);
}

static uint64_t mix(uint64_t state, uint64_t value)
{
	return (state ^ value) * 0x9e3779b97f4a7c15ULL;
}

static void add_state(void *context, const char *line)
{
	uint64_t *state = context;
	struct code_extent extent;

	/* Who uses a module changes all the time. */
	if (!extents_parse_module(line, &extent))
		return;
	*state = mix(mix(*state, extent.start), extent.end);
	for (const char *name = extent.module; *name; name++)
		*state = mix(*state, (unsigned char)*name);
	free(extent.module);
}

uint64_t extents_state(void)
{
	uint64_t state = bpf_state();

	read_lines("/proc/modules", add_state, &state);
	return state;
}

static int by_start(const void *left, const void *right)
{
	const struct code_extent *a = left, *b = right;

	return (a->start > b->start) - (a->start < b->start);
}

static void sort(struct code_extents *extents)
{
	if (extents->count)
		qsort(extents->extent, extents->count, sizeof(*extents->extent),
		      by_start);
}

void extents_begin(struct code_extents *extents)
{
	memset(extents, 0, sizeof(*extents));
	extents->state = extents_state();
	read_lines("/proc/modules", add_module, extents);
	bpf_functions(add_function, extents);
	sort(extents);
}

static struct code_extent *find(const struct code_extents *extents,
				size_t count, uint64_t start)
{
	const struct code_extent wanted = { .start = start };

	if (!count)
		return NULL;
	return bsearch(&wanted, extents->extent, count,
		       sizeof(*extents->extent), by_start);
}

/* Programs get their names, trampolines are found. */
static void add_scattered(struct code_extents *extents,
			  const struct captured_symbols *symbols)
{
	size_t known = extents->count;

	for (size_t i = 0; i < symbols->count; i++) {
		const char *module = capture_symbol_module(symbols, i);
		const char *text = symbols->text + symbols->symbol[i].text;
		uint64_t start = symbols->symbol[i].address;
		struct code_extent *extent, made;
		char *name;

		if (!module || !start ||
		    (strcmp(module, "[bpf]") != 0 &&
		     strncmp(module, "[__builtin__", 12) != 0))
			continue;
		name = alloc_format("%.*s", (int)(module - 1 - text), text);
		extent = find(extents, known, start);
		if (extent && !extent->name) {
			extent->name = name;
			continue;
		}
		if (extent) {
			free(name);
			continue;
		}
		made = (struct code_extent){
			.start = start,
			.end = (start | (PAGE_BYTES - 1)) + 1,
			.module = alloc_string(module),
			.name = name,
		};
		add(extents, &made);
	}
	sort(extents);
}

static bool is_module(const struct code_extent *extent)
{
	return !extent->name && strcmp(extent->module, "[bpf]") != 0;
}

/* A module's code is in one allocation, perhaps without its data. */
static void narrow(void *context, const char *line)
{
	struct code_extents *extents = context;
	uint64_t start, end;

	if (!extents_parse_area(line, &start, &end))
		return;
	for (size_t low = 0, high = extents->count; low < high;) {
		size_t middle = low + (high - low) / 2;
		struct code_extent *extent = &extents->extent[middle];

		if (extent->start < start) {
			low = middle + 1;
		} else if (extent->start >= end) {
			high = middle;
		} else {
			if (is_module(extent) && extent->end > end)
				extent->end = end;
			return;
		}
	}
}

static void cut_overlaps(struct code_extents *extents)
{
	size_t kept = 0;

	for (size_t i = 0; i < extents->count; i++) {
		struct code_extent *extent = &extents->extent[i];

		if (i + 1 < extents->count && extent->end > extent[1].start)
			extent->end = extent[1].start;
		/* A function without a symbol went while they were read. */
		if (extent->start < extent->end &&
		    (extent->name || is_module(extent))) {
			extents->extent[kept++] = *extent;
			continue;
		}
		free(extent->module);
		free(extent->name);
	}
	extents->count = kept;
}

void extents_finish(struct code_extents *extents,
		    const struct captured_symbols *symbols)
{
	add_scattered(extents, symbols);
	read_lines("/proc/vmallocinfo", narrow, extents);
	cut_overlaps(extents);
}

void extents_free(struct code_extents *extents)
{
	for (size_t i = 0; i < extents->count; i++) {
		free(extents->extent[i].module);
		free(extents->extent[i].name);
	}
	free(extents->extent);
}

bool extents_have(const struct code_extents *extents,
		  const struct code_extent *extent)
{
	const struct code_extent *found =
		find(extents, extents->count, extent->start);

	return found && !strcmp(found->module, extent->module);
}
