// SPDX-License-Identifier: GPL-2.0
/*
 * Symbols of programs that anybody may have made: each is read in bounded time
 * and stack, and its name stays within its room. Both C++ and Rust are tried
 * on the same bytes, so that half of them are not lost to a wrong prefix.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "../../user/resolve/demangle.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const prefixes[] = { "", "_Z", "_ZN", "_R" };
	char *name = malloc(DEMANGLE_NAME_MAX);

	for (size_t i = 0; i < sizeof(prefixes) / sizeof(*prefixes); i++) {
		size_t prefix = strlen(prefixes[i]);
		char *symbol = malloc(prefix + size + 1);

		memcpy(symbol, prefixes[i], prefix);
		if (size)
			memcpy(symbol + prefix, data, size);
		if (demangle(symbol, prefix + size, name) > DEMANGLE_NAME_MAX)
			abort();
		free(symbol);
	}
	free(name);
	return 0;
}
