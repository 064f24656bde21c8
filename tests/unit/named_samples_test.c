// SPDX-License-Identifier: GPL-2.0
/*
 * Chunks of named samples: each stands alone, so that damage costs its own
 * samples only; and a chunk that refers to what is not there is not believed.
 */
#include "unit.h"

#include "../../user/file/named_samples_writer.h"
#include "../../user/text/perf_imported.h"
#include "recording_file.h"

#define CHUNKS 3U

/* One sample, of two frames. */
static void add_sample(struct named_writer *named, unsigned int number)
{
	const struct named_frame frames[] = {
		{ .address = 0x1000 + number,
		  .name = named_writer_text(named, "main", 4),
		  .object = named_writer_text(named, "/bin/x", 6) },
		{ .name = named_writer_text(named, "leaf", 4),
		  .object = NAMED_NONE,
		  .kind = NAMED_KERNEL },
	};
	const struct named_thread thread = {
		.comm = named_writer_text(named, "prog", 4),
		.pid = 7,
		.tid = 7 + number,
		.known = NAMED_PID,
	};
	struct named_call call = { .caller = 0 };
	struct named_sample sample = {
		.time = number,
		.period = 10,
		.event = named_writer_text(named, "cycles", 6),
		.known = NAMED_TIME | NAMED_PERIOD,
	};

	for (int i = 0; i < 2; i++) {
		call.frame = named_writer_frame(named, &frames[i]);
		call.caller = named_writer_call(named, &call);
	}
	sample.call = call.caller;
	sample.thread = named_writer_thread(named, &thread);
	named_writer_sample(named, &sample);
}

/* Of CHUNKS chunks, each with one sample. */
static void write_chunks(void)
{
	struct named_writer *named = named_writer_new();
	struct writer *writer = open_writer();

	for (unsigned int i = 0; i < CHUNKS; i++) {
		add_sample(named, i);
		CU_ASSERT_EQUAL(named_writer_flush(named, writer, NULL), 0);
	}
	CU_ASSERT_EQUAL(named_writer_flush(named, writer, NULL), 0);
	named_writer_free(named);
	close_writer(writer);
}

/* How many samples are read, of which none is wrong; -1: one is, or silence. */
static int read_back(bool whole)
{
	const struct perf_script_options options = { .event = NULL };
	struct perf_script_summary summary;
	struct profile *profile;
	struct recording *recording;
	struct error error = { "" };
	bool good;

	if (recording_open(file_path(), &recording, &error))
		return *error.text ? 0 : -1;
	profile = profile_new();
	good = !perf_imported_read(recording, &options, profile, &summary,
				   &error);
	profile_finish(profile);
	good &= recording_complete(recording) == whole;
	good &= profile_total(profile) == 10.0 * (double)summary.samples;
	good &= !summary.samples || (profile_nodes(profile) == 4 &&
				     profile_node(profile, 3).self > 0);
	profile_free(profile);
	recording_close(recording);
	return good ? (int)summary.samples : -1;
}

static void read_all(void)
{
	write_chunks();
	CU_ASSERT_EQUAL(read_back(true), CHUNKS);
}

static void every_cut(void)
{
	unsigned char data[4096];
	int last = 0, wrong = 0, samples;
	size_t size;

	write_chunks();
	size = read_file(data, sizeof(data));
	for (size_t cut = 0; cut < size; cut++) {
		write_file(data, cut);
		samples = read_back(false);
		wrong += samples < last;
		last = samples;
	}
	CU_ASSERT_EQUAL(wrong, 0);
	CU_ASSERT_EQUAL(last, CHUNKS);
}

static void every_flip(void)
{
	unsigned char data[4096];
	int wrong = 0;
	size_t size;

	write_chunks();
	size = read_file(data, sizeof(data));
	for (size_t bit = FIRST_CHUNK * 8; bit < size * 8; bit++) {
		data[bit / 8] ^= 1U << bit % 8;
		write_file(data, size);
		data[bit / 8] ^= 1U << bit % 8;
		wrong += read_back(false) < (int)CHUNKS - 1;
	}
	CU_ASSERT_EQUAL(wrong, 0);
}

/* The payload of the first chunk, as tables that can be altered. */
struct tables {
	struct chunk_named count;
	struct named_sample samples[1];
	struct named_frame frames[2];
	struct named_thread threads[1];
	struct named_call calls[2];
	uint32_t text_ends[5];
	char text[4 + 6 + 4 + 4 + 6];
};

#define TABLES_BYTES (offsetof(struct tables, text) + 24)

static struct tables first_payload(void)
{
	unsigned char data[4096];
	struct tables tables;

	write_chunks();
	read_file(data, sizeof(data));
	memcpy(&tables, data + FIRST_PAYLOAD, TABLES_BYTES);
	return tables;
}

/* Written so, the chunk is refused with this sentence. */
static void expect_refused(const struct tables *tables, const char *sentence)
{
	struct recording *recording;
	struct writer *writer = open_writer();
	struct named named;

	put(writer, CHUNK_NAMED, tables, TABLES_BYTES);
	close_writer(writer);
	recording = open_recording();
	CU_ASSERT_EQUAL(recording_named_count(recording), 1);
	CU_ASSERT_FALSE(recording_named(recording, 0, &named));
	expect_damage(recording, 0, sentence);
	expect_damage(recording, 0, "chunk 0 (named samples): ");
	recording_close(recording);
	CU_ASSERT_EQUAL(read_back(false), 0);
}

#define EXPECT_REFUSED(field, value, sentence)           \
	do {                                             \
		struct tables altered = first_payload(); \
                                                         \
		altered.field = value;                   \
		expect_refused(&altered, sentence);      \
	} while (0)

static void refers_beyond(void)
{
	EXPECT_REFUSED(samples[0].call, 3, "a sample's call");
	EXPECT_REFUSED(samples[0].thread, 1, "a sample's call");
	EXPECT_REFUSED(samples[0].event, 5, "a sample's call");
	EXPECT_REFUSED(frames[1].name, 5, "a frame's text");
	EXPECT_REFUSED(frames[0].object, 5, "a frame's text");
	EXPECT_REFUSED(frames[0].kind, 4, "a frame is of a kind");
	EXPECT_REFUSED(threads[0].comm, 5, "a thread's name");
	EXPECT_REFUSED(calls[0].frame, 2, "a call's caller");
	EXPECT_REFUSED(calls[0].caller, 1, "a call's caller");
	EXPECT_REFUSED(calls[1].caller, 2, "a call's caller");
}

static void lengths_differ(void)
{
	EXPECT_REFUSED(count.samples, 2, "tables are not as long");
	EXPECT_REFUSED(count.frames, UINT32_MAX, "tables are not as long");
	EXPECT_REFUSED(count.text_bytes, 25, "tables are not as long");
	EXPECT_REFUSED(text_ends[1], 1, "a text ends before it begins");
	EXPECT_REFUSED(text_ends[4], 23, "texts are not as long");
	EXPECT_REFUSED(text[2], '\0', "a text holds a NUL");
}

/* Each of a thread with a name of its own. */
static void put_samples(struct named_writer *named, unsigned int count,
			uint32_t call)
{
	for (unsigned int i = 0; i < count; i++) {
		struct named_thread thread = { .tid = i };
		struct named_sample sample = { .call = call };
		char comm[16];
		int length = snprintf(comm, sizeof(comm), "%u", i);

		thread.comm = named_writer_text(named, comm, (size_t)length);
		sample.thread = named_writer_thread(named, &thread);
		sample.event = named_writer_text(named, "cycles", 6);
		named_writer_sample(named, &sample);
	}
}

/* Whether the chunk, in which nothing else is wrong, is read. */
static bool is_read(struct named_writer *named, const char *sentence)
{
	struct writer *writer = open_writer();
	struct recording *recording;
	struct named read;
	bool good;

	CU_ASSERT_EQUAL(named_writer_flush(named, writer, NULL), 0);
	named_writer_free(named);
	close_writer(writer);
	recording = open_recording();
	good = recording_named(recording, 0, &read);
	if (good)
		named_free(&read);
	else
		expect_damage(recording, 0, sentence);
	recording_close(recording);
	return good;
}

/* @count samples that share one stack of 10000 frames. */
static bool stack_is_read(unsigned int count)
{
	struct named_writer *named = named_writer_new();
	struct named_frame frame = { .object = NAMED_NONE };
	struct named_call call = { .caller = 0 };

	frame.name = named_writer_text(named, "f", 1);
	call.frame = named_writer_frame(named, &frame);
	for (unsigned int i = 0; i < 10000; i++)
		call.caller = named_writer_call(named, &call);
	put_samples(named, count, call.caller);
	return is_read(named, "its stacks are larger than it may tell");
}

static void stacks_are_bounded(void)
{
	CU_ASSERT_TRUE(stack_is_read(200));
	CU_ASSERT_FALSE(stack_is_read(400));
}

/* A name of 100000 bytes, in @count files. */
static bool name_is_read(unsigned int count)
{
	struct named_writer *named = named_writer_new();
	char *name = calloc(1, 100000);
	struct named_frame frame = { .address = 0 };
	struct named_call call = { .caller = 0 };

	memset(name, 'f', 100000);
	frame.name = named_writer_text(named, name, 100000);
	free(name);
	for (unsigned int i = 0; i < count; i++) {
		char file[16];
		int length = snprintf(file, sizeof(file), "%u.so", i);

		frame.object = named_writer_text(named, file, (size_t)length);
		call.frame = named_writer_frame(named, &frame);
		call.caller = named_writer_call(named, &call);
	}
	put_samples(named, 1, call.caller);
	return is_read(named, "its names are longer than it may tell");
}

static void names_are_bounded(void)
{
	CU_ASSERT_TRUE(name_is_read(200));
	CU_ASSERT_FALSE(name_is_read(400));
}

static void too_short(void)
{
	struct writer *writer = open_writer();

	put(writer, CHUNK_NAMED, "abc", 3);
	close_writer(writer);
	CU_ASSERT_EQUAL(read_back(false), 0);
}

static const struct unit_case cases[] = {
	{ "chunks are read in their order", read_all },
	{ "a file that was cut anywhere yields the chunks before", every_cut },
	{ "a bit that flips costs one chunk, and is told", every_flip },
	{ "what refers to an entry that is not there is refused",
	  refers_beyond },
	{ "what is not as long as it says is refused", lengths_differ },
	{ "a chunk's stacks are bounded by its bytes", stacks_are_bounded },
	{ "a chunk's names are bounded by its bytes", names_are_bounded },
	{ "what is too short for a header is refused", too_short },
};

UNIT_MAIN("named", cases)
