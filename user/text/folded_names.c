// SPDX-License-Identifier: GPL-2.0
/*
 * See folded_names.h. Most names are neither mangled nor hashed, and a look at
 * their ends shows that; each other one is demangled once.
 */
#include "folded_names.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "../base/alloc.h"
#include "../base/string_table.h"
#include "perf_name.h"

#define KIND_LENGTH 4	      /* "_[k]" */
#define HASH_LENGTH 19	      /* "::h" and 16 digits */
#define BEHIND_MANGLED " +([" /* characters of no mangled name */

struct folded_names {
	struct string_table *mangled;
	uint32_t *numbers; /* of the profile's names, by those of .mangled */
	size_t count, room;
};

struct folded_names *folded_names_new(void)
{
	struct folded_names *names = alloc_zeroed(1, sizeof(*names));

	names->mangled = string_table_new();
	return names;
}

void folded_names_free(struct folded_names *names)
{
	if (!names)
		return;
	string_table_free(names->mangled);
	free(names->numbers);
	free(names);
}

void folded_names_clear(struct folded_names *names)
{
	string_table_free(names->mangled);
	names->mangled = string_table_new();
	names->count = 0;
}

static bool is_mangled(const char *text, size_t length)
{
	if (length > 3 && text[0] == '_' && text[1] == '_')
		text++;
	return length > 3 && text[0] == '_' &&
	       (text[1] == 'Z' || text[1] == 'R');
}

/* How much of a name comes before the mark of its kind: "_[k]". */
static size_t before_kind(const char *text, size_t length)
{
	const char *mark = text + length - KIND_LENGTH;

	if (length > KIND_LENGTH && mark[0] == '_' && mark[1] == '[' &&
	    mark[2] >= 'a' && mark[2] <= 'z' && mark[3] == ']')
		return length - KIND_LENGTH;
	return length;
}

/* Behind the library that some tools write before a name, or 0. */
static size_t behind_library(const char *text, size_t length)
{
	const char *end = memrchr(text, '`', length);

	if (!end)
		end = memrchr(text, '!', length);
	return end && is_mangled(end + 1, length - (size_t)(end + 1 - text)) ?
		       (size_t)(end + 1 - text) :
		       0;
}

static bool may_change(const char *text, size_t length)
{
	size_t name = before_kind(text, length);

	/* Code that was generated is named by who did it. */
	if (name < length && text[length - 2] == 'j')
		return false;
	return is_mangled(text, length) ||
	       (name > HASH_LENGTH &&
		!memcmp(text + name - HASH_LENGTH, "::h", 3)) ||
	       behind_library(text, length);
}

char *folded_name_demangle(const char *text, size_t length)
{
	size_t begin = behind_library(text, length);
	size_t end = before_kind(text, length), i = begin;
	char *name, *whole;

	if (!may_change(text, length))
		return NULL;
	if (is_mangled(text + begin, end - begin)) {
		while (i < end && !strchr(BEHIND_MANGLED, text[i]))
			i++;
		end = i;
	}
	name = perf_name_demangle(text + begin, end - begin);
	if (!name)
		return NULL;
	whole = alloc_format("%.*s%s%.*s", (int)begin, text, name,
			     (int)(length - end), text + end);
	free(name);
	/* What a name may hold, a frame may not. */
	for (char *at = whole; *at; at++)
		if (*at == ';')
			*at = ':';
	return whole;
}

static uint32_t demangled_number(struct profile *profile, const char *text,
				 size_t length)
{
	char *name = folded_name_demangle(text, length);
	uint32_t number = profile_name(profile, name ? name : text,
				       name ? strlen(name) : length);

	free(name);
	return number;
}

static uint32_t number_of(struct folded_names *names, struct profile *profile,
			  const struct string_table_word *word)
{
	uint32_t mangled;

	if (!may_change(word->text, word->length))
		return profile_name(profile, word->text, word->length);
	mangled = string_table_add(names->mangled, word->text, word->length);
	if (mangled == names->count) {
		names->numbers = alloc_grow(names->numbers, names->count,
					    &names->room,
					    sizeof(*names->numbers));
		names->numbers[names->count++] =
			demangled_number(profile, word->text, word->length);
	}
	return names->numbers[mangled];
}

/* Together they are found faster, so where none may change they stay so. */
void folded_names_several(struct folded_names *names, struct profile *profile,
			  const struct string_table_word *words, size_t count,
			  uint32_t *numbers)
{
	size_t i = 0;

	while (names && i < count &&
	       !may_change(words[i].text, words[i].length))
		i++;
	if (!names || i == count) {
		profile_name_several(profile, words, count, numbers);
		return;
	}
	for (i = 0; i < count; i++)
		numbers[i] = number_of(names, profile, &words[i]);
}
