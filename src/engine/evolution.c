#include "engine/evolution.h"

#include "base/utf8.h"

void evolution_key(struct buf *out, struct str control, const struct run_object *o)
{
	struct arena scratch = { 0 };

	buf_put_str(out, control);
	buf_putc(out, '|');
	buf_put_str(out, o->guid.n ? o->guid : o->sid.n ? o->sid : utf8_folded(&scratch, o->dn));
	arena_free(&scratch);
}
