/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Finds the separate file that holds a stripped program's symbols. What is
 * returned has been verified to belong to that program.
 */
#ifndef RESOLVE_DEBUG_FILE_H
#define RESOLVE_DEBUG_FILE_H

#include "complaints.h"
#include "elf.h"

/*
 * DEBUG_DIR/.build-id/xx/yyyy.debug, opened; NULL: there is none. One that is
 * there but is not what it should be is complained of.
 */
struct elf *debugfile_by_build_id(const char *debug_dir,
				  const unsigned char *build_id, size_t size,
				  struct complaints *complaints);

/*
 * The file that @elf names in .gnu_debuglink: next to @opened_path, in .debug
 * there, or in @debug_dir under the directory of @path, which is the path
 * without a sysroot.
 */
struct elf *debugfile_by_link(const char *debug_dir, const char *opened_path,
			      const char *path, struct elf *elf,
			      struct complaints *complaints);

#endif
