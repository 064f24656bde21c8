/* SPDX-License-Identifier: GPL-2.0 */
/* script.js and style.css of this folder, as they stood at build time. */
#ifndef RENDER_ASSETS_H
#define RENDER_ASSETS_H

/* Both NUL-terminated. */
extern const char render_script[];
extern const char render_style[];

#endif
