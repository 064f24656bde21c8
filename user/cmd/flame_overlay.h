/* SPDX-License-Identifier: GPL-2.0 */
/* `dither flame --color`: a ratio of events as the colour of frames. */
#ifndef CMD_FLAME_OVERLAY_H
#define CMD_FLAME_OVERLAY_H

#include "../load/event_ratios.h"
#include "../load/load.h"
#include "../render/overlay.h"

struct flame_overlay {
	struct overlay overlay;
	struct event_ratio ratio;
	const struct event_sums *event_sums;
};

/*
 * For @wanted, "ipc" or "miss:EVENT", in the loaded recording. -EINVAL, with
 * what it lacks.
 */
int flame_overlay_make(struct flame_overlay *made, const struct load *load,
		       const char *wanted, struct error *error);

#endif
