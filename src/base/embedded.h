/*
 * Files that are part of the program: the catalogue, the shipped policies, what pages are made of.
 * cmake/embed.cmake makes of each list NAME
 *   const struct embedded_file NAME[]; const size_t NAME_count;
 *   const char *const NAME_sha256[];   of each file, in lower-case hex
 */
#ifndef BASE_EMBEDDED_H
#define BASE_EMBEDDED_H

#include <stddef.h>

struct embedded_file {
	const char *name; /* without its folder */
	const unsigned char *bytes;
	size_t size;
};

#endif
