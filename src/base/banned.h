/* Functions that this program does not use; included by base/str.h, so that every file sees it. */
#ifndef BASE_BANNED_H
#define BASE_BANNED_H

#if defined(__GNUC__) && !defined(__cplusplus)
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#pragma GCC poison strcpy strcat sprintf vsprintf strncpy strncat strtok gets atoi atol atof       \
	localtime gmtime ctime asctime rand srand
#endif

#endif
