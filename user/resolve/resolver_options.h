/* SPDX-License-Identifier: GPL-2.0 */
/* Where files are looked for, and what is wanted of them. */
#ifndef RESOLVE_RESOLVER_OPTIONS_H
#define RESOLVE_RESOLVER_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

struct resolver_options {
	bool lines;		/* resolver_user_line() is to be asked */
	const char *debug_dir;	/* NULL: root's /usr/lib/debug */
	const char *root;	/* NULL or a prefix for every path (sysroot) */
	bool mangled;		/* symbols of C++ and Rust as they are */
	/*
	 * Of files without a build-id whose content is not known: they are not
	 * this machine's; and what to add to the times of records to get the
	 * calendar's (0: not known).
	 */
	bool foreign;
	int64_t calendar_ns;
};

#endif
