// SPDX-License-Identifier: GPL-2.0
/*
 * The order of a replay, where snapshots go in it, and what it does with
 * records that cannot be.
 */
#include <malloc.h>

#include "replay_log.h"

static void merges_by_time(void)
{
	begin();
	rate(&rings[0], 5);
	sample(&rings[0], 10, NONE, NONE);
	sample(&rings[0], 30, NONE, NONE);
	sample(&rings[1], 20, NONE, NONE);
	lost(&rings[1], 25);
	sample(&rings[1], 30, NONE, NONE);
	exit_of(&rings[1], 30, 9);
	comm(&rings[1], 40, 9, 9, 0, "late");
	expect("rate 0@5 1000\nsample 0@10 k- u-\nsample 1@20 k- u-\n"
	       "lost 1@25 7\nexit 9\nsample 0@30 k- u-\nsample 1@30 k- u-\n"
	       "comm 9/9 late\n");
}

static void keeps_ring_order(void)
{
	begin();
	sample(&rings[0], 10, NONE, NONE);
	sample(&rings[0], 22, NONE, NONE);
	sample(&rings[0], 20, NONE, NONE);
	sample(&rings[1], 21, NONE, NONE);
	sample(&rings[1], 23, NONE, NONE);
	expect("sample 0@10 k- u-\nsample 1@21 k- u-\nsample 0@22 k- u-\n"
	       "sample 0@20 k- u-\nsample 1@23 k- u-\n");
}

static void skips_what_follows_a_bad_size(void)
{
	static const struct {
		uint16_t size;
		const char *damage;
	} bad[] = {
		{ 0, ":0x68: CPU 0: a record's size is not a multiple of 8" },
		{ 60, "not a multiple of 8" },
		{ 4096, "reaches beyond its piece" },
		{ 40, "too short for its type" },
	};

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		begin();
		sample(&rings[0], 1, NONE, NONE);
		sample(&rings[0], 2, NONE, NONE)->header.size = bad[i].size;
		sample(&rings[0], 3, NONE, NONE);
		flush(&rings[0]);
		sample(&rings[0], 4, NONE, NONE);
		expect_damaged("sample 0@1 k- u-\nsample 0@4 k- u-\n", 1,
			       bad[i].damage);
	}
	begin();
	sample(&rings[0], 1, NONE, NONE)->counters = 1;
	expect_damaged("", 1, "too short for its counters");
	begin();
	sample(&rings[0], 1, NONE, NONE);
	rings[0].length += 4;
	expect_damaged("sample 0@1 k- u-\n", 1, "a record's header is cut");
}

static void skips_unknown_types(void)
{
	struct dither_record unknown = { .type = 200 };

	begin();
	put(&rings[0], &unknown, sizeof(unknown));
	sample(&rings[0], 1, NONE, NONE);
	put(&rings[0], &unknown, sizeof(unknown));
	expect_damaged("sample 0@1 k- u-\n", 1,
		       "records of type 200 are skipped: this program does not "
		       "know them");
}

static void puts_snapshots_where_they_belong(void)
{
	begin();
	/* 5 runs from before the start; 6 is forked, 7 execs: both later. */
	sample(&rings[0], 10, NONE, NONE);
	comm(&rings[0], 20, 7, 7, DITHER_COMM_EXEC, "seven");
	map(&rings[0], 21, 7, 0, "/seven");
	sample(&rings[0], 25, NONE, NONE);
	fork_of(&rings[1], 30, 6, 6);
	sample(&rings[1], 35, NONE, NONE);
	map(&rings[1], 40, 5, SNAPSHOT, "/five");
	comm(&rings[1], 41, 5, 5, SNAPSHOT, "five");
	map(&rings[1], 42, 6, SNAPSHOT, "/six");
	map(&rings[1], 43, 7, SNAPSHOT, "/seven.so");
	/* This exec comes after the snapshot. */
	comm(&rings[0], 50, 5, 5, DITHER_COMM_EXEC, "newfive");
	expect("map 5 /five\ncomm 5/5 five\nsample 0@10 k- u-\n"
	       "exec 7/7 seven\nmap 7 /seven.so\nmap 7 /seven\n"
	       "sample 0@25 k- u-\nfork 6/6\nmap 6 /six\nsample 1@35 k- u-\n"
	       "exec 5/5 newfive\n");
}

static void keeps_a_snapshot_before_a_later_exec(void)
{
	begin();
	map(&rings[0], 10, 5, SNAPSHOT, "/first");
	comm(&rings[1], 10, 5, 5, DITHER_COMM_EXEC, "a");
	comm(&rings[1], 20, 5, 5, DITHER_COMM_EXEC, "b");
	map(&rings[0], 25, 5, SNAPSHOT, "/second");
	fork_of(&rings[1], 22, 8, 5);
	comm(&rings[0], 26, 8, 5, SNAPSHOT, "thread");
	sample(&rings[1], 22, NONE, NONE);
	expect("exec 5/5 a\nmap 5 /first\nexec 5/5 b\nmap 5 /second\n"
	       "fork 5/8\ncomm 5/8 thread\nsample 1@22 k- u-\n");
}

static void puts_snapshots_behind_a_forget_at_their_time(void)
{
	begin();
	comm(&rings[0], 10, 5, 5, DITHER_COMM_EXEC, "old");
	/* Of the same class as 5, and another one. */
	forget(&rings[0], 20, 5 + DITHER_FORGET_CLASSES);
	forget(&rings[0], 21, 6);
	sample(&rings[0], 25, NONE, NONE);
	map(&rings[1], 30, 5, SNAPSHOT, "/five");
	comm(&rings[1], 31, 5, 5, SNAPSHOT, "five");
	map(&rings[1], 32, 7, SNAPSHOT, "/seven");
	sample(&rings[0], 35, NONE, NONE);
	/* From here on all is known again. */
	comm(&rings[0], 40, 5, 5, DITHER_COMM_EXEC, "new");
	sample(&rings[0], 45, NONE, NONE);
	map(&rings[1], 50, 5, SNAPSHOT, "/new");
	expect("map 7 /seven\nexec 5/5 old\nforget 65541\nforget 6\n"
	       "sample 0@25 k- u-\nmap 5 /five\ncomm 5/5 five\n"
	       "sample 0@35 k- u-\nexec 5/5 new\nmap 5 /new\n"
	       "sample 0@45 k- u-\n");
}

static void tells_drops_in_time(void)
{
	begin();
	sample(&rings[0], 10, NONE, NONE);
	dropped(&rings[1], 10, 5, 77);
	forget(&rings[1], 20, 5);
	sample(&rings[0], 20, NONE, NONE);
	expect("dropped 5 77\nsample 0@10 k- u-\nforget 5\n"
	       "sample 0@20 k- u-\n");
	begin();
	dropped(&rings[0], 10, 5, 77)->size -= 8;
	rings[0].length -= 8;
	expect_damaged("", 1, "too short for its type");
}

static void leaves_out_unterminated_texts(void)
{
	struct dither_map *bad;

	begin();
	memset(comm(&rings[0], 1, 5, 5, 0, "x")->comm, 'x', DITHER_COMM_LEN);
	map(&rings[0], 2, 5, 0, "/good");
	bad = map(&rings[0], 3, 5, 0, "/longer");
	bad->path_len = bad->header.size - offsetof(struct dither_map, path);
	map(&rings[0], 4, 5, 0, "/a/b")->path[2] = '\0';
	map(&rings[0], 5, 5, 0, "/abcdef")->path_len = 3;
	map(&rings[0], 6, 5, 0, "/x")->build_id_size = 21;
	/* No room for an end. */
	map(&rings[0], 6, 5, 0, "/abcdefg")->header.size -= 8;
	rings[0].length -= 8;
	map(&rings[0], 7, 5, 0, "")->build_id_size = 20;
	comm(&rings[0], 8, 5, 5, 0, "good");
	expect_damaged("map 5 /good\nmap 5 \ncomm 5/5 good\n", 6,
		       ":0x38: CPU 0: a name is not terminated");
}

static void needs_no_handlers(void)
{
	const struct replay_handler handler = { .context = NULL };
	struct recording *recording;

	begin();
	sample(&rings[0], 1, NONE, NUMBER(1, 1));
	rate(&rings[0], 2);
	lost(&rings[0], 3);
	fork_of(&rings[0], 4, 5, 5);
	comm(&rings[0], 5, 5, 5, 0, "x");
	map(&rings[0], 6, 5, 0, "/x");
	exit_of(&rings[0], 7, 5);
	finish();
	CU_ASSERT_EQUAL_FATAL(recording_open(file_path(), &recording, NULL), 0);
	CU_ASSERT_EQUAL(replay_run(recording, &handler, NULL), 0);
	recording_close(recording);
}

struct growth {
	size_t samples;
	size_t first, most; /* bytes in use */
};

static void measure(void *context, unsigned int cpu,
		    const struct dither_sample *record,
		    const struct replay_stack *kernel,
		    const struct replay_stack *user)
{
	struct growth *growth = context;
	size_t used = mallinfo2().uordblks;

	(void)cpu;
	(void)record;
	(void)kernel;
	CU_ASSERT_PTR_NOT_NULL(user);
	if (!growth->samples++)
		growth->first = used;
	if (used > growth->most)
		growth->most = used;
}

static void needs_no_memory_for_samples(void)
{
	struct replay_handler handler = { .sample = measure };
	struct growth growth = { .samples = 0 };
	struct recording *recording;

	begin();
	stack(&rings[0], NUMBER(1, 1), 0, 0x11);
	for (int i = 0; i < 100; i++) {
		for (int j = 0; j < 1000; j++)
			sample(&rings[0], i * 1000 + j, NONE, NUMBER(1, 1));
		flush(&rings[0]);
	}
	finish();
	CU_ASSERT_EQUAL_FATAL(recording_open(file_path(), &recording, NULL), 0);
	handler.context = &growth;
	CU_ASSERT_EQUAL(replay_run(recording, &handler, NULL), 0);
	CU_ASSERT_EQUAL(growth.samples, 100000);
	CU_ASSERT(growth.most - growth.first < 4096);
	recording_close(recording);
}

/* A recording with something of everything, in several chunks. */
static void write_mixture(void)
{
	begin();
	epoch(&rings[0], 1);
	stack(&rings[0], NUMBER(1, 1), KERNEL, 0xffffffff81000000);
	stack(&rings[0], NUMBER(1, 2), 0, 0x401000);
	sample(&rings[0], 10, NUMBER(1, 1), NUMBER(1, 2));
	flush(&rings[0]);
	epoch(&rings[1], 1);
	stack(&rings[1], NUMBER(1, 1), 0, 0x501000);
	sample(&rings[1], 15, NONE, NUMBER(1, 1));
	flush(&rings[1]);
	stack(&rings[0], NUMBER(1, 3), 0, 0x601000);
	epoch(&rings[0], 2);
	stack(&rings[0], NUMBER(2, 1), 0, 0x701000);
	sample(&rings[0], 20, NONE, NUMBER(1, 3));
	flush(&rings[0]);
	sample(&rings[0], 30, NUMBER(1, 1), NUMBER(2, 1));
	fork_of(&rings[0], 31, 6, 5);
	map(&rings[0], 32, 5, 0, "/lib");
	flush(&rings[0]);
	lost(&rings[1], 35);
	sample(&rings[1], 40, NONE, NUMBER(1, 1));
	finish();
}

static size_t read_file(unsigned char *data, size_t room)
{
	FILE *file = fopen(file_path(), "rb");
	size_t size;

	CU_ASSERT_PTR_NOT_NULL_FATAL(file);
	size = fread(data, 1, room, file);
	fclose(file);
	CU_ASSERT(size < room);
	return size;
}

static void write_file(const unsigned char *data, size_t size)
{
	FILE *file = fopen(file_path(), "wb");

	CU_ASSERT_PTR_NOT_NULL_FATAL(file);
	CU_ASSERT_EQUAL(fwrite(data, 1, size, file), size);
	fclose(file);
}

/*
 * A partial sample's stacks are right or not there: each of its words is in
 * the same place of the true line, or a dash.
 */
static bool is_part_of(const char *line, const char *whole)
{
	char at[64], kernel[64], user[64], true_at[64], true_kernel[64],
		true_user[64];
	const char *end;

	if (sscanf(line, "partial %63s %63s %63s", at, kernel, user) != 3)
		return false;
	for (; *whole; whole = end + 1) {
		end = strchr(whole, '\n');
		if (sscanf(whole, "sample %63s %63s %63s", true_at, true_kernel,
			   true_user) == 3 &&
		    !strcmp(at, true_at))
			return (!strcmp(kernel, "k-") ||
				!strcmp(kernel, true_kernel)) &&
			       (!strcmp(user, "u-") ||
				!strcmp(user, true_user));
	}
	return false;
}

/* Every line of @log is one of @whole, or part of one; none comes twice. */
static bool is_true(char *log, const char *whole)
{
	char *rest = log, *line;

	while ((line = strsep(&rest, "\n"))) {
		size_t length = strlen(line);
		const char *found = whole;

		if (!length)
			continue;
		if (rest && strstr(rest, line))
			return false;
		while ((found = strstr(found, line)) &&
		       ((found > whole && found[-1] != '\n') ||
			found[length] != '\n'))
			found++;
		if (!found && !is_part_of(line, whole))
			return false;
	}
	return true;
}

/* What the file yields is true, and less than all of it is not silent. */
static bool yields_no_wrong_record(const char *whole)
{
	struct recording *recording;
	struct error error = { .text = "" };
	bool good;
	char *log;

	if (recording_open(file_path(), &recording, &error))
		return error.text[0];
	log = log_of(recording);
	good = !strcmp(log, whole) || recording_damage_count(recording);
	good = is_true(log, whole) && good;
	free(log);
	recording_close(recording);
	return good;
}

static void survives_cuts_and_flips(void)
{
	static unsigned char data[8192];
	struct recording *recording;
	size_t size, wrong = 0;
	char *whole;

	write_mixture();
	CU_ASSERT_EQUAL_FATAL(recording_open(file_path(), &recording, NULL), 0);
	CU_ASSERT(recording_complete(recording));
	whole = log_of(recording);
	recording_close(recording);
	CU_ASSERT_PTR_NOT_NULL(strstr(whole, "sample 0@30"));
	CU_ASSERT_PTR_NULL(strstr(whole, "partial"));

	size = read_file(data, sizeof(data));
	for (size_t cut = 0; cut < size; cut++) {
		write_file(data, cut);
		wrong += !yields_no_wrong_record(whole);
	}
	CU_ASSERT_EQUAL(wrong, 0);
	for (size_t bit = 0; bit < size * 8; bit++) {
		data[bit / 8] ^= 1U << bit % 8;
		write_file(data, size);
		data[bit / 8] ^= 1U << bit % 8;
		wrong += !yields_no_wrong_record(whole);
	}
	CU_ASSERT_EQUAL(wrong, 0);
	free(whole);
}

struct shrinking {
	uint64_t last; /* sample seen */
	off_t size;    /* that the file gets at the tenth */
};

static void shrink(void *context, unsigned int cpu,
		   const struct dither_sample *record,
		   const struct replay_stack *kernel,
		   const struct replay_stack *user)
{
	struct shrinking *shrinking = context;

	(void)cpu;
	(void)kernel;
	(void)user;
	CU_ASSERT_EQUAL(record->time, shrinking->last + 1);
	CU_ASSERT_EQUAL(record->ip, record->time);
	shrinking->last = record->time;
	if (record->time == 10)
		CU_ASSERT_EQUAL(truncate(file_path(), shrinking->size), 0);
}

/* 2000 samples in a file that shrinks to @size; returns the last one seen. */
static uint64_t replay_shrinking(off_t size)
{
	struct replay_handler handler = { .sample = shrink };
	struct shrinking shrinking = { .size = size };
	struct recording *recording;
	struct error error = { .text = "" };

	begin();
	for (int i = 1; i <= 2000; i++) {
		sample(&rings[0], i, NONE, NONE)->ip = i;
		if (i == 1000)
			flush(&rings[0]);
	}
	finish();
	CU_ASSERT_EQUAL_FATAL(recording_open(file_path(), &recording, NULL), 0);
	handler.context = &shrinking;
	CU_ASSERT_EQUAL(replay_run(recording, &handler, &error), -EIO);
	CU_ASSERT_PTR_NOT_NULL(strstr(error.text, "unreadable"));
	recording_close(recording);
	return shrinking.last;
}

static void survives_a_shrinking_file(void)
{
	/* A sample lies across the end of the first page. */
	CU_ASSERT(replay_shrinking(sysconf(_SC_PAGESIZE)) < 1500);
	CU_ASSERT_EQUAL(replay_shrinking(0), 10);
	/* The END chunk is gone, and no page. */
	CU_ASSERT_EQUAL(replay_shrinking(2000 * 48 + 16 + 2 * 32), 2000);
}

static const struct unit_case cases[] = {
	{ "CPUs merge by time, process records first", merges_by_time },
	{ "one CPU keeps its ring's order", keeps_ring_order },
	{ "a record of an impossible size ends its piece, and is told",
	  skips_what_follows_a_bad_size },
	{ "unknown record types are skipped, and reported once", skips_unknown_types },
	{ "snapshots come before the first sample or behind fork and exec",
	  puts_snapshots_where_they_belong },
	{ "a snapshot stays before the exec that follows it",
	  keeps_a_snapshot_before_a_later_exec },
	{ "behind a FORGET record a snapshot holds from its own time",
	  puts_snapshots_behind_a_forget_at_their_time },
	{ "drops and what is to be forgotten come in time",
	  tells_drops_in_time },
	{ "texts that are not terminated are left out",
	  leaves_out_unterminated_texts },
	{ "every handler may be missing", needs_no_handlers },
	{ "memory does not grow with the samples",
	  needs_no_memory_for_samples },
	{ "no cut and no flipped bit yields a wrong record",
	  survives_cuts_and_flips },
	{ "a file that shrinks meanwhile ends the replay with an error",
	  survives_a_shrinking_file },
};

UNIT_MAIN("replay", cases)
