// SPDX-License-Identifier: GPL-2.0
/*
 * See eh_frame.h. Sections are walked twice, entry by entry: FDEs may name any
 * CIE, also a later one, and only what the walk itself meets is one.
 */
#include "eh_frame.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "../base/alloc.h"
#include "dwarf.h"

struct entry {
	uint64_t offset;	/* of the entry in its section */
	uint64_t cie;		/* of the CIE that an FDE names */
	struct cursor body;	/* what follows the identifier */
	bool is_cie;
};

static int damaged(const struct section *section, uint64_t offset,
		   const char *what, struct error *error)
{
	return error_set(error, -EINVAL, "damaged %s: %s at 0x%llx",
			 section->name, what, (unsigned long long)offset);
}

/*
 * .eh_frame's identifiers are 4 bytes even behind a long length (LSB 5.0), and
 * name a CIE by its distance.
 */
static void read_identifier(const struct section *section, struct entry *entry,
			    bool wide)
{
	uint64_t place = (uint64_t)(entry->body.at - section->data);
	unsigned int size = wide && section->debug ? 8 : 4;
	uint64_t id = cursor_fixed(&entry->body, size);

	if (section->debug) {
		entry->is_cie = id == (size == 8 ? UINT64_MAX : UINT32_MAX);
		entry->cie = id;
	} else {
		entry->is_cie = !id;
		entry->cie = place - (uint64_t)(int64_t)(int32_t)id;
	}
}

/* 1: an entry; 0: there are no more; -EINVAL. */
static int next_entry(const struct section *section, struct cursor *cursor,
		      struct entry *entry, struct error *error)
{
	uint64_t length;
	bool wide;

	do {
		if (cursor_left(cursor) < 4)
			return 0;
		entry->offset = (uint64_t)(cursor->at - section->data);
		length = cursor_u32(cursor);
		/* Terminators stand in the middle, too, as linked. */
		if (!length && section->open_ended)
			return 0;
	} while (!length);
	wide = length == UINT32_MAX;
	if (wide)
		length = cursor_fixed(cursor, 8);
	entry->body.failed = false;
	entry->body.at = cursor_take(cursor, length);
	entry->body.end = cursor->at;
	if (entry->body.at)
		read_identifier(section, entry, wide);
	if (entry->body.at && !entry->body.failed)
		return 1;
	if (section->open_ended)
		return 0;
	return damaged(section, entry->offset, "entry beyond the end", error);
}

/* Letters behind 'z'; an unknown one ends what is understood. */
static void read_augmentation(struct cie *cie, const char *letters,
			      struct cursor *cursor)
{
	uint8_t encoding;
	uint64_t ignored;

	for (; *letters; letters++) {
		switch (*letters) {
		case 'R':
			cie->base.encoding = cursor_u8(cursor);
			break;
		case 'P':
			encoding = cursor_u8(cursor);
			if (!pointer_read_plain(cursor, encoding, &ignored))
				cie->known = false;
			break;
		case 'L':
			cursor_u8(cursor);
			break;
		case 'S':
			cie->signal = true;
			break;
		case 'B':	/* arm64: the other key signs addresses */
		case 'G':	/* arm64: stack memory is tagged */
			break;
		default:
			cie->known = false;
			return;
		}
	}
}

/* The fields before the program. False: of a version that is not known. */
static bool read_cie_head(struct cie *cie, struct cursor *cursor,
			  const char **letters)
{
	uint8_t version = cursor_u8(cursor);
	const char *end = memchr(cursor->at, 0, cursor_left(cursor));

	if (!end) {
		cursor_fail(cursor);
		return false;
	}
	*letters = (const char *)cursor->at;
	cursor->at = (const unsigned char *)end + 1;
	if (version != 1 && version != 3 && version != 4)
		return false;
	cie->address_bytes = 8;
	if (version == 4) {
		cie->address_bytes = cursor_u8(cursor);
		if (cursor_u8(cursor))	/* segments */
			return false;
	}
	/* A pointer for exceptions, from before 'z' was. */
	if (!strcmp(*letters, "eh"))
		cursor_take(cursor, 8);
	cie->base.code_factor = cursor_uleb(cursor);
	cie->base.data_factor = cursor_sleb(cursor);
	return (version == 1 ? cursor_u8(cursor) : cursor_uleb(cursor)) ==
		       cie->base.machine->ra &&
	       cie->address_bytes == 8;
}

static void read_cie(struct cie *cie, struct cursor *cursor)
{
	struct cursor augmentation = { .failed = false };
	const char *letters;
	struct program program;
	uint64_t size;

	cie->known = read_cie_head(cie, cursor, &letters);
	if (!cie->known)
		return;
	if (*letters == 'z') {
		cie->augmented = true;
		size = cursor_uleb(cursor);
		augmentation.at = cursor_take(cursor, size);
		augmentation.end = cursor->at;
		if (!augmentation.at)
			return;
		read_augmentation(cie, letters + 1, &augmentation);
		if (augmentation.failed)
			cursor_fail(cursor);
	} else if (*letters && strcmp(letters, "eh") != 0) {
		cie->known = false;
	}
	cfi_program_begin(&program, &cie->base, cursor->at, cursor_left(cursor),
			  0);
	while (cfi_program_step(&program))
		;
	cie->base.initial = program.state;
	if (program.cursor.failed)
		cie->known = false;
}

static int read_cies(struct frames *frames, const struct section *section,
		     uint64_t data_base, struct error *error)
{
	struct cursor cursor = {
		.at = section->data,
		.end = section->data + section->size,
	};
	struct entry entry = { .is_cie = false };
	struct cie *cie;
	int code;

	while ((code = next_entry(section, &cursor, &entry, error)) > 0) {
		if (!entry.is_cie)
			continue;
		frames->cies = alloc_grow(frames->cies, frames->cie_count,
					  &frames->cie_room, sizeof(*cie));
		cie = &frames->cies[frames->cie_count++];
		*cie = (struct cie){ .offset = entry.offset };
		cie->base.machine = frames->machine;
		cie->base.pointers = (struct pointer_base){
			.data = section->data,
			.address = section->address,
			.data_base = data_base,
		};
		cfi_program_state_reset(frames->machine, &cie->base.initial);
		if (section->go && frames->machine->link_register)
			cie->base.initial.fp.saved = DITHER_SAVED_UNDEFINED;
		cie->base.initial.go = section->go &&
				       !frames->machine->link_register;
		read_cie(cie, &entry.body);
		if (entry.body.failed)
			return damaged(section, entry.offset, "CIE cut short",
				       error);
	}
	return code;
}

/* The CIE at @offset of the section whose CIEs begin with number @first. */
static struct cie *find_cie(const struct frames *frames, size_t first,
			    uint64_t offset, struct cie *last)
{
	size_t low = first, high = frames->cie_count, middle;

	if (last && last->offset == offset)
		return last;
	while (low < high) {
		middle = low + (high - low) / 2;
		if (frames->cies[middle].offset < offset)
			low = middle + 1;
		else
			high = middle;
	}
	if (low == frames->cie_count || frames->cies[low].offset != offset)
		return NULL;
	return &frames->cies[low];
}

static void append(struct frames *frames, struct function function)
{
	frames->functions = alloc_grow(frames->functions,
				       frames->function_count,
				       &frames->function_room,
				       sizeof(function));
	frames->functions[frames->function_count++] = function;
}

bool eh_frame_place(const struct frames *frames, uint64_t address,
		    uint64_t length, struct function *function)
{
	const struct elf *elf = frames->elf;

	for (size_t i = 0; i < elf->load_count; i++) {
		const struct elf_load *load = &elf->loads[i];
		uint64_t inside = address - load->address;
		uint64_t room = load->file_bytes;

		if (!load->executable || load->offset > elf->bytes)
			continue;
		if (room > elf->bytes - load->offset)
			room = elf->bytes - load->offset;
		if (address < load->address || inside >= room)
			continue;
		if (length > room - inside)
			length = room - inside;
		if (length > UINT32_MAX)
			length = UINT32_MAX;
		function->start = load->offset + inside;
		function->length = (uint32_t)length;
		function->load = (uint16_t)i;
		return true;
	}
	return false;
}

static void read_fde(struct frames *frames, struct cie *cie,
		     struct cursor *cursor, uint8_t source)
{
	struct function function = { .source = source };
	uint64_t address, length;

	if (!cie->known || !pointer_known(cie->base.encoding,
					  &cie->base.pointers)) {
		frames->unknown++;
		return;
	}
	address = pointer_read(cursor, cie->base.encoding, &cie->base.pointers);
	pointer_read_plain(cursor, cie->base.encoding & DW_EH_PE_format,
			   &length);
	if (cie->augmented)
		cursor_take(cursor, cursor_uleb(cursor));
	/* Linkers leave 0 where they dropped the function. */
	if (cursor->failed || !address || !length || length > INT64_MAX ||
	    !eh_frame_place(frames, address, length, &function))
		return;
	function.program = cursor->at;
	function.cfi_program_bytes = (uint32_t)cursor_left(cursor);
	function.cie = (uint32_t)(cie - frames->cies);
	append(frames, function);
}

static uint32_t add_own_cie(struct frames *frames, bool signal)
{
	struct cie *cie;

	frames->cies = alloc_grow(frames->cies, frames->cie_count,
				  &frames->cie_room, sizeof(*cie));
	cie = &frames->cies[frames->cie_count];
	*cie = (struct cie){ .signal = signal, .known = true };
	cie->base.machine = frames->machine;
	cie->base.code_factor = 1;
	cie->base.data_factor = 1;
	cfi_program_state_reset(frames->machine, &cie->base.initial);
	return (uint32_t)frames->cie_count++;
}

void eh_frame_keep(struct frames *frames, const uint8_t *program,
		   uint32_t bytes, struct eh_frame_own *own)
{
	uint8_t *kept = alloc_zeroed(1, bytes);

	memcpy(kept, program, bytes);
	frames->kept = alloc_grow(frames->kept, frames->kept_count,
				  &frames->kept_room, sizeof(*frames->kept));
	frames->kept[frames->kept_count++] = kept;
	own->program = kept;
	own->bytes = bytes;
}

void eh_frame_add(struct frames *frames, uint64_t address, uint64_t length,
		  const struct eh_frame_own *own)
{
	struct function function = {
		.program = own->program,
		.cfi_program_bytes = own->bytes,
		.source = own->source,
	};

	if (!length || !eh_frame_place(frames, address, length, &function))
		return;
	function.cie = add_own_cie(frames, own->signal);
	append(frames, function);
}

static int read_fdes(struct frames *frames, const struct section *section,
		     size_t first_cie, uint8_t source, struct error *error)
{
	struct cursor cursor = {
		.at = section->data,
		.end = section->data + section->size,
	};
	struct cie *cie = NULL;
	struct entry entry = { .is_cie = false };
	int code;

	while ((code = next_entry(section, &cursor, &entry, error)) > 0) {
		if (entry.is_cie)
			continue;
		cie = find_cie(frames, first_cie, entry.cie, cie);
		if (!cie && section->open_ended)
			return 0;
		if (!cie)
			return damaged(section, entry.offset,
				       "FDE without a CIE", error);
		read_fde(frames, cie, &entry.body, source);
		if (entry.body.failed)
			return damaged(section, entry.offset, "FDE cut short",
				       error);
	}
	return code;
}

int eh_frame_read(struct frames *frames, const struct section *section,
		  uint64_t data_base, uint8_t source, struct error *error)
{
	size_t first_cie = frames->cie_count;
	int code;

	/* Programs are counted in 32 bits. */
	if (section->size > UINT32_MAX)
		return error_set(error, -E2BIG, "%s of %zu bytes",
				 section->name, section->size);
	code = read_cies(frames, section, data_base, error);
	if (code)
		return code;
	return read_fdes(frames, section, first_cie, source, error);
}

static int compare(const void *first, const void *second)
{
	const struct function *a = first, *b = second;

	if (a->start != b->start)
		return a->start < b->start ? -1 : 1;
	if (a->source != b->source)
		return a->source < b->source ? -1 : 1;
	return (a->program > b->program) - (a->program < b->program);
}

static bool is_sorted(const struct frames *frames)
{
	for (size_t i = 1; i < frames->function_count; i++)
		if (compare(&frames->functions[i - 1], &frames->functions[i]) > 0)
			return false;
	return true;
}

void eh_frame_sort(struct frames *frames)
{
	/* By source: where those of lower sources end. */
	uint64_t ends[UINT8_MAX + 1] = { 0 };
	struct function *functions = frames->functions, *last = NULL;
	size_t kept = 0;

	if (!is_sorted(frames))
		qsort(functions, frames->function_count, sizeof(*functions),
		      compare);
	for (size_t i = 0; i < frames->function_count; i++) {
		struct function function = functions[i];

		if ((last && last->start == function.start) ||
		    function.start < ends[function.source])
			continue;
		if (last && last->length > function.start - last->start)
			last->length = (uint32_t)(function.start - last->start);
		for (int source = function.source + 1; source <= 2; source++)
			ends[source] = function.start + function.length;
		last = &functions[kept++];
		*last = function;
	}
	frames->function_count = kept;
}

void eh_frame_end(struct frames *frames)
{
	for (size_t i = 0; i < frames->kept_count; i++)
		free(frames->kept[i]);
	free(frames->kept);
	free(frames->cies);
	free(frames->functions);
}
