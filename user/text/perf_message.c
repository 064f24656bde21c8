// SPDX-License-Identifier: GPL-2.0
/* See perf_message.h. */
#include "perf_message.h"

#include <string.h>

#include "perf_words.h"

static const char *const beginnings[] = {
	"Warning:",
	"WARNING:",
	"Error:",
	"[ perf ",
	"BFD: ",
	"addr2line: ",
	"objdump: ",
	"cmd__addr2line",
	"Processed ",
	"Check IO/CPU overload",
	"Check /proc/sys/",
	"Kernel address maps ",
	"Failed to ",
	"failed to ",
	"Can't ",
	"Cannot ",
	"Couldn't ",
	"Could not ",
	"Unable to ",
	"no symbols found in ",
	"No kallsyms or vmlinux",
	"corrupted callchain",
	"corrupted branch chain",
	"instruction trace error",
	"overlapping maps",
	"dso__",
	"unwind: ",
	"libunwind",
	"Samples for '",
	"If some relocation was applied",
	"Samples in kernel functions",
	"Samples in kernel modules",
	"The /proc/",
	"incompatible file format",
	"file has no sample events",
	"Reading from ",
	PERF_RECORD,
};

static const char *const parts[] = {
	", continuing without symbols",
	" not found, continuing",
	"maybe install a debug package",
	"Lost trace data",
	"out of order events recorded",
	"unsupported event",
	"DWARF error",
	"Dwarf Error",
	"could not find compilation unit",
	" PERF_RECORD_",
};

bool perf_message_is(const char *text, size_t length)
{
	size_t size;

	while (length && *text == ' ') {
		text++;
		length--;
	}
	for (size_t i = 0; i < sizeof(beginnings) / sizeof(*beginnings); i++) {
		size = strlen(beginnings[i]);
		if (length >= size && !memcmp(text, beginnings[i], size))
			return true;
	}
	for (size_t i = 0; i < sizeof(parts) / sizeof(*parts); i++)
		if (memmem(text, length, parts[i], strlen(parts[i])))
			return true;
	return false;
}

const char *perf_message_record(const char *text, const char *end)
{
	size_t size = strlen(PERF_RECORD);
	const char *at = text;

	while ((at = memmem(at, (size_t)(end - at), PERF_RECORD, size))) {
		if (at == text || perf_is_blank(at[-1]))
			return at;
		at++;
	}
	return end;
}
