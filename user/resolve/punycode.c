// SPDX-License-Identifier: GPL-2.0
/* RFC 3492, section 6.2, on at most CHARACTERS_MAX characters. */
#include "punycode.h"

#define CHARACTERS_MAX 256
#define BASE 36U
#define T_MIN 1U
#define T_MAX 26U
#define SKEW 38U
#define DAMP 700U
#define FIRST_BIAS 72U
#define FIRST_CHARACTER 0x80U

static uint32_t adapt(uint32_t delta, uint32_t points, bool first)
{
	uint32_t k = 0;

	delta /= first ? DAMP : 2;
	delta += delta / points;
	for (; delta > (BASE - T_MIN) * T_MAX / 2; k += BASE)
		delta /= BASE - T_MIN;
	return k + (BASE - T_MIN + 1) * delta / (delta + SKEW);
}

static uint32_t threshold(uint32_t k, uint32_t bias)
{
	if (k <= bias + T_MIN)
		return T_MIN;
	return k >= bias + T_MAX ? T_MAX : k - bias;
}

/* A number of variable length at *at; UINT32_MAX: it is none. */
static uint32_t next_delta(const char **at, const char *end, uint32_t bias)
{
	uint64_t delta = 0, weight = 1;

	for (uint32_t k = BASE;; k += BASE) {
		uint32_t digit, limit = threshold(k, bias);

		if (*at == end)
			return UINT32_MAX;
		if (**at >= 'a' && **at <= 'z')
			digit = (uint32_t)(**at - 'a');
		else if (**at >= '0' && **at <= '9')
			digit = (uint32_t)(**at - '0') + 26;
		else
			return UINT32_MAX;
		++*at;
		delta += digit * weight;
		if (delta >= UINT32_MAX)
			return UINT32_MAX;
		if (digit < limit)
			return (uint32_t)delta;
		weight *= BASE - limit;
		if (weight > UINT32_MAX)
			return UINT32_MAX;
	}
}

bool punycode(const char *text, size_t length, struct sink *sink)
{
	const char *end = text + length, *at = memrchr(text, '_', length);
	uint32_t characters[CHARACTERS_MAX], character = FIRST_CHARACTER;
	uint32_t count = 0, bias = FIRST_BIAS, place = 0, delta;

	if (at) {
		if (at - text > CHARACTERS_MAX)
			return false;
		for (; text < at; text++)
			characters[count++] = (unsigned char)*text;
		at++;
	} else {
		at = text;
	}
	if (at == end)
		return false;
	for (bool first = true; at < end; first = false) {
		delta = next_delta(&at, end, bias);
		if (count == CHARACTERS_MAX || delta > UINT32_MAX - place - 1)
			return false;
		bias = adapt(delta, ++count, first);
		place += delta;
		character += place / count;
		place %= count;
		if (character > 0x10ffff)
			return false;
		memmove(characters + place + 1, characters + place,
			(count - 1 - place) * sizeof(*characters));
		characters[place++] = character;
	}
	for (uint32_t i = 0; i < count; i++)
		sink_character(sink, characters[i]);
	return true;
}
