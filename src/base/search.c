#include "base/search.h"

size_t lower_bound(
	const void *array, size_t count, size_t size, const void *key, stands_before *before)
{
	const char *elements = array;
	size_t low = 0, high = count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (before(elements + middle * size, key))
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}
