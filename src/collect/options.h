/* Which options of a connection go together, decided before anything is sent. */
#ifndef COLLECT_OPTIONS_H
#define COLLECT_OPTIONS_H

#include "base/arena.h"
#include "collect/collect.h"
#include "collect/server.h"

struct server_list {
	const struct server *at;
	size_t count;
};

/* ERR_USAGE with what to change. The servers that were named go to *out, in a; none with a
 * --domain. Reads the CA file and looks for the keytab, connects to nothing. */
int collect_options_check(
	const struct collect_options *o, struct arena *a, struct server_list *out, struct err *err);

#endif
