// SPDX-License-Identifier: GPL-2.0
/*
 * A record is written in one buffer of its own size, of which only what is
 * sent is written. Each CPU keeps one for the next.
 */
#include <linux/dcache.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/fs_struct.h>
#include <linux/hash.h>
#include <linux/ktime.h>
#include <linux/mm.h>
#include <linux/pagemap.h>
#include <linux/percpu.h>
#include <linux/sched.h>
#include <linux/slab.h>

#include "arch.h"
#include "compat/fs.h"
#include "compat/mm.h"
#include "core/buildid.h"
#include "map_record.h"

#define RECORD_BYTES (sizeof(struct dither_map_record) + PATH_MAX + 8)
/* With a path of up to 39 bytes. */
#define USUAL_BYTES 144U

static struct kmem_cache *cache;
static DEFINE_PER_CPU(struct dither_map_record *, kept);

void dither_mapping_of(struct dither_mapping *mapping,
		       const struct vm_area_struct *vma,
		       const struct task_struct *task)
{
	mapping->file = vma->vm_file ? get_file(vma->vm_file) : NULL;
	mapping->start = vma->vm_start;
	mapping->length = vma->vm_end - vma->vm_start;
	mapping->offset = mapping->file ? (u64)vma->vm_pgoff << PAGE_SHIFT : 0;
	mapping->tgid = task->tgid;
	mapping->tid = task->pid;
	mapping->flags = dither_task_compat((struct task_struct *)task) ?
				 DITHER_MAP_COMPAT :
				 0;
}

/*
 * From the page cache only, where the first page of a file that is being
 * mapped for execution nearly always is: reading it could wait for a remote or
 * user-made file system, and has consequences for devices.
 */
static void find_build_id(struct dither_map *map, struct file *file)
{
	struct page *page = find_get_page(file->f_mapping, 0);
	u32 length = min_t(u64, map->file_size, DITHER_BUILDID_READ);
	void *bytes;

	if (!page)
		return;
	if (PageUptodate(page)) {
		bytes = kmap_local_page(page);
		map->build_id_size =
			dither_buildid_find(bytes, length, map->build_id);
		kunmap_local(bytes);
	}
	put_page(page);
}

static void set_path(struct dither_map *map, const char *path)
{
	map->path_len = strscpy(map->path, path, PATH_MAX);
}

/* d_path() writes from the end of what it is given. */
static void find_path(struct dither_map *map, const struct path *path)
{
	char *name = d_path(path, map->path, PATH_MAX);

	if (IS_ERR(name)) {
		set_path(map, "//toolong");
		return;
	}
	map->path_len = map->path + PATH_MAX - 1 - name;
	memmove(map->path, name, map->path_len + 1);
}

static bool has_path_of(const struct dither_map *map,
			const struct dither_map *other)
{
	return map->path_len == other->path_len &&
	       !memcmp(map->path, other->path, map->path_len);
}

/*
 * A hash of what d_path() depends on: the file's place, the root of its process,
 * and, for renames, a span of time. The objects are not followed.
 */
static u64 sight_of(const struct path *path)
{
	const struct path *root = &current->fs->root;
	const unsigned long numbers[] = {
		(unsigned long)path->dentry,
		(unsigned long)path->mnt,
		(unsigned long)READ_ONCE(root->dentry),
		(unsigned long)READ_ONCE(root->mnt),
	};
	u64 span = ktime_get_coarse_ns() >> DITHER_PATH_SPAN_SHIFT;
	u64 sum = 0;
	u32 i;

	for (i = 0; i < ARRAY_SIZE(numbers); i++)
		sum = (sum ^ numbers[i]) * GOLDEN_RATIO_64;
	return span << 32 | sum >> 32;
}

/*
 * Programs that begin together map the same libraries: a path that was found a
 * moment ago is not found again, which is most of what a record takes.
 */
static void name_file(struct dither_map_record *record, const struct path *path)
{
	const struct dither_map *other = dither_file_mapping(record->known);
	struct dither_map *map = &record->map;
	u64 sight;

	if (!other) {
		find_path(map, path);
		return;
	}
	sight = sight_of(path);
	if ((u64)atomic64_read(&record->known->sight) == sight) {
		map->path_len = other->path_len;
		memcpy(map->path, other->path, map->path_len + 1);
		return;
	}
	find_path(map, path);
	if (has_path_of(map, other))
		atomic64_set(&record->known->sight, sight);
}

static void identify_file(struct dither_map_record *record, struct file *file)
{
	struct dither_identity *identity = &record->identity;
	struct dither_map *map = &record->map;

	dither_identify(file_inode(file), identity);
	map->inode = identity->inode;
	map->dev_major = identity->dev_major;
	map->dev_minor = identity->dev_minor;
	map->file_size = identity->size;
	map->mtime_ns = identity->mtime_ns;
}

void dither_map_record_begin(struct dither_map_record *record,
			     const struct dither_mapping *mapping,
			     struct mm_struct *mm)
{
	struct dither_map *map = &record->map;

	*map = (struct dither_map){
		.header.type = DITHER_RECORD_MAP,
		.header.flags = mapping->flags,
		.header.tid = mapping->tid,
		.start = mapping->start,
		.length = mapping->length,
		.offset = mapping->offset,
		.tgid = mapping->tgid,
	};
	record->known = NULL;
	record->anonymous = false;
	record->described = false;
	if (mapping->file) {
		identify_file(record, mapping->file);
		record->known = dither_file_find(&record->identity);
	} else if (mm && dither_vdso_address(mm) == mapping->start) {
		record->identity = (struct dither_identity){ .vdso = true };
		map->header.flags |= DITHER_MAP_VDSO;
	} else {
		record->anonymous = true;
		map->header.flags |= DITHER_MAP_ANONYMOUS;
	}
}

/* What was found once is true as long as the file's identity is. */
static bool copy_build_id(struct dither_map *map, struct dither_file *known)
{
	const struct dither_map *other = dither_file_mapping(known);

	if (!other || !other->build_id_size)
		return false;
	map->build_id_size = other->build_id_size;
	memcpy(map->build_id, other->build_id, sizeof(map->build_id));
	return true;
}

u32 dither_map_record_expect(const struct dither_map_record *record)
{
	const struct dither_map *other = dither_file_mapping(record->known);

	return other ? other->header.size : USUAL_BYTES;
}

static void describe_file(struct dither_map_record *record, struct file *file)
{
	struct dither_map *map = &record->map;

	name_file(record, dither_file_path(file));
	if (S_ISREG(file_inode(file)->i_mode) &&
	    !copy_build_id(map, record->known))
		find_build_id(map, file);
}

void dither_map_record_describe(struct dither_map_record *record,
				const struct dither_mapping *mapping)
{
	struct dither_map *map = &record->map;
	u32 end;

	if (record->described)
		return;
	if (mapping->file)
		describe_file(record, mapping->file);
	else
		set_path(map, record->anonymous ? "//anon" : "[vdso]");
	record->described = true;
	end = sizeof(*map) + map->path_len + 1;
	map->header.size = ALIGN(end, 8);
	memset((char *)map + end, 0, map->header.size - end);
}

void dither_map_record_end(struct dither_map_record *record)
{
	if (record->known)
		dither_file_put(record->known);
}

struct dither_map_record *dither_map_record_new(void)
{
	struct dither_map_record *record = this_cpu_xchg(kept, NULL);

	return record ? record : kmem_cache_alloc(cache, GFP_KERNEL);
}

void dither_map_record_free(struct dither_map_record *record)
{
	if (this_cpu_cmpxchg(kept, NULL, record))
		kmem_cache_free(cache, record);
}

/* With it, kernels that clear what they allocate do not: see above. */
static void construct(void *object)
{
}

int dither_map_record_init(void)
{
	cache = kmem_cache_create("dither_map_record", RECORD_BYTES, 0, 0,
				  construct);
	return cache ? 0 : -ENOMEM;
}

void dither_map_record_uninit(void)
{
	unsigned int cpu;

	for_each_possible_cpu(cpu) {
		if (per_cpu(kept, cpu))
			kmem_cache_free(cache, per_cpu(kept, cpu));
	}
	kmem_cache_destroy(cache);
}
