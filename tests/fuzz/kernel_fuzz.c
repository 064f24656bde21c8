// SPDX-License-Identifier: GPL-2.0
/*
 * Any bytes as readings and records of the kernel's code, piece by piece: every
 * answer covers the address.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "../../user/resolve/kernel.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Close to each other, so that they meet. */
static struct dither_code *record_of(const uint8_t bytes[8])
{
	struct dither_code *record = calloc(1, sizeof(*record) + 8);

	record->header.flags = bytes[0];
	record->kind = bytes[1] % 4;
	record->time = bytes[2];
	record->start = 0x1000 + bytes[3] * 16ULL;
	record->length = 1 + bytes[4] * 16ULL;
	record->name_len = 1;
	record->name[0] = (char)('a' + bytes[5] % 4);
	return record;
}

static void add_text(struct kernel *kernel, const char *text, size_t length,
		     const uint8_t bytes[8])
{
	const struct kernel_reading reading = { bytes[1], bytes[2] };
	bool hidden;

	kernel_add(kernel, text, length, bytes[0] & 2 ? &reading : NULL,
		   &hidden, NULL);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct kernel *kernel = kernel_new();
	struct kernel_symbol symbol;
	bool lasting;

	while (size >= 8) {
		size_t length = data[7] < size - 8 ? data[7] : size - 8;
		struct dither_code *record;

		if (data[0] & 4) {
			add_text(kernel, (const char *)data + 8, length, data);
			data += length;
			size -= length;
		} else {
			record = record_of(data);
			kernel_add_record(kernel, record);
			free(record);
		}
		data += 8;
		size -= 8;
	}
	for (uint64_t address = 0x1000; address < 0x2400; address += 8) {
		for (uint64_t time = 0; time < 256; time += 16) {
			if (kernel_find(kernel, address, time, &symbol,
					&lasting) &&
			    (address < symbol.start || address >= symbol.end ||
			     symbol.module[0] != '['))
				abort();
		}
	}
	kernel_free(kernel);
	return 0;
}
