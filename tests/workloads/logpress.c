// SPDX-License-Identifier: GPL-2.0
/*
 * What a log server does all day, in small: writes an access log, counts what
 * is in it, compresses it, checks that, files it, and copies it by a program
 * of its own. Work in user mode and in the kernel, under names that mean
 * something: the workload of the demo.
 *
 * Usage: logpress DIR SECONDS   (an empty directory; how long to go on)
 */
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* A function that stays one, so that stacks show it. */
#define NAMED __attribute__((noinline)) static

#define LOG_BYTES (1 << 20)
#define BLOCK_BYTES (32 << 10)
#define LINE_BYTES 160
#define PAGES 4096
#define BUCKETS 1024
#define MATCH_MIN 4
#define MATCH_MAX (MATCH_MIN + 255)
#define CHAIN_MAX 24

struct page {
	char path[56];
	uint32_t hits;
	struct page *next;
};

static struct page pages[PAGES], *buckets[BUCKETS], *ranking[PAGES];
static size_t nr_pages;
static uint64_t random_state = 88172645463325252;

static void fail(const char *what)
{
	perror(what);
	exit(1);
}

static uint32_t random_below(uint32_t limit)
{
	random_state ^= random_state << 13;
	random_state ^= random_state >> 7;
	random_state ^= random_state << 17;
	return (random_state >> 32) * limit >> 32;
}

/*
 * A system call by number, since the C library's open() uses the frame pointer
 * for something else: a stack walked by frame pointers would end there.
 */
NAMED int open_file(const char *path, int flags)
{
	int fd = syscall(SYS_openat, AT_FDCWD, path, flags, 0600);

	if (fd < 0)
		fail(path);
	return fd;
}

NAMED void write_all(int fd, const uint8_t *bytes, size_t count)
{
	while (count) {
		ssize_t done = write(fd, bytes, count);

		if (done <= 0)
			fail("write");
		bytes += done;
		count -= done;
	}
}

NAMED size_t read_block(int fd, uint8_t *block)
{
	ssize_t count = read(fd, block, BLOCK_BYTES);

	if (count < 0)
		fail("read");
	return count;
}

NAMED void sync_file(int fd)
{
	if (fsync(fd))
		fail("fsync");
}

NAMED char *put_text(char *at, const char *text)
{
	while (*text)
		*at++ = *text++;
	return at;
}

NAMED char *put_number(char *at, uint32_t number)
{
	char digits[10];
	int count = 0;

	do {
		digits[count++] = '0' + number % 10;
		number /= 10;
	} while (number);
	while (count)
		*at++ = digits[--count];
	return at;
}

NAMED char *format_line(char *at)
{
	static const char *const kinds[] = {
		"/article/", "/user/", "/image/", "/api/v2/order/",
	};
	static const char *const agents[] = { "Firefox", "Chromium", "curl" };

	at = put_text(at, "10.");
	at = put_number(at, random_below(4));
	at = put_text(at, ".");
	at = put_number(at, random_below(256));
	at = put_text(at, " \"GET ");
	at = put_text(at, kinds[random_below(4)]);
	at = put_number(at, random_below(random_below(800) + 1));
	at = put_text(at, "\" 200 ");
	at = put_number(at, random_below(65536));
	at = put_text(at, " \"");
	at = put_text(at, agents[random_below(3)]);
	return put_text(at, "\"\n");
}

NAMED void write_log(const char *path)
{
	int fd = open_file(path, O_WRONLY | O_CREAT | O_TRUNC);
	char block[BLOCK_BYTES + LINE_BYTES], *at;

	for (size_t done = 0; done < LOG_BYTES; done += at - block) {
		at = block;
		while (at < block + BLOCK_BYTES)
			at = format_line(at);
		write_all(fd, (uint8_t *)block, at - block);
	}
	close(fd);
}

NAMED uint32_t hash_path(const char *path, size_t length)
{
	uint32_t hash = 2166136261;

	for (size_t i = 0; i < length; i++)
		hash = (hash ^ path[i]) * 16777619;
	return hash;
}

NAMED struct page *find_page(const char *path, size_t length)
{
	struct page **bucket = &buckets[hash_path(path, length) % BUCKETS];
	struct page *page;
	size_t same;

	for (page = *bucket; page; page = page->next) {
		for (same = 0; same < length; same++)
			if (page->path[same] != path[same])
				break;
		if (same == length && !page->path[length])
			return page;
	}
	if (nr_pages == PAGES || length >= sizeof(page->path))
		return NULL;
	page = &pages[nr_pages++];
	for (same = 0; same < length; same++)
		page->path[same] = path[same];
	page->next = *bucket;
	*bucket = page;
	return page;
}

NAMED void count_line(const char *line, const char *end)
{
	const char *path, *stop;
	struct page *page;

	for (path = line; path < end && *path != '/'; path++)
		;
	for (stop = path; stop < end && *stop != '"'; stop++)
		;
	page = find_page(path, stop - path);
	if (page)
		page->hits++;
}

NAMED void rank_pages(size_t first, size_t end)
{
	size_t middle = first + (end - first) / 2;
	size_t left = first, right = middle, count = 0;
	struct page *merged[PAGES];

	if (end - first < 2)
		return;
	rank_pages(first, middle);
	rank_pages(middle, end);
	while (left < middle || right < end) {
		if (right == end || (left < middle &&
				     ranking[left]->hits >= ranking[right]->hits))
			merged[count++] = ranking[left++];
		else
			merged[count++] = ranking[right++];
	}
	while (count--)
		ranking[first + count] = merged[count];
}

/* The log is looked at where it lies: each page of it is a fault first. */
NAMED void count_pages(const char *path)
{
	int fd = open_file(path, O_RDONLY);
	struct stat status;
	const char *log, *line, *at;

	if (fstat(fd, &status))
		fail(path);
	log = mmap(NULL, status.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	if (log == MAP_FAILED)
		fail(path);
	for (line = at = log; at < log + status.st_size; at++) {
		if (*at == '\n') {
			count_line(line, at);
			line = at + 1;
		}
	}
	for (size_t i = 0; i < nr_pages; i++)
		ranking[i] = &pages[i];
	rank_pages(0, nr_pages);
	munmap((void *)log, status.st_size);
	close(fd);
}

static uint32_t hash_four(const uint8_t *at)
{
	return ((at[0] | at[1] << 8 | at[2] << 16 | (uint32_t)at[3] << 24) *
		2654435761u) >> 20;
}

/* Returns the length of the longest earlier match, *back bytes ago. */
NAMED size_t find_match(const uint8_t *block, size_t at, size_t limit,
			const int32_t *earlier, int32_t from, size_t *back)
{
	size_t best = 0, same;

	for (int tries = CHAIN_MAX; from >= 0 && tries; tries--) {
		for (same = 0; same < limit; same++)
			if (block[from + same] != block[at + same])
				break;
		if (same > best) {
			best = same;
			*back = at - from;
		}
		from = earlier[from];
	}
	return best;
}

/* Returns the packed size; packed has room for twice the block. */
NAMED size_t compress_block(const uint8_t *block, size_t count, uint8_t *packed)
{
	static int32_t heads[4096], earlier[BLOCK_BYTES];
	size_t out = 0, back = 0;

	memset(heads, 0xff, sizeof(heads));
	for (size_t at = 0; at < count;) {
		size_t limit = count - at, length = 0, end;

		if (limit > MATCH_MAX)
			limit = MATCH_MAX;
		if (limit >= MATCH_MIN)
			length = find_match(block, at, limit, earlier,
					    heads[hash_four(block + at)], &back);
		if (length < MATCH_MIN) {
			length = 1;
			packed[out++] = 0;
			packed[out++] = block[at];
		} else {
			packed[out++] = back >> 8 | 0x80;
			packed[out++] = back;
			packed[out++] = length - MATCH_MIN;
		}
		for (end = at + length; at < end; at++) {
			if (at + MATCH_MIN > count)
				continue;
			earlier[at] = heads[hash_four(block + at)];
			heads[hash_four(block + at)] = at;
		}
	}
	return out;
}

NAMED size_t expand_block(const uint8_t *packed, size_t count, uint8_t *block)
{
	size_t out = 0;

	for (size_t at = 0; at < count;) {
		size_t back, end;

		if (!packed[at]) {
			block[out++] = packed[at + 1];
			at += 2;
			continue;
		}
		back = (packed[at] & 0x7f) << 8 | packed[at + 1];
		end = out + packed[at + 2] + MATCH_MIN;
		for (; out < end; out++)
			block[out] = block[out - back];
		at += 3;
	}
	return out;
}

NAMED uint32_t checksum(const uint8_t *bytes, size_t count)
{
	uint32_t sum = ~0u;

	while (count--) {
		sum ^= *bytes++;
		for (int bit = 0; bit < 8; bit++)
			sum = sum >> 1 ^ (sum & 1 ? 0xedb88320 : 0);
	}
	return ~sum;
}

NAMED void check_block(const uint8_t *packed, size_t size,
		       const uint8_t *block, size_t count)
{
	static uint8_t expanded[BLOCK_BYTES];

	if (expand_block(packed, size, expanded) != count ||
	    checksum(expanded, count) != checksum(block, count)) {
		fputs("logpress: a block did not survive\n", stderr);
		exit(1);
	}
}

NAMED void compress_log(const char *path, const char *packed_path)
{
	static uint8_t block[BLOCK_BYTES], packed[2 * BLOCK_BYTES];
	int from = open_file(path, O_RDONLY);
	int to = open_file(packed_path, O_WRONLY | O_CREAT | O_TRUNC);
	size_t count;

	while ((count = read_block(from, block))) {
		size_t size = compress_block(block, count, packed);

		check_block(packed, size, block, count);
		write_all(to, packed, size);
	}
	sync_file(to);
	close(to);
	close(from);
}

NAMED void file_page(const struct page *page, int number)
{
	char name[16] = "page", line[LINE_BYTES], *at;
	int fd;

	*put_number(name + 4, number) = '\0';
	at = put_text(line, page->path);
	*at++ = ' ';
	at = put_number(at, page->hits);
	fd = open_file(name, O_WRONLY | O_CREAT | O_TRUNC);
	write_all(fd, (uint8_t *)line, at - line);
	close(fd);
}

NAMED void remove_page(int number)
{
	char name[16] = "page";

	*put_number(name + 4, number) = '\0';
	if (unlink(name))
		fail(name);
}

NAMED void file_pages(int count)
{
	for (int i = 0; i < count; i++)
		file_page(ranking[i], i);
	for (int i = 0; i < count; i++)
		remove_page(i);
}

NAMED void copy_by_dd(void)
{
	pid_t child = fork();
	int status;

	if (!child) {
		execlp("dd", "dd", "if=log", "of=copy", "bs=4k", "status=none",
		       "conv=fsync", NULL);
		_exit(127);
	}
	if (child < 0 || waitpid(child, &status, 0) != child || status)
		fail("dd");
}

static double now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec + time.tv_nsec / 1e9;
}

int main(int argc, char **argv)
{
	double end;

	if (argc != 3 || chdir(argv[1])) {
		fputs("Usage: logpress DIR SECONDS\n", stderr);
		return 2;
	}
	end = now() + atof(argv[2]);
	do {
		write_log("log");
		count_pages("log");
		compress_log("log", "log.packed");
		file_pages(nr_pages < 200 ? nr_pages : 200);
		copy_by_dd();
	} while (now() < end);
	return 0;
}
