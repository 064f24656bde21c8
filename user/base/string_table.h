/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A set of strings, each kept once and named by a small number that never
 * changes: numbers count up from 0 in order of first appearance.
 */
#ifndef BASE_STRING_TABLE_H
#define BASE_STRING_TABLE_H

#include <stddef.h>
#include <stdint.h>

struct string_table;

struct string_table *string_table_new(void);
void string_table_free(struct string_table *intern);

/* The number of the @length bytes at @text (they may hold any byte). */
uint32_t string_table_add(struct string_table *intern, const char *text,
			  size_t length);

/*
 * The numbers of several, as string_table_add() one after the other, but faster
 * where the set is larger than caches. @count: at most INTERN_TOGETHER.
 */
#define INTERN_TOGETHER 32
struct string_table_word {
	const char *text;
	size_t length;
};

void string_table_add_several(struct string_table *intern,
			      const struct string_table_word *words,
			      size_t count, uint32_t *numbers);

/* The same, but INTERN_NONE for what is not there. */
#define INTERN_NONE UINT32_MAX
uint32_t string_table_find(const struct string_table *intern, const char *text,
			   size_t length);

/* NUL-terminated; valid until string_table_free(). */
const char *string_table_text(const struct string_table *intern,
			      uint32_t number);
size_t string_table_length(const struct string_table *intern, uint32_t number);
uint32_t string_table_count(const struct string_table *intern);

#endif
