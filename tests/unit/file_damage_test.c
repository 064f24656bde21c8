// SPDX-License-Identifier: GPL-2.0
/*
 * Damaged .dither files: what became of a file is said, never believed, and
 * what is still whole is read.
 */
#include <signal.h>

#include "recording_file.h"

/* What the file yields is true, and less than all of it is not silent. */
static bool yields_nothing_wrong(void)
{
	struct recording *recording;
	struct error error = { .text = "" };
	bool good;

	if (recording_open(file_path(), &recording, &error))
		return strstr(error.text, file_path());
	good = is_true(recording) && !recording_complete(recording) &&
	       recording_damage_count(recording) &&
	       strstr(recording_damage(recording, 0), file_path());
	recording_close(recording);
	return good;
}

static void survives_every_cut(void)
{
	unsigned char data[4096];
	size_t size, wrong = 0;

	write_everything();
	size = read_file(data, sizeof(data));
	for (size_t cut = 0; cut < size; cut++) {
		write_file(data, cut);
		wrong += !yields_nothing_wrong();
	}
	CU_ASSERT_EQUAL(wrong, 0);
}

static void survives_every_flip(void)
{
	unsigned char data[4096];
	size_t size, wrong = 0;

	write_everything();
	size = read_file(data, sizeof(data));
	for (size_t bit = 0; bit < size * 8; bit++) {
		data[bit / 8] ^= 1U << bit % 8;
		write_file(data, size);
		data[bit / 8] ^= 1U << bit % 8;
		wrong += !yields_nothing_wrong();
	}
	CU_ASSERT_EQUAL(wrong, 0);
}

static void reports_a_missing_end(void)
{
	unsigned char data[4096];
	char expected[200];
	size_t size;

	write_everything();
	size = read_file(data, sizeof(data)) - sizeof(struct chunk_header) -
	       sizeof(struct chunk_end);
	write_file(data, size);
	snprintf(expected, sizeof(expected),
		 "%s:0x%zx: recording was cut short, 7 chunks are whole",
		 file_path(), size);
	expect_one_damage(expected);
	write_file(data, size - 1);
	expect_one_damage("cut short in chunk 6 (ledger), 6 chunks are whole");
	write_file(data, FIRST_CHUNK);
	expect_one_damage("cut short, 0 chunks are whole");
}

static void reports_lost_and_repeated_chunks(void)
{
	unsigned char data[4096], changed[8192];
	struct recording *recording;
	size_t size, first, count;

	write_everything();
	size = read_file(data, sizeof(data));
	first = chunk_bytes(data + FIRST_CHUNK);
	memcpy(changed, data, FIRST_CHUNK);

	memcpy(changed + FIRST_CHUNK, data + FIRST_CHUNK + first,
	       size - FIRST_CHUNK - first);
	write_file(changed, size - first);
	expect_one_damage(":0x10: chunks 0 to 0 are missing before this one");

	memcpy(changed + FIRST_CHUNK, data + FIRST_CHUNK, first);
	memcpy(changed + FIRST_CHUNK + first, data + FIRST_CHUNK,
	       size - FIRST_CHUNK);
	write_file(changed, size + first);
	expect_one_damage("chunk 0 (meta): is out of order, skipped");

	/* The whole content twice: once is enough. */
	memcpy(changed, data, size);
	memcpy(changed + size, data + FIRST_CHUNK, size - FIRST_CHUNK);
	write_file(changed, 2 * size - FIRST_CHUNK);
	recording = open_recording();
	expect_damage(recording, 0, "chunk 7 (end): bytes that follow it");
	CU_ASSERT_FALSE(recording_complete(recording));
	recording_pieces(recording, 0, &count);
	CU_ASSERT_EQUAL(count, 2);
	recording_close(recording);
}

static void finds_the_next_chunk(void)
{
	unsigned char data[4096];
	struct recording *recording;
	size_t size, count, hole = 0;

	write_everything();
	size = read_file(data, sizeof(data));
	data[FIRST_CHUNK] ^= 1;
	write_file(data, size);
	recording = open_recording();
	CU_ASSERT_EQUAL(recording_damage_count(recording), 2);
	expect_damage(recording, 0,
		      ":0x10: here should be a chunk; 56 bytes are skipped");
	expect_damage(recording, 1, "chunks 0 to 0 are missing");
	CU_ASSERT_PTR_NULL(recording_meta(recording, "host"));
	recording_pieces(recording, 0, &count);
	CU_ASSERT_EQUAL(count, 2);
	recording_close(recording);
	data[FIRST_CHUNK] ^= 1;

	data[FIRST_PAYLOAD] ^= 1;
	write_file(data, size);
	expect_one_damage(":0x10: chunk 0 (meta): checksum differs, skipped");
	data[FIRST_PAYLOAD] ^= 1;

	/* A hole in chunk 3: what seems to be its end lies within another. */
	for (size_t at = FIRST_CHUNK, i = 0; i < 4; i++) {
		hole = at + sizeof(struct chunk_header);
		at += chunk_bytes(data + at);
	}
	memmove(data + hole, data + hole + 88, size - hole - 88);
	write_file(data, size - 88);
	recording = open_recording();
	expect_damage(recording, 0, "chunk 3 (ring): checksum differs");
	expect_damage(recording, 1, "here should be a chunk");
	expect_damage(recording, 2, "chunks 4 to 4 are missing");
	CU_ASSERT_EQUAL(recording_damage_count(recording), 3);
	CU_ASSERT(is_true(recording));
	recording_pieces(recording, 0, &count);
	CU_ASSERT_EQUAL(count, 1);
	recording_close(recording);
}

/* A chunk whose header claims more than there is must not hide the next. */
static void finds_chunks_in_a_false_payload(void)
{
	unsigned char data[4096];
	struct recording *recording;
	struct writer *writer;
	size_t size, count;

	writer = open_writer();
	put_ring(writer, 0, 0, 2000);
	put_ring(writer, 0, 2000, 64);
	close_writer(writer);
	size = read_file(data, sizeof(data));
	memmove(data + 100 + 4, data + FIRST_PAYLOAD + 2008, size - 2048);
	write_file(data, 104 + size - 2048);
	recording = open_recording();
	expect_damage(recording, 0,
		      "chunk 0 (ring): reaches beyond the end of the file");
	recording_pieces(recording, 0, &count);
	CU_ASSERT_EQUAL(count, 1);
	CU_ASSERT(is_true(recording));
	recording_close(recording);
}

static void expect_refused(int code, const char *text)
{
	struct recording *recording;
	struct error error = { .text = "" };

	CU_ASSERT_EQUAL(recording_open(file_path(), &recording, &error), code);
	CU_ASSERT_PTR_NULL(recording);
	if (!strstr(error.text, text))
		printf("# %s\n", error.text);
	CU_ASSERT_PTR_NOT_NULL(strstr(error.text, text));
}

static void refuses_other_files(void)
{
	struct file_header header = {
		.version = FILE_VERSION,
		.byte_order = FILE_BYTE_ORDER,
	};
	struct recording *recording;
	struct error error;

	memcpy(header.magic, FILE_MAGIC, sizeof(header.magic));
	write_file("", 0);
	expect_refused(-EINVAL, "not a dither recording");
	write_file("hello, world\n and more\n", 23);
	expect_refused(-EINVAL, "not a dither recording");
	write_file(&header, sizeof(header) - 1);
	expect_refused(-EINVAL, "too short");
	header.version = 2;
	write_file(&header, sizeof(header));
	expect_refused(-EINVAL, "format version 2");
	header.byte_order = __builtin_bswap32(FILE_BYTE_ORDER);
	write_file(&header, sizeof(header));
	expect_refused(-EINVAL, "other byte order");
	header.byte_order = 1;
	write_file(&header, sizeof(header));
	expect_refused(-EINVAL, "damaged file header");

	CU_ASSERT_EQUAL(recording_open("/dev/zero", &recording, &error),
			-EINVAL);
	CU_ASSERT_EQUAL(recording_open("/", &recording, &error), -EISDIR);
	CU_ASSERT_EQUAL(recording_open("/no/such", &recording, &error),
			-ENOENT);
	CU_ASSERT_STRING_EQUAL(
		error.text, "cannot open /no/such: No such file or directory");
}

/* META of "version=@text", refused with @error, or read with @damage. */
static void expect_version(const char *text, const char *error,
			   const char *damage)
{
	struct writer *writer = open_writer();
	char meta[80];

	snprintf(meta, sizeof(meta), "version=%s\n", text);
	put(writer, CHUNK_META, meta, strlen(meta));
	close_writer(writer);
	if (error)
		expect_refused(-EINVAL, error);
	else
		expect_one_damage(damage);
}

static void judges_versions(void)
{
	char next[16], same[16];
	struct recording *recording;
	struct error failure;
	struct writer *writer;

	expect_version("9.9", "records of version 9.9; this program (dither ",
		       NULL);
	expect_version("9.9", "use a newer dither", NULL);
	expect_version("2", "use a newer dither", NULL);
	expect_version("99999999999999999999.1", "use a newer dither", NULL);
	expect_version("0.9", "use an older dither", NULL);
	expect_version("", "no version of records", NULL);
	expect_version("1.", "no version of records", NULL);
	expect_version("1.4x", "no version of records", NULL);
	expect_version("-1", "no version of records", NULL);
	snprintf(next, sizeof(next), "%d.%d", DITHER_ABI_MAJOR,
		 DITHER_ABI_MINOR + 1);
	expect_version(next, NULL, "what it does not know is skipped");
	for (int minor = 0; minor <= DITHER_ABI_MINOR; minor++) {
		writer = open_writer();
		snprintf(same, sizeof(same), "version=%d.%d", DITHER_ABI_MAJOR,
			 minor);
		put(writer, CHUNK_META, same, strlen(same));
		close_writer(writer);
		CU_ASSERT_EQUAL_FATAL(
			recording_open(file_path(), &recording, &failure), 0);
		CU_ASSERT_EQUAL(recording_damage_count(recording), 0);
		recording_close(recording);
	}
}

static void expect_chunk_damage(enum chunk_type type, const void *data,
				size_t length, const char *damage)
{
	struct writer *writer = open_writer();

	put(writer, type, data, length);
	close_writer(writer);
	expect_one_damage(damage);
}

static void refuses_implausible_chunks(void)
{
	const struct chunk_ring ring = { .cpu = UINT32_MAX };
	const struct dither_ledger ledger = {
		.size = sizeof(ledger),
		.cpu = 1U << 30,
	};
	const struct chunk_end end = { .chunks = 5 }, short_end = {
		.ring_bytes = 8,
	};
	size_t large = (1 << 20) + 1;
	char *text = calloc(1, large);

	expect_chunk_damage(CHUNK_RING, &ring, sizeof(ring),
			    "CPU number is out of range");
	expect_chunk_damage(CHUNK_LEDGER, &ledger, sizeof(ledger),
			    "CPU number is out of range");
	expect_chunk_damage(CHUNK_RING, &ring, 7, "(ring): too short");
	expect_chunk_damage(CHUNK_META, "a=1\nb\nc=2", 9, "without \"=\"");
	expect_chunk_damage(CHUNK_META, "a=1\n\0", 5, "not a text");
	expect_chunk_damage(CHUNK_VDSO, text, large, "vDSO");
	expect_chunk_damage(CHUNK_VDSO, text, 0, "vDSO");
	memset(text, 'x', large);
	expect_chunk_damage(CHUNK_META, text, large, "too long");
	free(text);

	/* These are followed by a second END, which is too much as well. */
	for (int i = 0; i < 3; i++) {
		struct writer *writer = open_writer();
		struct recording *recording;

		put(writer, CHUNK_END, i == 1 ? &short_end : &end,
		    i == 2 ? 8 : sizeof(end));
		close_writer(writer);
		recording = open_recording();
		expect_damage(recording, 0, "bytes that follow it are skipped");
		expect_damage(recording, 1,
			      i == 0 ? "counts other chunks" :
			      i == 1 ? "counts other ring bytes" :
				       "too short");
		recording_close(recording);
	}
}

static void bounds_the_damage_list(void)
{
	struct recording *recording;
	size_t count;

	write_everything();
	recording = open_recording();
	for (int round = 0; round < 2; round++)
		for (int i = 0; i < 5; i++)
			recording_add_damage(recording, "damage %d", i);
	CU_ASSERT_EQUAL(recording_damage_count(recording), 5);
	CU_ASSERT_FALSE(recording_complete(recording));
	for (int i = 0; i < 10000; i++)
		recording_add_damage(recording, "damage %d", i);
	count = recording_damage_count(recording);
	CU_ASSERT(count > 100 && count < 2000);
	expect_damage(recording, count - 1, "further damage is not listed");
	recording_close(recording);
}

static void survives_shrinking(void)
{
	struct recording *recording, *other;
	struct sigaction before, after;
	struct writer *writer;
	unsigned char sum = 0;
	size_t count;

	writer = open_writer();
	for (int i = 0; i < 10; i++)
		put_ring(writer, 0, i * 4096, 4096);
	close_writer(writer);
	CU_ASSERT_EQUAL(sigaction(SIGBUS, NULL, &before), 0);
	recording = open_recording();
	other = open_recording();
	CU_ASSERT_FALSE(recording_broken(recording));
	CU_ASSERT_EQUAL(truncate(file_path(), 5000), 0);
	for (size_t i = 0; i < 10; i++)
		sum |= recording_pieces(recording, 0, &count)[i].data[4000];
	CU_ASSERT(sum);
	CU_ASSERT(recording_broken(recording));
	CU_ASSERT_FALSE(recording_broken(other));
	sum = recording_pieces(other, 0, &count)[9].data[0];
	CU_ASSERT_EQUAL(sum, 0);
	CU_ASSERT(recording_broken(other));
	recording_close(recording);
	recording_close(other);

	/* Nothing of the guard is left. */
	CU_ASSERT_EQUAL(sigaction(SIGBUS, NULL, &after), 0);
	CU_ASSERT_PTR_EQUAL(after.sa_sigaction, before.sa_sigaction);
}

static const struct unit_case cases[] = {
	{ "records of another version are refused, of a later minor one skipped",
	  judges_versions },
	{ "a file cut anywhere is refused or says so", survives_every_cut },
	{ "any flipped bit is found", survives_every_flip },
	{ "a missing end is told, with what is whole", reports_a_missing_end },
	{ "lost and repeated chunks are told",
	  reports_lost_and_repeated_chunks },
	{ "behind damage the next whole chunk is found", finds_the_next_chunk },
	{ "a payload with a hole does not hide the chunks behind",
	  finds_chunks_in_a_false_payload },
	{ "files of other kinds are refused", refuses_other_files },
	{ "implausible chunks are damage", refuses_implausible_chunks },
	{ "the list of damage is bounded and says nothing twice",
	  bounds_the_damage_list },
	{ "a file that shrinks under the reader does not kill it",
	  survives_shrinking },
};

UNIT_MAIN("file damage", cases)
