/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Images of unwind tables on their way in, checked before anybody walks by
 * them, and on their way out, which takes until nobody does any more. Those on
 * their way are bounded, too. Task context; all but _in_place and _bury may
 * sleep.
 */
#ifndef DITHER_TABLE_IMAGE_H
#define DITHER_TABLE_IMAGE_H

#include <linux/llist.h>
#include <linux/types.h>

struct dither_uploaded_table {
	struct llist_node dead;
	u64 bytes;		/* of .table */
	u64 table[];		/* see ../include/dither/table.h */
};

/*
 * A checked copy of the @bytes that user space has at @address, or an ERR_PTR:
 * see DITHER_IOC_TABLE; not more than @limit, nor all that are on their way.
 * It is, until it is in place, or freed.
 */
struct dither_uploaded_table *dither_table_image_new(u64 address, u64 bytes,
						     u64 limit);
void dither_table_image_in_place(const struct dither_uploaded_table *image);
/* One that nobody has seen yet; NULL is fine. */
void dither_table_image_free(struct dither_uploaded_table *image);

/* Free it when nobody walks by it any more. */
void dither_table_image_bury(struct dither_uploaded_table *image);
/* Wait for what has been buried. */
void dither_table_images_settle(void);

#endif
