/* Files that are part of the program: the catalogue, the shipped policies, what the pages are made
 * of (cmake/embed.cmake). */
#ifndef BASE_EMBEDDED_H
#define BASE_EMBEDDED_H

#include <stddef.h>

struct embedded_file {
	const char *name; /* without its folder */
	const unsigned char *bytes;
	size_t size;
	const char *sha256; /* lower-case hex, reckoned when the program was built */
};

#endif
