// SPDX-License-Identifier: GPL-2.0
/*
 * What the chunks of a recording hold: the pieces of each CPU's records as
 * places in the mapped file, everything small as a copy.
 */
#include "recording.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../base/alloc.h"
#include "abi_version.h"
#include "chunks.h"
#include "damage.h"
#include "kernel_texts.h"
#include "mapped_file.h"
#include "metadata.h"

/* More than Linux can have; keeps a hostile CPU number from costing memory. */
#define CPUS_MAX 16384U
#define VDSO_MAX ((size_t)1 << 20)

struct cpu_content {
	struct ring_piece *pieces;
	size_t count, room;
	struct dither_ledger ledger; /* .size 0: there is none */
};

struct recording {
	char *path;
	struct mapping *mapping;
	struct cpu_content *cpus;
	size_t cpu_count;
	struct metadata metadata;
	struct kernel_texts texts;
	struct chunk_file *files;
	size_t file_count, file_room;
	unsigned char *vdso;
	size_t vdso_length;
	struct chunk *named;
	size_t named_count, named_room;
	uint64_t ring_bytes;
	bool ended;
	struct damage damage;
};

void recording_add_damage(struct recording *recording, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	damage_add(&recording->damage, recording->path, format, args);
	va_end(args);
}

static void chunk_damage(struct recording *recording, const struct chunk *chunk,
			 const char *what)
{
	char text[CHUNK_TEXT];

	recording_add_damage(recording, "%s:0x%llx: %s: %s", recording->path,
			     (unsigned long long)chunk->offset,
			     chunks_text(&chunk->header, text), what);
}

/* Room for @cpu; NULL when there can be no such CPU. */
static struct cpu_content *content_of(struct recording *recording,
				      const struct chunk *chunk, uint32_t cpu)
{
	size_t count = recording->cpu_count;

	if (cpu >= CPUS_MAX) {
		chunk_damage(recording, chunk,
			     "CPU number is out of range, skipped");
		return NULL;
	}
	if (cpu >= count) {
		recording->cpus = alloc_resize(recording->cpus, (size_t)cpu + 1,
					       sizeof(*recording->cpus));
		memset(recording->cpus + count, 0,
		       (cpu + 1 - count) * sizeof(*recording->cpus));
		recording->cpu_count = (size_t)cpu + 1;
	}
	return &recording->cpus[cpu];
}

static void add_meta(struct recording *recording, const struct chunk *chunk)
{
	const char *problem = metadata_add(&recording->metadata, chunk->payload,
					   chunk->header.length);

	if (problem)
		chunk_damage(recording, chunk, problem);
}

static void add_ring(struct recording *recording, const struct chunk *chunk)
{
	struct cpu_content *content;
	struct chunk_ring ring;
	struct ring_piece *piece;

	if (chunk->header.length < sizeof(ring)) {
		chunk_damage(recording, chunk, "too short, skipped");
		return;
	}
	memcpy(&ring, chunk->payload, sizeof(ring));
	content = content_of(recording, chunk, ring.cpu);
	if (!content)
		return;
	content->pieces = alloc_grow(content->pieces, content->count,
				     &content->room, sizeof(*piece));
	piece = &content->pieces[content->count++];
	piece->data = chunk->payload + sizeof(ring);
	piece->length = chunk->header.length - sizeof(ring);
	piece->file_offset =
		chunk->offset + sizeof(chunk->header) + sizeof(ring);
	piece->position = ring.position;
	recording->ring_bytes += piece->length;
}

static void add_vdso(struct recording *recording, const struct chunk *chunk)
{
	size_t length = chunk->header.length;

	if (!length || length > VDSO_MAX) {
		chunk_damage(recording, chunk,
			     "no plausible size of a vDSO, skipped");
		return;
	}
	free(recording->vdso);
	recording->vdso = alloc_zeroed(1, length);
	recording->vdso_length = length;
	memcpy(recording->vdso, chunk->payload, length);
}

/* Ledgers may be shorter (an older module) or longer than ours. */
static void add_ledgers(struct recording *recording, const struct chunk *chunk)
{
	const uint32_t least = offsetof(struct dither_ledger, cells);
	const unsigned char *at = chunk->payload;
	size_t left = chunk->header.length;
	uint32_t size;

	for (; left; at += size, left -= size) {
		struct dither_ledger ledger = { .size = 0 };
		struct cpu_content *content;

		if (left >= least)
			memcpy(&ledger, at, least);
		size = ledger.size;
		if (size < least || size > left) {
			chunk_damage(
				recording, chunk,
				"a ledger of a wrong size; the rest is skipped");
			return;
		}
		memcpy(&ledger, at,
		       size < sizeof(ledger) ? size : sizeof(ledger));
		content = content_of(recording, chunk, ledger.cpu);
		if (content)
			content->ledger = ledger;
	}
}

static void forget_ledgers(struct recording *recording)
{
	for (size_t i = 0; i < recording->cpu_count; i++)
		recording->cpus[i].ledger.size = 0;
}

static void add_named(struct recording *recording, const struct chunk *chunk)
{
	recording->named = alloc_grow(recording->named, recording->named_count,
				      &recording->named_room,
				      sizeof(*recording->named));
	recording->named[recording->named_count++] = *chunk;
}

static void add_symbols(struct recording *recording, const struct chunk *chunk)
{
	const char *problem = kernel_texts_add(&recording->texts, chunk);

	if (problem)
		chunk_damage(recording, chunk, problem);
}

static void add_files(struct recording *recording, const struct chunk *chunk)
{
	size_t count = chunk->header.length / sizeof(struct chunk_file);

	if (chunk->header.length % sizeof(struct chunk_file))
		chunk_damage(recording, chunk,
			     "is not as long as its files, the last is skipped");
	for (size_t i = 0; i < count; i++) {
		recording->files = alloc_grow(recording->files,
					      recording->file_count,
					      &recording->file_room,
					      sizeof(*recording->files));
		memcpy(&recording->files[recording->file_count++],
		       chunk->payload + i * sizeof(struct chunk_file),
		       sizeof(struct chunk_file));
	}
}

static void check_end(struct recording *recording,
		      const struct chunk_walk *walk, const struct chunk *chunk)
{
	struct chunk_end end;

	recording->ended = true;
	if (walk->offset < walk->size)
		chunk_damage(recording, chunk,
			     "bytes that follow it are skipped");
	if (chunk->header.length < sizeof(end)) {
		chunk_damage(recording, chunk, "too short");
		return;
	}
	memcpy(&end, chunk->payload, sizeof(end));
	if (end.chunks != chunk->header.sequence)
		chunk_damage(recording, chunk, "counts other chunks");
	else if (!walk->damaged && end.ring_bytes != recording->ring_bytes)
		chunk_damage(recording, chunk, "counts other ring bytes");
}

static void index_chunks(struct recording *recording, struct chunk_walk *walk)
{
	struct chunk chunk;

	while (!recording->ended && chunks_next(walk, &chunk)) {
		switch (chunk.header.type) {
		case CHUNK_META:
			add_meta(recording, &chunk);
			break;
		case CHUNK_RING:
			add_ring(recording, &chunk);
			break;
		case CHUNK_KERNEL_SYMBOLS:
		case CHUNK_KERNEL_CODE:
			add_symbols(recording, &chunk);
			break;
		case CHUNK_FILES:
			add_files(recording, &chunk);
			break;
		case CHUNK_VDSO:
			add_vdso(recording, &chunk);
			break;
		case CHUNK_LEDGER:
			forget_ledgers(recording);
			add_ledgers(recording, &chunk);
			break;
		case CHUNK_NAMED:
			add_named(recording, &chunk);
			break;
		case CHUNK_END:
			check_end(recording, walk, &chunk);
			break;
		}
	}
}

static void tell_cut(struct recording *recording, const struct chunk_walk *walk)
{
	char in_chunk[CHUNK_TEXT + 8] = "";

	if (walk->cut) {
		char text[CHUNK_TEXT];

		snprintf(in_chunk, sizeof(in_chunk), " in %s",
			 chunks_text(&walk->cut_header, text));
	}
	recording_add_damage(
		recording,
		"%s:0x%llx: recording was cut short%s, %llu chunks are whole",
		recording->path, (unsigned long long)walk->size, in_chunk,
		(unsigned long long)walk->whole);
}

static int check_header(const char *path, const struct mapping *mapping,
			struct error *error)
{
	struct file_header header;

	if (mapping_size(mapping) < sizeof(header))
		return error_set(error, -EINVAL,
				 "%s: too short for a dither recording", path);
	memcpy(&header, mapping_data(mapping), sizeof(header));
	if (header.byte_order == __builtin_bswap32(FILE_BYTE_ORDER))
		return error_set(
			error, -EINVAL,
			"%s: recorded on a machine of the other byte order",
			path);
	if (header.byte_order != FILE_BYTE_ORDER)
		return error_set(error, -EINVAL, "%s:0xc: damaged file header",
				 path);
	if (header.version != FILE_VERSION)
		return error_set(
			error, -EINVAL,
			"%s: format version %u; this program reads version %d",
			path, header.version, FILE_VERSION);
	return 0;
}

int recording_open(const char *path, struct recording **out,
		   struct error *error)
{
	return recording_open_as(path, path, out, error);
}

int recording_open_as(const char *path, const char *name,
		      struct recording **out, struct error *error)
{
	struct recording *recording;
	struct chunk_walk walk;
	struct mapping *mapping;
	int code;

	*out = NULL;
	code = mapping_open(path, FILE_MAGIC, sizeof(FILE_MAGIC) - 1, &mapping,
			    error);
	if (code)
		return code;
	code = check_header(name, mapping, error);
	if (code) {
		mapping_close(mapping);
		return code;
	}
	recording = alloc_zeroed(1, sizeof(*recording));
	recording->path = alloc_string(name);
	recording->mapping = mapping;
	walk = (struct chunk_walk){
		.damage = &recording->damage,
		.path = recording->path,
		.data = mapping_data(mapping),
		.size = mapping_size(mapping),
		.offset = sizeof(struct file_header),
	};
	index_chunks(recording, &walk);
	if (recording_shrunk(recording)) {
		recording_close(recording);
		return error_set(
			error, -EIO,
			"%s: shrank or became unreadable while it was read",
			name);
	}
	code = version_check(recording_meta(recording, "version"),
			     recording->path, &recording->damage, error);
	if (code) {
		recording_close(recording);
		return code;
	}
	if (!recording->ended)
		tell_cut(recording, &walk);
	*out = recording;
	return 0;
}

void recording_close(struct recording *recording)
{
	if (!recording)
		return;
	for (size_t i = 0; i < recording->cpu_count; i++)
		free(recording->cpus[i].pieces);
	free(recording->cpus);
	metadata_free(&recording->metadata);
	damage_free(&recording->damage);
	kernel_texts_free(&recording->texts);
	free(recording->files);
	free(recording->vdso);
	free(recording->named);
	mapping_close(recording->mapping);
	free(recording->path);
	free(recording);
}

const char *recording_path(const struct recording *recording)
{
	return recording->path;
}

const char *recording_meta(const struct recording *recording, const char *key)
{
	return metadata_find(&recording->metadata, key);
}

uint64_t recording_number(const struct recording *recording, const char *key)
{
	const char *text = recording_meta(recording, key);

	return text ? strtoull(text, NULL, 0) : 0;
}

unsigned int recording_cpus(const struct recording *recording)
{
	return recording->cpu_count;
}

const struct ring_piece *recording_pieces(const struct recording *recording,
					  unsigned int cpu, size_t *count)
{
	if (cpu >= recording->cpu_count) {
		*count = 0;
		return NULL;
	}
	*count = recording->cpus[cpu].count;
	return recording->cpus[cpu].pieces;
}

size_t recording_kernel_texts(const struct recording *recording)
{
	return recording->texts.count;
}

int recording_kernel_text(struct recording *recording, size_t number,
			  struct recorded_text *text)
{
	struct error problem;

	kernel_texts_read(&recording->texts, number, text, &problem);
	if (recording_shrunk(recording)) {
		free(text->text);
		text->text = NULL;
		error_set(&problem, 0, "unreadable by now");
	}
	if (!text->text)
		chunk_damage(recording, &recording->texts.chunks[number],
			     problem.text);
	return !!text->text;
}

const struct chunk_file *recording_files(const struct recording *recording,
					 size_t *count)
{
	*count = recording->file_count;
	return recording->files;
}

const unsigned char *recording_vdso(const struct recording *recording,
				    size_t *length)
{
	*length = recording->vdso_length;
	return recording->vdso;
}

const struct dither_ledger *recording_ledger(const struct recording *recording,
					     unsigned int cpu)
{
	if (cpu >= recording->cpu_count || !recording->cpus[cpu].ledger.size)
		return NULL;
	return &recording->cpus[cpu].ledger;
}

int recording_imported(const struct recording *recording)
{
	return recording->named_count || recording_meta(recording, "imported");
}

size_t recording_named_count(const struct recording *recording)
{
	return recording->named_count;
}

int recording_named(struct recording *recording, size_t number,
		    struct named *named)
{
	const struct chunk *chunk = &recording->named[number];
	const char *problem =
		named_read(named, chunk->payload, chunk->header.length);

	if (!problem)
		return true;
	chunk_damage(recording, chunk, problem);
	named_free(named);
	return false;
}

int recording_complete(const struct recording *recording)
{
	return recording->ended && !recording->damage.count;
}

size_t recording_damage_count(const struct recording *recording)
{
	return recording->damage.count;
}

const char *recording_damage(const struct recording *recording, size_t number)
{
	return recording->damage.sentences[number];
}

int recording_broken(const struct recording *recording)
{
	return mapping_broken(recording->mapping);
}

int recording_shrunk(const struct recording *recording)
{
	return mapping_shrunk(recording->mapping);
}
