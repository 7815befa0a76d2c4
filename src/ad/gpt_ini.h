/* GPT.INI at the root of a group policy's folder (MS-GPOL 2.2.4). */
#ifndef AD_GPT_INI_H
#define AD_GPT_INI_H

#include "base/arena.h"
#include "base/str.h"

struct gpt_ini {
	bool has_version;
	uint32_t version; /* the computer's half in the lower 16 bits, the user's above */
	struct str display_name;
};

/* Everything lives in a. False when the file is over a bound of limits.h. */
bool gpt_ini_parse(struct arena *a, struct str bytes, struct gpt_ini *out);

#endif
