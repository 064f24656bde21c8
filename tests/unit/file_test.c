// SPDX-License-Identifier: GPL-2.0
/*
 * The .dither file: what the writer wrote the reader finds; what could not be
 * written is told and leaves the rest readable.
 */
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "recording_file.h"

static void expect_symbols(struct recording *recording, size_t number,
			   const char *symbols)
{
	struct recorded_text text;

	CU_ASSERT_FATAL(recording_kernel_text(recording, number, &text));
	CU_ASSERT_FALSE(text.timed);
	CU_ASSERT_EQUAL(text.length, strlen(symbols));
	CU_ASSERT_STRING_EQUAL(text.text, symbols);
	free(text.text);
}

static void reads_what_was_written(void)
{
	struct recording *recording;
	const struct ring_piece *pieces;
	size_t count, length;

	write_everything();
	recording = open_recording();
	CU_ASSERT(recording_complete(recording));
	CU_ASSERT_EQUAL(recording_damage_count(recording), 0);
	CU_ASSERT_STRING_EQUAL(recording_path(recording), file_path());
	CU_ASSERT_STRING_EQUAL(recording_meta(recording, "version"), "1");
	CU_ASSERT_STRING_EQUAL(recording_meta(recording, "host"), "a=b");
	CU_ASSERT_PTR_NULL(recording_meta(recording, "hos"));
	CU_ASSERT(is_true(recording));

	CU_ASSERT_EQUAL(recording_cpus(recording), 3);
	pieces = recording_pieces(recording, 0, &count);
	CU_ASSERT_EQUAL_FATAL(count, 2);
	CU_ASSERT_EQUAL(pieces[0].position, 0xffffff00U);
	CU_ASSERT_EQUAL(pieces[0].length, 200);
	CU_ASSERT_EQUAL(pieces[1].position, 0xffffffc8U);
	CU_ASSERT_EQUAL(pieces[1].length, 72);
	CU_ASSERT_EQUAL((uintptr_t)pieces[1].data % FILE_ALIGN, 0);
	recording_pieces(recording, 1, &count);
	CU_ASSERT_EQUAL(count, 0);
	recording_pieces(recording, 2, &count);
	CU_ASSERT_EQUAL(count, 1);
	recording_pieces(recording, 3, &count);
	CU_ASSERT_EQUAL(count, 0);

	expect_symbols(recording, 0, symbol_text);
	expect_symbols(recording, 0, symbol_text);
	CU_ASSERT_PTR_NOT_NULL(recording_vdso(recording, &length));
	CU_ASSERT_PTR_NULL(recording_ledger(recording, 0));
	CU_ASSERT_PTR_NOT_NULL(recording_ledger(recording, 2));
	CU_ASSERT_PTR_NULL(recording_ledger(recording, 3));
	recording_close(recording);
}

static void writes_many_parts(void)
{
	enum { PARTS = 3000 };
	static struct iovec parts[PARTS];
	static char text[PARTS];
	struct recording *recording;
	struct writer *writer;
	struct stat status;
	size_t length;

	writer = open_writer();
	memset(text, 'x', sizeof(text));
	for (int i = 0; i < PARTS; i++) {
		parts[i].iov_base = i % 3 ? &text[i] : NULL;
		parts[i].iov_len = i % 3 ? 1 : 0;
	}
	CU_ASSERT_EQUAL(writer_chunk(writer, CHUNK_VDSO, parts, PARTS, NULL),
			0);
	/* All lengths of padding. */
	for (length = 0; length <= 9; length++) {
		char key[16];

		snprintf(key, sizeof(key), "%.*s=%zu\n", (int)length + 1,
			 "abcdefghijkl", length);
		put(writer, CHUNK_META, key, strlen(key));
		CU_ASSERT_EQUAL(writer_bytes(writer) % FILE_ALIGN, 0);
	}
	/* No parts at all. */
	CU_ASSERT_EQUAL(writer_chunk(writer, CHUNK_META, NULL, 0, NULL), 0);
	CU_ASSERT_EQUAL(stat(file_path(), &status), 0);
	CU_ASSERT_EQUAL((uint64_t)status.st_size, writer_bytes(writer));
	close_writer(writer);

	recording = open_recording();
	CU_ASSERT(recording_complete(recording));
	CU_ASSERT_PTR_NOT_NULL(recording_vdso(recording, &length));
	CU_ASSERT_EQUAL(length, PARTS / 3 * 2);
	CU_ASSERT_STRING_EQUAL(recording_meta(recording, "abc"), "2");
	CU_ASSERT_STRING_EQUAL(recording_meta(recording, "abcdefghij"), "9");
	recording_close(recording);
}

static void is_private(void)
{
	struct stat status;

	write_file("", 0);
	CU_ASSERT_EQUAL(chmod(file_path(), 0644), 0);
	close_writer(open_writer());
	CU_ASSERT_EQUAL(stat(file_path(), &status), 0);
	CU_ASSERT_EQUAL(status.st_mode & 07777, 0600);
	unlink(file_path());
	umask(0);
	close_writer(open_writer());
	umask(022);
	CU_ASSERT_EQUAL(stat(file_path(), &status), 0);
	CU_ASSERT_EQUAL(status.st_mode & 07777, 0600);
}

static void reads_pipes(void)
{
	static unsigned char data[1 << 18];
	struct recording *recording;
	struct writer *writer;
	char pipe_path[32];
	int ends[2], status;
	size_t size, count;
	pid_t child;

	writer = open_writer();
	for (int i = 0; i < 50; i++)
		put_ring(writer, 0, i * 4096, 4096);
	close_writer(writer);
	size = read_file(data, sizeof(data));
	CU_ASSERT_EQUAL_FATAL(pipe(ends), 0);
	child = fork();
	if (!child) {
		ssize_t written = 0;
		size_t done = 0;

		close(ends[0]);
		for (; done < size && written >= 0; done += written)
			written = write(ends[1], data + done, size - done);
		_exit(written < 0);
	}
	close(ends[1]);
	snprintf(pipe_path, sizeof(pipe_path), "/dev/fd/%d", ends[0]);
	CU_ASSERT_EQUAL_FATAL(recording_open(pipe_path, &recording, NULL), 0);
	close(ends[0]);
	CU_ASSERT(recording_complete(recording));
	recording_pieces(recording, 0, &count);
	CU_ASSERT_EQUAL(count, 50);
	CU_ASSERT(is_true(recording));
	recording_close(recording);
	CU_ASSERT_EQUAL(waitpid(child, &status, 0), child);
	CU_ASSERT_EQUAL(status, 0);
}

static void full_disk_leaves_whole_chunks(void)
{
	struct rlimit unlimited, limit;
	struct error error = { .text = "" }, again = { .text = "" };
	struct recording *recording;
	struct stat status;
	const char more[64] = "";
	const struct iovec part = {
		.iov_base = (void *)more,
		.iov_len = sizeof(more),
	};

	signal(SIGXFSZ, SIG_IGN);
	CU_ASSERT_EQUAL_FATAL(getrlimit(RLIMIT_FSIZE, &unlimited), 0);
	limit = unlimited;
	/* Every place at which the third chunk can be torn. */
	for (size_t room = 0; room < sizeof(struct chunk_header) + 64; room++) {
		struct writer *writer = open_writer();
		uint64_t bytes;

		put(writer, CHUNK_META, META, strlen(META));
		put_ring(writer, 0, 0, 64);
		bytes = writer_bytes(writer);
		limit.rlim_cur = bytes + room;
		CU_ASSERT_EQUAL(setrlimit(RLIMIT_FSIZE, &limit), 0);
		CU_ASSERT_EQUAL(writer_chunk(writer, CHUNK_VDSO, &part, 1,
					     &error),
				-EFBIG);
		CU_ASSERT_EQUAL(setrlimit(RLIMIT_FSIZE, &unlimited), 0);

		/* There would be room by now, but a chunk is missing. */
		CU_ASSERT_EQUAL(writer_chunk(writer, CHUNK_VDSO, &part, 1,
					     &again),
				-EFBIG);
		CU_ASSERT_STRING_EQUAL(error.text, again.text);
		CU_ASSERT_EQUAL(writer_bytes(writer), bytes);
		CU_ASSERT_EQUAL(writer_close(writer, &error), -EFBIG);
		CU_ASSERT_EQUAL(stat(file_path(), &status), 0);
		CU_ASSERT_EQUAL((uint64_t)status.st_size, bytes);
	}
	CU_ASSERT_PTR_NOT_NULL(strstr(error.text, "File too large"));
	CU_ASSERT_PTR_NOT_NULL(strstr(error.text, "last whole chunk"));
	signal(SIGXFSZ, SIG_DFL);
	recording = open_recording();
	CU_ASSERT_EQUAL(recording_damage_count(recording), 1);
	expect_damage(recording, 0, "cut short, 2 chunks are whole");
	CU_ASSERT(is_true(recording));
	recording_close(recording);
}

static void reports_what_cannot_be_created(void)
{
	struct error error = { .text = "" };
	struct writer *writer;

	CU_ASSERT_EQUAL(writer_open("/dev/full", &writer, &error), -ENOSPC);
	CU_ASSERT_PTR_NULL(writer);
	CU_ASSERT_PTR_NOT_NULL(strstr(error.text, "/dev/full: No space left"));
	CU_ASSERT_EQUAL(writer_open("-", &writer, &error), -EINVAL);
	CU_ASSERT_EQUAL(writer_open("/no/such", &writer, &error), -ENOENT);
	CU_ASSERT_STRING_EQUAL(
		error.text,
		"cannot create /no/such: No such file or directory");
	CU_ASSERT_EQUAL(writer_open("/", &writer, &error), -EISDIR);
}

static void refuses_too_large_chunks(void)
{
	static char byte;
	const struct iovec parts[] = {
		{ .iov_base = &byte, .iov_len = 1 },
		{ .iov_base = &byte, .iov_len = CHUNK_PAYLOAD_MAX },
	};
	const struct iovec endless[] = {
		{ .iov_base = NULL, .iov_len = SIZE_MAX },
		{ .iov_base = NULL, .iov_len = SIZE_MAX },
	};
	struct recording *recording;
	struct writer *writer;

	/* Only the sum is too large: no byte may be touched before. */
	writer = open_writer();
	CU_ASSERT_EQUAL(writer_chunk(writer, CHUNK_RING, endless, 2, NULL),
			-EINVAL);
	CU_ASSERT_EQUAL(writer_chunk(writer, CHUNK_RING, parts, 2, NULL),
			-EINVAL);
	close_writer(writer);
	recording = open_recording();
	CU_ASSERT(recording_complete(recording));
	recording_close(recording);
}

static void takes_all_symbols(void)
{
	static const char first[] = "1 old\n", second[] = "2 newest\n";
	unsigned char data[4096];
	struct recording *recording;
	struct writer *writer;
	size_t size;

	writer = open_writer();
	put_symbols(writer, first, strlen(first), strlen(first));
	put_symbols(writer, second, strlen(second), strlen(second));
	close_writer(writer);
	recording = open_recording();
	CU_ASSERT_EQUAL(recording_kernel_texts(recording), 2);
	expect_symbols(recording, 0, first);
	expect_symbols(recording, 1, second);
	recording_close(recording);

	/* … that are whole. */
	size = read_file(data, sizeof(data));
	data[FIRST_CHUNK + chunk_bytes(data + FIRST_CHUNK) + 40] ^= 1;
	write_file(data, size);
	recording = open_recording();
	CU_ASSERT_EQUAL(recording_kernel_texts(recording), 1);
	expect_symbols(recording, 0, first);
	recording_close(recording);
}

static void reads_kernel_code(void)
{
	static const char lines[] = "1-2\t[m]\n";
	const struct chunk_code head = { 7, 9, strlen(lines) };
	uLongf bytes = compressBound(strlen(lines));
	struct recorded_text text = { .text = NULL };
	struct recording *recording;
	struct writer *writer;
	unsigned char data[100];
	struct iovec parts[] = {
		{ .iov_base = (void *)&head, .iov_len = sizeof(head) },
		{ .iov_base = data },
	};

	compress2(data, &bytes, (const Bytef *)lines, strlen(lines), 9);
	parts[1].iov_len = bytes;
	writer = open_writer();
	CU_ASSERT_EQUAL(writer_chunk(writer, CHUNK_KERNEL_CODE, parts, 2, NULL),
			0);
	CU_ASSERT_EQUAL(writer_chunk(writer, CHUNK_KERNEL_CODE, parts, 1, NULL),
			0);
	put(writer, CHUNK_KERNEL_CODE, "1234", 4);
	close_writer(writer);
	recording = open_recording();
	CU_ASSERT_EQUAL_FATAL(recording_kernel_texts(recording), 3);
	CU_ASSERT_FATAL(recording_kernel_text(recording, 0, &text));
	CU_ASSERT(text.timed);
	CU_ASSERT_EQUAL(text.begun, 7);
	CU_ASSERT_EQUAL(text.ended, 9);
	CU_ASSERT_EQUAL(text.length, strlen(lines));
	CU_ASSERT_STRING_EQUAL(text.text, lines);
	free(text.text);
	CU_ASSERT_FALSE(recording_kernel_text(recording, 1, &text));
	CU_ASSERT_FALSE(recording_kernel_text(recording, 2, &text));
	expect_damage(recording, 0, "chunk 1 (kernel code): does not inflate");
	expect_damage(recording, 1, "chunk 2 (kernel code): too short");
	recording_close(recording);
}

static void reads_files(void)
{
	const struct chunk_file files[] = { { .inode = 1, .code = 2 },
					    { .inode = 3, .names = 4 } };
	const struct chunk_file *found;
	struct recording *recording;
	struct writer *writer = open_writer();
	size_t count;

	put(writer, CHUNK_FILES, files, sizeof(files));
	put(writer, CHUNK_FILES, files, sizeof(files[0]) + 8);
	close_writer(writer);
	recording = open_recording();
	found = recording_files(recording, &count);
	CU_ASSERT_EQUAL_FATAL(count, 3);
	CU_ASSERT_EQUAL(found[1].names, 4);
	CU_ASSERT_EQUAL(found[2].code, 2);
	expect_damage(recording, 0, "chunk 1 (files): is not as long as its");
	recording_close(recording);
}

static void disbelieves_symbols(const char *text, size_t length, uint64_t claim,
				const char *damage)
{
	struct writer *writer = open_writer();
	struct recording *recording;
	struct recorded_text found;

	put_symbols(writer, text, length, claim);
	close_writer(writer);
	recording = open_recording();
	CU_ASSERT_EQUAL(recording_damage_count(recording), 0);
	CU_ASSERT_FALSE(recording_kernel_text(recording, 0, &found));
	CU_ASSERT_FALSE(recording_kernel_text(recording, 0, &found));
	CU_ASSERT_EQUAL(recording_damage_count(recording), 1);
	expect_damage(recording, 0, damage);
	recording_close(recording);
}

static void checks_inflated_symbols(void)
{
	size_t length = 10 << 20;
	char *zeros = calloc(1, length);
	struct recording *recording;
	struct recorded_text found;
	struct writer *writer;

	disbelieves_symbols("abc", 3, 2, "does not inflate to the 2 bytes");
	disbelieves_symbols("abc", 3, 4, "does not inflate to the 4 bytes");
	disbelieves_symbols("abc", 3, 0, "does not inflate to the 0 bytes");
	disbelieves_symbols("abc", 3, 1 << 20, "claims 1048576 bytes");
	disbelieves_symbols("abc", 3, UINT64_MAX, "claims");
	disbelieves_symbols(zeros, length, 1ULL << 30, "claims");
	disbelieves_symbols(zeros, length, length - 1, "does not inflate");

	/* The densest text that can be is no reason for doubt. */
	writer = open_writer();
	put_symbols(writer, zeros, length, length);
	close_writer(writer);
	recording = open_recording();
	CU_ASSERT_FATAL(recording_kernel_text(recording, 0, &found));
	CU_ASSERT_EQUAL(found.length, length);
	free(found.text);
	recording_close(recording);
	free(zeros);

	writer = open_writer();
	put(writer, CHUNK_KERNEL_SYMBOLS, "1234", 4);
	close_writer(writer);
	recording = open_recording();
	CU_ASSERT_FALSE(recording_kernel_text(recording, 0, &found));
	expect_damage(recording, 0, "chunk 0 (kernel symbols): too short");
	recording_close(recording);
}

static void reads_ledgers_of_other_modules(void)
{
	enum { OLDER = 16, NEWER = sizeof(struct dither_ledger) + 8 };
	const struct dither_ledger older = {
		.size = OLDER,
		.cpu = 1,
		.cells = 11,
		.kept = 5, /* not written */
	};
	const struct dither_ledger newer = {
		.size = NEWER,
		.cpu = 3,
		.cells = 33,
	};
	struct dither_ledger broken = { .size = 4, .cpu = 1 };
	unsigned char both[OLDER + NEWER] = { 0 };
	struct recording *recording;
	struct writer *writer;

	memcpy(both, &older, OLDER);
	memcpy(both + OLDER, &newer, sizeof(newer));
	writer = open_writer();
	put_ledger(writer, 0, 1);
	put(writer, CHUNK_LEDGER, both, sizeof(both));
	close_writer(writer);
	recording = open_recording();
	CU_ASSERT(recording_complete(recording));
	CU_ASSERT_PTR_NULL(recording_ledger(recording, 0));
	CU_ASSERT_EQUAL(recording_ledger(recording, 1)->cells, 11);
	CU_ASSERT_EQUAL(recording_ledger(recording, 1)->kept, 0);
	CU_ASSERT_EQUAL(recording_ledger(recording, 3)->cells, 33);
	recording_close(recording);

	for (uint32_t size = 0; size < 1000; size += 7) {
		if (size >= 8 && size <= sizeof(broken))
			continue;
		broken.size = size;
		writer = open_writer();
		put(writer, CHUNK_LEDGER, &broken, sizeof(broken));
		close_writer(writer);
		expect_one_damage("chunk 0 (ledger): a ledger of a wrong size");
	}
	writer = open_writer();
	put(writer, CHUNK_LEDGER, "abcd", 4);
	close_writer(writer);
	expect_one_damage("a ledger of a wrong size");
}

static void skips_unknown_chunks(void)
{
	struct recording *recording;
	struct writer *writer = open_writer();

	put(writer, (enum chunk_type)99, "?", 1);
	put(writer, CHUNK_META, META, strlen(META));
	put(writer, CHUNK_META, "host=c\n", 7);
	close_writer(writer);
	recording = open_recording();
	CU_ASSERT(recording_complete(recording));
	CU_ASSERT_STRING_EQUAL(recording_meta(recording, "version"), "1");
	CU_ASSERT_STRING_EQUAL(recording_meta(recording, "host"), "c");
	recording_close(recording);
}

static const struct unit_case cases[] = {
	{ "what was written is read", reads_what_was_written },
	{ "a chunk may have any number of parts and any length",
	  writes_many_parts },
	{ "a recording is readable by its owner only", is_private },
	{ "a recording can come through a pipe", reads_pipes },
	{ "a full disk leaves whole chunks", full_disk_leaves_whole_chunks },
	{ "what cannot be created is told", reports_what_cannot_be_created },
	{ "too large chunks are refused, and nothing is lost",
	  refuses_too_large_chunks },
	{ "all whole kernel symbols count", takes_all_symbols },
	{ "code of the kernel has its times", reads_kernel_code },
	{ "what tells files apart is read", reads_files },
	{ "inflated symbols are exactly what was claimed",
	  checks_inflated_symbols },
	{ "shorter and longer ledgers are read",
	  reads_ledgers_of_other_modules },
	{ "unknown chunks are skipped, the last META line counts",
	  skips_unknown_chunks },
};

UNIT_MAIN("file", cases)
