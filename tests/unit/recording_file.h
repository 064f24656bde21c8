/* SPDX-License-Identifier: GPL-2.0 */
/*
 * For the tests of the .dither file: one file, written chunk by chunk with
 * contents that can be told from wrong ones, and read back.
 */
#ifndef RECORDING_FILE_H
#define RECORDING_FILE_H

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>

#include "../../user/file/recording.h"
#include "../../user/file/writer.h"
#include "scratch_file.h"
#include "unit.h"

static const char symbol_text[] = "ffffffff81000000 _stext\n"
				  "ffffffffc0000000 ext4_read\t[ext4]\n";
static const char vdso_image[] = "\177ELF, as it were";

/* Offsets of the first chunk's parts. */
#define FIRST_CHUNK sizeof(struct file_header)
#define FIRST_PAYLOAD (FIRST_CHUNK + sizeof(struct chunk_header))

static inline struct writer *open_writer(void)
{
	struct writer *writer;
	struct error error;
	int code = writer_open(file_path(), &writer, &error);

	if (code)
		printf("# %s\n", error.text);
	CU_ASSERT_EQUAL_FATAL(code, 0);
	return writer;
}

static inline void put(struct writer *writer, enum chunk_type type,
		       const void *data, size_t length)
{
	const struct iovec part = {
		.iov_base = (void *)data,
		.iov_len = length,
	};

	CU_ASSERT_EQUAL_FATAL(writer_chunk(writer, type, &part, 1, NULL), 0);
}

/* The byte at @position of @cpu's ring. */
static inline unsigned char ring_byte(uint32_t cpu, uint32_t position)
{
	return (position * 2654435761U >> 24) + cpu;
}

static inline void fill_ring(unsigned char *data, uint32_t cpu,
			     uint32_t position, size_t length)
{
	for (size_t i = 0; i < length; i++)
		data[i] = ring_byte(cpu, position + i);
}

static inline void put_ring(struct writer *writer, uint32_t cpu,
			    uint32_t position, size_t length)
{
	const struct chunk_ring head = { .cpu = cpu, .position = position };
	unsigned char data[4096];
	const struct iovec parts[] = {
		{ .iov_base = (void *)&head, .iov_len = sizeof(head) },
		{ .iov_base = data, .iov_len = length },
	};

	fill_ring(data, cpu, position, length);
	CU_ASSERT_EQUAL_FATAL(writer_chunk(writer, CHUNK_RING, parts, 2, NULL),
			      0);
}

static inline void put_symbols(struct writer *writer, const char *text,
			       size_t length, uint64_t claim)
{
	const struct chunk_symbols head = { .text_bytes = claim };
	uLongf bytes = compressBound(length);
	unsigned char *data = malloc(bytes);
	struct iovec parts[] = {
		{ .iov_base = (void *)&head, .iov_len = sizeof(head) },
		{ .iov_base = data },
	};

	CU_ASSERT_EQUAL(compress2(data, &bytes, (const Bytef *)text, length, 9),
			Z_OK);
	parts[1].iov_len = bytes;
	CU_ASSERT_EQUAL_FATAL(
		writer_chunk(writer, CHUNK_KERNEL_SYMBOLS, parts, 2, NULL), 0);
	free(data);
}

static inline void put_ledger(struct writer *writer, uint32_t cpu,
			      uint64_t cells)
{
	const struct dither_ledger ledger = {
		.size = sizeof(ledger),
		.cpu = cpu,
		.cells = cells,
	};

	put(writer, CHUNK_LEDGER, &ledger, sizeof(ledger));
}

static inline void close_writer(struct writer *writer)
{
	CU_ASSERT_EQUAL_FATAL(writer_close(writer, NULL), 0);
}

#define META "version=1\nhost=a=b\n"

/* A file with every kind of chunk. */
static inline void write_everything(void)
{
	struct writer *writer = open_writer();

	put(writer, CHUNK_META, META, strlen(META));
	put_symbols(writer, symbol_text, strlen(symbol_text),
		    strlen(symbol_text));
	put(writer, CHUNK_VDSO, vdso_image, sizeof(vdso_image));
	put_ring(writer, 0, 0xffffff00U, 200);
	put_ring(writer, 2, 0, 64);
	put_ring(writer, 0, 0xffffffc8U, 72);
	put_ledger(writer, 2, 77);
	close_writer(writer);
}

static inline struct recording *open_recording(void)
{
	struct recording *recording;
	struct error error;
	int code = recording_open(file_path(), &recording, &error);

	if (code)
		printf("# %s\n", error.text);
	CU_ASSERT_EQUAL_FATAL(code, 0);
	return recording;
}

static inline void expect_damage(const struct recording *recording,
				 size_t number, const char *text)
{
	const char *sentence = "";

	if (number < recording_damage_count(recording))
		sentence = recording_damage(recording, number);
	if (!strstr(sentence, text))
		printf("# damage %zu: \"%s\"\n", number, sentence);
	CU_ASSERT_PTR_NOT_NULL(strstr(sentence, text));
}

/* Open the file, expect exactly one damage. */
static inline void expect_one_damage(const char *text)
{
	struct recording *recording = open_recording();

	CU_ASSERT_EQUAL(recording_damage_count(recording), 1);
	expect_damage(recording, 0, text);
	CU_ASSERT_FALSE(recording_complete(recording));
	recording_close(recording);
}

static inline size_t read_file(unsigned char *data, size_t room)
{
	FILE *file = fopen(file_path(), "rb");
	size_t size;

	CU_ASSERT_PTR_NOT_NULL_FATAL(file);
	size = fread(data, 1, room, file);
	fclose(file);
	CU_ASSERT_FATAL(size < room);
	return size;
}

static inline void write_file(const void *data, size_t size)
{
	FILE *file = fopen(file_path(), "wb");

	CU_ASSERT_PTR_NOT_NULL_FATAL(file);
	CU_ASSERT_EQUAL(fwrite(data, 1, size, file), size);
	fclose(file);
}

/* Whether everything in @recording is what was written, though not all. */
static inline bool is_true(struct recording *recording)
{
	const struct dither_ledger *ledger = recording_ledger(recording, 2);
	const char *value = recording_meta(recording, "host");
	const unsigned char *vdso;
	bool good = true;
	size_t length, count;

	if (value)
		good &= !strcmp(value, "a=b");
	if (ledger)
		good &= ledger->cells == 77;
	for (size_t i = 0; i < recording_kernel_texts(recording); i++) {
		struct recorded_text text;

		if (!recording_kernel_text(recording, i, &text))
			continue;
		good &= text.length == strlen(symbol_text) &&
			!strcmp(text.text, symbol_text);
		free(text.text);
	}
	vdso = recording_vdso(recording, &length);
	if (vdso)
		good &= length == sizeof(vdso_image) &&
			!memcmp(vdso, vdso_image, length);
	for (unsigned int cpu = 0; cpu < recording_cpus(recording); cpu++) {
		const struct ring_piece *pieces =
			recording_pieces(recording, cpu, &count);

		for (size_t i = 0; i < count; i++)
			for (size_t j = 0; j < pieces[i].length; j++)
				good &= pieces[i].data[j] ==
					ring_byte(cpu, pieces[i].position + j);
	}
	return good;
}

static inline size_t chunk_bytes(const unsigned char *chunk)
{
	struct chunk_header header;

	memcpy(&header, chunk, sizeof(header));
	return sizeof(header) + ((header.length + 7) & ~7U);
}

#endif
