// SPDX-License-Identifier: GPL-2.0
/*
 * Takes the picture's script and style into the program. The assembler looks
 * for the files from the directory it runs in and then in those given by -I:
 * either is to be the top of the source tree. Make must be told that this
 * object depends on the two files, for the compiler does not list them.
 */
#include "assets.h"

#define ASSET(symbol, path)                                     \
	__asm__(".pushsection .rodata\n"                        \
		".globl " #symbol "\n"                          \
		".hidden " #symbol "\n"                         \
		".type " #symbol ", STT_OBJECT\n" #symbol ":\n" \
		".incbin \"" path "\"\n"                        \
		".byte 0\n"                                     \
		".size " #symbol ", . - " #symbol "\n"          \
		".popsection\n")

ASSET(render_script, "user/render/script.js");
ASSET(render_style, "user/render/style.css");
