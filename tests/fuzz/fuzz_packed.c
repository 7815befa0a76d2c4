/* The packed attributes of one object, from a file that nobody vouches for. */
#include "base/limits.h"
#include "snapshot/packed.h"
#include "snapshot/snapshot.h"

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str packed = { (const char *)data, size };
	struct packed_cursor c = packed_begin(packed);
	struct buf again = { 0 };

	while (packed_next(&c)) {
		uint32_t count = 0;
		struct str v;

		assert(c.count > 0);
		packed_put_head(&again, c.attribute, c.count);
		for (; (v = packed_value(&c)).p; count++)
			packed_put_value(&again, v);
		assert(!c.bad && count == c.count);
	}
	assert(packed_check(packed, LIMIT_ATTRIBUTE_NAMES) == !c.bad);
	/* What was understood packs to bytes that mean the same (varints may be written longer than
	 * need be). */
	assert(packed_check(buf_str(&again), LIMIT_ATTRIBUTE_NAMES));
	assert(again.n <= size);
	buf_free(&again);
	return 0;
}
