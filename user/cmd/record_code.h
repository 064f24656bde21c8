/* SPDX-License-Identifier: GPL-2.0 */
/* When `dither record` reads the kernel's code, from the first to the last time. */
#ifndef CMD_RECORD_CODE_H
#define CMD_RECORD_CODE_H

#include "../capture/kernel_chunks.h"
#include "../capture/kernel_session.h"

struct record_code {
	struct kernel_code *code;
	double due;	/* not before this it is read again */
};

/* Before START; complains if the kernel hides it. */
int record_code_prepare(struct record_code *code, struct writer *writer,
			struct error *error);

/* After START: what came or went in between was told by nobody. */
int record_code_begin(struct record_code *code, struct writer *writer,
		      struct error *error);

/* While it runs, after each drain. */
int record_code_follow(struct record_code *code,
		       struct capture_device *device, struct writer *writer,
		       struct error *error);

/* After STOP. */
int record_code_end(struct record_code *code,
		    const struct capture_device *device, struct writer *writer,
		    struct error *error);

void record_code_free(struct record_code *code);

#endif
