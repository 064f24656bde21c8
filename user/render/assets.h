/* SPDX-License-Identifier: GPL-2.0 */
/* The scripts and styles of this folder, as they stood at build time. */
#ifndef RENDER_ASSETS_H
#define RENDER_ASSETS_H

/* All NUL-terminated. Of the picture (svg.h): */
extern const char render_script[];
extern const char render_style[];
extern const char render_dark_style[]; /* over the other, where it is dark */

/* Of the page (html.h), in the order in which its scripts stand. */
extern const char render_page_body[];
extern const char render_page_style[];
extern const char render_page_model[];
extern const char render_page_graph[];
extern const char render_page_heat[];
extern const char render_page_table[];
extern const char render_page_main[];

#endif
