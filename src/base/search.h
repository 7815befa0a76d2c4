/* A place in a sorted array. Of one element among others that all differ bsearch() is enough. */
#ifndef BASE_SEARCH_H
#define BASE_SEARCH_H

#include <stdbool.h>
#include <stddef.h>

/* Does the element stand before what key looks for? */
typedef bool stands_before(const void *element, const void *key);

/* The first of count elements, size bytes each, that is not before key; count: all are. The array
 * is sorted so that those before key come first. */
size_t lower_bound(
	const void *array, size_t count, size_t size, const void *key, stands_before *before);

#endif
