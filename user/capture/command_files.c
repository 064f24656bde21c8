// SPDX-License-Identifier: GPL-2.0
/* See command_files.h; called by the recorder before the recording begins. */
#include "command_files.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../base/alloc.h"
#include "../resolve/elf.h"
#include "dynamic_loader.h"
#include "proc_maps.h"

/* Scripts whose interpreters are scripts: the kernel goes no further. */
#define SCRIPTS_MAX 5

/* Of the first line, as much as the kernel looks at. */
#define LINE_MAX_BYTES 256

#define LOADER_PATH_MAX 4096U

struct listener {
	program_found *found;
	void *context;
};

static bool is_executable(const char *path)
{
	struct stat status;

	return !stat(path, &status) && S_ISREG(status.st_mode) &&
	       !access(path, X_OK);
}

/* Absolute, and to be freed; NULL: there is no such command. */
static char *find_command(const char *name)
{
	const char *places = getenv("PATH"), *place, *end;

	if (strchr(name, '/'))
		return realpath(name, NULL);
	for (place = places ? places : "/bin:/usr/bin"; *name;
	     place = end + 1) {
		char *path, *real = NULL;
		int length;

		end = strchrnul(place, ':');
		length = (int)(end - place);
		path = length ? alloc_format("%.*s/%s", length, place, name) :
				alloc_format("./%s", name);
		if (is_executable(path))
			real = realpath(path, NULL);
		free(path);
		if (real || !*end)
			return real;
	}
	return NULL;
}

const char *program_interpreter(char *line)
{
	char *rest = line, *name, *base;

	rest += strspn(rest, " \t");
	name = strsep(&rest, " \t");
	if (!*name)
		return NULL;
	base = strrchr(name, '/');
	if (strcmp(base ? base + 1 : name, "env"))
		return name;
	/* Options and settings come before the program. */
	while (rest) {
		char *word = strsep(&rest, " \t");

		if (*word && *word != '-' && !strchr(word, '='))
			return word;
	}
	return name;
}

/* The loader that the program asks for, or "". */
static void read_loader(struct elf *elf, char path[LOADER_PATH_MAX])
{
	GElf_Phdr header;
	size_t count;

	*path = '\0';
	if (elf_getphdrnum(elf->handle, &count))
		return;
	for (size_t i = 0; i < count; i++) {
		ssize_t length;

		if (!gelf_getphdr(elf->handle, (int)i, &header) ||
		    header.p_type != PT_INTERP)
			continue;
		if (header.p_filesz >= LOADER_PATH_MAX)
			return;
		length = pread(elf->file, path, header.p_filesz,
			       (off_t)header.p_offset);
		path[length > 0 ? length : 0] = '\0';
		return;
	}
}

static void tell(void *context, const char *path)
{
	struct listener *listener = context;
	char *real = realpath(path, NULL);

	if (real)
		listener->found(listener->context, real);
	free(real);
}

/* @file is taken over. */
static void tell_program(struct listener *listener, const char *path, int file)
{
	char loader[LOADER_PATH_MAX];
	struct stat status;
	struct elf *elf;

	if (fstat(file, &status)) {
		close(file);
		return;
	}
	if (elf_read(file, (uint64_t)status.st_size, &elf, NULL))
		return;
	read_loader(elf, loader);
	elf_close(elf);
	tell(listener, path);
	if (!*loader)
		return;
	tell(listener, loader);
	loader_list(loader, path, tell, listener);
}

/* What runs the script @file, to be freed; NULL: it is no script. */
static char *next_program(int file)
{
	char line[LINE_MAX_BYTES + 1];
	ssize_t length = pread(file, line, LINE_MAX_BYTES, 0);
	const char *name;

	line[length > 0 ? length : 0] = '\0';
	if (!strncmp(line, ELFMAG, SELFMAG))
		return NULL;
	if (strncmp(line, "#!", 2))
		return find_command("/bin/sh"); /* as execvp() does */
	line[strcspn(line, "\n")] = '\0';
	name = program_interpreter(line + 2);
	return name ? find_command(name) : NULL;
}

void program_files(const char *name, program_found *found, void *context)
{
	struct listener listener = { found, context };
	char *path = find_command(name), *next;

	for (int scripts = 0; path; scripts++) {
		int file = mapped_open(0, 0, 0, path);

		next = file < 0 ? NULL : next_program(file);
		if (file >= 0 && !next)
			tell_program(&listener, path, file);
		else if (file >= 0)
			close(file);
		free(path);
		path = scripts < SCRIPTS_MAX ? next : NULL;
		if (path != next)
			free(next);
	}
}
