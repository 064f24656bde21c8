/* SPDX-License-Identifier: GPL-2.0 */
/*
 * From addresses to names: which file was mapped there at that time, which
 * symbol of that file, and is that file still the one that ran. Names are
 * never guessed: a file that was replaced or cannot be read yields
 * "[name+0xoffset]". The offset is the file's own virtual address, as nm and
 * objdump show it, or the byte in the file where the file cannot tell it.
 */
#ifndef RESOLVE_H
#define RESOLVE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../../include/dither/abi.h"
#include "../base/error.h"
#include "content_hash.h"
#include "kernel.h"
#include "name_kind.h"
#include "resolver_options.h"

struct resolver;

struct resolver *resolver_new(const struct resolver_options *options);
void resolver_free(struct resolver *resolver);

/*
 * Kernel symbols as in file/format.h, before the first question; @text need not
 * outlive the call. The second: all code but the kernel's own that was there at
 * the time of the @reading.
 */
int resolver_add_kernel(struct resolver *resolver, const char *text,
			size_t length, struct error *error);
int resolver_add_kernel_code(struct resolver *resolver, const char *text,
			     size_t length,
			     const struct kernel_reading *reading,
			     struct error *error);

/* Before the first MAP record. Two that differ: it changed, and is neither. */
void resolver_content(struct resolver *resolver,
		      const struct recorded_content *content);

/* Before the first question, too; see file/replay.h. */
void resolver_code(struct resolver *resolver, const struct dither_code *record);
int resolver_add_vdso(struct resolver *resolver, const unsigned char *image,
		      size_t length, struct error *error);

/* The address spaces, told in time order. */
void resolver_fork(struct resolver *resolver, const struct dither_fork *record);
void resolver_exec(struct resolver *resolver, const struct dither_comm *record);
void resolver_forget(struct resolver *resolver,
		     const struct dither_forget *record);
void resolver_exit(struct resolver *resolver, const struct dither_exit *record);
void resolver_map(struct resolver *resolver, const struct dither_map *record);

/* The time at which code of the kernel is asked for from now on. */
void resolver_set_time(struct resolver *resolver, uint64_t time);

struct name {
	const char *text;	/* valid as long as the resolver */
	const char *symbol;	/* the same, as it was mangled; else .text */
	const char *module;	/* "libc.so.6", "[kernel]", "[ext4]", "" */
	const char *path;	/* the module's file, or "" */
	uint64_t symbol_start;	/* address of the symbol, in the same terms as
				 * the address that was asked for; 0: none */
	enum name_kind kind;
};

/*
 * Name of the instruction at @address. For a return address pass
 * @is_return: the call before it is meant. The result stays valid.
 */
const struct name *resolver_user(struct resolver *resolver, uint32_t tgid,
				 uint64_t address, bool is_return);
const struct name *resolver_kernel(struct resolver *resolver, uint64_t address,
				   bool is_return);

/* What was mapped where an address lies, for those who tell addresses on. */
struct resolved_mapping {
	uint64_t start, end;	/* [start, end) */
	uint64_t offset;	/* of start, in the file */
	const char *file;	/* its path, or "[vdso]", "[kernel]", "[ext4]" */
	const unsigned char *build_id;
	size_t build_id_size;	/* 0: not known */
};

/* False: not known. The pointers hold until the resolver is told more. */
bool resolver_user_mapping(const struct resolver *resolver, uint32_t tgid,
			   uint64_t address, struct resolved_mapping *out);
bool resolver_kernel_mapping(struct resolver *resolver, uint64_t address,
			     struct resolved_mapping *out);

/*
 * The line of source of the code at @address. False: not known. *file is valid as
 * long as the resolver.
 */
bool resolver_user_line(struct resolver *resolver, uint32_t tgid,
			uint64_t address, const char **file, uint32_t *line);

/* Files that could not be used, a sentence each ("/x/y: build-id differs…"). */
size_t resolver_complaint_count(const struct resolver *resolver);
const char *resolver_complaint(const struct resolver *resolver, size_t number);

#endif
