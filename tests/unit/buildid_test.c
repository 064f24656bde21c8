// SPDX-License-Identifier: GPL-2.0
/*
 * The build-id parser against a linker's files, as readelf reads them, and
 * against headers and notes made up here. Every input ends right before memory
 * that must not be touched.
 */
#include "unit.h"

#include <elf.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#include "../../kmod/core/buildid.h"
#include "random_numbers.h"
#include "resolve_inputs.h"

#define GUARD (64U << 10) /* as large as pages get */

/* Look in a copy of @file that has nothing behind its @length bytes. */
static u32 find(const u8 *file, u32 length, u8 *id)
{
	static u8 *memory;
	u8 *copy;

	if (!memory) {
		memory = mmap(NULL, 2 * GUARD, PROT_READ | PROT_WRITE,
			      MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
		if (memory == MAP_FAILED ||
		    mprotect(memory + GUARD, GUARD, PROT_NONE)) {
			perror("mmap");
			exit(2);
		}
	}
	copy = memory + GUARD - length;
	memcpy(copy, file, length);
	return dither_buildid_find(copy, length, id);
}

struct input {
	u8 file[DITHER_BUILDID_READ];
	u32 length;
	u8 id[DITHER_BUILD_ID_MAX];
	u32 id_size; /* as readelf says */
};

static void read_id(struct input *input, const char *path)
{
	char text[256] = "";
	FILE *pipe;

	snprintf(text, sizeof(text),
		 "readelf -n %s 2>&1 | sed -n 's/.*Build ID: //p'", path);
	pipe = popen(text, "r");
	if (!pipe || !fgets(text, sizeof(text), pipe))
		text[0] = '\0';
	if (pipe)
		pclose(pipe);
	input->id_size = 0;
	while (input->id_size < sizeof(input->id)) {
		unsigned int byte;

		if (sscanf(text + 2 * input->id_size, "%2x", &byte) != 1)
			break;
		input->id[input->id_size++] = (u8)byte;
	}
}

/* Whether gcc could make it: not every machine can with every option. */
static bool make_input(struct input *input, const char *options)
{
	size_t length;
	char *bytes;

	inputs_begin();
	unlink("input.so");
	inputs_write("input.c", "int a;\n", 7);
	if (inputs_shell("gcc -shared -nostdlib -fpic %s -o input.so input.c "
			 "2>messages",
			 options))
		return false;
	read_id(input, "input.so");
	bytes = inputs_read("input.so", &length);
	input->length = length < sizeof(input->file) ? (u32)length :
						       sizeof(input->file);
	memcpy(input->file, bytes, input->length);
	free(bytes);
	return true;
}

static bool finds_it(const struct input *input)
{
	u8 id[DITHER_BUILD_ID_MAX];
	u32 size = find(input->file, input->length, id);

	return size == input->id_size && !memcmp(id, input->id, size);
}

static void real_files(void)
{
	static struct input input;

	CU_ASSERT_FATAL(make_input(&input, "-Wl,--build-id"));
	CU_ASSERT_EQUAL(input.id_size, 20);
	CU_ASSERT(finds_it(&input));
	CU_ASSERT_FATAL(make_input(&input, "-Wl,--build-id=md5"));
	CU_ASSERT_EQUAL(input.id_size, 16);
	CU_ASSERT(finds_it(&input));
	CU_ASSERT_FATAL(make_input(&input, "-Wl,--build-id=0xc0ffee42"));
	CU_ASSERT_EQUAL(input.id_size, 4);
	CU_ASSERT(finds_it(&input));
	if (make_input(&input, "-m32 -Wl,--build-id")) {
		CU_ASSERT_EQUAL(input.file[EI_CLASS], ELFCLASS32);
		CU_ASSERT_EQUAL(input.id_size, 20);
		CU_ASSERT(finds_it(&input));
	}
}

static void files_without(void)
{
	static struct input input;
	u8 id[DITHER_BUILD_ID_MAX];

	CU_ASSERT_FATAL(make_input(&input, "-Wl,--build-id=none"));
	CU_ASSERT_EQUAL(find(input.file, input.length, id), 0);
	/* One that is longer than any place for it. */
	CU_ASSERT_FATAL(make_input(&input, "-Wl,--build-id=0x"
					   "000102030405060708090a0b0c0d0e0f"
					   "101112131415161718191a1b1c1d1e1f"));
	CU_ASSERT_EQUAL(find(input.file, input.length, id), 0);
	CU_ASSERT_EQUAL(find((const u8 *)"#!/bin/sh\n", 10, id), 0);
	CU_ASSERT_EQUAL(find((const u8 *)"", 0, id), 0);
}

/* All of it, or nothing: never a part. */
static void check_truncations(const struct input *input)
{
	u8 id[DITHER_BUILD_ID_MAX];
	int wrong = 0, found = 0;

	for (u32 length = 0; length <= input->length; length++) {
		u32 size = find(input->file, length, id);

		found += size != 0;
		wrong += size && (size != input->id_size ||
				  memcmp(id, input->id, size) != 0);
	}
	CU_ASSERT_EQUAL(wrong, 0);
	CU_ASSERT(found > 0 && found < (int)input->length);
}

static void check_flips(const struct input *input)
{
	u8 id[DITHER_BUILD_ID_MAX + 1];
	static struct input flipped;
	int changed = 0;

	flipped = *input;
	id[DITHER_BUILD_ID_MAX] = 0x5a;
	for (u32 bit = 0; bit < 8 * input->length; bit++) {
		u32 size;

		flipped.file[bit / 8] ^= 1U << bit % 8;
		size = find(flipped.file, flipped.length, id);
		CU_ASSERT(size <= DITHER_BUILD_ID_MAX);
		CU_ASSERT_EQUAL(id[DITHER_BUILD_ID_MAX], 0x5a);
		changed += size != input->id_size ||
			   memcmp(id, input->id, size) != 0;
		flipped.file[bit / 8] ^= 1U << bit % 8;
	}
	/* At least those of the id itself. */
	CU_ASSERT(changed >= 160);
	CU_ASSERT(finds_it(&flipped));
}

static void damage(void)
{
	static struct input input;

	CU_ASSERT_FATAL(make_input(&input, "-Wl,--build-id"));
	check_truncations(&input);
	check_flips(&input);
	if (make_input(&input, "-m32 -Wl,--build-id")) {
		check_truncations(&input);
		check_flips(&input);
	}
}

/* A file of two segments, the second one of notes. */
struct builder {
	u8 file[1024];
	u32 length;
	bool wide; /* 64 bit */
	u32 notes; /* where they begin */
};

static void begin_file(struct builder *builder, bool wide)
{
	*builder = (struct builder){ .wide = wide };
	memcpy(builder->file, ELFMAG, SELFMAG);
	builder->file[EI_CLASS] = wide ? ELFCLASS64 : ELFCLASS32;
	builder->notes = wide ? sizeof(Elf64_Ehdr) + 2 * sizeof(Elf64_Phdr) :
				sizeof(Elf32_Ehdr) + 2 * sizeof(Elf32_Phdr);
	builder->length = builder->notes;
}

static void add_note(struct builder *builder, u32 type, const char *name,
		     u32 name_size, u32 size)
{
	Elf32_Nhdr note = {
		.n_namesz = name_size,
		.n_descsz = size,
		.n_type = type,
	};
	u8 *at = builder->file + builder->length;

	memcpy(at, &note, sizeof(note));
	at += sizeof(note);
	memcpy(at, name, name_size);
	at += (name_size + 3) & ~3U;
	for (u32 i = 0; i < size; i++)
		at[i] = (u8)(i + size);
	at += (size + 3) & ~3U;
	builder->length = (u32)(at - builder->file);
}

static void end_file_64(struct builder *builder, u64 table, u64 offset,
			u64 size)
{
	const Elf64_Phdr segments[] = {
		{ .p_type = PT_LOAD },
		{ .p_type = PT_NOTE, .p_offset = offset, .p_filesz = size },
	};
	Elf64_Ehdr *header = (void *)builder->file;

	header->e_phoff = table;
	header->e_phentsize = sizeof(segments[0]);
	header->e_phnum = 2;
	memcpy(header + 1, segments, sizeof(segments));
}

static void end_file_32(struct builder *builder, u32 table, u32 offset,
			u32 size)
{
	const Elf32_Phdr segments[] = {
		{ .p_type = PT_LOAD },
		{ .p_type = PT_NOTE, .p_offset = offset, .p_filesz = size },
	};
	Elf32_Ehdr *header = (void *)builder->file;

	header->e_phoff = table;
	header->e_phentsize = sizeof(segments[0]);
	header->e_phnum = 2;
	memcpy(header + 1, segments, sizeof(segments));
}

/* With honest headers; returns the id's size. */
static u32 find_built(struct builder *builder, u8 *id)
{
	u32 size = builder->length - builder->notes;

	if (builder->wide)
		end_file_64(builder, sizeof(Elf64_Ehdr), builder->notes, size);
	else
		end_file_32(builder, sizeof(Elf32_Ehdr), builder->notes, size);
	return find(builder->file, builder->length, id);
}

static void sizes(void)
{
	u8 id[DITHER_BUILD_ID_MAX];

	for (u32 i = 0; i < 2 * 70; i++) {
		u32 size = i / 2, expected = size <= 20 ? size : 0;
		struct builder builder;

		begin_file(&builder, i & 1);
		add_note(&builder, 3, "GNU", 4, size);
		CU_ASSERT_EQUAL(find_built(&builder, id), expected);
		if (expected)
			CU_ASSERT(id[0] == size &&
				  id[size - 1] == 2 * size - 1);
	}
}

static void among_others(void)
{
	u8 id[DITHER_BUILD_ID_MAX];

	for (u32 i = 0; i < 2 * 64; i++) {
		struct builder builder;

		begin_file(&builder, i & 1);
		/* Other types, owners and sizes of both, then too long. */
		add_note(&builder, 1, "GNU", 4, i / 2);
		add_note(&builder, 3, "Gnu", 4, 20);
		add_note(&builder, 3, "GNUs Not Unix!", i / 2 % 8 + 5, 20);
		add_note(&builder, 3, "", 0, i / 2 % 5);
		add_note(&builder, 3, "GNU", 3, 20);
		add_note(&builder, 3, "GNU", 4, 21);
		add_note(&builder, 3, "GNU", 4, 0);
		CU_ASSERT_EQUAL(find_built(&builder, id), 0);
		add_note(&builder, 3, "GNU", 4, 12);
		CU_ASSERT_EQUAL(find_built(&builder, id), 12);
		CU_ASSERT_EQUAL(id[0], 12);
		/* The first one counts. */
		add_note(&builder, 3, "GNU", 4, 16);
		CU_ASSERT_EQUAL(find_built(&builder, id), 12);
	}
}

static u32 find_lying(bool wide, u64 table, u64 offset, u64 size)
{
	u8 id[DITHER_BUILD_ID_MAX];
	struct builder builder;

	begin_file(&builder, wide);
	add_note(&builder, 3, "GNU", 4, 20);
	if (wide)
		end_file_64(&builder, table, offset, size);
	else
		end_file_32(&builder, (u32)table, (u32)offset, (u32)size);
	return find(builder.file, builder.length, id);
}

static void lies(void)
{
	static const u64 values[] = {
		0,	    1,		3,	   4095,
		4096,	    INT32_MAX,	1U << 31,  UINT32_MAX - 63,
		UINT32_MAX, 1ULL << 32, INT64_MAX, 1ULL << 63,
		-64ULL,	    -56ULL,	-8ULL,	   ~0ULL,
	};
	const u32 count = sizeof(values) / sizeof(values[0]);
	struct builder honest;

	for (int wide = 0; wide < 2; wide++) {
		u32 header = wide ? sizeof(Elf64_Ehdr) : sizeof(Elf32_Ehdr);

		begin_file(&honest, wide);
		for (u32 i = 0; i < count * count; i++) {
			u64 one = values[i / count], other = values[i % count];

			CU_ASSERT_EQUAL(find_lying(wide, one, other, 36), 0);
			if (one < honest.notes || one > honest.notes)
				CU_ASSERT_EQUAL(find_lying(wide, header, one,
							   other),
						0);
		}
		/* A segment that says it goes on beyond what was read. */
		CU_ASSERT_EQUAL(find_lying(wide, header, honest.notes, ~0ULL),
				20);
	}
}

/* A note that says it is so long does not lead back to the one after it. */
static void long_notes(void)
{
	static const u32 sizes_told[] = { 1000, INT32_MAX, 1U << 31, -16U,
					  -4U,	-3U,	   -1U };
	u8 id[DITHER_BUILD_ID_MAX];

	for (u32 i = 0; i < 4 * 7; i++) {
		struct builder builder;
		Elf32_Nhdr *note;

		begin_file(&builder, i & 1);
		note = (void *)(builder.file + builder.length);
		add_note(&builder, 3, "GNU", 4, 0);
		add_note(&builder, 3, "GNU", 4, 20);
		CU_ASSERT_EQUAL(find_built(&builder, id), 20);
		/* Without a name, four bytes would end at the second note. */
		note->n_descsz = i & 2 ? 4 : sizes_told[i / 4];
		if (i & 2)
			note->n_namesz = sizes_told[i / 4];
		CU_ASSERT_EQUAL(find_built(&builder, id), 0);
	}
}

static void other_headers(void)
{
	static const u32 offsets[] = { 0, 1, 3, EI_CLASS };
	u8 id[DITHER_BUILD_ID_MAX];

	for (int i = 0; i < 8; i++) {
		struct builder builder;

		begin_file(&builder, i & 1);
		add_note(&builder, 3, "GNU", 4, 20);
		CU_ASSERT_EQUAL(find_built(&builder, id), 20);
		builder.file[offsets[i / 2]] ^= 0x77;
		CU_ASSERT_EQUAL(find(builder.file, builder.length, id), 0);
		builder.file[offsets[i / 2]] ^= 0x77;
		/* Program headers of another size than the class has. */
		builder.file[i & 1 ? offsetof(Elf64_Ehdr, e_phentsize) :
				     offsetof(Elf32_Ehdr, e_phentsize)] ^= 8;
		CU_ASSERT_EQUAL(find(builder.file, builder.length, id), 0);
	}
}

/* The other byte order: such a file cannot run here. */
static void foreign_order(void)
{
	u8 id[DITHER_BUILD_ID_MAX];
	struct builder builder;
	Elf64_Ehdr *header = (void *)builder.file;

	begin_file(&builder, true);
	add_note(&builder, 3, "GNU", 4, 20);
	CU_ASSERT_EQUAL(find_built(&builder, id), 20);
	header->e_phentsize = __builtin_bswap16(header->e_phentsize);
	header->e_phnum = __builtin_bswap16(header->e_phnum);
	header->e_phoff = __builtin_bswap64(header->e_phoff);
	CU_ASSERT_EQUAL(find(builder.file, builder.length, id), 0);
}

static void noise(void)
{
	u8 id[DITHER_BUILD_ID_MAX + 1];
	u64 random = 1;

	id[DITHER_BUILD_ID_MAX] = 0x5a;
	for (int i = 0; i < 100000; i++) {
		u8 file[512];
		u32 length = (u32)random_below(&random, sizeof(file) + 1);

		for (u32 at = 0; at < length; at++) {
			u64 value = random_next(&random);

			/* Small numbers are what offsets and sizes are. */
			file[at] = value >> 60 ? 0 : (u8)(value >> 50);
			if (value >> 57 == 9)
				file[at] = (u8)(value >> 40) & 7;
		}
		for (u32 at = 0; at < SELFMAG && at < length; at++)
			file[at] = (u8)ELFMAG[at];
		if (length > 54) {
			file[EI_CLASS] = i & 1 ? ELFCLASS64 : ELFCLASS32;
			file[i & 1 ? 54 : 42] = i & 1 ? 56 : 32;
		}
		CU_ASSERT(find(file, length, id) <= DITHER_BUILD_ID_MAX);
	}
	CU_ASSERT_EQUAL(id[DITHER_BUILD_ID_MAX], 0x5a);
}

static const struct unit_case cases[] = {
	{ "a linker's build-ids are found as readelf shows them", real_files },
	{ "without one, or with one too long, none is found", files_without },
	{ "truncated anywhere it is found whole or not at all, bits may flip",
	  damage },
	{ "ids of 1 to 20 bytes are taken, in both classes", sizes },
	{ "other notes of any size are passed by", among_others },
	{ "offsets and sizes that lie lead nowhere", lies },
	{ "notes that are longer than the file lead nowhere", long_notes },
	{ "what is not ELF, or of no known class, has no build-id",
	  other_headers },
	{ "a file of the other byte order has no build-id", foreign_order },
	{ "noise behind an ELF header is survived", noise },
};

UNIT_MAIN("buildid", cases)
