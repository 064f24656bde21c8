// SPDX-License-Identifier: GPL-2.0
/*
 * See kernel_pieces.h. Sightings are taken in the order of their time. What is not
 * seen is not assumed: a piece ends where it was seen last, if it is missing later
 * and no record says when it went.
 */
#include "kernel_pieces.h"

#include <stdlib.h>
#include <string.h>

#include "../base/alloc.h"
#include "../base/hash.h"
#include "../base/string_table.h"

/* Pieces at one place that are looked through: more is nothing to answer for. */
#define CANDIDATES_MAX 4096

/* Modules that begin at the same time. */
#define INIT_MAX 1024

/* Of one extent at one time. */
struct sighting {
	uint64_t time;
	enum { SEEN_GOING, SEEN_READ, SEEN_COMING, SEEN_MISSING } kind;
	size_t number; /* as added */
	struct kernel_symbol extent;
	const struct kernel_text *text; /* NULL: of a record */
	bool init;
};

struct pieces {
	struct kernel_text *texts;
	struct sighting *sightings;
	size_t sighting_count, sighting_room;
	struct kernel_piece *pieces;
	size_t count, room;
	uint64_t *ends; /* the furthest of the pieces up to here */
	struct string_table *names;
	struct hash *latest;  /* start, module and name -> piece */
	size_t *open;	      /* pieces */
	size_t open_count, open_room, init_count;
};

struct pieces *pieces_new(void)
{
	struct pieces *pieces = alloc_zeroed(1, sizeof(*pieces));

	pieces->names = string_table_new();
	pieces->latest = hash_new();
	return pieces;
}

void pieces_free(struct pieces *pieces)
{
	free(pieces->sightings);
	free(pieces->pieces);
	free(pieces->ends);
	free(pieces->open);
	hash_free(pieces->latest);
	string_table_free(pieces->names);
	free(pieces);
}

static const char *keep(struct pieces *pieces, const char *text, size_t length)
{
	return string_table_text(pieces->names,
				 string_table_add(pieces->names, text, length));
}

static struct sighting *add_sighting(struct pieces *pieces)
{
	struct sighting *sighting;

	pieces->sightings =
		alloc_grow(pieces->sightings, pieces->sighting_count,
			   &pieces->sighting_room, sizeof(*pieces->sightings));
	sighting = &pieces->sightings[pieces->sighting_count];
	memset(sighting, 0, sizeof(*sighting));
	sighting->number = pieces->sighting_count++;
	return sighting;
}

static const char *module_of(struct pieces *pieces,
			     const struct dither_code *record)
{
	char *name;
	const char *kept;

	if (record->kind == DITHER_CODE_BPF)
		return "[bpf]";
	if (record->kind != DITHER_CODE_MODULE)
		return "[generated]";
	name = alloc_format("[%.*s]", (int)record->name_len, record->name);
	kept = keep(pieces, name, strlen(name));
	free(name);
	return kept;
}

void pieces_add_record(struct pieces *pieces, const struct dither_code *record)
{
	struct sighting *sighting = add_sighting(pieces);

	sighting->time = record->time;
	sighting->kind = record->header.flags & DITHER_CODE_GONE ? SEEN_GOING :
								   SEEN_COMING;
	sighting->init = record->header.flags & DITHER_CODE_INIT;
	sighting->extent.start = record->start;
	sighting->extent.end = record->start + record->length;
	sighting->extent.module = module_of(pieces, record);
	if (record->kind != DITHER_CODE_MODULE)
		sighting->extent.name =
			keep(pieces, record->name, record->name_len);
}

static void add_reading(struct pieces *pieces, const struct kernel_text *text)
{
	const struct kernel_symbol *told;
	struct sighting *sighting;
	size_t count;

	told = kallsyms_told(text->kallsyms, &count);
	for (size_t i = 0; i < count; i++) {
		sighting = add_sighting(pieces);
		sighting->time = text->reading.ended;
		sighting->kind = SEEN_READ;
		sighting->extent = told[i];
		sighting->text = text;
	}
	sighting = add_sighting(pieces);
	sighting->time = text->reading.ended;
	sighting->kind = SEEN_MISSING;
	sighting->text = text;
}

static int by_time(const void *left, const void *right)
{
	const struct sighting *a = left, *b = right;

	if (a->time != b->time)
		return a->time < b->time ? -1 : 1;
	if (a->text && b->text && a->text != b->text)
		return a->text < b->text ? -1 : 1;
	if (a->kind != b->kind)
		return a->kind < b->kind ? -1 : 1;
	return a->number < b->number ? -1 : a->number > b->number;
}

/* The number of what the extent is called: by its own name or its module's. */
static uint32_t called(struct pieces *pieces,
		       const struct kernel_symbol *extent)
{
	const char *text = extent->name ? extent->name : extent->module;
	size_t length = strlen(text);

	/* Functions have no brackets. */
	return string_table_add(pieces->names, text, length);
}

/* The latest piece of this extent, or NULL. */
static struct kernel_piece *latest(struct pieces *pieces,
				   const struct kernel_symbol *extent)
{
	uint32_t number =
		hash_get(pieces->latest, extent->start, called(pieces, extent));

	return number == TABLE_NONE ? NULL : &pieces->pieces[number];
}

static struct kernel_piece *open_piece(struct pieces *pieces,
				       const struct sighting *sighting)
{
	struct kernel_piece *piece;

	pieces->pieces = alloc_grow(pieces->pieces, pieces->count,
				    &pieces->room, sizeof(*pieces->pieces));
	pieces->open = alloc_grow(pieces->open, pieces->open_count,
				  &pieces->open_room, sizeof(*pieces->open));
	pieces->open[pieces->open_count++] = pieces->count;
	pieces->init_count += sighting->init;
	hash_put(pieces->latest, sighting->extent.start,
		 called(pieces, &sighting->extent), (uint32_t)pieces->count);
	piece = &pieces->pieces[pieces->count++];
	*piece = (struct kernel_piece){
		.extent = sighting->extent,
		.from = sighting->time,
		.seen = sighting->time,
		.open = true,
		.init = sighting->init,
	};
	return piece;
}

static void close_piece(struct pieces *pieces, struct kernel_piece *piece,
			uint64_t time)
{
	pieces->init_count -= piece->init;
	piece->open = false;
	piece->to = time;
}

/*
 * A module's symbols are in the reading that had it first, or, of the first
 * reading, in the text before.
 */
static void find_symbols(const struct pieces *pieces,
			 struct kernel_piece *piece,
			 const struct kernel_text *text)
{
	if (piece->extent.name || piece->symbols)
		return;
	if (kallsyms_has_any(text->kallsyms, &piece->extent))
		piece->symbols = text->kallsyms;
	while (text > pieces->texts && text->timed)
		text--;
	if (!piece->symbols && !text->timed &&
	    kallsyms_has_any(text->kallsyms, &piece->extent))
		piece->symbols = text->kallsyms;
}

/* Two ways to tell an extent's end: the nearer is known not to be too far. */
static void narrow(struct kernel_piece *piece,
		   const struct kernel_symbol *extent)
{
	if (extent->end < piece->extent.end)
		piece->extent.end = extent->end;
}

static void see_coming(struct pieces *pieces, const struct sighting *sighting)
{
	struct kernel_piece *piece = latest(pieces, &sighting->extent);

	if (!piece || !piece->open) {
		if (sighting->init && pieces->init_count >= INIT_MAX)
			return;
		piece = open_piece(pieces, sighting);
	}
	piece->seen = sighting->time;
	narrow(piece, &sighting->extent);
}

static void see_going(struct pieces *pieces, const struct sighting *sighting)
{
	struct kernel_piece *piece = latest(pieces, &sighting->extent);

	if (!piece || !piece->open)
		return;
	piece->seen = sighting->time;
	piece->gone = sighting->time;
	close_piece(pieces, piece, sighting->time);
}

/* It may have come and gone while the reading went on. */
static void see_read(struct pieces *pieces, const struct sighting *sighting)
{
	const struct kernel_text *text = sighting->text;
	struct kernel_piece *piece = latest(pieces, &sighting->extent);

	if (piece && !piece->open && piece->gone >= text->reading.begun)
		return;
	if (!piece || !piece->open)
		piece = open_piece(pieces, sighting);
	else if (text->reading.begun > piece->seen)
		piece->seen = text->reading.begun;
	piece->reading = text;
	narrow(piece, &sighting->extent);
	find_symbols(pieces, piece, text);
}

/* What a module begins with has symbols in a reading, but no line of its own. */
static bool is_missing(const struct pieces *pieces, struct kernel_piece *piece,
		       const struct kernel_text *text)
{
	if (piece->reading == text || piece->from >= text->reading.begun)
		return false;
	if (!piece->init || !kallsyms_has_any(text->kallsyms, &piece->extent))
		return true;
	piece->seen = text->reading.begun;
	find_symbols(pieces, piece, text);
	return false;
}

/* Of what the reading could have had, all that it did not. */
static void see_missing(struct pieces *pieces, const struct kernel_text *text)
{
	size_t kept = 0;

	for (size_t i = 0; i < pieces->open_count; i++) {
		struct kernel_piece *piece = &pieces->pieces[pieces->open[i]];

		if (piece->open && is_missing(pieces, piece, text))
			close_piece(pieces, piece, piece->seen);
		if (!piece->open)
			continue;
		if (piece->init)
			find_symbols(pieces, piece, text);
		pieces->open[kept++] = pieces->open[i];
	}
	pieces->open_count = kept;
}

static int by_start(const void *left, const void *right)
{
	const struct kernel_piece *a = left, *b = right;

	if (a->extent.start != b->extent.start)
		return a->extent.start < b->extent.start ? -1 : 1;
	return a->from < b->from ? -1 : a->from > b->from;
}

static void sort_pieces(struct pieces *pieces)
{
	uint64_t end = 0;

	if (!pieces->count)
		return;
	qsort(pieces->pieces, pieces->count, sizeof(*pieces->pieces), by_start);
	pieces->ends = alloc_zeroed(pieces->count, sizeof(*pieces->ends));
	for (size_t i = 0; i < pieces->count; i++) {
		if (pieces->pieces[i].extent.end > end)
			end = pieces->pieces[i].extent.end;
		pieces->ends[i] = end;
	}
}

static void see(struct pieces *pieces, const struct sighting *sighting)
{
	switch (sighting->kind) {
	case SEEN_COMING:
		see_coming(pieces, sighting);
		break;
	case SEEN_GOING:
		see_going(pieces, sighting);
		break;
	case SEEN_READ:
		see_read(pieces, sighting);
		break;
	case SEEN_MISSING:
		see_missing(pieces, sighting->text);
		break;
	}
}

void pieces_finish(struct pieces *pieces, struct kernel_text *texts,
		   size_t count)
{
	uint64_t last = 0;

	pieces->texts = texts;
	for (size_t i = 0; i < count; i++) {
		struct kernel_text *text = &texts[i];

		if (!text->timed)
			continue;
		/* One after the other. */
		if (text->reading.begun < last)
			text->reading.begun = last;
		if (text->reading.ended < text->reading.begun)
			text->reading.ended = text->reading.begun;
		last = text->reading.ended;
		add_reading(pieces, text);
	}
	if (pieces->sighting_count)
		qsort(pieces->sightings, pieces->sighting_count,
		      sizeof(*pieces->sightings), by_time);
	for (size_t i = 0; i < pieces->sighting_count; i++)
		see(pieces, &pieces->sightings[i]);
	/* What a module begins with is freed soon, whoever saw it. */
	for (size_t i = 0; i < pieces->count; i++)
		if (pieces->pieces[i].open)
			close_piece(pieces, &pieces->pieces[i],
				    pieces->pieces[i].init ?
					    pieces->pieces[i].seen :
					    UINT64_MAX);
	sort_pieces(pieces);
}

static bool is_there(const struct kernel_piece *piece, uint64_t address,
		     uint64_t time)
{
	return address >= piece->extent.start && address < piece->extent.end &&
	       time >= piece->from && time <= piece->to;
}

/* One came where the other had been seen before: that has gone unseen. */
static bool is_better(const struct kernel_piece *piece,
		      const struct kernel_piece *other)
{
	if (piece->from > other->seen)
		return true;
	if (other->from > piece->seen)
		return false;
	return piece->extent.start > other->extent.start;
}

const struct kernel_piece *pieces_find(const struct pieces *pieces,
				       uint64_t address, uint64_t time)
{
	size_t low = 0, high = pieces->count, last;
	const struct kernel_piece *found = NULL;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (pieces->pieces[middle].extent.start <= address)
			low = middle + 1;
		else
			high = middle;
	}
	last = low;
	for (; low && pieces->ends[low - 1] > address; low--) {
		const struct kernel_piece *piece = &pieces->pieces[low - 1];

		if (last - low >= CANDIDATES_MAX)
			return NULL;
		if (is_there(piece, address, time) &&
		    (!found || is_better(piece, found)))
			found = piece;
	}
	return found;
}
