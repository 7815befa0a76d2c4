/*
 * remediation.ps1: for each failed control the commands that mend it, as remediation.def has them.
 * The script around them is assets/remediation.ps1. What comes from outside is never code: see
 * powershell_text.h.
 */
#include "reports/writers.h"

#include "base/embedded.h"
#include "base/platform.h"
#include "reports/powershell_text.h"
#include "reports/words.h"

#include <assert.h>
#include <inttypes.h>
#include <string.h>

extern const struct embedded_file powershell_assets[];
extern const size_t powershell_assets_count;

enum { CONFIRM = 1, EVIDENCE = 2, SHORT = 4, LONG = 8, SPARE = 16 };

/* The longest password that a domain's policy can ask for; beyond that it takes a PSO. */
#define DOMAIN_POLICY_LENGTH 14
#define NO_VALUE ((struct str){ NULL, 0 })

struct remedy {
	const char *control, *kind;
	unsigned flags;
	const char *properties, *each, *run, *show, *once, *note[2];
};

static const struct remedy remedies[] = {
#define REMEDY(control, kind, flags, properties, each, run, show, once, fr, en)                    \
	{ #control, kind, flags, properties, each, run, show, once, { fr, en } },
#include "reports/remediation.def"
#undef REMEDY
};

struct plan {
	FILE *f;
	struct buf out, line, text;
	const struct run *run;
	enum lang lang;
	struct writing *writing;
};

static void put(struct plan *p, const char *z)
{
	buf_putz(&p->out, z);
}

static void flush(struct plan *p)
{
	fwrite(p->out.p, 1, p->out.n, p->f);
	buf_clear(&p->out);
}

/* What was put together in p->text, as a comment. */
static void put_text(struct plan *p, unsigned indent)
{
	powershell_put_comment(&p->out, indent, buf_str(&p->text));
	buf_clear(&p->text);
}

static void put_outside(struct plan *p, unsigned indent)
{
	if (p->text.n)
		powershell_put_line(&p->out, indent, buf_str(&p->text), true);
	buf_clear(&p->text);
}

static void put_quoted(struct plan *p, struct str value)
{
	put(p, " '");
	powershell_put_quoted(&p->out, value);
	put(p, "'");
}

/* ---- which row ------------------------------------------------------------------------------ */

static bool integer_parameter(const struct run_control *c, struct str name, int64_t *out)
{
	for (size_t i = 0; i < c->parameter_count; i++)
		if (str_eq(c->parameters[i].name, name) &&
			c->parameters[i].kind == RUN_PARAMETER_INTEGER) {
			*out = c->parameters[i].number;
			return true;
		}
	return false;
}

static bool row_fits(const struct remedy *m, const struct run_control *c)
{
	int64_t length = 0;

	if (!str_eq(c->id, str_of(m->control)))
		return false;
	if (!(m->flags & (SHORT | LONG)))
		return true;
	integer_parameter(c, STR("min_length"), &length);
	return (length > DOMAIN_POLICY_LENGTH) == ((m->flags & LONG) != 0);
}

/* The first row of the control; of those that change something when `running`. */
static const struct remedy *row_of(const struct run_control *c, bool running)
{
	for (size_t i = 0; i < ARRAY_LEN(remedies); i++)
		if (row_fits(&remedies[i], c) && (!running || remedies[i].run))
			return &remedies[i];
	return NULL;
}

bool powershell_mends(const struct run_control *c)
{
	return row_of(c, true) != NULL;
}

static const struct remedy *row_for(
	const struct remedy *first, const struct run_control *c, const struct run_object *o)
{
	const struct remedy *end = remedies + ARRAY_LEN(remedies);

	for (const struct remedy *m = first; m < end && strcmp(m->control, first->control) == 0;
		m++)
		if (row_fits(m, c) && (!m->kind || str_eq(o->kind, str_of(m->kind))))
			return m;
	return NULL;
}

/* ---- templates ------------------------------------------------------------------------------ */

struct scope {
	const struct run *run;
	const struct run_control *control;
	const struct run_object *object; /* NULL: for the control as a whole */
	struct str value;
};

static struct str evidence_of(const struct run_object *o, struct str key)
{
	for (size_t i = 0; i < o->evidence_count; i++)
		if (str_eq(o->evidence[i].key, key) && o->evidence[i].count)
			return o->evidence[i].values[0];
	return NO_VALUE;
}

static struct str identity_of(const struct run_object *o)
{
	return o->guid.n ? o->guid : o->sid;
}

static struct str host_of(const struct run_object *o)
{
	struct str name = o->name;

	if (name.n && name.p[name.n - 1] == '$')
		name.n--;
	return name;
}

static struct str domain_sid_of(const struct scope *s)
{
	for (size_t i = 0; i < s->run->domain_count; i++)
		if (str_eq(s->run->domains[i].dns, s->object->domain))
			return s->run->domains[i].sid;
	return NO_VALUE;
}

static struct str field_of(const struct scope *s, struct str name)
{
	const struct run_object *o = s->object;

	if (str_eq(name, STR("forest")))
		return s->run->forest;
	if (!o)
		return str_eq(name, STR("domain")) && s->run->domain_count ? s->run->domains[0].dns
									   : NO_VALUE;
	if (str_eq(name, STR("id")))
		return identity_of(o);
	if (str_eq(name, STR("dn")))
		return o->dn;
	if (str_eq(name, STR("name")))
		return o->name;
	if (str_eq(name, STR("host")))
		return host_of(o);
	if (str_eq(name, STR("domain")))
		return o->domain;
	if (str_eq(name, STR("domain_sid")))
		return domain_sid_of(s);
	if (str_eq(name, STR("value")))
		return s->value;
	return evidence_of(o, name);
}

static const struct run_control *control_of(const struct run *r, struct str id)
{
	for (size_t i = 0; i < r->control_count; i++)
		if (str_eq(r->controls[i].id, id))
			return &r->controls[i];
	return NULL;
}

/* "min_days|1", "hyg_password_history.min_count|24": the default where the run has no such number.
 */
static void put_number(struct buf *out, const struct scope *s, struct str what)
{
	struct str fallback, name = str_cut(what, '|', &fallback), parameter;
	struct str control = str_cut(name, '.', &parameter);
	const struct run_control *c = parameter.p ? control_of(s->run, control) : s->control;
	int64_t number;

	if (c && integer_parameter(c, parameter.p ? parameter : name, &number))
		buf_printf(out, "%" PRId64, number);
	else
		buf_put_str(out, fallback);
}

/* "{field} and text" between quotes; false when a field is empty. */
static bool put_string(struct buf *out, const struct scope *s, struct str content)
{
	buf_putc(out, '\'');
	while (content.p) {
		struct str rest, text = str_cut(content, '{', &rest), value;

		buf_put_str(out, text);
		if (!rest.p)
			break;
		value = field_of(s, str_cut(rest, '}', &content));
		if (!value.n)
			return false;
		powershell_put_quoted(out, value);
	}
	buf_putc(out, '\'');
	return true;
}

static size_t find(struct str s, const char *word)
{
	size_t n = strlen(word), at = 0;

	while (at + n <= s.n && memcmp(s.p + at, word, n) != 0)
		at++;
	return at + n <= s.n ? at : s.n;
}

/* Appends one line of a template; false when a field that it needs is empty. */
static bool expand(struct buf *out, const struct scope *s, struct str line)
{
	while (line.n) {
		size_t string = find(line, "<<"), number = find(line, "{#");
		size_t start = string < number ? string : number, end;
		bool is_string = string < number;

		buf_put(out, line.p, start);
		if (start == line.n)
			return true;
		line.p += start + 2;
		line.n -= start + 2;
		end = find(line, is_string ? ">>" : "}");
		assert(end < line.n);
		if (!is_string)
			put_number(out, s, (struct str){ line.p, end });
		else if (!put_string(out, s, (struct str){ line.p, end }))
			return false;
		end += is_string ? 2 : 1;
		line.p += end;
		line.n -= end;
	}
	return true;
}

static const struct run_evidence *values_of(const struct run_object *o, struct str key)
{
	for (size_t i = 0; key.n && i < o->evidence_count; i++)
		if (str_eq(o->evidence[i].key, key))
			return &o->evidence[i];
	return NULL;
}

/* "?REASON|command": takes the condition off the line; false: the finding has another reason. */
static bool line_fits(const struct scope *s, struct str *line)
{
	const struct run_evidence *e = s->object ? values_of(s->object, STR("reason")) : NULL;
	struct str reason;

	if (!str_starts(*line, STR("?")))
		return true;
	reason = str_cut((struct str){ line->p + 1, line->n - 1 }, '|', line);
	for (size_t i = 0; e && i < e->count; i++)
		if (str_eq(e->values[i], reason))
			return true;
	return false;
}

/* The lines of a template as comments; a line that lacks a field is left out. */
static void put_shown(struct plan *p, const struct scope *s, unsigned indent, const char *template)
{
	struct str rest = str_of(template);

	while (rest.p) {
		struct str line = str_cut(rest, '\n', &rest);

		if (!line_fits(s, &line))
			continue;
		if (s->object)
			buf_putz(&p->line, "  ");
		if (expand(&p->line, s, line))
			powershell_put_line(
				&p->out, indent, buf_str(&p->line), str_contains(line, STR("<<")));
		buf_clear(&p->line);
	}
}

/* ---- a finding ------------------------------------------------------------------------------ */

/* Invoke-Change 'id' 'domain' 'dn' { command }; false when a field is missing. */
static bool put_command(struct plan *p, const struct scope *s, const struct remedy *m)
{
	const struct run_object *o = s->object;
	bool whole = identity_of(o).n && expand(&p->line, s, str_of(m->run));

	if (whole) {
		put(p, "    Invoke-Change");
		put_quoted(p, identity_of(o));
		put_quoted(p, o->domain);
		put_quoted(p, o->dn);
		put(p, " { ");
		buf_put_str(&p->out, buf_str(&p->line));
		put(p, " }" POWERSHELL_LINE_END);
	}
	buf_clear(&p->line);
	return whole;
}

/* A list that was cut: its whole number stands beside it as "count". */
static void put_rest(
	struct plan *p, const struct run_object *o, const struct run_evidence *e, struct str total)
{
	uint64_t n;

	if (!e || !str_to_u64(total, &n) || n <= e->count)
		return;
	put(p, "    Show-Rest");
	put_quoted(p, o->dn);
	buf_printf(&p->out, " '%zu' '%" PRIu64 "'" POWERSHELL_LINE_END, e->count, n);
}

static const struct run_evidence *each_of(const struct run_object *o, const struct remedy *m)
{
	return m->each ? values_of(o, str_of(m->each)) : NULL;
}

/* False when a value, or all of them, could not be made a command. */
static bool put_commands(struct plan *p, struct scope *s, const struct remedy *m)
{
	const struct run_evidence *e = each_of(s->object, m);
	bool all = !m->each ? put_command(p, s, m) : e && e->count;

	for (size_t i = 0; e && i < e->count; i++) {
		if (i && str_eq(e->values[i], e->values[i - 1]))
			continue;
		s->value = e->values[i];
		all = put_command(p, s, m) && all;
	}
	s->value = NO_VALUE;
	put_rest(p, s->object, e, evidence_of(s->object, STR("count")));
	return all;
}

/* Commands for people: of a row that runs something, once; else for each value. */
static void put_shown_commands(
	struct plan *p, struct scope *s, const struct remedy *m, unsigned indent)
{
	const struct run_evidence *e = m->run ? NULL : each_of(s->object, m);

	if (!m->show)
		return;
	if (m->run || !m->each)
		put_shown(p, s, indent, m->show);
	for (size_t i = 0; e && i < e->count; i++) {
		if (i && str_eq(e->values[i], e->values[i - 1]))
			continue;
		s->value = e->values[i];
		put_shown(p, s, indent, m->show);
	}
}

static bool has_rid(struct str sid, struct str rid)
{
	return sid.n > rid.n && str_eq((struct str){ sid.p + sid.n - rid.n, rid.n }, rid);
}

/* What the domain rests on, as far as a run tells: the built-in account, krbtgt, a domain
 * controller, the computer of Microsoft Entra's single sign-on. The script itself looks at the
 * flags too. */
static bool is_vital(const struct run_object *o)
{
	return has_rid(o->sid, STR("-500")) || has_rid(o->sid, STR("-502")) ||
	       str_istarts(o->name, STR("krbtgt")) || str_ieq(o->name, STR("AZUREADSSOACC$")) ||
	       (str_eq(o->kind, STR("computer")) &&
		       str_contains(o->dn, STR(",OU=Domain Controllers,DC=")));
}

static void put_spared(struct plan *p, const struct run_object *o, unsigned indent)
{
	buf_put_str(&p->text, o->dn);
	buf_putz(&p->text, " – ");
	words_text(&p->text, TEXT_ps1_spared, p->lang);
	put_outside(p, indent);
	flush(p);
}

static void put_finding(struct plan *p, const struct run_control *c, const struct run_object *o,
	const struct remedy *first, unsigned indent)
{
	const struct remedy *m = row_for(first, c, o);
	struct scope s = { p->run, c, o, NO_VALUE };

	if (!m || !(m->run || m->show || m->flags & EVIDENCE))
		return;
	if (m->flags & SPARE && is_vital(o)) {
		put_spared(p, o, indent);
		return;
	}
	if (!m->run || !put_commands(p, &s, m)) {
		buf_put_str(&p->text, o->dn);
		put_outside(p, indent);
	}
	if (m->flags & EVIDENCE) {
		words_evidence(&p->text, o, p->lang);
		put_outside(p, indent);
	}
	put_shown_commands(p, &s, m, indent);
	flush(p);
}

/* ---- a control ------------------------------------------------------------------------------ */

static void put_rule(struct plan *p)
{
	put(p, "# ");
	for (int i = 0; i < 98; i++)
		put(p, "-");
	put(p, POWERSHELL_LINE_END);
}

/* "Risque : …"; nothing when there is no text. */
static void put_labelled(struct plan *p, enum text_id label, struct str content)
{
	if (!content.n)
		return;
	words_text(&p->text, label, p->lang);
	words_text(&p->text, TEXT_colon, p->lang);
	buf_put_str(&p->text, content);
	put_text(p, 0);
}

static void put_heading(
	struct plan *p, size_t rank, const struct run_control *c, const struct remedy *m)
{
	const char *note = m->note[p->lang == LANG_EN];

	put(p, POWERSHELL_LINE_END);
	put_rule(p);
	buf_printf(&p->text, "%zu. ", rank);
	buf_put_str(&p->text, words_of(&c->title, p->lang));
	put_text(p, 0);
	buf_printf(&p->text, "%.*s – ", STR_ARG(c->id));
	words_number(&p->text, TEXT_ps1_level, p->lang, (uint64_t)c->failed_level);
	buf_putz(&p->text, " – ");
	words_number(&p->text, TEXT_summary_objects, p->lang, c->count);
	put_text(p, 0);
	put(p, "#" POWERSHELL_LINE_END);
	put_labelled(p, TEXT_fix, words_of(&c->fix, p->lang));
	words_setters(&p->text, c, p->lang);
	put_outside(p, 0);
	if (c->change) {
		put_labelled(p, TEXT_change_risk, words_of(&c->change->risk, p->lang));
		put_labelled(p, TEXT_change_test, words_of(&c->change->test, p->lang));
		put_labelled(p, TEXT_change_back, words_of(&c->change->back, p->lang));
	}
	if (note)
		put_labelled(p, TEXT_ps1_attention, str_of(note));
	put_rule(p);
}

static void open_block(struct plan *p, const struct run_control *c, const struct remedy *m)
{
	put(p, "if (Enter-Control -Id");
	put_quoted(p, c->id);
	put(p, " -Title");
	put_quoted(p, words_of(&c->title, p->lang));
	buf_printf(&p->out, " -Count %" PRIu64 " -Properties %s", c->count, m->properties);
	if (m->flags & CONFIRM)
		put(p, " -Destructive");
	put(p, ") {" POWERSHELL_LINE_END);
}

static int put_control(struct plan *p, size_t rank, const struct run_control *c, struct err *err)
{
	const struct remedy *first = row_of(c, false), *running = row_of(c, true);
	struct scope whole = { p->run, c, NULL, NO_VALUE };
	int rc = 0;

	put_heading(p, rank, c, first);
	if (first->once)
		put_shown(p, &whole, 0, first->once);
	if (running)
		open_block(p, c, running);
	for (size_t i = 0; i < c->object_count && !rc; i++) {
		if (!c->objects[i].waived)
			put_finding(p, c, &c->objects[i], first, running ? 4 : 0);
		rc = writing_step(p->writing, err);
	}
	if (running)
		put(p, "}" POWERSHELL_LINE_END);
	return rc;
}

static int put_controls(struct plan *p, struct err *err)
{
	for (size_t i = 0; i < p->run->action_count; i++) {
		const struct run_control *c = p->run->actions[i].control;

		if (c->count && row_of(c, false) && put_control(p, i + 1, c, err))
			return err->code;
	}
	return 0;
}

/* What no command mends. */
static void put_left(struct plan *p)
{
	bool begun = false;

	for (size_t i = 0; i < p->run->action_count; i++) {
		const struct run_control *c = p->run->actions[i].control;

		if (!c->count || row_of(c, false))
			continue;
		if (!begun) {
			put(p, POWERSHELL_LINE_END);
			put_rule(p);
			words_text(&p->text, TEXT_ps1_left, p->lang);
			put_text(p, 0);
			begun = true;
		}
		buf_printf(&p->text, "%.*s – ", STR_ARG(c->id));
		buf_put_str(&p->text, words_of(&c->title, p->lang));
		put_outside(p, 0);
	}
	if (begun)
		put_rule(p);
}

/* ---- the script ----------------------------------------------------------------------------- */

static void put_origin(struct plan *p)
{
	const struct run *r = p->run;

	words_subject(&p->text, r, p->lang);
	put_outside(p, 0);
	buf_printf(&p->text, "adhygiene %.*s, catalogue %.*s, ", STR_ARG(r->tool_version),
		STR_ARG(r->catalogue_version));
	words_text(&p->text, TEXT_method_policy, p->lang);
	words_text(&p->text, TEXT_colon, p->lang);
	buf_printf(&p->text, "%.*s (SHA-256 %.*s)", STR_ARG(r->policy_name),
		STR_ARG(r->policy_sha256));
	put_outside(p, 0);
}

/* The forest, and the controls that -Control may name. */
static void put_known(struct plan *p)
{
	put(p, "$Forest =");
	put_quoted(p, p->run->forest);
	put(p, POWERSHELL_LINE_END "$Known = @(" POWERSHELL_LINE_END);
	for (size_t i = 0; i < p->run->action_count; i++) {
		const struct run_control *c = p->run->actions[i].control;

		if (!c->count || !row_of(c, true))
			continue;
		put(p, "   ");
		put_quoted(p, c->id);
		put(p, POWERSHELL_LINE_END);
	}
	put(p, ")" POWERSHELL_LINE_END);
}

/* A line of the asset: for one language, a place for what the run says, or as it stands. */
static int put_asset_line(struct plan *p, struct str line, struct err *err)
{
	struct str other = p->lang == LANG_EN ? STR("fr|") : STR("en|");

	if (str_starts(line, other))
		return 0;
	if (str_eq(line, STR("origin|"))) {
		put_origin(p);
	} else if (str_eq(line, STR("known|"))) {
		put_known(p);
	} else if (str_eq(line, STR("plan|"))) {
		if (put_controls(p, err))
			return err->code;
		put_left(p);
	} else {
		if (str_starts(line, STR("fr|")) || str_starts(line, STR("en|")))
			line = (struct str){ line.p + 3, line.n - 3 };
		buf_put_str(&p->out, line);
		put(p, POWERSHELL_LINE_END);
	}
	flush(p);
	return 0;
}

static int put_script(struct plan *p, struct err *err)
{
	const struct embedded_file *asset = &powershell_assets[0];
	struct str rest = { (const char *)asset->bytes, asset->size };

	put(p, "\xEF\xBB\xBF");
	while (rest.n)
		if (put_asset_line(p, str_cut(rest, '\n', &rest), err))
			return err->code;
	return 0;
}

int powershell_report_write(
	const struct run *r, const struct report_options *o, const char *path, struct err *err)
{
	struct writing x = writing_begin(r, o);
	struct plan p = {
		.f = platform_create(path, err), .run = r, .lang = o->lang, .writing = &x
	};
	int rc = p.f ? put_script(&p, err) : err->code;

	writing_end(&x);
	buf_free(&p.out);
	buf_free(&p.line);
	buf_free(&p.text);
	if (!p.f)
		return rc;
	if (rc)
		fclose(p.f);
	else
		rc = platform_finish(p.f, path, err);
	if (rc)
		platform_remove(path);
	return rc;
}
