// SPDX-License-Identifier: GPL-2.0
/* See perf_object.h. */
#include "perf_object.h"

#include <stdbool.h>
#include <string.h>

#define DELETED " (deleted)"

struct text {
	const char *at;
	size_t length;
};

static bool is(struct text text, const char *other)
{
	return text.length == strlen(other) &&
	       !memcmp(text.at, other, text.length);
}

static bool begins(struct text text, const char *with)
{
	return text.length >= strlen(with) &&
	       !memcmp(text.at, with, strlen(with));
}

static bool ends(struct text text, const char *with)
{
	return text.length >= strlen(with) &&
	       !memcmp(text.at + text.length - strlen(with), with,
		       strlen(with));
}

static bool holds(struct text text, const char *what)
{
	return memmem(text.at, text.length, what, strlen(what));
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_hexadecimal(char c)
{
	return is_digit(c) || (c >= 'a' && c <= 'f');
}

size_t perf_object_length(const char *object, size_t length)
{
	size_t i = length;

	while (i && is_hexadecimal(object[i - 1]))
		i--;
	return i < length && i > 3 && !memcmp(object + i - 3, "+0x", 3) ?
		       i - 3 :
		       length;
}

const char *perf_object_name(const char *object, size_t *length)
{
	const char *slash;

	if (ends((struct text){ object, *length }, DELETED))
		*length -= strlen(DELETED);
	slash = memrchr(object, '/', *length);
	if (!slash)
		return object;
	*length -= (size_t)(slash + 1 - object);
	return slash + 1;
}

/* A module's name in brackets; what else perf puts there holds other signs. */
static bool is_module(struct text object)
{
	static const char *const programs[] = {
		"[vdso]",	 "[vdso32]",	 "[vdsox32]", "[vvar]",
		"[vsyscall]",	 "[heap]",	 "[stack]",   "[anon]",
		"[unknown]",	 "[uprobes]",	 "[vectors]", "[sigpage]",
		"[vvar_vclock]", "[shmem]",	 "[gate]",    "[inline]",
		"[inlined]",	 "[hypervisor]", "[guest]",   "[user]",
	};

	if (object.length < 3 || !begins(object, "[") || !ends(object, "]"))
		return false;
	for (size_t i = 0; i < sizeof(programs) / sizeof(*programs); i++)
		if (is(object, programs[i]))
			return false;
	for (size_t i = 1; i < object.length - 1; i++) {
		char c = object.at[i];

		if (!is_digit(c) && c != '_' && c != '-' &&
		    !((c | 32) >= 'a' && (c | 32) <= 'z'))
			return false;
	}
	return true;
}

/* Without what a compressor or a debug package puts behind a file's name. */
static struct text without_suffixes(struct text name)
{
	static const char *const suffixes[] = {
		".debug", ".gz", ".xz", ".zst", ".bz2", ".lzma", ".lz4",
	};

	for (size_t i = 0; i < sizeof(suffixes) / sizeof(*suffixes); i++) {
		if (!ends(name, suffixes[i]))
			continue;
		name.length -= strlen(suffixes[i]);
		i = (size_t)-1;
	}
	return name;
}

/* A name that the kernel gives to code without a file: perf's KSYMBOL records. */
static bool is_kernel_code(struct text object)
{
	static const char *const names[] = {
		"bpf_prog_",	     "bpf_trampoline_",
		"bpf_dispatcher_",   "bpf_struct_ops_",
		"kprobe_insn_page",  "kprobe_optinsn_page",
		"ftrace_trampoline", "__builtin__kprobes",
		"__builtin__ftrace",
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (begins(object, names[i]))
			return true;
	return false;
}

static bool is_kernel(struct text object, struct text name)
{
	if (begins(object, "[kernel") || begins(object, "[guest.kernel") ||
	    begins(object, "[bpf") || is_module(object))
		return true;
	if (is_kernel_code(object))
		return true;
	name = without_suffixes(name);
	return is(name, "vmlinux") || begins(name, "vmlinux-") ||
	       begins(name, "vmlinux.") || is(name, "vmlinuz") ||
	       begins(name, "vmlinuz-") || is(name, "kallsyms") ||
	       is(name, "kcore") || ends(name, ".ko");
}

/* perf's map of a JIT, /tmp/perf-123.map, wherever a container has its /tmp. */
static bool is_map(struct text name)
{
	size_t end;

	if (!begins(name, "perf-") || !ends(name, ".map"))
		return false;
	end = name.length - strlen(".map");
	for (size_t i = strlen("perf-"); i < end; i++)
		if (!is_digit(name.at[i]))
			return false;
	return end > strlen("perf-");
}

static bool is_generated(struct text object, struct text name)
{
	if (is(object, "//anon") || is(object, "/anon_hugepage") ||
	    begins(object, "[JIT") || is_map(name) || begins(name, "jitted-"))
		return true;
	if (begins(object, "/memfd:") || begins(object, "[anon:") ||
	    begins(object, "/dev/ashmem/"))
		return holds(object, "jit") || holds(object, "JIT") ||
		       holds(object, "doublemapper");
	return false;
}

enum perf_kind perf_object_kind(const char *object, size_t length)
{
	struct text text = { object, length }, name = text;

	if (is(text, "inlined"))
		return PERF_INLINED;
	if (ends(text, DELETED))
		text.length -= strlen(DELETED);
	name.at = perf_object_name(object, &name.length);
	if (is_kernel(text, name))
		return PERF_KERNEL;
	return is_generated(text, name) ? PERF_GENERATED : PERF_PROGRAM;
}
