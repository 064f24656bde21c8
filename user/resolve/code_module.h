/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What can be mapped: files, the vDSO, generated code; and the kernel with its
 * modules. One module for each path and identity that the recording knows;
 * nothing is read before the first question.
 */
#ifndef RESOLVE_CODE_MODULE_H
#define RESOLVE_CODE_MODULE_H

#include "../../include/dither/abi.h"
#include "../base/error.h"
#include "complaints.h"
#include "content_hash.h"
#include "name_kind.h"
#include "resolver_options.h"

struct module;
struct modules;

struct modules *modules_new(const struct resolver_options *options,
			    struct complaints *complaints);
void modules_free(struct modules *modules);

/* -ENOEXEC, -EINVAL: not a usable ELF image. Replaces an earlier one. */
int modules_set_vdso(struct modules *modules, const unsigned char *image,
		     size_t length, struct error *error);

/* See resolver_content(). */
void modules_add_content(struct modules *modules,
			 const struct recorded_content *content);

/* What @record maps. Never NULL; valid as long as the modules. */
struct module *modules_recorded(struct modules *modules,
				const struct dither_map *record);

/* The kernel ("[kernel]") or one of its modules ("[ext4]"). */
struct module *modules_kernel(struct modules *modules, const char *name);

/* Distinct modules have distinct numbers, below UINT32_MAX. */
uint32_t module_number(const struct module *module);
const char *module_name(const struct module *module);
const char *module_path(const struct module *module);
bool module_is_anonymous(const struct module *module);
/* As recorded; *size 0: it has none. */
const unsigned char *module_build_id(const struct module *module, size_t *size);

/* What is at a byte of a module. */
struct place {
	enum name_kind kind;
	const char *symbol;	/* NULL unless NAME_SYMBOL */
	bool stub;		/* a jump to .symbol */
	uint64_t distance;	/* from the symbol's start */
	uint64_t address;	/* see resolve.h: virtual, or in the file */
};

void module_find(struct modules *modules, struct module *module,
		 uint64_t offset, struct place *out);

/*
 * The line of source of the code at @address, place.address of where
 * module_find() found it. False: not known, or struct resolver_options did not
 * ask for lines. *file is valid as long as the modules.
 */
bool module_line(struct modules *modules, struct module *module,
		 uint64_t address, const char **file, uint32_t *line);

/*
 * Whether addresses may carry the mode (ARM or Thumb) in their lowest bit, as
 * return addresses of 32 bit ARM do.
 */
bool module_has_mode_bit(struct modules *modules, struct module *module);

#endif
