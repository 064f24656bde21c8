/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What perf prints behind a sample's event, on the same line: the frame of a
 * sample without a call chain, among addresses of data, weights, registers,
 * branches and code.
 */
#ifndef TEXT_PERF_AFTER_EVENT_H
#define TEXT_PERF_AFTER_EVENT_H

#include <stdbool.h>
#include <stddef.h>

enum perf_rest {
	PERF_REST_NOTHING, /* that is a frame */
	PERF_REST_FRAME,
	PERF_REST_DATA,	   /* an address of data, and no frame */
	PERF_REST_UNKNOWN, /* a frame, and behind it what is not known */
};

/* @text and @length become those of the frame, from its address on. */
enum perf_rest perf_rest_frame(const char **text, size_t *length);

/* Whether a line holds what may follow a frame, and nothing else. */
bool perf_rest_follows(const char *text, size_t length);

#endif
