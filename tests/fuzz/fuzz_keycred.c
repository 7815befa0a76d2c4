/* Values of msDS-KeyCredentialLink: any text is a key within its bytes, or none. */
#include "ad/keycred.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void read_blob(struct str blob)
{
	struct keycred k;

	if (!keycred_parse(blob, &k))
		return;
	if (k.id.n != 32 || k.id.p < blob.p || k.id.p + k.id.n > blob.p + blob.n ||
		k.material > blob.n)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str text = { size ? (const char *)data : "", size }, dn;
	struct buf blob = { 0 };

	if (dn_binary_parse(text, &blob, &dn)) {
		if (dn.n > size)
			abort();
		read_blob(blob.n ? buf_str(&blob) : STR(""));
	}
	read_blob(text);
	buf_free(&blob);
	return 0;
}
