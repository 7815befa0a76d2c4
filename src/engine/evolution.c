#include "engine/evolution.h"

#include "base/utf8.h"

/* A SID of a domain is one object's; those outside S-1-5-21 (S-1-5-32-544, foreign principals)
 * stand in every domain (MS-DTYP 2.4.2.4). */
static bool names_one_object(struct str sid)
{
	return str_starts(sid, STR("S-1-5-21-"));
}

void evolution_key(struct buf *out, struct str control, const struct run_object *o)
{
	struct arena scratch = { 0 };

	buf_put_str(out, control);
	buf_putc(out, '|');
	if (o->guid.n)
		buf_put_str(out, o->guid);
	else if (names_one_object(o->sid))
		buf_put_str(out, o->sid);
	else
		buf_put_str(out, utf8_folded(&scratch, o->dn));
	arena_free(&scratch);
}
