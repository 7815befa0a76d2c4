/* One control over the model: which objects it looks at, then its verdict. */
#include "engine/internal.h"

#include <stdlib.h>

bool kind_is_account(enum ad_kind kind)
{
	return kind == AD_USER || kind == AD_COMPUTER || kind == AD_MSA || kind == AD_KRBTGT ||
	       kind == AD_TRUST_ACCOUNT;
}

/* ---- which objects -------------------------------------------------------------------------- */

static unsigned kinds_of(const struct check *check)
{
	return 1u << check->each | check->kinds;
}

/* YES: look at o. NO: it is not in scope, whatever else is unknown of it. UNKNOWN: *reason. */
static enum tri in_scope(struct check_cx *cx, const struct ad_object *o, const char **reason)
{
	unsigned scope = cx->control->check->scope;
	enum tri enabled = YES, privileged = YES;

	if ((scope & SCOPE_ENABLED) && kind_is_account(o->kind) && !cx_bool(cx, "include_disabled"))
		enabled = account_enabled(cx->model, o);
	if (enabled == NO)
		return NO;
	if (scope & (SCOPE_PRIVILEGED | SCOPE_UNPRIVILEGED)) {
		privileged = account_privileged(cx->model, o);
		if ((scope & SCOPE_UNPRIVILEGED) && privileged != UNKNOWN)
			privileged = privileged == YES ? NO : YES;
	}
	if (privileged == NO)
		return NO;
	if (privileged == UNKNOWN || enabled == UNKNOWN) {
		*reason = privileged == UNKNOWN ? "privilege_not_readable" : "enabled_not_readable";
		return UNKNOWN;
	}
	return YES;
}

/* False when something that the check needs of o was not read; o is then undecided, for doubt where
 * there is one. */
static bool has_needs(struct check_cx *cx, const struct ad_object *o)
{
	const struct check *check = cx->control->check;

	for (size_t i = 0; i < ARRAY_LEN(check->needs) && check->needs[i] != ATTR_NONE; i++) {
		enum readable r = model_readable(cx->model, o, check->needs[i]);

		if (r == READABLE)
			continue;
		undecided(cx, o,
			cx->doubt ? cx->doubt
				  : arena_printf(&cx->scratch, "attribute_%s %s",
					    r == NOT_READABLE ? "not_readable" : "not_collected",
					    attr_table[check->needs[i]].ldap)
					    .p);
		return false;
	}
	return true;
}

/* Values that were read, and found good, are not all there are: a list that was cut short, or of
 * which a value was damaged, decides a failure only. */
static void doubt_parts(
	struct check_cx *cx, const struct ad_object *o, const enum attr *attrs, size_t count)
{
	for (size_t i = 0; i < count && attrs[i] != ATTR_NONE; i++)
		if (model_read_in_part(cx->model, o, attrs[i]))
			undecided(cx, o,
				arena_printf(&cx->scratch, "attribute_in_part %s",
					attr_table[attrs[i]].ldap)
					.p);
}

static int examine(struct check_cx *cx, const struct ad_object *o)
{
	const struct check *check = cx->control->check;
	const char *reason = NULL;
	enum tri scope = in_scope(cx, o, &reason);
	int rc = 0;

	if (scope == NO)
		return 0;
	cx->examined++;
	/* Where nothing is found, it does not matter whether o is in scope. */
	cx->doubt = scope == UNKNOWN ? reason : NULL;
	uint64_t examined = cx->examined;
	if (has_needs(cx, o))
		rc = check->run(cx, o);
	if (cx->examined == examined && !cx->inapplicable) {
		doubt_parts(cx, o, check->needs, ARRAY_LEN(check->needs));
		doubt_parts(cx, o, check->reads, ARRAY_LEN(check->reads));
	}
	cx->doubt = NULL;
	cx_end_object(cx);
	return rc;
}

/* The Partitions container, else the rootDSE, else the first domain's head. */
static const struct ad_object *forest_object(const struct model *m)
{
	for (size_t i = 0; i < model_object_count(m); i++)
		if (model_object(m, i)->kind == AD_FOREST)
			return model_object(m, i);
	if (model_rootdse(m))
		return model_rootdse(m);
	return model_domain_count(m) > 0 ? model_domain(m, 0)->head : NULL;
}

static int examine_forest(struct check_cx *cx)
{
	const struct ad_object *forest = forest_object(cx->model);

	if (!forest)
		return undecided(cx, NULL, "forest_not_read");
	return examine(cx, forest);
}

static int call_once(struct check_cx *cx, check_fn *fn)
{
	int rc = fn ? fn(cx, NULL) : 0;

	cx_end_object(cx);
	return rc;
}

static int examine_all(struct check_cx *cx)
{
	const struct check *check = cx->control->check;
	unsigned kinds = kinds_of(check);
	int rc = call_once(cx, check->before);

	cx->skipped = cx->inapplicable;
	if (cx->skipped)
		return rc;
	if (rc == 0 && (kinds & 1u << AD_FOREST))
		rc = examine_forest(cx);
	kinds &= ~(1u << AD_FOREST);
	for (size_t i = 0; rc == 0 && kinds && i < model_object_count(cx->model); i++) {
		const struct ad_object *o = model_object(cx->model, i);

		if (kinds & 1u << o->kind)
			rc = examine(cx, o);
	}
	if (rc == 0)
		rc = call_once(cx, check->after);
	return rc;
}

/* ---- verdict -------------------------------------------------------------------------------- */

/* Why the control cannot pass though every object that was read is decided; p NULL: nothing. */
static struct str incomplete_reason(struct check_cx *cx)
{
	unsigned kinds = kinds_of(cx->control->check);
	const char *reason = NULL;

	if (cx->control_reason.p)
		return cx->control_reason;
	if (cx->control->check->scope & SCOPE_NAMED)
		kinds = 1u << AD_DOMAIN;
	for (unsigned k = 0; k < AD_KIND_COUNT; k++)
		if ((kinds & 1u << k) && model_complete(cx->model, (enum ad_kind)k, &reason) != YES)
			return cx_intern(cx, str_of(reason ? reason : "not_read_whole"));
	if ((cx->control->check->scope & SCOPE_PRIVILEGED) &&
		model_privileged_complete(cx->model, &reason) != YES)
		return cx_intern(cx, str_of(reason ? reason : "privileged_groups_not_read"));
	return (struct str){ 0 };
}

static int by_text(const void *a, const void *b)
{
	return str_cmp(*(const struct str *)a, *(const struct str *)b);
}

/* The most frequent reason, the first by text among equals. */
static struct str main_reason(struct check_cx *cx, uint64_t unread)
{
	struct str *reasons = xcalloc(cx->found_count + 1, sizeof(*reasons));
	struct str best = { 0 };
	size_t count = 0, best_count = 0;

	for (size_t i = 0; i < cx->found_count; i++)
		if (cx->found[i].undecided)
			reasons[count++] = cx->found[i].reason;
	if (count > 0)
		qsort(reasons, count, sizeof(*reasons), by_text);
	for (size_t i = 0, run = 0; i < count; i++) {
		run = i > 0 && str_eq(reasons[i], reasons[i - 1]) ? run + 1 : 1;
		if (run > best_count) {
			best_count = run;
			best = reasons[i];
		}
	}
	free(reasons);
	return unread > best_count ? cx_intern(cx, STR("privileged_member_not_read")) : best;
}

static const struct subject *subject_of(struct evaluation *e, const struct ad_object *o)
{
	struct subject *s = &e->subjects[cx_place(&e->cx, o)];
	char sid[SID_TEXT], guid[GUID_TEXT];

	if (s->made)
		return s;
	s->made = true;
	s->sid = arena_str(&e->run->arena, str_of(sid_text(&o->sid, sid)));
	s->guid = guid_is_none(&o->guid)
			  ? STR("")
			  : arena_str(&e->run->arena, str_of(guid_text(&o->guid, guid)));
	return s;
}

static int64_t last_use(const struct model *m, const struct ad_object *o)
{
	struct logon l;

	if (!kind_is_account(o->kind))
		return INT64_MIN;
	l = account_last_logon(m, o);
	return l.state == LOGON_AT ? l.at : INT64_MIN;
}

static void show_finding(
	struct evaluation *e, const struct found *f, struct run_object *out, struct outcome *result)
{
	const struct ad_object *o = f->obj;
	const struct subject *s = subject_of(e, o);
	struct run_control *c = &result->shown;

	*out = (struct run_object){ .dn = o->dn,
		.sid = s->sid,
		.guid = s->guid,
		.domain = o->domain ? o->domain->dns : STR(""),
		.name = o->name,
		.kind = str_of(ad_kind_name(o->kind)),
		.last_use = last_use(e->model, o),
		.level = f->level,
		.evidence = f->evidence,
		.evidence_count = f->evidence_count };
	out->waived = waivers_cover(&e->waivers, &e->cx.scratch, e->model, c->id, o);
	arena_reset(&e->cx.scratch);
	if (c->failed_level == 0 || f->level < c->failed_level)
		c->failed_level = f->level;
	if (out->waived) {
		c->waived++;
		return;
	}
	c->count++;
	e->failed_controls[cx_place(&e->cx, o)]++;
	if (c->level_with_waivers == 0 || f->level < c->level_with_waivers)
		c->level_with_waivers = f->level;
	if (o->kind == AD_GROUP
			? group_is_privileged(e->model, o)
			: kind_is_account(o->kind) && account_privileged(e->model, o) == YES)
		result->privileged++;
}

static int by_object(const void *a, const void *b)
{
	const struct ad_object *x = ((const struct found *)a)->obj;
	const struct ad_object *y = ((const struct found *)b)->obj;
	int order = str_cmp(x->dn, y->dn);

	return order ? order : guid_cmp(&x->guid, &y->guid);
}

static void show_findings(struct evaluation *e, struct outcome *result)
{
	struct check_cx *cx = &e->cx;
	struct run_object *objects;
	size_t count = 0;

	for (size_t i = 0; i < cx->found_count; i++)
		count += !cx->found[i].undecided;
	if (count > 0)
		qsort(cx->found, cx->found_count, sizeof(*cx->found), by_object);
	objects = ARENA_ARRAY(cx->arena, struct run_object, count);
	count = 0;
	for (size_t i = 0; i < cx->found_count; i++)
		if (!cx->found[i].undecided)
			show_finding(e, &cx->found[i], &objects[count++], result);
	result->shown.objects = objects;
	result->shown.object_count = count;
}

/* What was read decides a failure, whatever else is unknown; a pass needs everything. */
static void judge(struct evaluation *e, struct outcome *result)
{
	struct check_cx *cx = &e->cx;
	struct run_control *c = &result->shown;
	uint64_t unread = 0;
	struct str incomplete = { 0 };
	bool open;

	if (!cx->skipped) {
		incomplete = incomplete_reason(cx);
		if (cx->control->check->scope & SCOPE_PRIVILEGED)
			unread = model_privileged_unread_count(cx->model);
	}
	show_findings(e, result);
	c->examined = cx->examined;
	result->undecided = cx->undecided;
	c->unknown = cx->undecided + unread;
	open = c->unknown > 0 || incomplete.p;
	if (c->unknown > 0)
		c->reason = main_reason(cx, unread);
	else
		c->reason = incomplete;
	if (c->count > 0) {
		c->status = STATUS_FAIL;
	} else if (c->waived > 0) {
		c->status = STATUS_WAIVED;
	} else if (open) {
		c->status = STATUS_UNKNOWN;
	} else if (cx->inapplicable || cx->examined == 0) {
		c->status = STATUS_NOT_APPLICABLE;
		c->reason = cx->inapplicable ? cx->inapplicable_reason : STR("nothing_to_examine");
	} else {
		c->status = STATUS_PASS;
	}
}

/* ---- the control ---------------------------------------------------------------------------- */

static struct run_text text_of(struct arena *a, struct text2 t)
{
	struct str fr = t.fr.n > 0 ? t.fr : t.en, en = t.en.n > 0 ? t.en : t.fr;

	return (struct run_text){ arena_str(a, fr), arena_str(a, en) };
}

static void describe_custom(
	const struct custom_control *custom, struct arena *a, struct run_control *out)
{
	struct str measure = arena_printf(
		a, "each: %.*s, filter: %.*s", STR_ARG(custom->each), STR_ARG(custom->filter));

	out->title = text_of(a, custom->title);
	out->why = text_of(a, custom->why);
	out->fix = text_of(a, custom->fix);
	out->measure = (struct run_text){ measure, measure };
}

void describe_entry(const struct catalogue_entry *entry, struct run_control *out)
{
	out->change = entry->change;
	out->title = entry->title;
	out->why = entry->why;
	out->measure = entry->measure;
	out->fix = entry->fix;
	out->references = entry->references;
	out->reference_count = entry->reference_count;
}

static void describe(const struct control *c, struct arena *a, struct run_control *out)
{
	struct run_parameter *params = ARENA_ARRAY(a, struct run_parameter, c->param_count);
	int *levels = ARENA_ARRAY(a, int, c->level_count);

	out->id = c->custom ? arena_str(a, c->id) : c->id;
	out->area = c->area;
	memcpy(levels, c->levels, c->level_count * sizeof(*levels));
	out->levels = levels;
	out->level_count = c->level_count;
	for (size_t i = 0; i < c->param_count; i++) {
		params[i].name = arena_str(a, c->params[i].name);
		params[i].kind = (int)c->params[i].kind;
		params[i].number = c->params[i].number;
		params[i].text = arena_str(a, c->params[i].text);
	}
	out->parameters = params;
	out->parameter_count = c->param_count;
	if (c->custom) {
		describe_custom(c->custom, a, out);
		return;
	}
	describe_entry(c->entry, out);
}

int evaluate_control(struct evaluation *e, size_t i, struct err *err)
{
	const struct control *c = &e->controls[i];
	struct outcome *result = &e->outcomes[i];
	struct check_cx *cx = &e->cx;
	struct str *notes;
	int rc;

	*result = (struct outcome){ .rank = control_rank(c->id) };
	describe(c, &e->run->arena, &result->shown);
	result->shown.declared = control_declared(e, c);
	if (c->settings && !c->settings->enabled) {
		result->shown.status = STATUS_DISABLED;
		result->shown.reason = arena_str(&e->run->arena, c->settings->reason);
		return 0;
	}
	cx_begin(cx, c);
	rc = examine_all(cx);
	if (rc || cx->broken)
		return err_set(err, ERR_INTERNAL,
			"the check behind %.*s broke (%s); please report this", STR_ARG(c->id),
			cx->broken ? cx->broken : "it returned an error");
	judge(e, result);
	notes = ARENA_ARRAY(cx->arena, struct str, cx->note_count);
	if (cx->note_count > 0)
		memcpy(notes, cx->notes, cx->note_count * sizeof(*notes));
	result->shown.notes = notes;
	result->shown.note_count = cx->note_count;
	if (c->entry && c->entry->account_policy.n)
		setters_find(e, c->entry->account_policy, &result->shown);
	return 0;
}
