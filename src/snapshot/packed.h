/* The writing side of the packed attributes; the reading side is in snapshot/snapshot.h. */
#ifndef SNAPSHOT_PACKED_H
#define SNAPSHOT_PACKED_H

#include "base/buf.h"

/* LEB128: seven bits a byte, the lowest first. */
void packed_put_varint(struct buf *b, uint64_t v);
/* An attribute's head; count (not 0) values follow. */
void packed_put_head(struct buf *b, uint32_t attribute, uint32_t count);
void packed_put_value(struct buf *b, struct str value);
/* True when bytes are whole attributes whose ids are below attributes. */
bool packed_check(struct str bytes, size_t attributes);

#endif
