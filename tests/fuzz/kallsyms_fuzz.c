// SPDX-License-Identifier: GPL-2.0
/*
 * Any bytes as kernel symbol text: refused with a line number, or every answer
 * is a symbol that covers the address.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "../../user/resolve/kallsyms.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct kallsyms *kallsyms;
	struct error error = { "" };
	const struct kernel_symbol *told;
	struct kernel_symbol symbol;
	size_t count;

	if (!size)
		return 0;
	if (kallsyms_parse((const char *)data + 1, size - 1, data[0] & 1,
			   &kallsyms, &error)) {
		if (!strstr(error.text, "line "))
			abort();
		return 0;
	}
	for (uint64_t address = 1; address; address <<= 1) {
		if (!kallsyms_find(kallsyms, address, &symbol))
			continue;
		if (kallsyms_hidden(kallsyms) || symbol.start > address ||
		    symbol.end <= address ||
		    !symbol.name[0] || symbol.module[0] != '[')
			abort();
	}
	told = kallsyms_told(kallsyms, &count);
	for (size_t i = 0; i < count; i++)
		if (told[i].start >= told[i].end || told[i].module[0] != '[')
			abort();
	kallsyms_free(kallsyms);
	return 0;
}
