/* A path of control as one line of names and relations, for results.json and for who puts it into
 * words. */
#include "model/graph.h"

#include "ad/wellknown.h"
#include "base/buf.h"

struct str graph_name(struct arena *a, const struct ad_object *o, const struct sid *sid)
{
	char text[SID_TEXT];

	if (o && o->kind == AD_GPO && obj_has(o, ATTR_DISPLAY_NAME))
		return obj_str(o, ATTR_DISPLAY_NAME);
	if (o && o->kind != AD_FSP)
		return o->name;
	/* "Domain Admins" of a domain that was not read is not ours. */
	const char *name = sid_is_domain_principal(sid) ? NULL : wellknown_name(sid);

	return str_of(name ? name : arena_strdup(a, sid_text(sid, text)));
}

static void put_name(struct buf *b, struct str name)
{
	for (size_t i = 0; i < name.n; i++) {
		if (name.p[i] == '\\' || name.p[i] == '>')
			buf_putc(b, '\\');
		buf_putc(b, name.p[i]);
	}
}

struct str graph_text(struct arena *a, const struct graph_step *steps, size_t count)
{
	struct buf b = { 0 };

	for (size_t i = 0; i < count; i++) {
		if (!i)
			put_name(&b, graph_name(a, steps[i].from.object, &steps[i].from.sid));
		buf_printf(&b, " > %s > ", relation_name(steps[i].relation));
		put_name(&b, graph_name(a, steps[i].to, &steps[i].to_sid));
	}
	struct str text = arena_str(a, buf_str(&b));

	buf_free(&b);
	return text;
}
