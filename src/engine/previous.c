#include "engine/previous.h"

#include <stdlib.h>

static int by_sid(const void *key, const void *item)
{
	return str_cmp(*(const struct str *)key, ((const struct previous_account *)item)->sid);
}

const struct previous_account *previous_find(const struct previous_run *p, struct str sid)
{
	return p->count ? bsearch(&sid, p->accounts, p->count, sizeof(*p->accounts), by_sid) : NULL;
}
