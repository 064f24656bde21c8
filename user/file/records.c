// SPDX-License-Identifier: GPL-2.0
/*
 * Walks records by their sizes. A size that cannot be leaves nothing to hold
 * on to in its piece, so the walk goes on with the next one, and says that
 * there is a gap; as it does where a piece does not follow its predecessor.
 */
#include "records.h"

#include <string.h>

static const uint16_t least_sizes[] = {
	[DITHER_RECORD_PAD] = sizeof(struct dither_record),
	[DITHER_RECORD_SAMPLE] = sizeof(struct dither_sample),
	[DITHER_RECORD_STACK] = offsetof(struct dither_stack, data),
	[DITHER_RECORD_EPOCH] = sizeof(struct dither_epoch),
	[DITHER_RECORD_LOST] = sizeof(struct dither_lost_record),
	[DITHER_RECORD_RATE] = sizeof(struct dither_rate),
	[DITHER_RECORD_FORK] = sizeof(struct dither_fork),
	[DITHER_RECORD_COMM] = sizeof(struct dither_comm),
	[DITHER_RECORD_EXIT] = sizeof(struct dither_exit),
	[DITHER_RECORD_MAP] = offsetof(struct dither_map, path),
	[DITHER_RECORD_TABLE_WANTED] = offsetof(struct dither_map, path),
	[DITHER_RECORD_DROPPED] = sizeof(struct dither_dropped),
	[DITHER_RECORD_FORGET] = sizeof(struct dither_forget),
	[DITHER_RECORD_CODE] = offsetof(struct dither_code, name),
};

#define TYPES (sizeof(least_sizes) / sizeof(least_sizes[0]))

const char *records_problem(const void *record, size_t left)
{
	struct dither_record header;
	struct dither_sample sample;

	if (left < sizeof(header))
		return "a record's header is cut";
	memcpy(&header, record, sizeof(header));
	if (!header.size || header.size % 8)
		return "a record's size is not a multiple of 8";
	if (header.size > left)
		return "a record reaches beyond its piece";
	if (header.type < TYPES && header.size < least_sizes[header.type])
		return "a record is too short for its type";
	if (header.type == DITHER_RECORD_SAMPLE) {
		memcpy(&sample, record, sizeof(sample));
		if (header.size - sizeof(sample) <
		    sample.counters * sizeof(sample.counter[0]))
			return "a sample is too short for its counters";
	}
	return NULL;
}

static void damage_at(struct record_cursor *cursor, uint64_t offset,
		      const char *what)
{
	recording_add_damage(cursor->recording, "%s:0x%llx: CPU %u: %s",
			     recording_path(cursor->recording),
			     (unsigned long long)offset, cursor->cpu, what);
}

void records_damage(struct record_cursor *cursor, const char *what)
{
	damage_at(cursor, cursor->file_offset, what);
}

void records_start(struct record_cursor *cursor, struct recording *recording,
		   unsigned int cpu, size_t piece)
{
	*cursor = (struct record_cursor){
		.recording = recording,
		.cpu = cpu,
		.piece = piece,
	};
	cursor->pieces = recording_pieces(recording, cpu, &cursor->count);
}

/* On to the next piece; whether it follows the last one without a gap. */
static bool enter_next_piece(struct record_cursor *cursor)
{
	const struct ring_piece *last = &cursor->pieces[cursor->piece++];
	const struct ring_piece *piece = last + 1;
	uint32_t due = last->position + (uint32_t)last->length;

	cursor->next = 0;
	if (cursor->piece == cursor->count || piece->position == due)
		return true;
	damage_at(cursor, piece->file_offset,
		  "records before this piece are missing");
	return false;
}

/* A later version's: to be skipped by its size, as the ABI has it. */
static void skip_unknown(struct record_cursor *cursor, const void *record)
{
	struct dither_record header;

	memcpy(&header, record, sizeof(header));
	if (header.type >= TYPES)
		recording_add_damage(
			cursor->recording,
			"%s: records of type %u are skipped: this program does "
			"not know them",
			recording_path(cursor->recording), header.type);
}

const struct dither_record *records_next(struct record_cursor *cursor)
{
	cursor->gap = false;
	while (cursor->piece < cursor->count) {
		const struct ring_piece *piece = &cursor->pieces[cursor->piece];
		const unsigned char *record = piece->data + cursor->next;
		size_t left = piece->length - cursor->next;
		const char *problem;

		if (!left) {
			cursor->gap |= !enter_next_piece(cursor);
			continue;
		}
		problem = records_problem(record, left);
		if (problem) {
			damage_at(cursor, piece->file_offset + cursor->next,
				  problem);
			enter_next_piece(cursor);
			cursor->gap = true;
			continue;
		}
		memcpy(&cursor->size, record, sizeof(cursor->size));
		cursor->file_offset = piece->file_offset + cursor->next;
		cursor->first = !cursor->next;
		cursor->next += cursor->size;
		skip_unknown(cursor, record);
		return (const struct dither_record *)record;
	}
	return NULL;
}
