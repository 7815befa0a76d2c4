#include "engine/previous.h"

#include "model/model.h"

#include <stdlib.h>

static int by_sid(const void *key, const void *item)
{
	return str_cmp(*(const struct str *)key, ((const struct previous_account *)item)->sid);
}

const struct previous_account *previous_find(const struct previous_run *p, struct str sid)
{
	return p->count ? bsearch(&sid, p->accounts, p->count, sizeof(*p->accounts), by_sid) : NULL;
}

static bool is_privileged_still(const struct model *m, struct str text)
{
	const struct ad_object *o;
	struct sid sid;

	if (!sid_from_text(text, &sid))
		return false;
	o = model_find_sid(m, &sid);
	return o && account_privileged(m, o) == YES;
}

struct privilege_changes privilege_changes(
	const struct model *m, const struct previous_run *p, struct arena *a)
{
	size_t count = model_privileged_count(m);
	const struct ad_object **added = ARENA_ARRAY(a, const struct ad_object *, count);
	const struct previous_account **removed =
		ARENA_ARRAY(a, const struct previous_account *, p->count);
	struct privilege_changes c = { added, 0, removed, 0 };
	char sid[SID_TEXT];

	for (size_t i = 0; i < count; i++) {
		const struct ad_object *o = model_privileged(m, i);

		/* Without a SID it cannot be told. */
		if (!sid_is_none(&o->sid) && !previous_find(p, str_of(sid_text(&o->sid, sid))))
			added[c.added_count++] = o;
	}
	for (size_t i = 0; i < p->count; i++)
		if (!is_privileged_still(m, p->accounts[i].sid))
			removed[c.removed_count++] = &p->accounts[i];
	return c;
}
