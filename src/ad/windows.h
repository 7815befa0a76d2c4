/* Releases of Windows and the last day on which each was supported, by what a computer says of
 * itself in operatingSystem and operatingSystemVersion. Dated tables: windows.def for servers,
 * windows_client.def for the rest. */
#ifndef AD_WINDOWS_H
#define AD_WINDOWS_H

#include "base/str.h"

struct windows {
	const char *version; /* "10.0" */
	uint64_t build;	     /* 0: any of that version */
	const char *name;    /* as operatingSystem begins; may be empty */
	const char *end;     /* last supported day, "2029-01-09" */
	/* The same where operatingSystem says LTSC or LTSB, and IoT beside it; "": as above. */
	const char *end_ltsc, *end_iot;
	int functional_level; /* highest that a domain controller brings; servers only */
};

/* By name and version as AD has them ("Windows Server 2019 Standard", "10.0 (17763)"); without a
 * version by the longest name that it begins with. NULL: not in the table. */
const struct windows *windows_server(struct str name, struct str version);
/* The last day of support; NULL: no Windows, or not in the tables. */
const char *windows_end_of_support(struct str name, struct str version);
/* Does the name tell of a Windows, Hyper-V Server being one without its name, or of a server
 * whatever its maker? */
bool windows_is_windows(struct str name);
bool windows_is_server(struct str name);

#endif
