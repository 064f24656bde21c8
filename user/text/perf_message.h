/* SPDX-License-Identifier: GPL-2.0 */
/* What perf says on stderr, which `2>&1` puts between its samples. */
#ifndef TEXT_PERF_MESSAGE_H
#define TEXT_PERF_MESSAGE_H

#include <stdbool.h>
#include <stddef.h>

bool perf_message_is(const char *text, size_t length);

#endif
