/* MFA evidence files: any bytes give an index or a sentence. */
#include "model/mfa_csv.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct mfa_evidence from = {
		.kind = MFA_CSV,
		.file = { "fuzz.csv", 8 },
		.account_column = { "a", 1 },
		.method_column = { "m", 1 },
		.at = { "fuzz.yaml", 1, 1 },
	};
	struct mfa_csv *csv = NULL;
	struct err err = { 0 };

	if (!mfa_csv_parse(&from, (struct str){ (const char *)data, size }, &csv, &err))
		(void)mfa_csv_holds(csv, (struct str){ (const char *)data, size });
	else if (err.code != ERR_USAGE)
		abort();
	mfa_csv_free(err.code ? NULL : csv);
	return 0;
}
