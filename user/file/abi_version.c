// SPDX-License-Identifier: GPL-2.0
#include "abi_version.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>

#include "../../include/dither/abi.h"

#ifndef DITHER_VERSION
#define DITHER_VERSION "unknown"
#endif

/* @text: "1.4", or "1". False: it is not of that form. */
static bool read_version(const char *text, unsigned long *major,
			 unsigned long *minor)
{
	char *end;

	*minor = 0;
	if (*text < '0' || *text > '9')
		return false;
	*major = strtoul(text, &end, 10);
	if (*end != '.')
		return !*end;
	if (end[1] < '0' || end[1] > '9')
		return false;
	*minor = strtoul(end + 1, &end, 10);
	return !*end;
}

int version_check(const char *text, const char *path, struct damage *damage,
		  struct error *error)
{
	unsigned long major, minor;

	if (!text)
		return 0;
	if (!read_version(text, &major, &minor))
		return error_set(error, -EINVAL,
				 "%s: damaged: '%s' is no version of records",
				 path, text);
	if (major != DITHER_ABI_MAJOR)
		return error_set(error, -EINVAL,
				 "%s: records of version %s; this program "
				 "(dither %s) reads version %d.%d: use %s "
				 "dither",
				 path, text, DITHER_VERSION, DITHER_ABI_MAJOR,
				 DITHER_ABI_MINOR,
				 major > DITHER_ABI_MAJOR ? "a newer" :
							    "an older");
	if (minor > DITHER_ABI_MINOR)
		damage_note(damage, path,
			    "%s: records of version %s, newer than "
			    "this program's (dither %s, %d.%d): what "
			    "it does not know is skipped",
			    path, text, DITHER_VERSION, DITHER_ABI_MAJOR,
			    DITHER_ABI_MINOR);
	return 0;
}
