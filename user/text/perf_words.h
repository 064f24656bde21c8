/* SPDX-License-Identifier: GPL-2.0 */
/* Words and numbers of a line that perf printed. */
#ifndef TEXT_PERF_WORDS_H
#define TEXT_PERF_WORDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define PERF_ADDRESS_MAX 16 /* digits */
#define PERF_ADDRESS_BARE 5

struct perf_word {
	const char *text;
	size_t length;
};

static inline bool perf_is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

static inline bool perf_is_one_of(char c, const char *set)
{
	return c && strchr(set, c);
}

static inline bool perf_is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static inline bool perf_is_hexadecimal(char c)
{
	return perf_is_digit(c) || (c >= 'a' && c <= 'f');
}

/* The hexadecimal digits of an address that @text begins with; 0: none. */
static inline size_t perf_address_digits(const char *text, size_t length)
{
	/* Most of a chain's bytes may be such digits. */
	static const bool hexadecimal[256] = {
		['0' ... '9'] = true,
		['a' ... 'f'] = true,
	};
	size_t i = 0;

	while (i < length && i <= PERF_ADDRESS_MAX &&
	       hexadecimal[(unsigned char)text[i]])
		i++;
	return i <= PERF_ADDRESS_MAX && (i == length || text[i] == ' ' ||
					 text[i] == '\t') ?
		       i :
		       0;
}

/*
 * Whether a line is a frame that is not indented, as old and edited texts have
 * them: "ffffffff8103d0ca f ([kernel.kallsyms])". No word is such an address.
 */
static inline bool perf_is_bare_frame(const char *text, size_t length)
{
	size_t digits = perf_address_digits(text, length), numbers = 0;

	for (size_t i = 0; i < digits; i++)
		numbers += perf_is_digit(text[i]);
	return digits >= PERF_ADDRESS_BARE && numbers &&
	       text[length - 1] == ')' &&
	       memmem(text + digits, length - digits, " (", 2);
}

/* The word that follows *at, which is moved behind it; false: none does. */
static inline bool perf_next_word(const char **at, const char *end,
				  struct perf_word *word)
{
	while (*at < end && perf_is_blank(**at))
		++*at;
	word->text = *at;
	while (*at < end && !perf_is_blank(**at))
		++*at;
	word->length = (size_t)(*at - word->text);
	return word->length;
}

/* The word that ends before *end, which is moved before it. */
static inline bool perf_last_word(const char *begin, const char **end,
				  struct perf_word *word)
{
	const char *at = *end;

	while (at > begin && perf_is_blank(at[-1]))
		at--;
	word->length = 0;
	while (at > begin && !perf_is_blank(at[-1])) {
		at--;
		word->length++;
	}
	word->text = at;
	*end = at;
	return word->length;
}

/* The digits at @text: how many, as many as fit 64 bits, and their value. */
size_t perf_digits(const char *text, size_t length, uint64_t *value);

/* Whether the word is a number of 64 bits. */
bool perf_is_number(const struct perf_word *word, uint64_t *value);

/* Behind what stands before a word, blanks left out. */
static inline const char *perf_word_column(const char *begin,
					   const struct perf_word *word)
{
	const char *at = word->text;

	while (at > begin && at[-1] == ' ')
		at--;
	return at;
}

/* The columns of a word with its blanks, but for one behind another word. */
static inline size_t perf_word_width(const char *begin,
				     const struct perf_word *word)
{
	const char *at = perf_word_column(begin, word);

	return (size_t)(word->text + word->length - at) - (at > begin);
}

#endif
