/* SPDX-License-Identifier: GPL-2.0 */
/* The events of a recording: -e, --clock, --allow-missing. */
#ifndef CMD_RECORD_EVENTS_H
#define CMD_RECORD_EVENTS_H

#include "../capture/kernel_session.h"
#include "record_request.h"

/* The options' values: 0, or an exit code after a message. */
int record_events_add(struct record_options *options, const char *text);
int record_events_clock(struct record_options *options, const char *text);

/* After the last option: into the configuration. The same. */
int record_events_settle(struct record_options *options);

/*
 * capture_configure(), and again without those events that cannot be had, if
 * that was allowed; each is told on stderr with its reason.
 */
int record_events_configure(struct capture_device *device,
			    struct record_options *options,
			    struct error *error);

#endif
