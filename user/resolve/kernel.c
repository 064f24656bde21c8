// SPDX-License-Identifier: GPL-2.0
/*
 * See kernel.h: the kernel's own code by symbols, what comes and goes by pieces
 * (kernel_pieces.h).
 */
#include "kernel.h"

#include <stdlib.h>
#include <string.h>

#include "../base/alloc.h"
#include "kernel_pieces.h"

struct kernel {
	struct kernel_text *texts;
	size_t count, room;
	struct pieces *pieces;
	bool timed; /* one of the texts */
	bool finished;
};

struct kernel *kernel_new(void)
{
	struct kernel *kernel = alloc_zeroed(1, sizeof(*kernel));

	kernel->pieces = pieces_new();
	return kernel;
}

void kernel_free(struct kernel *kernel)
{
	if (!kernel)
		return;
	pieces_free(kernel->pieces);
	for (size_t i = 0; i < kernel->count; i++)
		kallsyms_free(kernel->texts[i].kallsyms);
	free(kernel->texts);
	free(kernel);
}

int kernel_add(struct kernel *kernel, const char *text, size_t length,
	       const struct kernel_reading *reading, bool *hidden,
	       struct error *error)
{
	struct kallsyms *kallsyms;
	struct kernel_text *added;
	int code = kallsyms_parse(text, length, reading, &kallsyms, error);

	if (code)
		return code;
	*hidden = kallsyms_hidden(kallsyms);
	kernel->texts = alloc_grow(kernel->texts, kernel->count, &kernel->room,
				   sizeof(*kernel->texts));
	added = &kernel->texts[kernel->count++];
	*added = (struct kernel_text){ .kallsyms = kallsyms, .timed = reading };
	if (reading) {
		added->reading = *reading;
		kernel->timed = true;
	}
	return 0;
}

void kernel_add_record(struct kernel *kernel, const struct dither_code *record)
{
	pieces_add_record(kernel->pieces, record);
}

/*
 * By symbols alone. Texts that tell no time are right about the kernel's own
 * code; where two tell of another's, one may be of another time.
 */
static bool find_symbol(const struct kernel *kernel, uint64_t address,
			struct kernel_symbol *out)
{
	bool found = false;

	for (size_t i = 0; i < kernel->count; i++) {
		struct kernel_symbol symbol;

		if (kernel->texts[i].timed ||
		    !kallsyms_find(kernel->texts[i].kallsyms, address, &symbol))
			continue;
		if (kernel->timed &&
		    strcmp(symbol.module, kallsyms_kernel) != 0)
			continue;
		if (found && (symbol.start != out->start ||
			      strcmp(symbol.name, out->name) != 0 ||
			      strcmp(symbol.module, out->module) != 0))
			return false;
		*out = symbol;
		found = true;
	}
	return found;
}

bool kernel_find(struct kernel *kernel, uint64_t address, uint64_t time,
		 struct kernel_symbol *out, bool *lasting)
{
	const struct kernel_piece *piece;

	if (!kernel->finished)
		pieces_finish(kernel->pieces, kernel->texts, kernel->count);
	kernel->finished = true;
	*lasting = find_symbol(kernel, address, out);
	if (*lasting)
		return true;
	piece = pieces_find(kernel->pieces, address, time);
	if (!piece)
		return false;
	*out = piece->extent;
	if (!out->name && piece->symbols)
		kallsyms_find_within(piece->symbols, address, &piece->extent,
				     out);
	return true;
}

void kernel_extent(struct kernel *kernel, uint64_t address, uint64_t time,
		   uint64_t *start, uint64_t *end)
{
	const struct kernel_piece *piece =
		pieces_find(kernel->pieces, address, time);
	struct kernel_symbol symbol;

	*start = piece ? piece->extent.start : 0;
	*end = piece ? piece->extent.end : 0;
	for (size_t i = 0; !piece && i < kernel->count; i++)
		if (kallsyms_find(kernel->texts[i].kallsyms, address, &symbol))
			kallsyms_extent(kernel->texts[i].kallsyms,
					symbol.module, start, end);
}
