/* Bytes packed as zlib does (RFC 1950); deflate.c is the only file here that includes zlib.h. */
#ifndef RUNS_DEFLATE_H
#define RUNS_DEFLATE_H

#include "base/buf.h"

/* Appends; false when there is not enough memory. */
bool deflate_pack(struct str bytes, struct buf *out);
/* Appends exactly size bytes, or returns false: what is packed may come from anybody. */
bool deflate_unpack(struct str packed, size_t size, struct buf *out);

#endif
