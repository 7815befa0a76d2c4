/* Functions that this program does not use; included by base/str.h, so that every file sees it. */
#ifndef BASE_BANNED_H
#define BASE_BANNED_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* gcc only: to clang, poisoning what glibc made a macro (FORTIFY_SOURCE) is an error. */
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC poison strcpy strcat sprintf vsprintf strncpy strncat strtok gets atoi atol atof       \
	localtime gmtime ctime asctime rand srand
#endif

#endif
