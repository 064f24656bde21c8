// SPDX-License-Identifier: GPL-2.0
/*
 * All processes hand over tables for the same few files, so that most answers
 * may be one of three; a file of one's own has one answer.
 */
#include "tables.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../../../kmod/core/table_lookup.h"
#include "../../unit/random_numbers.h"
#include "../lib/image.h"

#define KINDS 12

static int descriptors[KINDS];
/* An image ends where memory does. */
static uint8_t *room;
static bool can_take;

static int deleted(void)
{
	char path[] = "/tmp/storm.XXXXXX";
	int fd = mkostemp(path, O_CLOEXEC);

	unlink(path);
	return fd;
}

static int closed(void)
{
	int fd = dup(0);

	close(fd);
	return fd + 1000;
}

void tables_init(bool can)
{
	size_t page = sysconf(_SC_PAGESIZE);
	int pipes[2] = { -1, -1 };

	can_take = can;
	if (pipe2(pipes, O_CLOEXEC))
		perror("pipe");
	descriptors[0] = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
	descriptors[1] = open("/bin/sh", O_RDONLY | O_CLOEXEC);
	descriptors[2] = open("/proc/self/stat", O_RDONLY | O_CLOEXEC);
	descriptors[3] = deleted();
	descriptors[4] = memfd_create("storm", MFD_CLOEXEC);
	descriptors[5] = pipes[0];
	descriptors[6] = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	descriptors[7] = open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	descriptors[8] = open("/dev/zero", O_RDWR | O_CLOEXEC);
	descriptors[9] = open("/bin/sh", O_PATH | O_CLOEXEC);
	descriptors[10] = closed();
	descriptors[11] = -1; /* the vDSO */
	room = mmap(NULL, IMAGE_ROOM + page, PROT_READ | PROT_WRITE,
		    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (room == MAP_FAILED ||
	    mprotect(room + IMAGE_ROOM, page, PROT_NONE)) {
		perror("memory");
		exit(2);
	}
}

int tables_descriptor(uint64_t *random)
{
	if (!random_below(random, 16))
		return random_next(random);
	return descriptors[random_below(random, KINDS)];
}

static bool is_file(int fd)
{
	struct stat status;
	int flags;

	if (fd == -1)
		return true;
	flags = fcntl(fd, F_GETFL);
	return flags >= 0 && !(flags & O_PATH) && !fstat(fd, &status) &&
	       S_ISREG(status.st_mode);
}

/* What all tables together may take. */
static uint64_t limit_of(const struct model *model)
{
	struct dither_tables tables = { .size = sizeof(tables) };

	if (ioctl(model->fd, DITHER_IOC_TABLES, &tables))
		tally_fail("TABLES: %d", errno);
	return tables.bytes_max;
}

/* An image at the end of the room, mostly whole. */
static void make_image(struct dither_table_image *request, uint64_t *random)
{
	static uint64_t image[IMAGE_ROOM / sizeof(uint64_t)];
	uint32_t bytes;

	bytes = image_make(image, random, random_below(random, IMAGE_LIES),
			   random_below(random, 4),
			   1 + random_below(random, 32));
	for (uint64_t i = random_below(random, 3); i; i--)
		bytes = image_spoil(image, random, bytes);
	memcpy(room + IMAGE_ROOM - bytes, image, bytes);
	request->image = (uintptr_t)room + IMAGE_ROOM - bytes;
	request->bytes = bytes;
}

static void spoil(struct dither_table_image *request, uint64_t *random)
{
	switch (random_below(random, 10)) {
	case 0:
		request->flags = 1U << random_below(random, 32);
		break;
	case 1:
		request->reserved = random_next(random);
		break;
	case 2:
		request->bytes = random_next(random) >>
				 random_below(random, 64);
		break;
	case 3:
		request->bytes++;
		break;
	case 4:
		request->image = random_next(random);
		break;
	case 5:
		request->image = ~0ULL - random_below(random, 1 << 20);
		break;
	case 6:
		request->image++;
		break;
	case 7:
		request->bytes = 0;
		break;
	case 8:
		request->bytes = 1ULL << random_below(random, 64);
		break;
	}
}

/* Whether the image lies in the room, which is all that is there. */
static bool is_there(const struct dither_table_image *request)
{
	uint64_t begin = (uintptr_t)room, end = begin + IMAGE_ROOM;

	return request->image >= begin && request->image <= end &&
	       request->bytes <= end - request->image;
}

static void judge_image(const struct dither_table_image *request,
			uint64_t limit, struct verdict *verdict)
{
	static const struct dither_table_header largest = {
		.nr_pages = DITHER_TABLE_PAGES_MAX,
		.nr_rows = DITHER_TABLE_ROWS_MAX,
		.nr_rules = DITHER_TABLE_RULES_MAX,
	};
	static uint64_t image[IMAGE_ROOM / sizeof(uint64_t)];
	int error;

	if (!request->bytes)
		return;
	if (request->bytes > limit)
		verdict_add(verdict, E2BIG);
	else if (request->bytes < sizeof(largest) ||
		 request->bytes > dither_table_bytes(&largest))
		verdict_add(verdict, EINVAL);
	else if (!is_there(request))
		verdict_add(verdict, EFAULT);
	else {
		memcpy(image, (void *)(uintptr_t)request->image,
		       request->bytes);
		error = image_error(image, request->bytes);
		if (error)
			verdict_add(verdict, -error);
	}
}

static void judge(const struct dither_table_image *request, uint64_t limit,
		  struct verdict *verdict)
{
	if (request->flags || request->reserved)
		verdict_add(verdict, EINVAL);
	if (!can_take)
		verdict_add(verdict, EOPNOTSUPP);
	if (!is_file(request->fd))
		verdict_add(verdict, EBADF);
	judge_image(request, limit, verdict);
	/* Others have it all, or have brought one before. */
	if (!verdict->count) {
		verdict_add(verdict, 0);
		verdict_add(verdict, EEXIST);
	}
	verdict_add(verdict, ENOMEM);
}

static void reach(long result, const struct dither_table_image *request)
{
	if (!result)
		tally_reach(request->bytes ? TALLY_TABLE_TAKEN :
					     TALLY_TABLE_NONE);
	else if (result == -EEXIST)
		tally_reach(TALLY_TABLE_TWICE);
	else if (result == -E2BIG)
		tally_reach(TALLY_TABLE_TOO_LARGE);
	else if (result == -EINVAL)
		tally_reach(TALLY_TABLE_REFUSED);
}

void tables_give(struct model *model)
{
	struct dither_table_image request = { 0 };
	struct verdict verdict = { 0 };
	void *argument;
	long result;

	request.fd = random_below(&model->random, 12) ?
			     tables_descriptor(&model->random) :
			     model->fd;
	make_image(&request, &model->random);
	for (uint64_t i = random_below(&model->random, 3); i; i--)
		spoil(&request, &model->random);
	argument = argument_place(&model->argument, &model->random, &request,
				  sizeof(request), &verdict);
	/* It is only read. */
	if (model->argument.read_only)
		verdict.count--;
	judge(&request, limit_of(model), &verdict);
	result = calls_make(model, TALLY_TABLE, DITHER_IOC_TABLE, argument,
			    &verdict, "TABLE");
	argument_return(&model->argument, "TABLE", result, &request);
	reach(result, &request);
}

static long give(const struct model *model, struct dither_table_image *request)
{
	return tally_note(TALLY_TABLE,
			  ioctl(model->fd, DITHER_IOC_TABLE, request));
}

static uint64_t dropped(const struct model *model)
{
	struct dither_tables tables = { .size = sizeof(tables) };

	if (ioctl(model->fd, DITHER_IOC_TABLES, &tables))
		tally_fail("TABLES: %d", errno);
	return tables.dropped;
}

void tables_give_own(struct model *model)
{
	struct dither_table_image request = { .size = sizeof(request) };
	uint64_t before = dropped(model);
	long result;

	request.fd = memfd_create("own", MFD_CLOEXEC);
	if (!can_take || request.fd < 0)
		return;
	result = give(model, &request);
	if (result && result != -ENOMEM)
		tally_fail("TABLE, that there is none: %ld", result);
	request.image = (uintptr_t)room;
	request.bytes = image_make(room, &model->random,
				   random_below(&model->random, IMAGE_LIES), 0,
				   1);
	result = give(model, &request);
	if (result && result != -ENOMEM)
		tally_fail("a good TABLE: %ld", result);
	if (!result) {
		result = give(model, &request);
		if (result != -EEXIST && dropped(model) == before)
			tally_fail("a TABLE for the second time: %ld", result);
		reach(result, &request);
	}
	close(request.fd);
}

void tables_count(struct model *model)
{
	struct dither_tables tables = { 0 };
	struct verdict verdict = { 0 };
	void *argument;
	long result;

	argument = argument_place(&model->argument, &model->random, &tables,
				  sizeof(tables), &verdict);
	result = calls_make(model, TALLY_TABLES, DITHER_IOC_TABLES, argument,
			    &verdict, "TABLES");
	argument_return(&model->argument, "TABLES", result, &tables);
	if (!result && tables.size >= sizeof(tables) &&
	    (tables.bytes > tables.bytes_max ||
	     tables.bytes < tables.count * sizeof(struct dither_table_header)))
		tally_fail("%u tables of %llu bytes of %llu", tables.count,
			   (unsigned long long)tables.bytes,
			   (unsigned long long)tables.bytes_max);
}
