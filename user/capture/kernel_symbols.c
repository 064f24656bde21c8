// SPDX-License-Identifier: GPL-2.0
/* See kernel_symbols.h. */
#include "kernel_symbols.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../base/alloc.h"

static int compare(const void *a, const void *b, void *context)
{
	const struct captured_symbol *left = a, *right = b;
	const char *text = context;

	if (left->address != right->address)
		return left->address < right->address ? -1 : 1;
	/* The text decides, so that the order is the same on every run. */
	return strcmp(text + left->text, text + right->text);
}

/* What a compiler left in a module for the linker: places in functions. */
static bool is_label(const char *name)
{
	return name[0] == '$' || (name[0] == '.' && name[1] == 'L');
}

static void add(struct captured_symbols *symbols, uint64_t address, const char *name)
{
	size_t length = strlen(name);

	while (symbols->used + length >= symbols->text_room) {
		symbols->text_room = symbols->text_room ?
					     symbols->text_room * 2 :
					     1 << 16;
		symbols->text = alloc_resize(symbols->text, symbols->text_room,
					     1);
	}
	memcpy(symbols->text + symbols->used, name, length + 1);
	symbols->symbol = alloc_grow(symbols->symbol, symbols->count,
				     &symbols->room, sizeof(struct captured_symbol));
	symbols->symbol[symbols->count++] = (struct captured_symbol){
		.address = address,
		.text = symbols->used,
	};
	symbols->used += length + 1;
}

/* Code symbols only, of lines "<address> <type> <name>[\t[module]]". */
static void collect(FILE *in, bool own, struct captured_symbols *symbols)
{
	char *line = NULL, *rest;
	size_t room = 0;

	while (getline(&line, &room, in) > 0) {
		uint64_t address = strtoull(line, &rest, 16);

		if (rest == line || rest[0] != ' ' || !rest[1] ||
		    !strchr("tTwW", rest[1]) || rest[2] != ' ' ||
		    is_label(rest + 3) || (!own && !strchr(rest, '\t')))
			continue;
		rest[strcspn(rest, "\n")] = '\0';
		add(symbols, address, rest + 3);
	}
	free(line);
	if (symbols->count)
		qsort_r(symbols->symbol, symbols->count,
			sizeof(*symbols->symbol), compare, symbols->text);
}

void capture_symbols(struct captured_symbols *symbols, bool own)
{
	FILE *in = fopen("/proc/kallsyms", "re");

	memset(symbols, 0, sizeof(*symbols));
	if (in) {
		collect(in, own, symbols);
		fclose(in);
	}
	symbols->hidden = !symbols->count ||
			  !symbols->symbol[symbols->count - 1].address;
}

void capture_symbols_free(struct captured_symbols *symbols)
{
	free(symbols->symbol);
	free(symbols->text);
}

const char *capture_symbol_module(const struct captured_symbols *symbols,
				  size_t number)
{
	const char *tab =
		strchr(symbols->text + symbols->symbol[number].text, '\t');

	return tab ? tab + 1 : NULL;
}

size_t capture_symbols_from(const struct captured_symbols *symbols,
			    uint64_t address)
{
	size_t low = 0, high = symbols->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (symbols->symbol[middle].address < address)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}
