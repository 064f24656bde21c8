/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Text as UTF-8, whatever its byte order mark says: that is left out, and
 * UTF-16 is translated. What has no mark passes as it is.
 */
#ifndef BASE_ENCODING_H
#define BASE_ENCODING_H

#include <stdbool.h>

#include "error.h"
#include "stream.h"

/* UTF-8's byte order mark: what follows it is read as it stands. */
#define ENCODING_MARK "\xef\xbb\xbf"

struct encoding;

/* Reads @stream, which the encoding takes over. */
struct encoding *encoding_new(struct stream *stream);
void encoding_free(struct encoding *encoding);

/* As stream_read(). A surrogate without its other half becomes U+FFFD. */
ssize_t encoding_read(struct encoding *encoding, char *buffer, size_t room,
		      struct error *error);

/* Whether a text that begins so is read as it stands: no mark, not packed. */
bool encoding_passes(const char *text, size_t length);

#endif
