/* SPDX-License-Identifier: GPL-2.0 */
/* The version of the ABI whose records a recording holds, of its metadata. */
#ifndef FILE_ABI_VERSION_H
#define FILE_ABI_VERSION_H

#include "../base/error.h"
#include "recording.h"

/*
 * -EINVAL: records of another major version, which are others; or what the
 * metadata says is no version. A later minor version has more records and
 * fields, which may be skipped: that is noted as damage. Without a version all
 * is well.
 */
int version_check(struct recording *recording, struct error *error);

#endif
