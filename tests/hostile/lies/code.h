/* SPDX-License-Identifier: GPL-2.0 */
/* Machine code that counts down and returns, for generated code. */
#ifndef HOSTILE_CODE_H
#define HOSTILE_CODE_H

#include <stdint.h>

#if defined(__aarch64__)
static const uint32_t code_countdown[] = {
	0x52a00021, /* mov w1, #0x10000 */
	0x71000421, /* subs w1, w1, #1 */
	0x54ffffe1, /* b.ne .-4 */
	0xd65f03c0, /* ret */
};
#else
static const uint8_t code_countdown[] = {
	0xb9, 0x00, 0x00, 0x01, 0x00, /* mov $0x10000, %ecx */
	0xff, 0xc9,		      /* dec %ecx */
	0x75, 0xfc,		      /* jnz .-2 */
	0xc3,			      /* ret */
};
#endif

#endif
