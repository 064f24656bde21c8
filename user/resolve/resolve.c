// SPDX-License-Identifier: GPL-2.0
/*
 * Puts the rooms of this folder together: from process and address to mapping
 * (address_spaces.h), from there to module and offset (code_module.h), from
 * there to a name. Every step is remembered: a place of a file is looked up
 * once, a name exists once, whatever the number of samples.
 */
#include "resolve.h"

#include <stdlib.h>
#include <string.h>

#include "../base/alloc.h"
#include "../base/hash.h"
#include "../base/string_table.h"
#include "address_spaces.h"
#include "code_module.h"
#include "complaints.h"
#include "demangle.h"

/* Names are handed out by address, so they are kept in blocks. */
#define BLOCK_NAMES 1024

/*
 * Most frames of most samples are the same few: the last answers by process
 * and address, one for each hash. They hold until any address space changes.
 */
#define RECENT_BITS 14

struct recent {
	uint64_t address;
	uint32_t tgid;
	uint32_t age;		/* of the address spaces; 0: free */
	bool is_return;
	const struct name *name;
};

/* What is remembered of a place in a module. */
struct answer {
	uint32_t text, symbol;
	enum name_kind kind;
	uint64_t distance;	/* from the symbol's start; NAME_SYMBOL only */
};

struct resolver {
	struct complaints *complaints;
	struct modules *modules;
	struct address_spaces *spaces;
	struct kernel *code;
	uint64_t time;		/* at which code is asked for */
	struct string_table *texts;
	struct hash *names;	/* text of a symbol -> that of its name */
	char *demangled;	/* DEMANGLE_NAME_MAX bytes; NULL: not wanted */
	struct answer *answers;
	size_t answer_count, answer_room;
	struct hash *places; /* module, offset -> answer */
	struct hash *kernel; /* address -> name, whatever the time */
	struct hash *shared; /* module and text, symbol start -> name */
	struct name **blocks;
	size_t name_count, block_room;
	struct name unknown;
	struct recent *recent;
	uint32_t age;		/* counts the changes of address spaces */
};

struct resolver *resolver_new(const struct resolver_options *options)
{
	struct resolver *resolver = alloc_zeroed(1, sizeof(*resolver));

	resolver->complaints = complaints_new();
	resolver->modules = modules_new(options, resolver->complaints);
	resolver->spaces = address_spaces_new();
	resolver->code = kernel_new();
	resolver->texts = string_table_new();
	resolver->places = hash_new();
	resolver->kernel = hash_new();
	resolver->shared = hash_new();
	if (!options || !options->mangled) {
		resolver->names = hash_new();
		resolver->demangled = alloc_zeroed(DEMANGLE_NAME_MAX, 1);
	}
	resolver->unknown.text = "[unknown]";
	resolver->unknown.symbol = "[unknown]";
	resolver->unknown.module = "";
	resolver->unknown.path = "";
	resolver->unknown.kind = NAME_UNKNOWN;
	resolver->recent = alloc_zeroed((size_t)1 << RECENT_BITS,
					sizeof(*resolver->recent));
	resolver->age = 1;
	return resolver;
}

void resolver_free(struct resolver *resolver)
{
	if (!resolver)
		return;
	for (size_t i = 0; i * BLOCK_NAMES < resolver->name_count; i++)
		free(resolver->blocks[i]);
	free(resolver->blocks);
	free(resolver->recent);
	free(resolver->answers);
	free(resolver->demangled);
	if (resolver->names)
		hash_free(resolver->names);
	hash_free(resolver->places);
	hash_free(resolver->kernel);
	hash_free(resolver->shared);
	string_table_free(resolver->texts);
	kernel_free(resolver->code);
	address_spaces_free(resolver->spaces);
	modules_free(resolver->modules);
	complaints_free(resolver->complaints);
	free(resolver);
}

int resolver_add_kernel(struct resolver *resolver, const char *text,
			size_t length, struct error *error)
{
	return resolver_add_kernel_code(resolver, text, length, NULL, error);
}

int resolver_add_kernel_code(struct resolver *resolver, const char *text,
			     size_t length,
			     const struct kernel_reading *reading,
			     struct error *error)
{
	bool hidden;
	int code = kernel_add(resolver->code, text, length, reading, &hidden,
			      error);

	if (!code && hidden)
		complaints_add(resolver->complaints,
			       "kernel symbols: all addresses are zero; the recording kernel hid them (kernel.kptr_restrict)");
	return code;
}

void resolver_code(struct resolver *resolver, const struct dither_code *record)
{
	kernel_add_record(resolver->code, record);
}

void resolver_set_time(struct resolver *resolver, uint64_t time)
{
	resolver->time = time;
}

/* What is recent is so no more. */
static void forget_recent(struct resolver *resolver)
{
	if (++resolver->age)
		return;
	memset(resolver->recent, 0, sizeof(*resolver->recent) << RECENT_BITS);
	resolver->age = 1;
}

int resolver_add_vdso(struct resolver *resolver, const unsigned char *image,
		      size_t length, struct error *error)
{
	return modules_set_vdso(resolver->modules, image, length, error);
}

void resolver_content(struct resolver *resolver,
		      const struct recorded_content *content)
{
	modules_add_content(resolver->modules, content);
}

void resolver_fork(struct resolver *resolver, const struct dither_fork *record)
{
	if (record->tgid != record->header.tid ||
	    record->tgid == record->parent_tgid)
		return;
	forget_recent(resolver);
	address_spaces_fork(resolver->spaces, record->tgid,
			    record->parent_tgid);
}

void resolver_exec(struct resolver *resolver, const struct dither_comm *record)
{
	if (!(record->header.flags & DITHER_COMM_EXEC))
		return;
	forget_recent(resolver);
	address_spaces_exec(resolver->spaces, record->tgid);
}

void resolver_forget(struct resolver *resolver,
		     const struct dither_forget *record)
{
	forget_recent(resolver);
	address_spaces_forget(resolver->spaces, record->header.tid);
}

void resolver_exit(struct resolver *resolver, const struct dither_exit *record)
{
	if (record->header.flags & DITHER_EXIT_PROCESS)
		address_spaces_exit(resolver->spaces, record->tgid);
}

void resolver_map(struct resolver *resolver, const struct dither_map *record)
{
	struct mapping mapping = {
		.start = record->start,
		.end = record->start + record->length,
		.offset = record->offset,
	};

	if (mapping.end < mapping.start)
		mapping.end = UINT64_MAX;
	if (mapping.end == mapping.start)
		return;
	forget_recent(resolver);
	mapping.module = modules_recorded(resolver->modules, record);
	address_spaces_map(resolver->spaces, record->tgid, &mapping);
}

static struct name *name_at(const struct resolver *resolver, uint32_t number)
{
	return &resolver->blocks[number / BLOCK_NAMES][number % BLOCK_NAMES];
}

/* The number of the one name that is all this. */
static uint32_t find_name(struct resolver *resolver,
			  const struct module *module,
			  const struct answer *answer, uint64_t symbol_start)
{
	uint64_t key = (uint64_t)module_number(module) << 32 | answer->symbol;
	uint32_t number = hash_get(resolver->shared, key, symbol_start);
	struct name *name;

	if (number != TABLE_NONE)
		return number;
	number = (uint32_t)resolver->name_count;
	if (number % BLOCK_NAMES == 0) {
		size_t block = number / BLOCK_NAMES;

		resolver->blocks = alloc_grow(resolver->blocks, block,
					      &resolver->block_room,
					      sizeof(*resolver->blocks));
		resolver->blocks[block] = alloc_zeroed(BLOCK_NAMES,
						       sizeof(*name));
	}
	resolver->name_count++;
	name = name_at(resolver, number);
	name->text = string_table_text(resolver->texts, answer->text);
	name->symbol = string_table_text(resolver->texts, answer->symbol);
	name->module = module_name(module);
	name->path = module_path(module);
	name->symbol_start = symbol_start;
	name->kind = answer->kind;
	hash_put(resolver->shared, key, symbol_start, number);
	return number;
}

static uint32_t add_text(struct resolver *resolver, char *text)
{
	uint32_t number = string_table_add(resolver->texts, text, strlen(text));

	free(text);
	return number;
}

/* What people call a symbol; each is looked at once. */
static uint32_t demangled(struct resolver *resolver, uint32_t symbol)
{
	uint32_t number;
	size_t length;

	if (!resolver->demangled)
		return symbol;
	number = hash_get(resolver->names, symbol, 0);
	if (number != TABLE_NONE)
		return number;
	length = demangle(string_table_text(resolver->texts, symbol),
			  string_table_length(resolver->texts, symbol),
			  resolver->demangled);
	number = length ? string_table_add(resolver->texts, resolver->demangled,
					   length) :
			  symbol;
	hash_put(resolver->names, symbol, 0, number);
	return number;
}

/* As the file has it, or in place of that. */
static uint32_t symbol_of(struct resolver *resolver,
			  const struct module *module,
			  const struct place *place)
{
	unsigned long long address = place->address;
	const char *name = module_name(module);
	size_t length = strlen(name);

	if (module_is_anonymous(module))
		return string_table_add(resolver->texts, name, length);
	if (place->stub)
		return add_text(resolver,
				alloc_format("%s@plt", place->symbol));
	if (place->symbol)
		return string_table_add(resolver->texts, place->symbol,
					strlen(place->symbol));
	if (!*module_path(module))	/* "[vdso]" */
		return add_text(resolver,
				alloc_format("%.*s+0x%llx]", (int)length - 1,
					     name, address));
	return add_text(resolver, alloc_format("[%s+0x%llx]", name, address));
}

static const struct answer *find_answer(struct resolver *resolver,
					struct module *module, uint64_t offset)
{
	uint32_t number =
		hash_get(resolver->places, module_number(module), offset);
	struct answer *answer;
	struct place place;

	if (number != TABLE_NONE)
		return &resolver->answers[number];
	module_find(resolver->modules, module, offset, &place);
	if (module_is_anonymous(module))
		place.kind = NAME_ANONYMOUS;
	resolver->answers = alloc_grow(resolver->answers,
				       resolver->answer_count,
				       &resolver->answer_room, sizeof(*answer));
	hash_put(resolver->places, module_number(module), offset,
		 (uint32_t)resolver->answer_count);
	answer = &resolver->answers[resolver->answer_count++];
	answer->symbol = symbol_of(resolver, module, &place);
	answer->text = place.kind == NAME_SYMBOL ?
			       demangled(resolver, answer->symbol) :
			       answer->symbol;
	answer->kind = place.kind;
	answer->distance = place.distance;
	return answer;
}

static const struct name *find_user(struct resolver *resolver, uint32_t tgid,
				    uint64_t address, bool is_return)
{
	const struct mapping *mapping;
	const struct answer *answer;
	uint64_t symbol_start = 0;
	uint64_t offset;

	if (is_return && address)
		address--;
	mapping = address_spaces_find(resolver->spaces, tgid, address);
	if (!mapping)
		return &resolver->unknown;
	offset = address - mapping->start + mapping->offset;
	if (module_is_anonymous(mapping->module))
		offset = 0;	/* nothing to tell its places apart */
	/* With the mode bit set, one less is still behind the call. */
	if (is_return && !(address & 1) && address > mapping->start &&
	    module_has_mode_bit(resolver->modules, mapping->module)) {
		address--;
		offset--;
	}
	answer = find_answer(resolver, mapping->module, offset);
	if (answer->kind == NAME_SYMBOL)
		symbol_start = address - answer->distance;
	return name_at(resolver,
		       find_name(resolver, mapping->module, answer,
				 symbol_start));
}

const struct name *resolver_user(struct resolver *resolver, uint32_t tgid,
				 uint64_t address, bool is_return)
{
	uint64_t hash = (address + ((uint64_t)tgid << 32)) *
			0x9e3779b97f4a7c15ULL;
	struct recent *recent = &resolver->recent[hash >> (64 - RECENT_BITS)];

	if (recent->age == resolver->age && recent->address == address &&
	    recent->tgid == tgid && recent->is_return == is_return)
		return recent->name;
	recent->name = find_user(resolver, tgid, address, is_return);
	recent->age = resolver->age;
	recent->address = address;
	recent->tgid = tgid;
	recent->is_return = is_return;
	return recent->name;
}

/* "schedule", or "[ext4+0x1234]" where a module is all that is known. */
static void name_kernel(struct resolver *resolver,
			const struct kernel_symbol *symbol, uint64_t address,
			struct answer *answer)
{
	int module = (int)strlen(symbol->module) - 1;

	if (symbol->name) {
		answer->kind = NAME_SYMBOL;
		answer->symbol = string_table_add(resolver->texts, symbol->name,
						  strlen(symbol->name));
		answer->text = demangled(resolver, answer->symbol);
		return;
	}
	answer->kind = NAME_MODULE;
	answer->symbol = add_text(
		resolver,
		alloc_format("%.*s+0x%llx]", module, symbol->module,
			     (unsigned long long)(address - symbol->start)));
	answer->text = answer->symbol;
}

const struct name *resolver_kernel(struct resolver *resolver, uint64_t address,
				   bool is_return)
{
	struct answer answer = { .distance = 0 };
	struct kernel_symbol symbol;
	uint32_t number;
	bool lasting;

	if (is_return && address)
		address--;
	number = hash_get(resolver->kernel, address, 0);
	if (number != TABLE_NONE)
		return name_at(resolver, number);
	if (!kernel_find(resolver->code, address, resolver->time, &symbol,
			 &lasting))
		return &resolver->unknown;
	name_kernel(resolver, &symbol, address, &answer);
	number = find_name(resolver,
			   modules_kernel(resolver->modules, symbol.module),
			   &answer, symbol.name ? symbol.start : 0);
	if (lasting)
		hash_put(resolver->kernel, address, 0, number);
	return name_at(resolver, number);
}

bool resolver_user_mapping(const struct resolver *resolver, uint32_t tgid,
			   uint64_t address, struct resolved_mapping *out)
{
	const struct mapping *mapping =
		address_spaces_find(resolver->spaces, tgid, address);
	const struct module *module;

	if (!mapping)
		return false;
	module = mapping->module;
	out->start = mapping->start;
	out->end = mapping->end;
	out->offset = mapping->offset;
	out->file = *module_path(module) ? module_path(module) :
					   module_name(module);
	out->build_id = module_build_id(module, &out->build_id_size);
	return true;
}

bool resolver_user_line(struct resolver *resolver, uint32_t tgid,
			uint64_t address, const char **file, uint32_t *line)
{
	const struct mapping *mapping =
		address_spaces_find(resolver->spaces, tgid, address);
	struct place place;

	if (!mapping)
		return false;
	module_find(resolver->modules, mapping->module,
		    address - mapping->start + mapping->offset, &place);
	return (place.kind == NAME_SYMBOL || place.kind == NAME_MODULE) &&
	       module_line(resolver->modules, mapping->module, place.address,
			   file, line);
}

bool resolver_kernel_mapping(struct resolver *resolver, uint64_t address,
			     struct resolved_mapping *out)
{
	struct kernel_symbol symbol;
	bool lasting;

	if (!kernel_find(resolver->code, address, resolver->time, &symbol,
			 &lasting))
		return false;
	*out = (struct resolved_mapping){ .file = symbol.module };
	kernel_extent(resolver->code, address, resolver->time, &out->start,
		      &out->end);
	return true;
}

size_t resolver_complaint_count(const struct resolver *resolver)
{
	return complaints_count(resolver->complaints);
}

const char *resolver_complaint(const struct resolver *resolver, size_t number)
{
	return complaints_text(resolver->complaints, number);
}
