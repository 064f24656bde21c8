// SPDX-License-Identifier: GPL-2.0
/*
 * The modules of code_module.h: keeps them apart by what the recording says of
 * them, loads each image once, and joins image and mapping to answer where an
 * offset lies.
 */
#include "code_module.h"

#include <stdlib.h>
#include <string.h>

#include "../base/alloc.h"
#include "../base/hash.h"
#include "../base/string_table.h"
#include "image.h"
#include "recorded_contents.h"

enum module_type {
	MODULE_FILE,
	MODULE_VDSO,
	MODULE_VDSO_COMPAT,	/* of 32 bit processes: no image is recorded */
	MODULE_ANONYMOUS,
	MODULE_KERNEL,
};

/* Parts of one file that were mapped to be run: rarely more than one. */
#define EXTENTS_MAX 16

struct extent {
	uint64_t offset, length;
};

struct module {
	uint32_t number;
	enum module_type type;
	const char *name, *path;
	struct recorded_file file;
	uint32_t identity;	/* interned; TABLE_NONE: it has none */
	struct image *image;	/* NULL: not loaded; owned by the modules */
	struct extent extents[EXTENTS_MAX];
	unsigned int extent_count;
};

struct modules {
	char *root, *debug_dir;
	bool lines; /* are wanted */
	struct complaints *complaints;
	struct string_table *keys; /* number: of the module */
	struct string_table *identities;
	struct contents *contents;	/* by identity */
	bool foreign;
	int64_t calendar_ns;
	struct string_table *strings;
	struct module **items;
	size_t count, room;
	struct image **images;
	size_t image_count, image_room;
	struct hash *shared; /* identity -> image */
	struct image *vdso;
};

static const char deleted_suffix[] = " (deleted)";

struct modules *modules_new(const struct resolver_options *options,
			    struct complaints *complaints)
{
	struct modules *modules = alloc_zeroed(1, sizeof(*modules));
	const char *root = options && options->root ? options->root : "";

	modules->root = alloc_string(root);
	modules->debug_dir = options && options->debug_dir ?
				     alloc_string(options->debug_dir) :
				     alloc_format("%s/usr/lib/debug", root);
	modules->foreign = options && options->foreign;
	modules->calendar_ns = options ? options->calendar_ns : 0;
	modules->complaints = complaints;
	modules->lines = options && options->lines;
	modules->contents = contents_new();
	modules->keys = string_table_new();
	modules->identities = string_table_new();
	modules->strings = string_table_new();
	modules->shared = hash_new();
	return modules;
}

void modules_free(struct modules *modules)
{
	if (!modules)
		return;
	for (size_t i = 0; i < modules->count; i++)
		free(modules->items[i]);
	for (size_t i = 0; i < modules->image_count; i++)
		image_free(modules->images[i]);
	image_free(modules->vdso);
	free(modules->items);
	free(modules->images);
	free(modules->root);
	free(modules->debug_dir);
	string_table_free(modules->keys);
	string_table_free(modules->identities);
	string_table_free(modules->strings);
	hash_free(modules->shared);
	contents_free(modules->contents);
	free(modules);
}

int modules_set_vdso(struct modules *modules, const unsigned char *image,
		     size_t length, struct error *error)
{
	struct image *vdso;
	int code = image_load_memory(image, length, &vdso, error);

	if (code)
		return code;
	image_free(modules->vdso);
	modules->vdso = vdso;
	return 0;
}

static const char *keep(struct modules *modules, const char *text,
			size_t length)
{
	return string_table_text(modules->strings,
				 string_table_add(modules->strings, text,
						  length));
}

/* The module known as @key; *added: it has only its number so far. */
static struct module *find_or_add(struct modules *modules, const void *key,
				  size_t length, bool *added)
{
	uint32_t number = string_table_add(modules->keys, key, length);
	struct module *module;

	*added = number == modules->count;
	if (!*added)
		return modules->items[number];
	modules->items = alloc_grow(modules->items, modules->count,
				    &modules->room, sizeof(*modules->items));
	module = alloc_zeroed(1, sizeof(*module));
	module->number = number;
	module->identity = TABLE_NONE;
	modules->items[modules->count++] = module;
	return module;
}

static struct module *find_special(struct modules *modules,
				   enum module_type type, const char *name)
{
	char *key = alloc_format("%d%s", (int)type, name);
	struct module *module;
	bool added;

	module = find_or_add(modules, key, strlen(key), &added);
	if (added) {
		module->type = type;
		module->name = keep(modules, name, strlen(name));
		module->path = "";
	}
	free(key);
	return module;
}

/* What tells one file from another, wherever it lies. */
struct identity {
	uint64_t bytes, inode;
	int64_t mtime_ns;
	uint32_t dev_major, dev_minor;
	uint32_t build_id_size;
	unsigned char build_id[DITHER_BUILD_ID_MAX];
};

static void identify(const struct dither_map *record, struct identity *identity)
{
	memset(identity, 0, sizeof(*identity));
	identity->bytes = record->file_size;
	identity->build_id_size = record->build_id_size;
	if (identity->build_id_size > DITHER_BUILD_ID_MAX)
		identity->build_id_size = DITHER_BUILD_ID_MAX;
	memcpy(identity->build_id, record->build_id, identity->build_id_size);
	if (identity->build_id_size)
		return;
	identity->inode = record->inode;
	identity->mtime_ns = record->mtime_ns;
	identity->dev_major = record->dev_major;
	identity->dev_minor = record->dev_minor;
}

static uint32_t number_of(struct modules *modules,
			  const struct identity *identity)
{
	return string_table_add(modules->identities, (const char *)identity,
				sizeof(*identity));
}

void modules_add_content(struct modules *modules,
			 const struct recorded_content *content)
{
	struct identity identity;

	memset(&identity, 0, sizeof(identity));
	identity.bytes = content->bytes;
	identity.inode = content->inode;
	identity.mtime_ns = content->mtime_ns;
	identity.dev_major = content->dev_major;
	identity.dev_minor = content->dev_minor;
	contents_add(modules->contents, number_of(modules, &identity),
		     &content->content);
}

static void describe(struct modules *modules, struct module *module,
		     const struct identity *identity, const char *path,
		     size_t length)
{
	size_t suffix = sizeof(deleted_suffix) - 1;
	const char *slash;

	if (length > suffix &&
	    !memcmp(path + length - suffix, deleted_suffix, suffix)) {
		module->file.deleted = true;
		length -= suffix;
	}
	module->path = keep(modules, path, length);
	slash = strrchr(module->path, '/');
	module->name = slash && slash[1] ? slash + 1 : module->path;
	module->file.path = module->path;
	module->file.lines = modules->lines;
	module->file.bytes = identity->bytes;
	module->file.mtime_ns = identity->mtime_ns;
	module->file.build_id_size = identity->build_id_size;
	memcpy(module->file.build_id, identity->build_id,
	       identity->build_id_size);
	module->file.inode = identity->inode;
	module->file.dev_major = identity->dev_major;
	module->file.dev_minor = identity->dev_minor;
	module->file.foreign = modules->foreign;
	if (identity->build_id_size || identity->inode)
		module->identity = number_of(modules, identity);
	if (!identity->build_id_size && identity->inode)
		contents_find(modules->contents, module->identity,
			      &module->file);
}

static void add_extent(struct module *module, const struct dither_map *record)
{
	for (unsigned int i = 0; i < module->extent_count; i++) {
		if (module->extents[i].offset == record->offset &&
		    module->extents[i].length == record->length)
			return;
	}
	if (module->extent_count == EXTENTS_MAX)
		return;
	module->extents[module->extent_count].offset = record->offset;
	module->extents[module->extent_count++].length = record->length;
}

struct module *modules_recorded(struct modules *modules,
				const struct dither_map *record)
{
	size_t length = strnlen(record->path, record->path_len);
	struct identity identity;
	struct module *module;
	size_t key_bytes;
	char *key;
	bool added;

	if (record->header.flags & DITHER_MAP_VDSO) {
		if (record->header.flags & DITHER_MAP_COMPAT)
			return find_special(modules, MODULE_VDSO_COMPAT,
					    "[vdso]");
		return find_special(modules, MODULE_VDSO, "[vdso]");
	}
	if (record->header.flags & DITHER_MAP_ANONYMOUS || !length)
		return find_special(modules, MODULE_ANONYMOUS, "[anon]");
	identify(record, &identity);
	/* Begins with a zero, which no find_special() key does. */
	key_bytes = 1 + sizeof(identity) + length;
	key = alloc_zeroed(1, key_bytes);
	memcpy(key + 1, &identity, sizeof(identity));
	memcpy(key + 1 + sizeof(identity), record->path, length);
	module = find_or_add(modules, key, key_bytes, &added);
	free(key);
	if (added) {
		describe(modules, module, &identity, record->path, length);
		if (modules->calendar_ns)
			module->file.mapped_ns = (int64_t)record->time +
						 modules->calendar_ns;
	}
	add_extent(module, record);
	return module;
}

struct module *modules_kernel(struct modules *modules, const char *name)
{
	return find_special(modules, MODULE_KERNEL, name);
}

uint32_t module_number(const struct module *module)
{
	return module->number;
}

const char *module_name(const struct module *module)
{
	return module->name;
}

const char *module_path(const struct module *module)
{
	return module->path;
}

bool module_is_anonymous(const struct module *module)
{
	return module->type == MODULE_ANONYMOUS;
}

const unsigned char *module_build_id(const struct module *module, size_t *size)
{
	*size = module->file.build_id_size;
	return module->file.build_id;
}

/* NULL: a module that has none. */
static const struct image *find_image(struct modules *modules,
				      struct module *module)
{
	uint32_t shared = TABLE_NONE;
	struct image *image;

	if (module->type == MODULE_VDSO)
		return modules->vdso;
	if (module->type != MODULE_FILE || module->image)
		return module->image;
	if (module->identity != TABLE_NONE)
		shared = hash_get(modules->shared, module->identity, 0);
	if (shared != TABLE_NONE) {
		module->image = modules->images[shared];
		return module->image;
	}
	image = image_load(&module->file, modules->root, modules->debug_dir,
			   modules->complaints);
	modules->images = alloc_grow(modules->images, modules->image_count,
				     &modules->image_room,
				     sizeof(*modules->images));
	if (image->kind == NAME_SYMBOL && image->as_recorded &&
	    module->identity != TABLE_NONE)
		hash_put(modules->shared, module->identity, 0,
			 (uint32_t)modules->image_count);
	modules->images[modules->image_count++] = image;
	module->image = image;
	return image;
}

/* Where only the debug file is there: by what the recording says was mapped. */
static bool find_placed(struct modules *modules, struct module *module,
			const struct image *image, uint64_t offset,
			uint64_t *address)
{
	for (unsigned int i = 0; i < module->extent_count; i++) {
		const struct extent *extent = &module->extents[i];
		struct elf_load load;

		if (offset >= extent->offset &&
		    offset - extent->offset < extent->length &&
		    image_place(image, extent->offset, extent->length,
				&load) &&
		    image_address(&load, 1, offset, address))
			return true;
	}
	if (image->load_count)
		complaints_add(modules->complaints,
			       "%s%s: %s, and its debug file does not tell where the mapping belongs",
			       modules->root, module->path,
			       image->kind == NAME_REPLACED ? "replaced" :
							      "missing");
	return false;
}

void module_find(struct modules *modules, struct module *module,
		 uint64_t offset, struct place *out)
{
	const struct image *image = find_image(modules, module);
	struct symbol symbol;

	memset(out, 0, sizeof(*out));
	out->address = offset;
	out->kind = image && image->kind != NAME_SYMBOL ? image->kind :
							  NAME_MODULE;
	if (!image || image->kind == NAME_MODULE)
		return;
	if (image->kind == NAME_SYMBOL ?
		    !image_address(image->loads, image->load_count, offset,
				   &out->address) :
		    !find_placed(modules, module, image, offset,
				 &out->address))
		return;
	out->kind = NAME_MODULE;
	if (!symbols_find(image->symbols, out->address, &symbol))
		return;
	out->kind = NAME_SYMBOL;
	out->symbol = symbol.name;
	out->stub = symbol.stub;
	out->distance = out->address - symbol.start;
}

bool module_line(struct modules *modules, struct module *module,
		 uint64_t address, const char **file, uint32_t *line)
{
	const struct image *image = find_image(modules, module);

	return image && image->lines &&
	       debug_lines_find(image->lines, address, file, line);
}

bool module_has_mode_bit(struct modules *modules, struct module *module)
{
	const struct image *image = find_image(modules, module);

	return image && image->machine == EM_ARM;
}
