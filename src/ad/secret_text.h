/* Passwords that people write into free text, such as an account's description. */
#ifndef AD_SECRET_TEXT_H
#define AD_SECRET_TEXT_H

#include "base/str.h"

#include <stdbool.h>

/* Does text hold a word for "password" (French or English), ':' or '=', and something that could
 * be one? What it is must not be printed then. */
bool text_holds_secret(struct str text);

#endif
