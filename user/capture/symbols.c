// SPDX-License-Identifier: GPL-2.0
/*
 * The kernel's symbols and the vDSO, written before the recording begins so
 * that a killed recorder leaves a file that can be read anywhere. Symbols are
 * taken in, and packed, line by line: their text alone may be more memory than
 * a small machine has to spare.
 */
#include <elf.h>
#include <errno.h>
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
	size_t name;		/* where it begins in the text */
};

struct symbols {
	char *text;		/* "name" or "name\t[module]", each ended by NUL */
	size_t used, text_room;
	struct symbol *symbol;
	size_t count, room;
};

/* A compressed text on its way. */
struct packing {
	z_stream stream;
	unsigned char *bytes;
	size_t room;
	size_t text_bytes;	/* so far */
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

static int compare(const void *a, const void *b, void *context)
{
	const struct symbol *left = a, *right = b;
	const char *text = context;

	if (left->address != right->address)
		return left->address < right->address ? -1 : 1;
	/* The text decides, so that the order is the same on every run. */
	return strcmp(text + left->name, text + right->name);
}

/* What a compiler left in a module for the linker: places in functions. */
static bool is_label(const char *name)
{
	return name[0] == '$' || (name[0] == '.' && name[1] == 'L');
}

static void add(struct symbols *symbols, uint64_t address, const char *name)
{
	size_t length = strlen(name);

	while (symbols->used + length >= symbols->text_room) {
		symbols->text_room = symbols->text_room ?
					     symbols->text_room * 2 :
					     1 << 16;
		symbols->text = alloc_resize(symbols->text, symbols->text_room,
					     1);
	}
	memcpy(symbols->text + symbols->used, name, length + 1);
	symbols->symbol = alloc_grow(symbols->symbol, symbols->count,
				     &symbols->room, sizeof(struct symbol));
	symbols->symbol[symbols->count++] = (struct symbol){
		.address = address,
		.name = symbols->used,
	};
	symbols->used += length + 1;
}

/* Code symbols only, of lines "<address> <type> <name>[\t[module]]". */
static void collect(FILE *in, struct symbols *symbols)
{
	char *line = NULL, *rest;
	size_t room = 0;

	while (getline(&line, &room, in) > 0) {
		uint64_t address = strtoull(line, &rest, 16);

		if (rest == line || rest[0] != ' ' || !rest[1] ||
		    !strchr("tTwW", rest[1]) || rest[2] != ' ' ||
		    is_label(rest + 3))
			continue;
		rest[strcspn(rest, "\n")] = '\0';
		add(symbols, address, rest + 3);
	}
	free(line);
	if (symbols->count)
		qsort_r(symbols->symbol, symbols->count,
			sizeof(*symbols->symbol), compare, symbols->text);
}

/* Take @text in; with Z_FINISH, to the end. */
static void pack(struct packing *packing, const char *text, size_t length,
		 int flush)
{
	z_stream *stream = &packing->stream;
	int result;

	packing->text_bytes += length;
	stream->next_in = (unsigned char *)text;
	stream->avail_in = length;
	do {
		if (packing->room - stream->total_out < 1 << 12) {
			packing->room = packing->room ? packing->room * 2 :
							1 << 16;
			packing->bytes = alloc_resize(packing->bytes,
						      packing->room, 1);
		}
		stream->next_out = packing->bytes + stream->total_out;
		stream->avail_out = packing->room - stream->total_out;
		result = deflate(stream, flush);
	} while (stream->avail_in ||
		 (flush == Z_FINISH && result == Z_OK));
}

static void pack_symbols(struct packing *packing,
			 const struct symbols *symbols)
{
	char address[32];

	for (size_t i = 0; i < symbols->count; i++) {
		const struct symbol *symbol = &symbols->symbol[i];
		const char *name = symbols->text + symbol->name;
		int length = snprintf(address, sizeof(address), "%" PRIx64 " ",
				      symbol->address);

		pack(packing, address, length, Z_NO_FLUSH);
		pack(packing, name, strlen(name), Z_NO_FLUSH);
		pack(packing, "\n", 1, Z_NO_FLUSH);
	}
	pack(packing, "", 0, Z_FINISH);
}

static int write_symbols(struct writer *writer, const struct symbols *symbols,
			 struct error *error)
{
	struct packing packing = { .bytes = NULL };
	struct chunk_symbols header;
	struct iovec parts[2];
	int result;

	/* The fastest level: this delays the recording. */
	if (deflateInit(&packing.stream, 1) != Z_OK)
		return error_set(error, -ENOMEM,
				 "no memory to pack kernel symbols");
	pack_symbols(&packing, symbols);
	header = (struct chunk_symbols){ .text_bytes = packing.text_bytes };
	parts[0] = (struct iovec){ &header, sizeof(header) };
	parts[1] = (struct iovec){ packing.bytes, packing.stream.total_out };
	result = writer_chunk(writer, CHUNK_KERNEL_SYMBOLS, parts, 2, error);
	deflateEnd(&packing.stream);
	free(packing.bytes);
	return result;
}

int capture_write_kernel_symbols(struct writer *writer, int *hidden,
				 struct error *error)
{
	struct symbols symbols = { .text = NULL };
	FILE *in = fopen("/proc/kallsyms", "re");
	int result = 0;

	if (in) {
		collect(in, &symbols);
		fclose(in);
	}
	*hidden = !symbols.count || !symbols.symbol[symbols.count - 1].address;
	if (!*hidden)
		result = write_symbols(writer, &symbols, error);
	free(symbols.symbol);
	free(symbols.text);
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
