/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Mangled names in folded stacks. Tools annotate them: "_ZN1f1gEv_[k]",
 * "lib.so`_ZN1f1gEv+0x12", "_ZN1f1gEv [clone .cold]"; the annotations stay.
 * What is marked as generated, "_[j]", is left alone, as it is in text by perf.
 */
#ifndef TEXT_FOLDED_NAMES_H
#define TEXT_FOLDED_NAMES_H

#include <stddef.h>
#include <stdint.h>

#include "../profile/profile.h"

/*
 * The name of a mangled frame, or of one that has a hash of Rust's. NULL: it is
 * neither; else the caller frees it.
 */
char *folded_name_demangle(const char *text, size_t length);

/* The numbers that mangled names' demangled ones have in a profile. */
struct folded_names;

struct folded_names *folded_names_new(void);
void folded_names_free(struct folded_names *names);
/* Another profile will be used. */
void folded_names_clear(struct folded_names *names);

/*
 * profile_name_several() of demangled names; always with the same @profile.
 * @names NULL: names stay as they are.
 */
void folded_names_several(struct folded_names *names, struct profile *profile,
			  const struct string_table_word *words, size_t count,
			  uint32_t *numbers);

#endif
