// SPDX-License-Identifier: GPL-2.0
/*
 * A file has one table, which stays while it is used: only one that needs all
 * the room there is makes it go, so that the next lie can take its place.
 */
#include "lies.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "../../../include/dither/abi.h"
#include "../../../include/dither/table.h"
#include "../../../kmod/core/table_lookup.h"
#include "../../unit/random_numbers.h"
#include "../lib/image.h"
#include "../lib/tally.h"

#define FILES_MAX 32
/* Of an executable or a library: no larger one is looked for. */
#define PAGES_MAX 64

static int files[FILES_MAX];
static int file_count;
static uint64_t image[IMAGE_ROOM / sizeof(uint64_t)];

static long give(int device, int fd, const void *bytes, uint64_t size)
{
	struct dither_table_image request = {
		.size = sizeof(request),
		.fd = fd,
		.image = (uintptr_t)bytes,
		.bytes = size,
	};

	return ioctl(device, DITHER_IOC_TABLE, &request) ? -errno : 0;
}

/* Every file of which this process, and so those like it, has code mapped. */
static void find_files(void)
{
	char line[512], path[256], last[256] = "", protection[8];
	FILE *in = fopen("/proc/self/maps", "re");

	files[file_count++] = -1; /* the vDSO */
	while (in && fgets(line, sizeof(line), in) && file_count < FILES_MAX) {
		if (sscanf(line, "%*s %7s %*s %*s %*s %255s", protection,
			   path) != 2 ||
		    protection[2] != 'x' || path[0] != '/' ||
		    !strcmp(path, last))
			continue;
		files[file_count] = open(path, O_RDONLY | O_CLOEXEC);
		if (files[file_count] >= 0)
			file_count++;
		memcpy(last, path, sizeof(last));
	}
	if (in)
		fclose(in);
}

/* A table of one page after the other, each as full as it can be. */
static void *make_filler(uint64_t bytes, uint64_t *size)
{
	struct dither_table_header *header = calloc(1, bytes + 65536);
	struct dither_row *rows;
	uint32_t *pages;

	if (!header)
		return NULL;
	*header = (struct dither_table_header)
	{
		.magic = DITHER_TABLE_MAGIC, .version = DITHER_TABLE_VERSION,
#if defined(__aarch64__)
		.machine = DITHER_TABLE_ARM64,
#else
		.machine = DITHER_TABLE_X86_64,
#endif
		.nr_pages = (bytes / sizeof(*rows) + 65535) / 65536,
		.nr_rows = bytes / sizeof(*rows), .nr_rules = 1,
	};
	header->bytes = *size = dither_table_bytes(header);
	pages = (void *)((uint8_t *)header + dither_table_pages_at(header));
	rows = (void *)((uint8_t *)header + dither_table_rows_at(header));
	for (uint32_t i = 0; i < header->nr_rows; i++)
		rows[i].low = i;
	for (uint32_t i = 0; i < header->nr_pages; i++)
		pages[i] = i * 65536;
	pages[header->nr_pages] = header->nr_rows;
	return header;
}

/* All the room that there is: what leaves any leaves those that are in use. */
static void push_out(struct lies *lies, int device)
{
	static uint64_t fitted;
	struct dither_tables tables = { .size = sizeof(tables) };
	uint64_t bytes, size;
	void *filler;
	long result;
	int fd;

	if (ioctl(device, DITHER_IOC_TABLES, &tables))
		tally_fail("TABLES: %d", errno);
	fd = memfd_create("filler", MFD_CLOEXEC);
	if (!fitted)
		fitted = tables.bytes_max;
	/* What else needs room changes little from one time to the next. */
	for (bytes = fitted + tables.bytes_max / 32;
	     bytes > tables.bytes_max / 4; bytes -= tables.bytes_max / 64) {
		filler = make_filler(bytes, &size);
		result = filler ? give(device, fd, filler, size) : -ENOMEM;
		free(filler);
		if (!result) {
			lies->count->fillers++;
			fitted = bytes;
			break;
		}
		if (result != -ENOMEM && result != -E2BIG) {
			tally_fail("a filler of %llu bytes: %ld",
				   (unsigned long long)size, result);
			break;
		}
	}
	close(fd);
}

static void lie_about(struct lies *lies, int device, int fd)
{
	enum image_lie lie = random_below(&lies->random, 2) ?
				     IMAGE_CREEP :
				     random_below(&lies->random, IMAGE_LIES);
	/* vDSOs begin at offset 0, as files do. */
	uint32_t bytes = image_make(image, &lies->random, lie, 0,
				    1 + random_below(&lies->random, PAGES_MAX));
	bool spoilt = !random_below(&lies->random, 4);
	long result;
	int error;

	if (spoilt)
		bytes = image_spoil(image, &lies->random, bytes);
	error = image_error(image, bytes);
	result = give(device, fd, image, bytes);
	/* Nothing at all says that there is no table. */
	if (bytes && error && result != error && result != -ENOMEM)
		tally_fail("a spoilt table: %ld", result);
	if (bytes && !error && result && result != -EEXIST && result != -ENOMEM)
		tally_fail("a lying table: %ld", result);
	lies->count->given += !result;
	lies->count->refused += result == -EINVAL || result == -EPROTO;
}

void lies_give(struct lies *lies)
{
	int device = open(DITHER_DEVICE, O_RDWR | O_CLOEXEC);

	if (device < 0)
		tally_fail("open: %d", errno);
	find_files();
	while (!*lies->stop) {
		/* Some stay for a while, some hardly for one walk. */
		if (random_below(&lies->random, 4))
			push_out(lies, device);
		for (int i = 0; i < file_count; i++)
			lie_about(lies, device, files[i]);
		usleep(random_below(&lies->random, 50000));
	}
	close(device);
}
