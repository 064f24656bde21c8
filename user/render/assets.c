// SPDX-License-Identifier: GPL-2.0
/*
 * Takes scripts and styles into the program. The assembler looks for the files
 * from the directory it runs in and then in those given by -I: either is to be
 * the top of the source tree. Make must be told that this object depends on
 * them, for the compiler does not list them.
 */
#include "assets.h"

#define TAKE(path) ".incbin \"user/render/" path "\"\n"

/* One or more files, one after the other. */
#define ASSET(symbol, files)                                    \
	__asm__(".pushsection .rodata\n"                        \
		".globl " #symbol "\n"                          \
		".hidden " #symbol "\n"                         \
		".type " #symbol ", STT_OBJECT\n" #symbol ":\n" \
		files                                           \
		".byte 0\n"                                     \
		".size " #symbol ", . - " #symbol "\n"          \
		".popsection\n")

ASSET(render_script, TAKE("picture/frames.js") TAKE("picture/layout.js")
	TAKE("picture/tip.js") TAKE("picture/search.js")
	TAKE("picture/picture_main.js"));
ASSET(render_style, TAKE("picture/picture_style.css"));
ASSET(render_dark_style, TAKE("picture/dark.css"));

ASSET(render_page_body, TAKE("page/body.html"));
ASSET(render_page_style, TAKE("page/page_style.css"));
ASSET(render_page_model, TAKE("page/model.js"));
ASSET(render_page_graph, TAKE("page/graph.js"));
ASSET(render_page_heat, TAKE("page/heat.js"));
ASSET(render_page_table, TAKE("page/table.js"));
ASSET(render_page_main, TAKE("page/page_main.js"));
