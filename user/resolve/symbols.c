// SPDX-License-Identifier: GPL-2.0
/*
 * The symbols of symbols.h. Symbols overlap and nest; finishing cuts the
 * addresses into spans, each with the one symbol that answers there, so that a
 * question is one binary search. There are at most two spans a symbol.
 */
#include "symbols.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "../base/alloc.h"

#define NO_SYMBOL UINT32_MAX

/* How ranks are told from underscores, and from old symbols. */
#define RANK_STEP 2
#define RANK_OLD 16

/* Names that agree this far are told apart by their place in the file. */
#define COMPARED_BYTES 1024

struct item {
	uint64_t start, end;	/* end 0: not known yet */
	uint64_t limit;
	uint32_t name;
	uint32_t order;		/* of symbols_add() */
	unsigned char rank;
	bool label;
};

struct span {
	uint64_t start;		/* up to the next span's */
	uint32_t item;		/* or NO_SYMBOL */
};

struct symbols {
	struct item *items;
	size_t count, room;
	struct span *spans;
	size_t span_count, span_room;
	char *names;
	size_t names_bytes, names_room;
};

/* Symbols that have begun, the latest on top. */
struct open_items {
	uint32_t *numbers;
	size_t count, room;
};

struct symbols *symbols_new(void)
{
	return alloc_zeroed(1, sizeof(struct symbols));
}

void symbols_free(struct symbols *symbols)
{
	if (!symbols)
		return;
	free(symbols->items);
	free(symbols->spans);
	free(symbols->names);
	free(symbols);
}

int symbols_add_names(struct symbols *symbols, const char *names,
		      size_t length, uint32_t *base, struct error *error)
{
	size_t before = symbols->names_bytes;

	if (length >= UINT32_MAX - before)
		return error_set(error, -EFBIG,
				 "symbol names of more than 4 GiB");
	/* The NUL behind ends a last name that the table left open. */
	symbols->names = alloc_resize(symbols->names, before + length + 1, 1);
	if (length)
		memcpy(symbols->names + before, names, length);
	symbols->names[before + length] = '\0';
	symbols->names_bytes = before + length + 1;
	*base = (uint32_t)before;
	return 0;
}

void symbols_add(struct symbols *symbols, const struct symbol_entry *entry)
{
	struct item *item;
	uint64_t space = entry->limit - entry->start;

	if (entry->name >= symbols->names_bytes ||
	    !symbols->names[entry->name] || entry->limit <= entry->start ||
	    symbols->count >= NO_SYMBOL - 1)
		return;
	symbols->items = alloc_grow(symbols->items, symbols->count,
				    &symbols->room, sizeof(*item));
	item = &symbols->items[symbols->count];
	item->start = entry->start;
	item->end = 0;
	if (entry->size)
		item->end = entry->size < space ? entry->start + entry->size :
						  entry->limit;
	item->limit = entry->limit;
	item->name = entry->name;
	item->order = (uint32_t)symbols->count++;
	item->rank = (unsigned char)(entry->rank * RANK_STEP);
	if (symbols->names[entry->name] == '_')
		item->rank++;
	if (entry->old)
		item->rank += RANK_OLD;
	item->label = entry->label;
}

/* By address; of one address the preferred symbol comes last. */
static int compare(const void *left, const void *right, void *context)
{
	const struct symbols *symbols = context;
	const struct item *a = left, *b = right;
	int names;

	if (a->start != b->start)
		return a->start < b->start ? -1 : 1;
	if (a->rank != b->rank)
		return a->rank > b->rank ? -1 : 1;
	names = strncmp(symbols->names + a->name, symbols->names + b->name,
			COMPARED_BYTES);
	if (names)
		return names > 0 ? -1 : 1;
	return a->order > b->order ? -1 : a->order < b->order;
}

/*
 * An end for every symbol without a size: the next symbol, the end of the
 * section, or the end of a sized symbol around it, whichever comes first.
 */
static void find_ends(struct symbols *symbols)
{
	struct item *items = symbols->items;
	uint64_t around = 0;
	size_t next;

	for (size_t i = 0; i < symbols->count; i = next) {
		for (next = i; next < symbols->count &&
			       items[next].start == items[i].start; next++) {
			if (items[next].end > around)
				around = items[next].end;
		}
		for (size_t j = i; j < next; j++) {
			struct item *item = &items[j];

			if (item->end)
				continue;
			item->end = item->limit;
			if (next < symbols->count &&
			    items[next].start < item->end)
				item->end = items[next].start;
			if (around > item->start && around < item->end)
				item->end = around;
		}
	}
}

static void add_span(struct symbols *symbols, uint64_t start, uint32_t item)
{
	struct span *last;

	if (symbols->span_count &&
	    symbols->spans[symbols->span_count - 1].item == item)
		return;
	symbols->spans = alloc_grow(symbols->spans, symbols->span_count,
				    &symbols->span_room, sizeof(*last));
	last = &symbols->spans[symbols->span_count++];
	last->start = start;
	last->item = item;
}

static void push(struct open_items *open, uint32_t number)
{
	open->numbers = alloc_grow(open->numbers, open->count, &open->room,
				   sizeof(*open->numbers));
	open->numbers[open->count++] = number;
}

/* The latest begun symbol that still covers @address. */
static uint32_t top(const struct symbols *symbols, struct open_items *open,
		    uint64_t address)
{
	while (open->count) {
		uint32_t number = open->numbers[open->count - 1];

		if (symbols->items[number].end > address)
			return number;
		open->count--;
	}
	return NO_SYMBOL;
}

static void cut_spans(struct symbols *symbols)
{
	struct open_items functions = { 0 }, labels = { 0 };
	uint64_t address = 0;

	for (size_t i = 0; i <= symbols->count; i++) {
		uint64_t until = i < symbols->count ? symbols->items[i].start :
						      UINT64_MAX;

		while (address < until) {
			uint32_t item = top(symbols, &functions, address);

			if (item == NO_SYMBOL)
				item = top(symbols, &labels, address);
			add_span(symbols, address, item);
			if (item == NO_SYMBOL ||
			    symbols->items[item].end > until)
				address = until;
			else
				address = symbols->items[item].end;
		}
		if (i < symbols->count)
			push(symbols->items[i].label ? &labels : &functions,
			     (uint32_t)i);
	}
	free(functions.numbers);
	free(labels.numbers);
}

void symbols_finish(struct symbols *symbols)
{
	if (!symbols->count)
		return;
	qsort_r(symbols->items, symbols->count, sizeof(*symbols->items),
		compare, symbols);
	find_ends(symbols);
	cut_spans(symbols);
}

bool symbols_find(const struct symbols *symbols, uint64_t address,
		  struct symbol *out)
{
	size_t low = 0, high = symbols->span_count;
	const struct item *item;
	const char *name;

	/* low: spans that begin at or before the address */
	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (symbols->spans[middle].start <= address)
			low = middle + 1;
		else
			high = middle;
	}
	if (!low || symbols->spans[low - 1].item == NO_SYMBOL)
		return false;
	item = &symbols->items[symbols->spans[low - 1].item];
	name = symbols->names + item->name;
	if (strnlen(name, SYMBOL_NAME_MAX) == SYMBOL_NAME_MAX)
		return false;
	out->start = item->start;
	out->name = name;
	out->stub = item->rank % RANK_OLD / RANK_STEP == SYMBOL_STUB;
	return true;
}

size_t symbols_count(const struct symbols *symbols)
{
	return symbols->count;
}
