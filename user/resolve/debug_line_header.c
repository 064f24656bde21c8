// SPDX-License-Identifier: GPL-2.0
/*
 * Up to version 4 directories and files are lists of strings, and directory 0
 * is that of the compilation, which only .debug_info names: such names stay
 * relative. From version 5 on they are tables whose columns are described.
 */
#include "debug_line_header.h"

#include <stdlib.h>
#include <string.h>

#include "../base/alloc.h"

#define FORMATS_MAX 16

enum {
	FORM_DATA2 = 0x05,
	FORM_DATA4 = 0x06,
	FORM_DATA8 = 0x07,
	FORM_STRING = 0x08,
	FORM_BLOCK = 0x09,
	FORM_DATA1 = 0x0b,
	FORM_STRP = 0x0e,
	FORM_UDATA = 0x0f,
	FORM_DATA16 = 0x1e,
	FORM_LINE_STRP = 0x1f,
};

enum { CONTENT_PATH = 1, CONTENT_DIRECTORY = 2 };

struct unit {
	struct dwarf_reader reader;
	const struct line_strings *strings;
	struct string_table *texts;
	unsigned int version, offset_bytes;
	const char **directories;
	size_t directory_count, directory_room;
	uint32_t *files; /* texts */
	size_t file_count, file_room;
};

struct entry {
	const char *path;
	uint64_t directory;
};

static void add_directory(struct unit *unit, const char *path)
{
	unit->directories = alloc_grow(unit->directories, unit->directory_count,
				       &unit->directory_room,
				       sizeof(*unit->directories));
	unit->directories[unit->directory_count++] = path;
}

/* @path in its directory, and that in the first one, unless they are absolute. */
static uint32_t path_of(const struct unit *unit, const struct entry *entry)
{
	const char *directory = "", *first = "";
	uint32_t number;
	char *path;

	if (!*entry->path)
		return 0;
	if (*entry->path != '/' && entry->directory < unit->directory_count)
		directory = unit->directories[entry->directory];
	if (*directory && *directory != '/' && entry->directory)
		first = unit->directories[0];
	path = alloc_format("%s%s%s%s%s", first, *first ? "/" : "", directory,
			    *directory ? "/" : "", entry->path);
	number = string_table_add(unit->texts, path, strlen(path));
	free(path);
	return number;
}

static void add_file(struct unit *unit, const struct entry *entry)
{
	unit->files = alloc_grow(unit->files, unit->file_count,
				 &unit->file_room, sizeof(*unit->files));
	unit->files[unit->file_count++] = path_of(unit, entry);
}

static void read_lists(struct unit *unit)
{
	static const struct entry none = { "", 0 };
	struct dwarf_reader *reader = &unit->reader;
	struct entry entry;

	add_directory(unit, "");
	while (!reader->bad && *(entry.path = dwarf_string(reader)))
		add_directory(unit, entry.path);
	add_file(unit, &none); /* files count from 1 */
	while (!reader->bad && *(entry.path = dwarf_string(reader))) {
		entry.directory = dwarf_unsigned(reader);
		dwarf_unsigned(reader); /* time */
		dwarf_unsigned(reader); /* bytes */
		add_file(unit, &entry);
	}
}

static const char *string_at(struct dwarf_reader section, uint64_t offset)
{
	if (!section.at)
		return "";
	dwarf_skip(&section, offset);
	return dwarf_string(&section);
}

/* False: a form that is not known, behind which nothing can be read. */
static bool read_value(struct unit *unit, uint64_t form, const char **text,
		       uint64_t *number)
{
	struct dwarf_reader *reader = &unit->reader;

	*text = "";
	*number = 0;
	switch (form) {
	case FORM_STRING:
		*text = dwarf_string(reader);
		return true;
	case FORM_LINE_STRP:
		*text = string_at(unit->strings->line,
				  dwarf_number(reader, unit->offset_bytes));
		return true;
	case FORM_STRP:
		*text = string_at(unit->strings->all,
				  dwarf_number(reader, unit->offset_bytes));
		return true;
	case FORM_UDATA:
		*number = dwarf_unsigned(reader);
		return true;
	case FORM_DATA1:
		*number = dwarf_number(reader, 1);
		return true;
	case FORM_DATA2:
		*number = dwarf_number(reader, 2);
		return true;
	case FORM_DATA4:
		*number = dwarf_number(reader, 4);
		return true;
	case FORM_DATA8:
		*number = dwarf_number(reader, 8);
		return true;
	case FORM_DATA16:
		dwarf_skip(reader, 16);
		return true;
	case FORM_BLOCK:
		dwarf_skip(reader, dwarf_unsigned(reader));
		return true;
	default:
		return false;
	}
}

/* Of files, or of directories. */
static bool read_table(struct unit *unit, bool files)
{
	struct dwarf_reader *reader = &unit->reader;
	uint64_t contents[FORMATS_MAX], forms[FORMATS_MAX], count, columns;

	columns = dwarf_number(reader, 1);
	if (columns > FORMATS_MAX)
		return false;
	for (uint64_t i = 0; i < columns; i++) {
		contents[i] = dwarf_unsigned(reader);
		forms[i] = dwarf_unsigned(reader);
	}
	count = dwarf_unsigned(reader);
	/* Each entry has a byte at least, or the count is no count. */
	if (count && (!columns || count > (uint64_t)(reader->end - reader->at)))
		return false;
	for (uint64_t i = 0; i < count && !reader->bad; i++) {
		struct entry entry = { "", 0 };

		for (uint64_t j = 0; j < columns; j++) {
			const char *text;
			uint64_t number;

			if (!read_value(unit, forms[j], &text, &number))
				return false;
			if (contents[j] == CONTENT_PATH)
				entry.path = text;
			else if (contents[j] == CONTENT_DIRECTORY)
				entry.directory = number;
		}
		if (files)
			add_file(unit, &entry);
		else
			add_directory(unit, entry.path);
	}
	return true;
}

/* The unit is cut out of @section, whatever it holds. */
static bool next_unit(struct dwarf_reader *section, struct unit *unit)
{
	uint64_t length = dwarf_number(section, 4);

	unit->offset_bytes = 4;
	if (length == 0xffffffff) {
		length = dwarf_number(section, 8);
		unit->offset_bytes = 8;
	}
	unit->reader = *section;
	dwarf_skip(section, length);
	if (section->bad)
		return false;
	unit->reader.end = unit->reader.at + length;
	return true;
}

static bool read_unit(struct unit *unit, struct line_header *header)
{
	struct dwarf_reader *reader = &unit->reader;
	uint64_t length;

	unit->version = (unsigned int)dwarf_number(reader, 2);
	if (unit->version < 2 || unit->version > 5)
		return false;
	if (unit->version == 5)
		dwarf_skip(reader, 2); /* sizes of addresses and selectors */
	length = dwarf_number(reader, unit->offset_bytes);
	header->program = *reader;
	dwarf_skip(&header->program, length);
	if (header->program.bad)
		return false;
	reader->end = header->program.at;
	header->instruction = (unsigned int)dwarf_number(reader, 1);
	if (unit->version >= 4)
		dwarf_skip(reader, 1); /* operations of an instruction */
	dwarf_skip(reader, 1);	       /* whether rows begin as statements */
	header->line_base = (int)(dwarf_number(reader, 1) ^ 0x80) - 0x80;
	header->line_range = (unsigned int)dwarf_number(reader, 1);
	header->opcode_base = (unsigned int)dwarf_number(reader, 1);
	if (!header->line_range || !header->opcode_base)
		return false;
	header->lengths = reader->at;
	dwarf_skip(reader, header->opcode_base - 1);
	if (reader->bad)
		return false;
	if (unit->version < 5) {
		read_lists(unit);
		return true;
	}
	return read_table(unit, false) && read_table(unit, true);
}

bool line_header_read(struct dwarf_reader *section,
		      const struct line_strings *strings,
		      struct string_table *texts, struct line_header *header)
{
	while (section->at < section->end) {
		struct unit unit = { .strings = strings, .texts = texts };
		bool usable = next_unit(section, &unit) &&
			      read_unit(&unit, header);

		free(unit.directories);
		header->files = unit.files;
		header->file_count = unit.file_count;
		if (usable)
			return true;
		free(unit.files);
		header->files = NULL;
	}
	return false;
}

void line_header_free(struct line_header *header)
{
	free(header->files);
	*header = (struct line_header){ .files = NULL };
}
