/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What perf, simpleperf and debug packages call the objects that hold code: the
 * kernel's image and modules, what was compiled while a program ran, and files.
 */
#ifndef TEXT_PERF_OBJECT_H
#define TEXT_PERF_OBJECT_H

#include <stddef.h>

/* What the object says of the code in it. */
enum perf_kind {
	PERF_PROGRAM,
	PERF_KERNEL,
	PERF_GENERATED,
	PERF_INLINED,
	PERF_KINDS
};

/* The length without the offset in it ("libc.so.6+0x29d8f") of perf's dsoff. */
size_t perf_object_length(const char *object, size_t length);

enum perf_kind perf_object_kind(const char *object, size_t length);

/* The file's name, without its folder and " (deleted)". */
const char *perf_object_name(const char *object, size_t *length);

#endif
