// SPDX-License-Identifier: GPL-2.0
/*
 * Walks the chunks of a file that may be cut, overwritten or hostile. Every
 * header proves itself by its checksum, so its length can be relied on; where
 * none does, the next one is searched. Each byte is checked a fixed number of
 * times, whatever the headers say.
 */
#include "chunks.h"

#include <stdio.h>
#include <string.h>

#include "../base/checksum.h"

const char *chunks_text(const struct chunk_header *header, char *text)
{
	static const char *const names[] = {
		[CHUNK_META] = "meta",
		[CHUNK_RING] = "ring",
		[CHUNK_KERNEL_SYMBOLS] = "kernel symbols",
		[CHUNK_VDSO] = "vdso",
		[CHUNK_LEDGER] = "ledger",
		[CHUNK_END] = "end",
		[CHUNK_NAMED] = "named samples",
		[CHUNK_KERNEL_CODE] = "kernel code",
		[CHUNK_FILES] = "files",
	};

	if (header->type >= CHUNK_META && header->type <= CHUNK_FILES)
		snprintf(text, CHUNK_TEXT, "chunk %u (%s)", header->sequence,
			 names[header->type]);
	else
		snprintf(text, CHUNK_TEXT, "chunk %u (type %u)",
			 header->sequence, header->type);
	return text;
}

static void damage(struct chunk_walk *walk, size_t offset, const char *what,
		   const char *text)
{
	walk->damaged = true;
	damage_note(walk->damage, walk->path, "%s:0x%llx: %s%s", walk->path,
		    (unsigned long long)offset, what, text);
}

static bool header_at(const struct chunk_walk *walk, size_t offset,
		      struct chunk_header *header)
{
	if (walk->size - offset < sizeof(*header))
		return false;
	memcpy(header, walk->data + offset, sizeof(*header));
	return header->magic == CHUNK_MAGIC &&
	       header->length <= CHUNK_PAYLOAD_MAX &&
	       header->header_checksum ==
		       checksum(header,
				offsetof(struct chunk_header, header_checksum));
}

/* The first good header at or after @offset; the file's size if none is. */
static size_t find_header(const struct chunk_walk *walk, size_t offset)
{
	struct chunk_header header;

	for (; offset < walk->size && walk->size - offset >= sizeof(header);
	     offset += FILE_ALIGN)
		if (header_at(walk, offset, &header))
			return offset;
	return walk->size;
}

/* No header here. The file's last bytes are a cut, all else is damage. */
static void resynchronise(struct chunk_walk *walk)
{
	size_t offset = walk->offset;
	char text[CHUNK_TEXT];

	walk->offset = find_header(walk, offset);
	if (walk->size - offset < sizeof(struct chunk_header))
		return;
	snprintf(text, sizeof(text), "%llu bytes are skipped",
		 (unsigned long long)(walk->offset - offset));
	damage(walk, offset, "here should be a chunk; ", text);
}

/* Whether the chunk is due: later ones miss some, earlier ones are twice. */
static bool in_sequence(struct chunk_walk *walk, size_t offset,
			const struct chunk_header *header)
{
	char text[CHUNK_TEXT];

	if (header->sequence < walk->expected) {
		damage(walk, offset, chunks_text(header, text),
		       ": is out of order, skipped");
		return false;
	}
	if (header->sequence > walk->expected) {
		snprintf(text, sizeof(text), "chunks %llu to %u are missing",
			 (unsigned long long)walk->expected,
			 header->sequence - 1);
		damage(walk, offset, text, " before this one");
	}
	walk->expected = (uint64_t)header->sequence + 1;
	return true;
}

/*
 * The header is good, but the file ends before the payload does: either it was
 * cut there, or a piece was cut out of it and other chunks follow.
 */
static void beyond_end(struct chunk_walk *walk, size_t offset,
		       const struct chunk_header *header)
{
	walk->offset = find_header(walk, offset + sizeof(*header));
	if (walk->offset < walk->size) {
		char text[CHUNK_TEXT];

		damage(walk, offset, chunks_text(header, text),
		       ": reaches beyond the end of the file, skipped");
		return;
	}
	walk->cut = true;
	walk->cut_header = *header;
}

static void check_padding(struct chunk_walk *walk, size_t from, size_t to)
{
	for (size_t at = from; at < to; at++) {
		if (walk->data[at]) {
			damage(walk, at, "padding is not zero", "");
			return;
		}
	}
}

bool chunks_next(struct chunk_walk *walk, struct chunk *chunk)
{
	struct chunk_header *header = &chunk->header;
	char text[CHUNK_TEXT];

	while (walk->offset < walk->size) {
		size_t offset = walk->offset;
		size_t payload = offset + sizeof(*header);
		size_t padding;

		if (!header_at(walk, offset, header)) {
			resynchronise(walk);
			continue;
		}
		if (walk->size - payload < header->length) {
			beyond_end(walk, offset, header);
			continue;
		}
		padding = -(size_t)header->length & (FILE_ALIGN - 1);
		walk->offset = payload + header->length;
		walk->offset += walk->size - walk->offset < padding ?
					walk->size - walk->offset :
					padding;
		if (!in_sequence(walk, offset, header))
			continue;
		if (checksum(walk->data + payload, header->length) !=
		    header->payload_checksum) {
			damage(walk, offset, chunks_text(header, text),
			       ": checksum differs, skipped");
			continue;
		}
		check_padding(walk, payload + header->length, walk->offset);
		chunk->payload = walk->data + payload;
		chunk->offset = offset;
		walk->whole++;
		return true;
	}
	return false;
}
