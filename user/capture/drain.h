/* SPDX-License-Identifier: GPL-2.0 */
/*
 * From the rings to the file: bytes are copied, and only what asks for an
 * unwind table, or to look at a process again, is looked at.
 */
#ifndef CAPTURE_DRAIN_H
#define CAPTURE_DRAIN_H

#include "../file/writer.h"
#include "kernel_session.h"

/*
 * Copy what the rings hold now into RING chunks and free it. On a write error
 * the bytes are freed all the same: a full disk must not fill the rings.
 */
int capture_drain(struct capture_device *device, struct writer *writer,
		  struct error *error);

#endif
