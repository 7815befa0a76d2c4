/* Where an account policy that fails is to be changed: which group policy sets it. */
#include "engine/internal.h"

#include "model/gpo.h"

/* PSOs are set where they stand. */
static bool has_finding(const struct run_control *c, struct str domain)
{
	struct str pso = str_of(ad_kind_name(AD_PSO));

	for (size_t i = 0; i < c->object_count; i++)
		if (!c->objects[i].waived && str_eq(c->objects[i].domain, domain) &&
			!str_eq(c->objects[i].kind, pso))
			return true;
	return false;
}

/* Only what is sure is named: whoever changes the wrong policy believes that it is done. */
static struct run_setter setter_of(
	struct evaluation *e, const struct ad_domain *domain, struct str name)
{
	struct gpo_answer a = gpo_account_policy(e->model, domain, name);
	struct run_setter s = { domain->dns, SETTER_UNKNOWN, { NULL, 0 } };
	const struct ad_object *gpo = a.count == 1 ? a.values[0].gpo : NULL;

	if (a.unknown && strcmp(a.unknown, "dc_is_samba") == 0) {
		s.kind = SETTER_SAMBA;
	} else if (a.count == 1 && !a.unknown) {
		s.kind = gpo ? SETTER_GPO : SETTER_NONE;
		if (gpo)
			s.gpo = obj_has(gpo, ATTR_DISPLAY_NAME) ? obj_str(gpo, ATTR_DISPLAY_NAME)
								: gpo->name;
	}
	return s;
}

void setters_find(struct evaluation *e, struct str name, struct run_control *c)
{
	size_t domains = model_domain_count(e->model);
	struct run_setter *list;

	if (c->status != STATUS_FAIL)
		return;
	list = ARENA_ARRAY(&e->run->arena, struct run_setter, domains);
	for (size_t i = 0; i < domains; i++) {
		const struct ad_domain *d = model_domain(e->model, i);

		if (has_finding(c, d->dns))
			list[c->setter_count++] = setter_of(e, d, name);
	}
	c->setters = list;
}
