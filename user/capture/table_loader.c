// SPDX-License-Identifier: GPL-2.0
/*
 * See table_loader.h. A file that has no call frame information, or is no ELF
 * file, never gets a table: the loader reports it to the module, which then does
 * not ask again.
 */
#include "table_loader.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "../base/alloc.h"
#include "../unwind/table_cache.h"
#include "capture_metadata.h"

/*
 * How often a table is brought again: where all that are needed do not fit at
 * a time, they would drive each other out as long as the recording lasts.
 */
#define REPEATS_MAX 8

/* What was done already, by a file's status; the vDSO's is all zeros. */
struct done {
	dev_t device;
	ino_t inode;
	off_t bytes;
	struct timespec changed;
	unsigned int times;
	bool refused;
};

struct table_loader {
	table_loader_send *send;
	void *context;
	struct done *done;
	size_t count, room;
	struct table_loader_counts counts;
	char *path;		/* counts.path */
};

struct table_loader *table_loader_new(table_loader_send *send, void *context)
{
	struct table_loader *loader = alloc_zeroed(1, sizeof(*loader));

	loader->send = send;
	loader->context = context;
	return loader;
}

void table_loader_free(struct table_loader *loader)
{
	if (!loader)
		return;
	free(loader->done);
	free(loader->path);
	free(loader);
}

const struct table_loader_counts *
table_loader_counts(const struct table_loader *loader)
{
	return &loader->counts;
}

/* The entry of the file with this @status, old or new. */
static struct done *find_done(struct table_loader *loader,
			      const struct stat *status)
{
	struct done *done;

	for (size_t i = 0; i < loader->count; i++) {
		done = &loader->done[i];
		if (done->inode == status->st_ino &&
		    done->device == status->st_dev &&
		    done->bytes == status->st_size &&
		    done->changed.tv_sec == status->st_mtim.tv_sec &&
		    done->changed.tv_nsec == status->st_mtim.tv_nsec)
			return done;
	}
	loader->done = alloc_grow(loader->done, loader->count, &loader->room,
				  sizeof(*done));
	done = &loader->done[loader->count++];
	*done = (struct done){
		.device = status->st_dev,
		.inode = status->st_ino,
		.bytes = status->st_size,
		.changed = status->st_mtim,
	};
	return done;
}

/* Whether the table is to be supplied, and is it the first time. */
static bool is_due(struct done *done, bool asked)
{
	if (done->refused || (done->times && !asked) ||
	    done->times > REPEATS_MAX)
		return false;
	done->times++;
	return true;
}

static void refuse(struct table_loader *loader, struct done *done,
		   const char *path, int code)
{
	done->refused = true;
	if (loader->counts.refused++)
		return;
	loader->path = alloc_string(path);
	loader->counts.path = loader->path;
	loader->counts.code = code;
}

/* No @table: there is none to be had. */
static void hand_over(struct table_loader *loader, struct done *done, int file,
		      const char *path, const struct unwind_table *table)
{
	const struct dither_table_image image = {
		.size = sizeof(image),
		.fd = file,
		.image = table ? (uintptr_t)table->image : 0,
		.bytes = table ? table->bytes : 0,
	};
	int code = loader->send(loader->context, &image);

	if (code && code != -EEXIST) {
		refuse(loader, done, path, code);
		return;
	}
	if (done->times > 1)
		return;
	loader->counts.tables += !!table;
	loader->counts.without += !table;
}

/* Whether the failure lies in the file, and will be the same next time. */
static bool is_for_good(int code)
{
	return code == -ENODATA || code == -ENOEXEC || code == -EINVAL ||
	       code == -ENOTSUP || code == -E2BIG;
}

static void table_loader_elf(struct table_loader *loader, struct done *done,
			     int file, const char *path, struct elf *elf,
			     int code)
{
	struct unwind_table table;

	if (!code) {
		code = unwind_cached(elf, &table, NULL);
		elf_close(elf);
	}
	if (!code) {
		hand_over(loader, done, file, path, &table);
		unwind_table_free(&table);
	} else if (is_for_good(code)) {
		hand_over(loader, done, file, path, NULL);
	}
}

void table_loader_file(struct table_loader *loader, int file, const char *path,
		       bool asked)
{
	struct elf *elf = NULL;
	struct done *done;
	struct stat status;
	int code, own;

	if (fstat(file, &status) || !S_ISREG(status.st_mode))
		goto out;
	done = find_done(loader, &status);
	if (!is_due(done, asked))
		goto out;
	own = dup(file);
	code = own < 0 ? -errno :
			 elf_read(own, (uint64_t)status.st_size, &elf, NULL);
	table_loader_elf(loader, done, file, path, elf, code);
out:
	close(file);
}

void table_loader_vdso(struct table_loader *loader, bool asked)
{
	const struct stat no_file = { .st_ino = 0 };
	struct elf *elf = NULL;
	const void *image;
	struct done *done;
	size_t bytes;
	int code;

	image = capture_vdso(&bytes);
	if (!image)
		return;
	done = find_done(loader, &no_file);
	if (!is_due(done, asked))
		return;
	code = elf_read_memory(image, bytes, &elf, NULL);
	table_loader_elf(loader, done, -1, "[vdso]", elf, code);
}
