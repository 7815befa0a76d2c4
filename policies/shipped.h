/* The policies that are part of the program: anssi, care (the default) and strict. */
#ifndef POLICIES_SHIPPED_H
#define POLICIES_SHIPPED_H

#include "base/embedded.h"

extern const struct embedded_file shipped_policies[];
extern const size_t shipped_policies_count;

#endif
