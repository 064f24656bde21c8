/* SPDX-License-Identifier: GPL-2.0 */
/* What a person should know of a recording before it begins, on stderr. */
#ifndef CMD_RECORD_NOTES_H
#define CMD_RECORD_NOTES_H

#include "../capture/kernel_session.h"

/* Which CPUs are left out, and why; whether instants are only the tick's. */
void record_notes(const struct capture_device *device);

#endif
