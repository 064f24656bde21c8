// SPDX-License-Identifier: GPL-2.0
/*
 * Kernel symbols for kallsyms.h. The kernel tells no sizes. Within the kernel, or
 * within a module, a symbol reaches to the next one; the last one, and what is an
 * allocation of its own, to the end of its page: all that is known to be its.
 */
#include "kallsyms.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "../base/alloc.h"
#include "../base/string_table.h"

/* No function is as large, neither of the kernel nor of a module. */
#define KERNEL_REACH (1ULL << 20)
#define MODULE_REACH (64ULL << 10)

/* Of the smallest pages that Linux has. */
#define PAGE_BYTES 4096U

/* Of a line, shown in an error. */
#define SHOWN_BYTES 60

const char kallsyms_kernel[] = "[kernel]";

struct item {
	uint64_t address, end;
	size_t name;   /* offsets into .text */
	size_t module; /* 0: the kernel itself (a name is before) */
};

struct extent {
	uint64_t start, end;
};

struct kallsyms {
	char *text; /* NULs behind names and modules */
	struct item *items;
	size_t count, room;
	struct kernel_symbol *told; /* with their ends */
	size_t told_count, told_room;
	bool hidden;
	struct string_table *modules; /* NULL: .extents are not known yet */
	struct extent *extents; /* by number in .modules */
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

/* The [module] behind the last tab of @name, which is cut off; NULL: none. */
static const char *take_module(char *name, char **module)
{
	size_t bytes;

	*module = strchr(name, '\t');
	if (!*module)
		return NULL;
	*(*module)++ = '\0';
	bytes = strlen(*module);
	if (bytes < 3 || (*module)[0] != '[' || (*module)[bytes - 1] != ']')
		return "does not end with a [module]";
	return NULL;
}

static void add_symbol(struct kallsyms *kallsyms, uint64_t address,
		       const char *name, const char *module)
{
	struct item *item;

	kallsyms->items = alloc_grow(kallsyms->items, kallsyms->count,
				     &kallsyms->room, sizeof(*item));
	item = &kallsyms->items[kallsyms->count++];
	item->address = address;
	item->name = (size_t)(name - kallsyms->text);
	item->module = module ? (size_t)(module - kallsyms->text) : 0;
}

/* "END[ NAME]\t[MODULE]" of what begins at @start. */
static const char *parse_told(struct kallsyms *kallsyms, uint64_t start,
			      char *rest)
{
	uint64_t end;
	size_t digits = parse_address(rest, strlen(rest), &end);
	char *name = rest + digits, *module;
	const char *wrong;

	if (!digits || (*name != ' ' && *name != '\t'))
		return "does not have an end behind its start";
	if (end <= start)
		return "ends before it begins";
	wrong = take_module(name, &module);
	if (wrong || !module)
		return wrong ? wrong : "does not end with a [module]";
	if (*name && strchr(name + 1, ' '))
		return "has a name with a space";
	kallsyms->told = alloc_grow(kallsyms->told, kallsyms->told_count,
				    &kallsyms->told_room,
				    sizeof(*kallsyms->told));
	kallsyms->told[kallsyms->told_count++] = (struct kernel_symbol){
		.start = start,
		.end = end,
		.name = *name && name[1] ? name + 1 : NULL,
		.module = module,
	};
	return NULL;
}

/* What is wrong with the line, or NULL; @line is NUL-terminated. */
static const char *parse_line(struct kallsyms *kallsyms, char *line,
			      size_t length, bool ends)
{
	char *name, *module;
	const char *wrong;
	uint64_t address;
	size_t digits;

	if (memchr(line, '\0', length))
		return "has a NUL byte";
	digits = parse_address(line, length, &address);
	if (ends && digits && line[digits] == '-')
		return parse_told(kallsyms, address, line + digits + 1);
	if (!digits || line[digits] != ' ')
		return "does not begin with an address and a space";
	name = line + digits + 1;
	wrong = take_module(name, &module);
	if (wrong)
		return wrong;
	if (!*name)
		return "has no name";
	if (strchr(name, ' '))
		return "has a name with a space";
	if (address)
		add_symbol(kallsyms, address, name, module);
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

static const char *module_of(const struct kallsyms *kallsyms,
			     const struct item *item)
{
	return item->module ? kallsyms->text + item->module : kallsyms_kernel;
}

/* Each of its symbols is an allocation of its own. */
bool kallsyms_is_scattered(const char *module)
{
	return !strcmp(module, "[bpf]") ||
	       !strncmp(module, "[__builtin__", strlen("[__builtin__"));
}

/* Where the kernel's own code ends; nothing begins there. */
static bool is_end(const char *name)
{
	return !strcmp(name, "_etext") || !strcmp(name, "_einittext");
}

uint64_t kallsyms_page_end(uint64_t address)
{
	uint64_t end = (address | (PAGE_BYTES - 1)) + 1;

	return end ? end : UINT64_MAX;
}

/* The first byte behind what the symbol is known to cover. */
static uint64_t end_of(const struct kallsyms *kallsyms, size_t number)
{
	const struct item *item = &kallsyms->items[number], *next = item + 1;
	const char *module = module_of(kallsyms, item);
	uint64_t reach = item->module ? MODULE_REACH : KERNEL_REACH;
	uint64_t page = kallsyms_page_end(item->address);

	if (!item->module && is_end(kallsyms->text + item->name))
		return item->address;
	if (number + 1 == kallsyms->count)
		return page;
	if (!kallsyms_is_scattered(module) &&
	    next->address - item->address <= reach &&
	    !strcmp(module, module_of(kallsyms, next)))
		return next->address;
	return next->address < page ? next->address : page;
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
	for (size_t i = 0; i < kallsyms->count; i++)
		kallsyms->items[i].end = end_of(kallsyms, i);
}

int kallsyms_parse(const char *text, size_t length, bool ends,
		   struct kallsyms **out, struct error *error)
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
		wrong = parse_line(kallsyms, line, bytes, ends);
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
	kallsyms->hidden = number && !kallsyms->count && !kallsyms->told_count;
	sort(kallsyms);
	*out = kallsyms;
	return 0;
}

void kallsyms_free(struct kallsyms *kallsyms)
{
	if (!kallsyms)
		return;
	if (kallsyms->modules)
		string_table_free(kallsyms->modules);
	free(kallsyms->extents);
	free(kallsyms->text);
	free(kallsyms->told);
	free(kallsyms->items);
	free(kallsyms);
}

bool kallsyms_hidden(const struct kallsyms *kallsyms)
{
	return kallsyms->hidden;
}

const struct kernel_symbol *kallsyms_told(const struct kallsyms *kallsyms,
					  size_t *count)
{
	*count = kallsyms->told_count;
	return kallsyms->told;
}

/* The last symbol at or before @address, or NULL. */
static const struct item *last_before(const struct kallsyms *kallsyms,
				      uint64_t address)
{
	size_t low = 0, high = kallsyms->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (kallsyms->items[middle].address <= address)
			low = middle + 1;
		else
			high = middle;
	}
	return low ? &kallsyms->items[low - 1] : NULL;
}

static void fill(const struct kallsyms *kallsyms, const struct item *item,
		 struct kernel_symbol *out)
{
	out->start = item->address;
	out->end = item->end;
	out->name = kallsyms->text + item->name;
	out->module = module_of(kallsyms, item);
}

bool kallsyms_find(const struct kallsyms *kallsyms, uint64_t address,
		   struct kernel_symbol *out)
{
	const struct item *item = last_before(kallsyms, address);

	if (!item || address >= item->end)
		return false;
	fill(kallsyms, item, out);
	return true;
}

bool kallsyms_find_within(const struct kallsyms *kallsyms, uint64_t address,
			  const struct kernel_symbol *extent,
			  struct kernel_symbol *out)
{
	const struct item *item = last_before(kallsyms, address);

	if (!item || item->address < extent->start ||
	    strcmp(module_of(kallsyms, item), extent->module))
		return false;
	fill(kallsyms, item, out);
	out->end = extent->end;
	if (item + 1 < kallsyms->items + kallsyms->count &&
	    item[1].address < out->end)
		out->end = item[1].address;
	return address < out->end;
}

bool kallsyms_has_any(const struct kallsyms *kallsyms,
		      const struct kernel_symbol *extent)
{
	const struct item *item = last_before(kallsyms, extent->start);

	if (!kallsyms->count)
		return false;
	if (!item)
		item = kallsyms->items;
	else if (item->address < extent->start)
		item++;
	return item < kallsyms->items + kallsyms->count &&
	       item->address < extent->end &&
	       !strcmp(module_of(kallsyms, item), extent->module);
}

static void find_extents(struct kallsyms *kallsyms)
{
	kallsyms->modules = string_table_new();
	for (size_t i = 0; i < kallsyms->count; i++) {
		const struct item *item = &kallsyms->items[i];
		const char *module = module_of(kallsyms, item);
		uint32_t known = string_table_count(kallsyms->modules);
		uint32_t number = string_table_add(kallsyms->modules, module,
						   strlen(module));

		if (number == known) {
			kallsyms->extents =
				alloc_grow(kallsyms->extents, known,
					   &kallsyms->extent_room,
					   sizeof(*kallsyms->extents));
			kallsyms->extents[number].start = item->address;
		}
		kallsyms->extents[number].end = item->end;
	}
}

void kallsyms_extent(struct kallsyms *kallsyms, const char *module,
		     uint64_t *start, uint64_t *end)
{
	uint32_t number;

	if (!kallsyms->modules)
		find_extents(kallsyms);
	number = string_table_add(kallsyms->modules, module, strlen(module));
	*start = kallsyms->extents[number].start;
	*end = kallsyms->extents[number].end;
}
