/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A set of strings, each kept once and named by a small number that never
 * changes: numbers count up from 0 in order of first appearance.
 */
#ifndef BASE_STRING_TABLE_H
#define BASE_STRING_TABLE_H

#include <stddef.h>
#include <stdint.h>

struct intern;

struct intern *intern_new(void);
void intern_free(struct intern *intern);

/* The number of the @length bytes at @text (they may hold any byte). */
uint32_t intern_add(struct intern *intern, const char *text, size_t length);

/*
 * The numbers of several, as intern_add() one after the other, but faster where
 * the set is larger than caches. @count: at most INTERN_TOGETHER.
 */
#define INTERN_TOGETHER 32
struct intern_word {
	const char *text;
	size_t length;
};

void intern_add_several(struct intern *intern, const struct intern_word *words,
			size_t count, uint32_t *numbers);

/* The same, but INTERN_NONE for what is not there. */
#define INTERN_NONE UINT32_MAX
uint32_t intern_find(const struct intern *intern, const char *text,
		     size_t length);

/* NUL-terminated; valid until intern_free(). */
const char *intern_text(const struct intern *intern, uint32_t number);
size_t intern_length(const struct intern *intern, uint32_t number);
uint32_t intern_count(const struct intern *intern);

#endif
