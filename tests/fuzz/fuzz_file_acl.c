/* The first byte chooses the wrapping of a file's descriptor, the others are what stands in it. */
#include "ad/ntacl.h"
#include "ad/secdesc.h"
#include "ad/smb_acl.h"

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena a = { 0 };
	struct buf out = { 0 };
	struct secdesc sd;

	if (!size)
		return 0;
	struct str input = { (const char *)data + 1, size - 1 };

	if (data[0] & 1 ? smb_acl_descriptor(input, &out) : ntacl_descriptor(input, &out)) {
		bool good = secdesc_parse(&a, buf_str(&out), &sd);

		/* What we assemble ourselves is always whole. */
		assert(good || !(data[0] & 1));
	} else {
		assert(!out.n);
	}
	buf_free(&out);
	arena_free(&a);
	return 0;
}
