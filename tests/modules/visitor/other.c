// SPDX-License-Identifier: GPL-2.0
/* The same as visitor.c by other names. */
#define visitor_spin other_spin
#define visitor_begin other_begin
#include "visitor.c"
