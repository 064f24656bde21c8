// SPDX-License-Identifier: GPL-2.0
/*
 * Rust's own mangling (RFC 2603): a grammar that is printed while it is read.
 * References back into the symbol can make a name grow without end, so depth
 * and steps are counted, and a full sink ends it. Generic constants are those
 * of integers, bool and char; with others a symbol stays as it is.
 */
#include "rust_reader.h"

static void read_path(struct reader *reader, bool in_value);
static void read_type(struct reader *reader);
static void read_constant(struct reader *reader);

/* Read by @rule what a 'B' that was eaten refers to. */
static void read_back(struct reader *reader,
		      void (*rule)(struct reader *reader))
{
	size_t here = (size_t)(reader->at - reader->begin) - 1;
	uint64_t place = reader_base_62(reader);
	const char *at = reader->at;

	if (place >= here)
		reader->bad = true;
	if (reader->bad || reader->silent)
		return;
	reader->at = reader->begin + place;
	rule(reader);
	reader->at = at;
}

static void put_lifetime(struct reader *reader, uint64_t number)
{
	char name[3] = "'_";
	uint64_t depth;

	if (number && number <= reader->lifetimes) {
		depth = reader->lifetimes - number;
		if (depth < 26) {
			name[1] = (char)('a' + depth);
		} else {
			reader_put(reader, "'_");
			reader_put_number(reader, depth);
			return;
		}
	} else if (number) {
		reader->bad = true;
	}
	reader_put(reader, name);
}

/* "for<'a, 'b> "; returns how many lifetimes it binds. */
static uint64_t read_binder(struct reader *reader)
{
	uint64_t count = reader_tagged(reader, 'G');

	if (count > READER_STEPS_MAX) {
		reader->bad = true;
		return 0;
	}
	for (uint64_t i = 0; i < count && !reader->sink->full; i++) {
		reader->lifetimes++;
		reader_put(reader, i ? ", " : "for<");
		put_lifetime(reader, 1);
	}
	if (count)
		reader_put(reader, "> ");
	return count;
}

static void read_argument(struct reader *reader)
{
	if (reader_eat(reader, 'L'))
		put_lifetime(reader, reader_base_62(reader));
	else if (reader_eat(reader, 'K'))
		read_constant(reader);
	else
		read_type(reader);
}

/* Up to an 'E', ", " between them; returns how many. */
static unsigned int read_list(struct reader *reader,
			      void (*rule)(struct reader *reader))
{
	unsigned int count = 0;

	while (!reader->bad && !reader_eat(reader, 'E')) {
		if (count++)
			reader_put(reader, ", ");
		rule(reader);
	}
	return count;
}

static void read_nested(struct reader *reader, bool in_value)
{
	char space = reader_next(reader), kind[2] = { space, '\0' };
	struct identifier identifier;
	uint64_t disambiguator;

	read_path(reader, in_value);
	disambiguator = reader_tagged(reader, 's');
	identifier = reader_identifier(reader);
	if (space >= 'a' && space <= 'z') {
		if (identifier.length) {
			reader_put(reader, "::");
			reader_put_identifier(reader, &identifier);
		}
		return;
	}
	if (space < 'A' || space > 'Z')
		reader->bad = true;
	reader_put(reader, "::{");
	reader_put(reader, space == 'C' ? "closure" :
			   space == 'S' ? "shim" :
					  kind);
	if (identifier.length) {
		reader_put(reader, ":");
		reader_put_identifier(reader, &identifier);
	}
	reader_put(reader, "#");
	reader_put_number(reader, disambiguator);
	reader_put(reader, "}");
}

/* "<type as trait>"; the path of the impl itself says nothing more. */
static void read_impl(struct reader *reader, bool has_path, bool has_trait)
{
	if (has_path) {
		reader->silent++;
		reader_tagged(reader, 's');
		read_path(reader, false);
		reader->silent--;
	}
	reader_put(reader, "<");
	read_type(reader);
	if (has_trait) {
		reader_put(reader, " as ");
		read_path(reader, false);
	}
	reader_put(reader, ">");
}

static void value_path(struct reader *reader)
{
	read_path(reader, true);
}

static void type_path(struct reader *reader)
{
	read_path(reader, false);
}

static void read_path(struct reader *reader, bool in_value)
{
	struct identifier identifier;

	if (!reader_enter(reader))
		return reader_leave(reader);
	switch (reader_next(reader)) {
	case 'C':
		reader_tagged(reader, 's');
		identifier = reader_identifier(reader);
		reader_put_identifier(reader, &identifier);
		break;
	case 'N':
		read_nested(reader, in_value);
		break;
	case 'M':
		read_impl(reader, true, false);
		break;
	case 'X':
		read_impl(reader, true, true);
		break;
	case 'Y':
		read_impl(reader, false, true);
		break;
	case 'I':
		read_path(reader, in_value);
		reader_put(reader, in_value ? "::<" : "<");
		read_list(reader, read_argument);
		reader_put(reader, ">");
		break;
	case 'B':
		read_back(reader, in_value ? value_path : type_path);
		break;
	default:
		reader->bad = true;
	}
	reader_leave(reader);
}

static const char *basic_type(char tag)
{
	static const char *const names['z' - 'a' + 1] = {
		"i8",	"bool",	 "char",  "f64", "str", "f32", NULL,
		"u8",	"isize", "usize", NULL,	 "i32", "u32", "i128",
		"u128", "_",	 NULL,	  NULL,	 "i16", "u16", "()",
		"...",	NULL,	 "i64",	  "u64", "!",
	};

	return tag >= 'a' && tag <= 'z' ? names[tag - 'a'] : NULL;
}

static void read_function(struct reader *reader)
{
	uint64_t bound = read_binder(reader);
	struct identifier abi;

	if (reader_eat(reader, 'U'))
		reader_put(reader, "unsafe ");
	if (reader_eat(reader, 'K')) {
		reader_put(reader, "extern \"");
		if (reader_eat(reader, 'C')) {
			reader_put(reader, "C");
		} else {
			abi = reader_identifier(reader);
			reader_put_identifier(reader, &abi);
		}
		reader_put(reader, "\" ");
	}
	reader_put(reader, "fn(");
	read_list(reader, read_type);
	reader_put(reader, ")");
	if (!reader_eat(reader, 'u')) {
		reader_put(reader, " -> ");
		read_type(reader);
	}
	reader->lifetimes -= bound;
}

/* "Trait<A, Item = B>": bindings join the trait's own arguments. */
static void read_trait(struct reader *reader)
{
	size_t before = reader->sink->length;
	const struct sink *sink = reader->sink;
	struct identifier name;
	bool open = false;

	read_path(reader, false);
	while (!reader->bad && reader_eat(reader, 'p')) {
		if (!open && !reader->silent && sink->length > before &&
		    sink->text[sink->length - 1] == '>') {
			reader->sink->length--;
			reader_put(reader, ", ");
		} else {
			reader_put(reader, open ? ", " : "<");
		}
		open = true;
		name = reader_identifier(reader);
		reader_put_identifier(reader, &name);
		reader_put(reader, " = ");
		read_type(reader);
	}
	if (open)
		reader_put(reader, ">");
}

static void read_object(struct reader *reader)
{
	uint64_t bound, lifetime;
	bool more = false;

	reader_put(reader, "dyn ");
	bound = read_binder(reader);
	for (; !reader->bad && !reader_eat(reader, 'E'); more = true) {
		if (more)
			reader_put(reader, " + ");
		read_trait(reader);
	}
	reader->lifetimes -= bound;
	if (!reader_eat(reader, 'L')) {
		reader->bad = true;
		return;
	}
	lifetime = reader_base_62(reader);
	if (lifetime) {
		reader_put(reader, " + ");
		put_lifetime(reader, lifetime);
	}
}

static void read_reference(struct reader *reader, const char *mutability)
{
	uint64_t lifetime = reader_eat(reader, 'L') ? reader_base_62(reader) :
						      0;

	reader_put(reader, "&");
	if (lifetime) {
		put_lifetime(reader, lifetime);
		reader_put(reader, " ");
	}
	reader_put(reader, mutability);
	read_type(reader);
}

static void read_array(struct reader *reader)
{
	reader_put(reader, "[");
	read_type(reader);
	reader_put(reader, "; ");
	read_constant(reader);
	reader_put(reader, "]");
}

static void read_type(struct reader *reader)
{
	const char *basic = basic_type(reader_peek(reader));
	char tag;

	if (!reader_enter(reader))
		return reader_leave(reader);
	tag = reader_next(reader);
	if (basic) {
		reader_put(reader, basic);
		return reader_leave(reader);
	}
	switch (tag) {
	case 'A':
		read_array(reader);
		break;
	case 'S':
		reader_put(reader, "[");
		read_type(reader);
		reader_put(reader, "]");
		break;
	case 'T':
		reader_put(reader, "(");
		reader_put(reader,
			   read_list(reader, read_type) == 1 ? ",)" : ")");
		break;
	case 'R':
		read_reference(reader, "");
		break;
	case 'Q':
		read_reference(reader, "mut ");
		break;
	case 'P':
	case 'O':
		reader_put(reader, tag == 'P' ? "*const " : "*mut ");
		read_type(reader);
		break;
	case 'F':
		read_function(reader);
		break;
	case 'D':
		read_object(reader);
		break;
	case 'B':
		read_back(reader, read_type);
		break;
	default:
		reader->at--;
		read_path(reader, false);
	}
	reader_leave(reader);
}

/* Hexadecimal digits up to '_'; false: they do not fit. */
static bool read_hex(struct reader *reader, const char **digits, size_t *count,
		     uint64_t *value)
{
	*digits = reader->at;
	*value = 0;
	while (!reader->bad && !reader_eat(reader, '_')) {
		char c = reader_next(reader);

		if (c >= '0' && c <= '9')
			*value = *value << 4 | (uint64_t)(c - '0');
		else if (c >= 'a' && c <= 'f')
			*value = *value << 4 | (uint64_t)(c - 'a' + 10);
		else
			reader->bad = true;
	}
	*count = reader->bad ? 0 : (size_t)(reader->at - *digits) - 1;
	return *count <= 16;
}

static void read_integer(struct reader *reader)
{
	const char *digits;
	uint64_t value;
	size_t count;

	if (reader_eat(reader, 'n'))
		reader_put(reader, "-");
	if (read_hex(reader, &digits, &count, &value)) {
		reader_put_number(reader, value);
		return;
	}
	reader_put(reader, "0x");
	if (!reader->silent)
		sink_bytes(reader->sink, digits, count);
}

static void read_character(struct reader *reader)
{
	const char *digits;
	uint64_t value;
	size_t count;

	if (!read_hex(reader, &digits, &count, &value) || value > 0x10ffff)
		reader->bad = true;
	reader_put(reader, "'");
	if (!reader->silent && !reader->bad)
		sink_character(reader->sink, (uint32_t)value);
	reader_put(reader, "'");
}

static void read_constant(struct reader *reader)
{
	if (!reader_enter(reader))
		return reader_leave(reader);
	switch (reader_next(reader)) {
	case 'p':
		reader_put(reader, "_");
		break;
	case 'B':
		read_back(reader, read_constant);
		break;
	case 'b':
		reader_put(reader, reader_eat(reader, '1') ? "true" : "false");
		reader_eat(reader, '0');
		reader->bad |= !reader_eat(reader, '_');
		break;
	case 'c':
		read_character(reader);
		break;
	case 'a':
	case 'h':
	case 'i':
	case 'j':
	case 'l':
	case 'm':
	case 'n':
	case 'o':
	case 's':
	case 't':
	case 'x':
	case 'y':
		read_integer(reader);
		break;
	default:
		reader->bad = true;
	}
	reader_leave(reader);
}

bool rust_v0(const char *symbol, size_t length, struct sink *sink)
{
	struct reader reader = {
		.begin = symbol + 2,
		.at = symbol + 2,
		.end = symbol + length,
		.sink = sink,
	};

	if (length < 3 || memcmp(symbol, "_R", 2))
		return false;
	read_path(&reader, true);
	/* The crate that made this instance of it. */
	if (!reader.bad && reader.at < reader.end) {
		reader.silent++;
		read_path(&reader, false);
	}
	return !reader.bad && reader.at == reader.end && !sink->full;
}
