/* scripts.ini and psscripts.ini: which scripts a group policy runs (MS-GPSCR 2.2.2, 2.2.3). */
#ifndef AD_SCRIPTS_INI_H
#define AD_SCRIPTS_INI_H

#include "base/arena.h"
#include "base/str.h"

enum script_event { SCRIPT_LOGON, SCRIPT_LOGOFF, SCRIPT_STARTUP, SCRIPT_SHUTDOWN };

struct gpo_script {
	enum script_event event;
	uint32_t order;
	struct str command, parameters; /* parameters: may hold secrets, never shown */
};

struct scripts_ini {
	const struct gpo_script *scripts; /* in the order of the file */
	size_t count;
};

/* Everything lives in a. False when the file is over a bound of limits.h. */
bool scripts_ini_parse(struct arena *a, struct str bytes, struct scripts_ini *out);

#endif
