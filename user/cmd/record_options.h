/* SPDX-License-Identifier: GPL-2.0 */
/* The options of `dither record`, checked and in the module's terms. */
#ifndef CMD_RECORD_OPTIONS_H
#define CMD_RECORD_OPTIONS_H

#include <stdbool.h>

#include "record_request.h"

/*
 * 0, or an exit code after a message; *help is set when help was printed.
 */
int record_options_parse(struct record_options *options, int argc, char **argv,
			 bool *help);

#endif
