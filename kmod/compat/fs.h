/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A file's times of change and modification went behind accessors in 6.6. Files of stacked
 * file systems carry the path the user opened separately since 6.8.
 */
#ifndef DITHER_COMPAT_FS_H
#define DITHER_COMPAT_FS_H

#include "version.h"
#include <linux/fs.h>

#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 6, 0)
static inline struct timespec64 dither_inode_mtime(struct inode *inode)
{
	return inode->i_mtime;
}

static inline struct timespec64 dither_inode_ctime(struct inode *inode)
{
	return inode->i_ctime;
}
#else
static inline struct timespec64 dither_inode_mtime(struct inode *inode)
{
	return inode_get_mtime(inode);
}

static inline struct timespec64 dither_inode_ctime(struct inode *inode)
{
	return inode_get_ctime(inode);
}
#endif

#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 12, 0)
static inline void dither_allow_all_offsets(struct file *file)
{
	file->f_mode |= FMODE_UNSIGNED_OFFSET;
}

#define DITHER_FOPS_ALL_OFFSETS
#else
static inline void dither_allow_all_offsets(struct file *file)
{
}

#define DITHER_FOPS_ALL_OFFSETS .fop_flags = FOP_UNSIGNED_OFFSET,
#endif

static inline const struct path *dither_file_path(struct file *file)
{
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 8, 0)
	return &file->f_path;
#else
	return file_user_path(file);
#endif
}

#endif
