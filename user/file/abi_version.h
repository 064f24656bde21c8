/* SPDX-License-Identifier: GPL-2.0 */
/* The version of the ABI whose records a recording holds, of its metadata. */
#ifndef FILE_ABI_VERSION_H
#define FILE_ABI_VERSION_H

#include "../base/error.h"
#include "damage.h"

/*
 * @text: the metadata's version, or NULL; @path: the recording's, for messages.
 * -EINVAL: records of another major version, which are others; or what the
 * metadata says is no version. A later minor version has more records and
 * fields, which may be skipped: that is noted as damage. Without a version all
 * is well.
 */
int version_check(const char *text, const char *path, struct damage *damage,
		  struct error *error);

#endif
