/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What perf prints between its samples: messages, by `2>&1`, and records without
 * their times.
 */
#ifndef TEXT_PERF_MESSAGE_H
#define TEXT_PERF_MESSAGE_H

#include <stdbool.h>
#include <stddef.h>

#define PERF_RECORD "PERF_RECORD_"

bool perf_message_is(const char *text, size_t length);

/*
 * Where a line shows one of perf's records, whose text holds colons of its own;
 * @end: nowhere.
 */
const char *perf_message_record(const char *text, const char *end);

#endif
