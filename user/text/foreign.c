// SPDX-License-Identifier: GPL-2.0
/* See foreign.h. */
#include "foreign.h"

#include <stdbool.h>
#include <string.h>

#include "foreign_formats.h"

static bool holds(const char *text, size_t length, const char *mark)
{
	return memmem(text, length, mark, strlen(mark));
}

static bool begins(const char *text, size_t length, const char *mark,
		   size_t size)
{
	return length >= size && !memcmp(text, mark, size);
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

static bool begins_line(const char *text, size_t length, const char *mark)
{
	const char *end = text + length, *at = text;

	while ((at = memmem(at, (size_t)(end - at), mark, strlen(mark)))) {
		const char *before = at;

		while (before > text && is_blank(before[-1]))
			before--;
		if (before == text || before[-1] == '\n')
			return true;
		at++;
	}
	return false;
}

static bool matches(const struct foreign_format *format, const char *text,
		    size_t length)
{
	size_t size = format->size ? format->size : strlen(format->marks[0]);
	const char *at = text, *end = text + length;
	size_t first = 0;

	if (format->where == FOREIGN_TEXT)
		while (at < end && (*at == ' ' || *at == '\t' || *at == '\r' ||
				    *at == '\n'))
			at++;
	if (format->where == FOREIGN_BYTES || format->where == FOREIGN_TEXT) {
		if (!begins(at, (size_t)(end - at), format->marks[0], size))
			return false;
		first = 1;
	}
	for (size_t i = first; i < FOREIGN_MARKS && format->marks[i]; i++)
		if (format->where == FOREIGN_LINES ?
			    !begins_line(text, length, format->marks[i]) :
			    !holds(text, length, format->marks[i]))
			return false;
	return true;
}

/* Files that begin with bytes of their own may hold any text behind them. */
const struct foreign *foreign_find(const char *text, size_t length)
{
	for (int bytes = 1; bytes >= 0; bytes--)
		for (size_t i = 0; i < foreign_format_count; i++)
			if ((foreign_formats[i].where == FOREIGN_BYTES) ==
				    bytes &&
			    matches(&foreign_formats[i], text, length))
				return &foreign_formats[i].foreign;
	return NULL;
}

/* Lines that look alike. */
struct look {
	size_t lines, commas, tabs, semicolons, dates, numbers, settings;
	size_t backticks; /* "library`function" */
};

static bool is_date(const char *text, size_t length)
{
	static const char *const months[] = { "Jan ", "Feb ", "Mar ", "Apr ",
					      "May ", "Jun ", "Jul ", "Aug ",
					      "Sep ", "Oct ", "Nov ", "Dec " };

	if (length && *text == '[')
		return true;
	if (length > 10 && text[4] == text[7] &&
	    (text[4] == '-' || text[4] == '/'))
		return true;
	for (size_t i = 0; i < sizeof(months) / sizeof(*months); i++)
		if (begins(text, length, months[i], 4))
			return true;
	return holds(text, length, " - - [");
}

static void look_at(struct look *look, const char *text, size_t length)
{
	const char *equals = memchr(text, '=', length);
	const char *colon = memchr(text, ':', length);

	look->lines++;
	look->commas += !!memchr(text, ',', length);
	look->tabs += !!memchr(text, '\t', length);
	look->semicolons += !!memchr(text, ';', length);
	look->dates += is_date(text, length);
	look->backticks += !!memchr(text, '`', length) && is_blank(*text);
	look->settings += equals || (colon && colon < text + 40);
	look->numbers += text[length - 1] >= '0' && text[length - 1] <= '9';
}

static size_t control_characters(const char *text, size_t length)
{
	size_t count = 0;

	for (size_t i = 0; i < length; i++) {
		unsigned char c = (unsigned char)text[i];

		count += c < ' ' && c != '\n' && c != '\t' && c != '\r' &&
			 c != '\f' && c != '\033' && c != '\b';
	}
	return count;
}

static const struct foreign *by_look(const struct look *look)
{
	static const struct foreign dtrace = {
		"a profile by DTrace",
		"fold it with stackcollapse.pl of FlameGraph"
	};
	static const struct foreign log = { "a log", FOREIGN_NO_STACKS };
	static const struct foreign table = { "a table of values (CSV)",
					      FOREIGN_NO_STACKS };
	static const struct foreign list = { "a list of names and numbers",
					     FOREIGN_NO_STACKS };
	static const struct foreign settings = { "settings or a list of values",
						 FOREIGN_NO_STACKS };
	static const struct foreign text = { "text of another kind",
					     FOREIGN_NO_STACKS };

	if (look->backticks * 3 > look->lines && look->numbers)
		return &dtrace;
	if (look->dates * 2 > look->lines)
		return &log;
	if (look->commas * 10 > look->lines * 9 ||
	    look->semicolons * 10 > look->lines * 9)
		return &table;
	if (look->numbers * 2 > look->lines)
		return &list;
	if (look->settings * 2 > look->lines)
		return &settings;
	return look->tabs * 10 > look->lines * 9 ? &table : &text;
}

const struct foreign *foreign_look(const char *text, size_t length)
{
	static const struct foreign binary = { "binary data",
					       FOREIGN_NO_STACKS };
	static const struct foreign json = { "JSON", FOREIGN_NO_STACKS };
	static const struct foreign xml = { "XML", FOREIGN_NO_STACKS };
	const char *end = text + length, *at = text;

	if (control_characters(text, length) * 20 > length ||
	    memchr(text, '\0', length))
		return &binary;
	while (at < end && strchr(" \t\r\n", *at))
		at++;
	if (at < end && strchr("{[", *at) && holds(text, length, "\"") &&
	    (holds(text, length, ":") || holds(text, length, "\",")))
		return &json;
	if (at < end && *at == '<' &&
	    (holds(text, length, "</") || holds(text, length, "/>")))
		return &xml;
	return NULL;
}

const struct foreign *foreign_guess(const char *text, size_t length)
{
	const struct foreign *foreign = foreign_look(text, length);
	const char *end = text + length, *newline;
	struct look look = { 0 };

	if (foreign)
		return foreign;
	for (; text < end; text = newline + 1) {
		newline = memchr(text, '\n', (size_t)(end - text));
		if (!newline)
			newline = end;
		if (newline > text)
			look_at(&look, text, (size_t)(newline - text));
	}
	return by_look(&look);
}
