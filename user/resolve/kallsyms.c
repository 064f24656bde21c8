// SPDX-License-Identifier: GPL-2.0
/*
 * Kernel symbols for kallsyms.h. The kernel tells no sizes, so that a symbol
 * reaches to the next one; but no function is as large as the gaps between the
 * kernel and its modules.
 */
#include "kallsyms.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "../base/alloc.h"
#include "../base/intern.h"

#define REACH_MAX (1ULL << 20)

/* Of a line, shown in an error. */
#define SHOWN_BYTES 60

static const char kernel_module[] = "[kernel]";

struct item {
	uint64_t address;
	size_t name;		/* offsets into .text */
	size_t module;		/* 0: the kernel itself (a name is before) */
};

struct extent {
	uint64_t start, end;
};

struct kallsyms {
	char *text;		/* NULs behind names and modules */
	struct item *items;
	size_t count, room;
	bool hidden;
	struct intern *modules;	/* NULL: .extents are not known yet */
	struct extent *extents;	/* by number in .modules */
	size_t extent_room;
};

/* Hex digits, 1 to 16. Returns how many, 0: not an address. */
static size_t parse_address(const char *text, size_t length, uint64_t *address)
{
	size_t digits;

	*address = 0;
	for (digits = 0; digits < length; digits++) {
		char c = text[digits];

		if (c >= '0' && c <= '9')
			*address = *address << 4 | (uint64_t)(c - '0');
		else if (c >= 'a' && c <= 'f')
			*address = *address << 4 | (uint64_t)(c - 'a' + 10);
		else if (c >= 'A' && c <= 'F')
			*address = *address << 4 | (uint64_t)(c - 'A' + 10);
		else
			break;
	}
	return digits <= 16 ? digits : 0;
}

/* What is wrong with the line, or NULL; @line is NUL-terminated. */
static const char *parse_line(struct kallsyms *kallsyms, char *line,
			      size_t length)
{
	char *name, *module;
	struct item *item;
	uint64_t address;
	size_t digits;

	if (memchr(line, '\0', length))
		return "has a NUL byte";
	digits = parse_address(line, length, &address);
	if (!digits || line[digits] != ' ')
		return "does not begin with an address and a space";
	name = line + digits + 1;
	module = strchr(name, '\t');
	if (module) {
		size_t bytes = strlen(module + 1);

		*module++ = '\0';
		if (bytes < 3 || module[0] != '[' || module[bytes - 1] != ']')
			return "does not end with a [module]";
	}
	if (!*name)
		return "has no name";
	if (strchr(name, ' '))
		return "has a name with a space";
	if (!address)
		return NULL;
	kallsyms->items = alloc_grow(kallsyms->items, kallsyms->count,
				     &kallsyms->room, sizeof(*item));
	item = &kallsyms->items[kallsyms->count++];
	item->address = address;
	item->name = (size_t)(name - kallsyms->text);
	item->module = module ? (size_t)(module - kallsyms->text) : 0;
	return NULL;
}

/* By address, then the preferred name first. */
static int compare(const void *left, const void *right, void *context)
{
	const struct item *a = left, *b = right;
	const char *text = context;
	int names;

	if (a->address != b->address)
		return a->address < b->address ? -1 : 1;
	if ((text[a->name] == '_') != (text[b->name] == '_'))
		return text[a->name] == '_' ? 1 : -1;
	names = strcmp(text + a->name, text + b->name);
	if (names)
		return names;
	return a->name < b->name ? -1 : a->name > b->name;
}

static void sort(struct kallsyms *kallsyms)
{
	size_t kept = 0;

	if (!kallsyms->count)
		return;
	qsort_r(kallsyms->items, kallsyms->count, sizeof(*kallsyms->items),
		compare, kallsyms->text);
	for (size_t i = 1; i < kallsyms->count; i++) {
		if (kallsyms->items[i].address != kallsyms->items[kept].address)
			kallsyms->items[++kept] = kallsyms->items[i];
	}
	kallsyms->count = kept + 1;
}

int kallsyms_parse(const char *text, size_t length, struct kallsyms **out,
		   struct error *error)
{
	struct kallsyms *kallsyms = alloc_zeroed(1, sizeof(*kallsyms));
	unsigned long long number = 0;
	const char *wrong = NULL;

	kallsyms->text = alloc_zeroed(length + 1, 1);
	if (length)
		memcpy(kallsyms->text, text, length);
	for (size_t at = 0; at < length && !wrong;) {
		char *line = kallsyms->text + at;
		char *end = memchr(line, '\n', length - at);
		size_t bytes = end ? (size_t)(end - line) : length - at;

		number++;
		line[bytes] = '\0';
		wrong = parse_line(kallsyms, line, bytes);
		if (wrong)
			error_set(error, -EINVAL,
				  "kernel symbols, line %llu: %s: '%.*s'",
				  number, wrong,
				  bytes < SHOWN_BYTES ? (int)bytes :
							SHOWN_BYTES,
				  text + at);
		at += bytes + 1;
	}
	if (wrong) {
		kallsyms_free(kallsyms);
		return -EINVAL;
	}
	kallsyms->hidden = number && !kallsyms->count;
	sort(kallsyms);
	*out = kallsyms;
	return 0;
}

void kallsyms_free(struct kallsyms *kallsyms)
{
	if (!kallsyms)
		return;
	if (kallsyms->modules)
		intern_free(kallsyms->modules);
	free(kallsyms->extents);
	free(kallsyms->text);
	free(kallsyms->items);
	free(kallsyms);
}

static const char *module_of(const struct kallsyms *kallsyms,
			     const struct item *item)
{
	return item->module ? kallsyms->text + item->module : kernel_module;
}

bool kallsyms_hidden(const struct kallsyms *kallsyms)
{
	return kallsyms->hidden;
}

bool kallsyms_find(const struct kallsyms *kallsyms, uint64_t address,
		   struct kernel_symbol *out)
{
	size_t low = 0, high = kallsyms->count;
	const struct item *item;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (kallsyms->items[middle].address <= address)
			low = middle + 1;
		else
			high = middle;
	}
	if (!low)
		return false;
	item = &kallsyms->items[low - 1];
	if (address - item->address > REACH_MAX)
		return false;
	out->start = item->address;
	out->name = kallsyms->text + item->name;
	out->module = module_of(kallsyms, item);
	return true;
}

/* The first byte behind what the symbol can cover. */
static uint64_t end_of(const struct kallsyms *kallsyms, size_t number)
{
	uint64_t start = kallsyms->items[number].address;
	uint64_t end = start + REACH_MAX + 1;

	if (end < start)
		end = UINT64_MAX;
	if (number + 1 < kallsyms->count &&
	    kallsyms->items[number + 1].address < end)
		end = kallsyms->items[number + 1].address;
	return end;
}

static void find_extents(struct kallsyms *kallsyms)
{
	kallsyms->modules = intern_new();
	for (size_t i = 0; i < kallsyms->count; i++) {
		const struct item *item = &kallsyms->items[i];
		const char *module = module_of(kallsyms, item);
		uint32_t known = intern_count(kallsyms->modules);
		uint32_t number = intern_add(kallsyms->modules, module,
					     strlen(module));

		if (number == known) {
			kallsyms->extents = alloc_grow(
				kallsyms->extents, known,
				&kallsyms->extent_room,
				sizeof(*kallsyms->extents));
			kallsyms->extents[number].start = item->address;
		}
		kallsyms->extents[number].end = end_of(kallsyms, i);
	}
}

void kallsyms_extent(struct kallsyms *kallsyms, const char *module,
		     uint64_t *start, uint64_t *end)
{
	uint32_t number;

	if (!kallsyms->modules)
		find_extents(kallsyms);
	number = intern_add(kallsyms->modules, module, strlen(module));
	*start = kallsyms->extents[number].start;
	*end = kallsyms->extents[number].end;
}
