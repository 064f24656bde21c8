// SPDX-License-Identifier: GPL-2.0
/* See perf_words.h. */
#include "perf_words.h"

size_t perf_digits(const char *text, size_t length, uint64_t *value)
{
	uint64_t more;
	size_t i = 0;

	*value = 0;
	for (; i < length && perf_is_digit(text[i]); i++) {
		if (__builtin_mul_overflow(*value, 10, &more) ||
		    __builtin_add_overflow(more, (uint64_t)(text[i] - '0'),
					   &more))
			break;
		*value = more;
	}
	return i;
}

bool perf_is_number(const struct perf_word *word, uint64_t *value)
{
	return word->length &&
	       perf_digits(word->text, word->length, value) == word->length;
}
