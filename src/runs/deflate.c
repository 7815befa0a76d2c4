#include "runs/deflate.h"

#include "base/arena.h"

#include <stdlib.h>
#include <zlib.h>

bool deflate_pack(struct str bytes, struct buf *out)
{
	uLongf n = compressBound((uLong)bytes.n);
	char *room = xmalloc(n);
	bool good = compress2((Bytef *)room, &n, (const Bytef *)bytes.p, (uLong)bytes.n,
			    Z_DEFAULT_COMPRESSION) == Z_OK;

	if (good)
		buf_put(out, room, n);
	free(room);
	return good;
}

bool deflate_unpack(struct str packed, size_t size, struct buf *out)
{
	/* Not even a run of zeros is packed better than 1,032 times (RFC 1951, 3.2.5). */
	if (size / 1032 > packed.n)
		return false;
	uLongf n = (uLongf)size;
	char *room = xmalloc(size + 1);
	bool good =
		uncompress((Bytef *)room, &n, (const Bytef *)packed.p, (uLong)packed.n) == Z_OK &&
		n == size;

	if (good)
		buf_put(out, room, size);
	free(room);
	return good;
}
