// SPDX-License-Identifier: GPL-2.0
/* See rust_reader.h. */
#include "rust_reader.h"

#include <stdio.h>

#include "punycode.h"

#define DEPTH_MAX 200U

void reader_put(struct reader *reader, const char *text)
{
	if (!reader->silent)
		sink_text(reader->sink, text);
}

void reader_put_number(struct reader *reader, uint64_t number)
{
	char text[24];

	snprintf(text, sizeof(text), "%llu", (unsigned long long)number);
	reader_put(reader, text);
}

void reader_put_identifier(struct reader *reader,
			   const struct identifier *identifier)
{
	if (reader->silent || reader->bad)
		return;
	if (!identifier->is_punycode)
		sink_bytes(reader->sink, identifier->text, identifier->length);
	else if (!punycode(identifier->text, identifier->length, reader->sink))
		reader->bad = true;
}

bool reader_enter(struct reader *reader)
{
	reader->depth++;
	if (reader->depth > DEPTH_MAX || ++reader->steps > READER_STEPS_MAX ||
	    reader->sink->full)
		reader->bad = true;
	return !reader->bad;
}

void reader_leave(struct reader *reader)
{
	reader->depth--;
}

char reader_peek(const struct reader *reader)
{
	return reader->at < reader->end && !reader->bad ? *reader->at : '\0';
}

char reader_next(struct reader *reader)
{
	char c = reader_peek(reader);

	if (c)
		reader->at++;
	else
		reader->bad = true;
	return c;
}

bool reader_eat(struct reader *reader, char c)
{
	if (reader_peek(reader) != c)
		return false;
	reader->at++;
	return true;
}

uint64_t reader_base_62(struct reader *reader)
{
	uint64_t value = 0;

	if (reader_eat(reader, '_'))
		return 0;
	for (;;) {
		char c = reader_next(reader);
		uint64_t digit;

		if (c == '_')
			return value + 1;
		if (c >= '0' && c <= '9')
			digit = (uint64_t)(c - '0');
		else if (c >= 'a' && c <= 'z')
			digit = (uint64_t)(c - 'a') + 10;
		else if (c >= 'A' && c <= 'Z')
			digit = (uint64_t)(c - 'A') + 36;
		else
			digit = 62;
		if (digit == 62 || value > UINT64_MAX / 62 - 1) {
			reader->bad = true;
			return 0;
		}
		value = value * 62 + digit;
	}
}

uint64_t reader_tagged(struct reader *reader, char tag)
{
	return reader_eat(reader, tag) ? reader_base_62(reader) + 1 : 0;
}

struct identifier reader_identifier(struct reader *reader)
{
	struct identifier identifier = {
		.is_punycode = reader_eat(reader, 'u'),
	};

	if (reader_peek(reader) < '0' || reader_peek(reader) > '9')
		reader->bad = true;
	if (!reader_eat(reader, '0'))
		while (reader_peek(reader) >= '0' &&
		       reader_peek(reader) <= '9' &&
		       identifier.length < 1 << 20)
			identifier.length = identifier.length * 10 +
					    (size_t)(reader_next(reader) - '0');
	reader_eat(reader, '_');
	if (identifier.length > (size_t)(reader->end - reader->at))
		reader->bad = true;
	if (reader->bad)
		return (struct identifier){ 0 };
	identifier.text = reader->at;
	reader->at += identifier.length;
	return identifier;
}
