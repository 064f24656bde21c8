// SPDX-License-Identifier: GPL-2.0
/*
 * The kernel's symbols and the vDSO, written before the recording begins so
 * that a killed recorder leaves a file that can be read anywhere.
 */
#include <elf.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/auxv.h>
#include <zlib.h>

#include "../base/alloc.h"
#include "surroundings.h"

struct symbol {
	uint64_t address;
	const char *rest;	/* "name\n" or "name\t[module]\n" */
	size_t length;
};

static char *read_all(const char *path, size_t *length)
{
	FILE *in = fopen(path, "re");
	size_t room = 0, count = 0, got;
	char *text = NULL;

	if (!in)
		return NULL;
	do {
		room = room ? room * 2 : 1 << 20;
		text = alloc_resize(text, room + 1, 1);
		got = fread(text + count, 1, room - count, in);
		count += got;
	} while (count == room);
	fclose(in);
	text[count] = '\0';
	*length = count;
	return text;
}

char *capture_modules(void)
{
	size_t length;

	return read_all("/proc/modules", &length);
}

static int compare(const void *a, const void *b)
{
	const struct symbol *left = a, *right = b;

	if (left->address != right->address)
		return left->address < right->address ? -1 : 1;
	/* The text decides, so that the order is the same on every run. */
	return strcmp(left->rest, right->rest);
}

/* What a compiler left in a module for the linker: places in functions. */
static bool is_label(const char *name)
{
	return name[0] == '$' || (name[0] == '.' && name[1] == 'L');
}

/* Code symbols only, of lines "<address> <type> <name>[\t[module]]". */
static size_t collect(char *text, struct symbol **symbols)
{
	size_t count = 0, room = 0;
	char *line, *end, *rest;

	*symbols = NULL;
	for (line = text; *line; line = end) {
		struct symbol symbol;

		end = strchrnul(line, '\n');
		if (*end)
			end++;
		symbol.address = strtoull(line, &rest, 16);
		if (rest == line || rest[0] != ' ' || !rest[1] ||
		    !strchr("tTwW", rest[1]) || rest[2] != ' ' ||
		    is_label(rest + 3))
			continue;
		symbol.rest = rest + 3;
		symbol.length = end - symbol.rest;
		*symbols = alloc_grow(*symbols, count, &room, sizeof(symbol));
		(*symbols)[count++] = symbol;
	}
	if (count)
		qsort(*symbols, count, sizeof(**symbols), compare);
	return count;
}

static char *format(const struct symbol *symbols, size_t count, size_t *length)
{
	char *text;
	FILE *out = open_memstream(&text, length);

	for (size_t i = 0; i < count; i++) {
		fprintf(out, "%" PRIx64 " ", symbols[i].address);
		fwrite(symbols[i].rest, 1, symbols[i].length, out);
	}
	fclose(out);
	return text;
}

static int write_compressed(struct writer *writer, const char *text,
			    size_t length, struct error *error)
{
	struct chunk_symbols header = { .text_bytes = length };
	uLongf packed = compressBound(length);
	unsigned char *bytes = alloc_zeroed(packed, 1);
	struct iovec parts[2];
	int result;

	/* The fastest level: this delays the recording. */
	compress2(bytes, &packed, (const unsigned char *)text, length, 1);
	parts[0] = (struct iovec){ &header, sizeof(header) };
	parts[1] = (struct iovec){ bytes, packed };
	result = writer_chunk(writer, CHUNK_KERNEL_SYMBOLS, parts, 2, error);
	free(bytes);
	return result;
}

int capture_write_kernel_symbols(struct writer *writer, int *hidden,
				 struct error *error)
{
	struct symbol *symbols = NULL;
	size_t length, count = 0;
	char *text, *kept;
	int result = 0;

	text = read_all("/proc/kallsyms", &length);
	if (text)
		count = collect(text, &symbols);
	*hidden = !count || !symbols[count - 1].address;
	if (!*hidden) {
		kept = format(symbols, count, &length);
		result = write_compressed(writer, kept, length, error);
		free(kept);
	}
	free(symbols);
	free(text);
	return result;
}

#if __SIZEOF_POINTER__ == 8
typedef Elf64_Ehdr elf_header;
#else
typedef Elf32_Ehdr elf_header;
#endif

/* The image ends behind its section headers, as linkers lay it out. */
const void *capture_vdso(size_t *bytes)
{
	const elf_header *header = (const void *)getauxval(AT_SYSINFO_EHDR);

	if (!header || memcmp(header->e_ident, ELFMAG, SELFMAG))
		return NULL;
	*bytes = header->e_shoff + (size_t)header->e_shnum * header->e_shentsize;
	return header;
}

int capture_write_vdso(struct writer *writer, struct error *error)
{
	size_t bytes;
	const void *image = capture_vdso(&bytes);
	const struct iovec part = { (void *)image, image ? bytes : 0 };

	return image ? writer_chunk(writer, CHUNK_VDSO, &part, 1, error) : 0;
}
