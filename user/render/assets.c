// SPDX-License-Identifier: GPL-2.0
/*
 * Takes scripts and styles into the program. The assembler looks for the files
 * from the directory it runs in and then in those given by -I: either is to be
 * the top of the source tree. Make must be told that this object depends on
 * them, for the compiler does not list them.
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

ASSET(render_page_body, "user/render/page/body.html");
ASSET(render_page_style, "user/render/page/style.css");
ASSET(render_page_model, "user/render/page/model.js");
ASSET(render_page_graph, "user/render/page/graph.js");
ASSET(render_page_heat, "user/render/page/heat.js");
ASSET(render_page_table, "user/render/page/table.js");
ASSET(render_page_main, "user/render/page/main.js");
