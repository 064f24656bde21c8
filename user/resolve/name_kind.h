/* SPDX-License-Identifier: GPL-2.0 */
/* What a name says, and how surely. */
#ifndef RESOLVE_NAME_KIND_H
#define RESOLVE_NAME_KIND_H

/* How a name was found; for the report and for colours. */
enum name_kind {
	NAME_SYMBOL,		/* from a symbol table */
	NAME_MODULE,		/* "[libfoo.so+0x1234]": no symbol covers it */
	NAME_REPLACED,		/* "[libfoo.so+0x1234]": the file has changed */
	NAME_MISSING,		/* "[libfoo.so+0x1234]": the file is not there */
	NAME_ANONYMOUS,		/* "[anon]": generated code */
	NAME_UNKNOWN,		/* "[unknown]": no mapping known */
};

#endif
