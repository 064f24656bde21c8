/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What a text is, by what speaks for it in its first part: folded stacks, or
 * what `perf script` prints. No text is either because it is nothing else.
 */
#ifndef TEXT_TEXT_KIND_H
#define TEXT_TEXT_KIND_H

#include <stdbool.h>
#include <stddef.h>

#include "../base/error.h"

enum text_kind {
	TEXT_FOLDED,
	TEXT_PERF_SCRIPT,
};

/*
 * @text: the beginning of the input called @name, of at least some hundred
 * lines where it has so many. @lenient: also where most lines are of no use.
 * -EINVAL: it is neither; the error says what it seems to be.
 */
int text_kind_find(const char *name, const char *text, size_t length,
		   bool lenient, enum text_kind *kind, struct error *error);

#endif
