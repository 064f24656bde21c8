/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The libraries that a dynamic program will be given, as its loader tells:
 * what ldd does.
 */
#ifndef CAPTURE_DYNAMIC_LOADER_H
#define CAPTURE_DYNAMIC_LOADER_H

/* Called for each library's path, which may be a relative one. */
typedef void loader_found(void *context, const char *path);

/* What a loader's --list said: @text is changed. */
void loader_parse(char *text, loader_found *found, void *context);

/*
 * Run "@loader --list @program", for two seconds at most. What is not known as
 * a loader is not run; failures are as good as an empty list.
 */
void loader_list(const char *loader, const char *program, loader_found *found,
		 void *context);

#endif
