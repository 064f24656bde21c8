// SPDX-License-Identifier: GPL-2.0
/* See kernel_chunks.h. */
#include "kernel_chunks.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "../base/alloc.h"
#include "code_extents.h"
#include "deflate.h"

struct kernel_code {
	struct code_extents extents; /* as they were written last */
	bool hidden;
};

struct kernel_code *code_new(void)
{
	return alloc_zeroed(1, sizeof(struct kernel_code));
}

void code_free(struct kernel_code *code)
{
	if (!code)
		return;
	extents_free(&code->extents);
	free(code);
}

static uint64_t now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000000U + (uint64_t)now.tv_nsec;
}

static void pack_symbol(struct packing *packing,
			const struct captured_symbols *symbols, size_t number)
{
	const struct captured_symbol *symbol = &symbols->symbol[number];
	const char *text = symbols->text + symbol->text;
	char address[32];
	int length = snprintf(address, sizeof(address), "%" PRIx64 " ",
			      symbol->address);

	packing_add(packing, address, (size_t)length);
	packing_add(packing, text, strlen(text));
	packing_add(packing, "\n", 1);
}

static void pack_extents(struct packing *packing,
			 const struct code_extents *extents)
{
	for (size_t i = 0; i < extents->count; i++) {
		const struct code_extent *extent = &extents->extent[i];
		char *line = alloc_format("%" PRIx64 "-%" PRIx64 "%s%s\t%s\n",
					  extent->start, extent->end,
					  extent->name ? " " : "",
					  extent->name ? extent->name : "",
					  extent->module);

		packing_add(packing, line, strlen(line));
		free(line);
	}
}

static int no_memory(struct error *error)
{
	return error_set(error, -ENOMEM, "no memory to pack kernel symbols");
}

static int write_packed(struct writer *writer, enum chunk_type type,
			const void *header, size_t header_bytes,
			struct packing *packing, struct error *error)
{
	const struct iovec parts[] = {
		{ (void *)header, header_bytes },
		{ packing->bytes, packing->stream.total_out },
	};
	int result = writer_chunk(writer, type, parts, 2, error);

	packing_free(packing);
	return result;
}

static int write_symbols(struct writer *writer,
			 const struct captured_symbols *symbols,
			 struct error *error)
{
	struct chunk_symbols header;
	struct packing packing;

	if (!packing_begin(&packing))
		return no_memory(error);
	for (size_t i = 0; i < symbols->count; i++)
		pack_symbol(&packing, symbols, i);
	packing_finish(&packing);
	header.text_bytes = packing.text_bytes;
	return write_packed(writer, CHUNK_KERNEL_SYMBOLS, &header,
			    sizeof(header), &packing, error);
}

/* Modules that were not there the last time: many of their symbols follow. */
static bool *find_new(const struct kernel_code *code,
		      const struct code_extents *extents)
{
	bool *is_new = alloc_zeroed(extents->count + 1, sizeof(*is_new));

	for (size_t i = 0; i < extents->count; i++)
		is_new[i] = !extents->extent[i].name &&
			    !extents_have(&code->extents, &extents->extent[i]);
	return is_new;
}

/* All symbols of these modules, those that only their beginning uses as well. */
static void pack_new(struct packing *packing, const struct kernel_code *code,
		     const struct code_extents *extents,
		     const struct captured_symbols *symbols)
{
	bool *is_new = find_new(code, extents);

	for (size_t i = 0; i < symbols->count; i++) {
		const char *module = capture_symbol_module(symbols, i);

		for (size_t j = 0; module && j < extents->count; j++) {
			if (is_new[j] &&
			    !strcmp(extents->extent[j].module, module)) {
				pack_symbol(packing, symbols, i);
				break;
			}
		}
	}
	free(is_new);
}

/* *extents becomes the last. */
static int write_code(struct kernel_code *code, struct writer *writer,
		      struct code_extents *extents,
		      const struct captured_symbols *symbols, bool first,
		      uint64_t begun, struct error *error)
{
	struct chunk_code header = { .begun = begun, .ended = now_ns() };
	struct packing packing;

	if (!packing_begin(&packing)) {
		extents_free(extents);
		return no_memory(error);
	}
	pack_extents(&packing, extents);
	if (!first)
		pack_new(&packing, code, extents, symbols);
	packing_finish(&packing);
	header.text_bytes = packing.text_bytes;
	extents_free(&code->extents);
	code->extents = *extents;
	return write_packed(writer, CHUNK_KERNEL_CODE, &header, sizeof(header),
			    &packing, error);
}

static int read_and_write(struct kernel_code *code, struct writer *writer,
			  bool first, struct error *error)
{
	uint64_t begun = now_ns();
	struct captured_symbols symbols;
	struct code_extents extents;
	int result = 0;

	extents_begin(&extents);
	capture_symbols(&symbols, first);
	extents_finish(&extents, &symbols);
	if (first && symbols.hidden)
		code->hidden = true;
	if (code->hidden) {
		extents_free(&extents);
	} else {
		if (first)
			result = write_symbols(writer, &symbols, error);
		if (!result)
			result = write_code(code, writer, &extents, &symbols,
					    first, begun, error);
		else
			extents_free(&extents);
	}
	capture_symbols_free(&symbols);
	return result;
}

int code_write_first(struct kernel_code *code, struct writer *writer,
		     bool *hidden, struct error *error)
{
	int result = read_and_write(code, writer, true, error);

	*hidden = code->hidden;
	return result;
}

bool code_differs(struct kernel_code *code)
{
	return !code->hidden && extents_state() != code->extents.state;
}

int code_write_again(struct kernel_code *code, struct writer *writer,
		     struct error *error)
{
	return code->hidden ? 0 : read_and_write(code, writer, false, error);
}
