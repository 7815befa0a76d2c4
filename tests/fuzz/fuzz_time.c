/* The bytes as every kind of time that a directory or a command line gives. */
#include "ad/filetime.h"
#include "base/datetime.h"

#include <assert.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str input = { (const char *)data, size };
	char text[DATETIME_TEXT];
	int64_t s, back, number;

	if (generalized_time_parse(input, &s))
		datetime_iso(s, text);
	if (datetime_parse(input, &s)) {
		assert(datetime_parse(str_of(datetime_iso(s, text)), &back) && back == s);
		assert(filetime_to_seconds(filetime_from_seconds(s), &back)
				? back == s
				: s <= INT64_C(-11644473600));
	}
	if (datetime_parse_export(input, &s, &back)) {
		assert(s < back && back - s <= SECONDS_PER_DAY);
		assert(strlen(datetime_iso(s, text)) < DATETIME_TEXT);
	}
	if (str_to_i64(input, &number)) {
		datetime_iso(number, text);
		datetime_date(number, text);
		filetime_from_seconds(number);
		s = interval_to_seconds(number);
		assert(s >= -1 && (s == -1) == (number > 0));
		if (filetime_to_seconds(number, &s)) {
			back = filetime_from_seconds(s);
			assert(back <= number && number - back < 10000000);
		}
	}
	return 0;
}
