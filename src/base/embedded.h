/* Files that are part of the program: the catalogue and the shipped policies (cmake/embed.cmake).
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
