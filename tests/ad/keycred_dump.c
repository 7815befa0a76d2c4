/* What the product reads in key credentials: one value of msDS-KeyCredentialLink a line on standard
 * input, one line for each on standard output; for test_keycred.py. */
#include "ad/keycred.h"

#include "base/platform.h"

#include <stdio.h>

static void dump(struct str value)
{
	struct buf blob = { 0 };
	char text[GUID_TEXT];
	struct keycred k;
	struct str dn;

	if (!dn_binary_parse(value, &blob, &dn)) {
		puts("no DN-Binary");
	} else if (!keycred_parse(buf_str(&blob), &k)) {
		printf("malformed %.*s\n", STR_ARG(dn));
	} else {
		for (size_t i = 0; i < k.id.n; i++)
			printf("%02x", (unsigned char)k.id.p[i]);
		printf(" %zu %u %u %u %s %lld %lld %d %.*s\n", k.material, k.usage, k.source,
			k.flags, guid_text(&k.device, text),
			k.created == INT64_MIN ? -1LL : (long long)k.created,
			k.last_logon == INT64_MIN ? -1LL : (long long)k.last_logon,
			keycred_is_logon(&k), STR_ARG(dn));
	}
	buf_free(&blob);
}

int main(void)
{
	struct buf all = { 0 };
	struct err err;

	if (platform_read_file("-", (size_t)64 << 20, &all, ERR_SOURCE, &err)) {
		fprintf(stderr, "%s\n", err.text);
		return 1;
	}
	for (struct str rest = buf_str(&all); rest.n;)
		dump(str_cut(rest, '\n', &rest));
	buf_free(&all);
	return 0;
}
