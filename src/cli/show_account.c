/* show: who an object is, on one screen: its password and policy, tier, privilege, second factor,
 * last use, and who controls it. What is not known is said, never left out. */
#include "cli/show.h"

#include "ad/uac.h"
#include "base/datetime.h"
#include "model/privilege.h"
#include "reports/words.h"

#include <inttypes.h>

#define GROUPS_SHOWN 64
#define WAYS_SHOWN 8
#define CONTROLLERS_SHOWN 20
#define STEPS_SHOWN 64
#define LABEL 24 /* columns */

static const char *tri_text(const struct show *s, enum tri t)
{
	return t == YES	 ? show_say(s, "oui", "yes")
	       : t == NO ? show_say(s, "non", "no")
			 : show_say(s, "non évalué", "not evaluated");
}

/* "  Label            " and nothing behind it; a column is a character, not a byte. */
static void label(const struct show *s, const char *fr, const char *en)
{
	const char *text = show_say(s, fr, en);
	int width = 0;

	for (const char *p = text; *p; p++)
		width += ((unsigned char)*p & 0xc0) != 0x80;
	printf("  %s%*s", text, width < LABEL ? LABEL - width : 1, "");
}

static void section(const struct show *s, const char *fr, const char *en)
{
	printf("\n%s\n", show_say(s, fr, en));
}

static void put_code(const struct show *s, enum code_group group, const char *code)
{
	struct buf words = { 0 };

	words_code(&words, group, str_of(code), s->cli->lang);
	printf("%s", buf_z(&words));
	buf_free(&words);
}

static void put_not_evaluated(const struct show *s, const char *reason)
{
	printf("%s", show_say(s, "non évalué", "not evaluated"));
	if (reason) {
		printf(" (");
		put_code(s, CODE_REASON, reason);
		putchar(')');
	}
}

/* "2026-03-01, 265 days ago" */
static void put_date(const struct show *s, int64_t seconds)
{
	char date[DATETIME_TEXT];
	int64_t days = (model_now(s->model) - seconds) / SECONDS_PER_DAY;

	printf("%.10s", datetime_iso(seconds, date));
	if (days > 0)
		printf("%s%" PRId64 "%s", show_say(s, ", il y a ", ", "), days,
			show_say(s, " j", " days ago"));
}

/* ---- who it is ------------------------------------------------------------------------------ */

static bool is_account(const struct ad_object *o)
{
	return o->kind == AD_USER || o->kind == AD_COMPUTER || o->kind == AD_MSA;
}

static bool is_principal(const struct ad_object *o)
{
	return is_account(o) || o->kind == AD_GROUP;
}

static void print_populations(const struct show *s)
{
	bool any = false;

	for (int p = 0; p < POPULATION_COUNT; p++) {
		enum policy_population population = (enum policy_population)p;
		enum tri in = object_in_population(s->model, s->object, population);

		/* Of a group whose members were not all read, it may be one. */
		if (in == NO && model_population_unresolved(s->model, population))
			in = UNKNOWN;
		if (!model_population_declared(s->model, population) || in == NO)
			continue;
		if (!any)
			label(s, "populations", "populations");
		printf("%s%s%s", any ? ", " : "", policy_population_name(population),
			in == UNKNOWN ? show_say(s, " (non évalué)", " (not evaluated)") : "");
		any = true;
	}
	if (any)
		putchar('\n');
}

static void print_identity(const struct show *s)
{
	const struct ad_object *o = s->object;
	char sid[SID_TEXT];

	printf("%.*s\n", STR_ARG(o->dn));
	label(s, "nature", "kind");
	put_code(s, CODE_KIND, ad_kind_name(o->kind));
	if (o->name.n)
		printf(", %.*s", STR_ARG(o->name));
	putchar('\n');
	if (!sid_is_none(&o->sid)) {
		label(s, "SID", "SID");
		printf("%s\n", sid_text(&o->sid, sid));
	}
	if (is_account(o)) {
		label(s, "activé", "enabled");
		printf("%s\n", tri_text(s, account_enabled(s->model, o)));
		print_populations(s);
	}
}

static void print_last_use(const struct show *s)
{
	struct logon l = account_last_logon(s->model, s->object);
	char date[DATETIME_TEXT];

	label(s, "dernière utilisation", "last use");
	if (l.state == LOGON_UNKNOWN)
		put_not_evaluated(s, NULL);
	else if (l.state == LOGON_NEVER)
		printf("%s", show_say(s, "jamais", "never"));
	else
		put_date(s, l.at);
	if (l.state == LOGON_AT && l.latest > l.at && model_now(s->model) > l.at) {
		int64_t now = model_now(s->model);

		printf(" (%s %.10s)", show_say(s, "au plus tard le", "at the latest"),
			datetime_iso(l.latest < now ? l.latest : now, date));
	}
	if (l.state != LOGON_UNKNOWN && !l.complete)
		printf("%s", show_say(s, " (vu d'un seul contrôleur de domaine)",
				     " (as one domain controller saw it)"));
	putchar('\n');
}

/* ---- password ------------------------------------------------------------------------------- */

static void print_password_date(const struct show *s)
{
	int64_t set = obj_time(s->object, ATTR_PWD_LAST_SET);
	uint32_t flags = obj_u32(s->object, ATTR_USER_ACCOUNT_CONTROL);

	label(s, "mot de passe", "password");
	if (set != INT64_MIN)
		put_date(s, set);
	else if (obj_has(s->object, ATTR_PWD_LAST_SET))
		printf("%s", show_say(s, "à changer à la prochaine connexion, ou jamais défini",
				     "to be changed at the next logon, or never set"));
	else
		put_not_evaluated(s, NULL);
	if (flags & UAC_DONT_EXPIRE_PASSWORD)
		printf("%s", show_say(s, ", n'expire jamais", ", never expires"));
	if (flags & UAC_PASSWD_NOTREQD)
		printf("%s", show_say(s, ", non exigé", ", not required"));
	putchar('\n');
}

static void print_policy(const struct show *s)
{
	struct password_policy p = account_password_policy(s->model, s->object);

	if (p.source == POLICY_NONE)
		return;
	label(s, "politique appliquée", "effective policy");
	if (p.source == POLICY_UNKNOWN) {
		put_not_evaluated(s, p.reason);
		putchar('\n');
		return;
	}
	if (p.source == POLICY_PSO)
		printf("PSO: %.*s", STR_ARG(p.pso_dn));
	else
		printf("%s", show_say(s, "celle du domaine", "the domain's"));
	putchar('\n');
	label(s, "", "");
	printf("%s %d%s, %s %s, ", show_say(s, "longueur minimale", "minimum length"), p.min_length,
		p.not_required ? " (PASSWD_NOTREQD)" : "", show_say(s, "complexité", "complexity"),
		p.complexity ? show_say(s, "oui", "yes") : show_say(s, "non", "no"));
	if (p.max_age)
		printf("%s %" PRId64 " %s\n", show_say(s, "durée maximale", "maximum age"),
			p.max_age / SECONDS_PER_DAY, show_say(s, "jours", "days"));
	else
		printf("%s\n", show_say(s, "sans durée maximale", "no maximum age"));
}

static void print_leak(const struct show *s)
{
	struct leak leak;
	const char *reason = NULL;

	if (!model_leaks_declared(s->model))
		return;
	leak = account_leak(s->model, s->object);
	if (leak.state == LEAK_NONE)
		return;
	label(s, "fuite", "leak");
	if (leak.state == LEAK_LISTED && leak.from != INT64_MIN)
		put_date(s, leak.from);
	else
		printf("%s", show_say(s, "date inconnue", "no date known"));
	printf("%s%s\n",
		show_say(s, ", mot de passe inchangé depuis : ", ", password unchanged since: "),
		tri_text(s, leaked_password_kept(s->model, s->object, &leak, &reason)));
}

/* ---- second factor -------------------------------------------------------------------------- */

static void put_count(const struct show *s, uint32_t n, const char *fr, const char *en, bool *any)
{
	if (!n)
		return;
	printf("%s%" PRIu32 " %s", *any ? ", " : "", n, show_say(s, fr, en));
	*any = true;
}

static void print_keys(const struct show *s)
{
	struct account_keys k = account_keys(s->model, s->object);
	bool any = false;

	if (k.readable && !obj_has(s->object, ATTR_MSDS_KEY_CREDENTIAL_LINK))
		return;
	label(s, "clés", "keys");
	if (!k.readable)
		put_not_evaluated(s, NULL);
	put_count(s, k.ngc, "Windows Hello", "Windows Hello", &any);
	put_count(s, k.fido, "FIDO2", "FIDO2", &any);
	put_count(s, k.unconfirmed, "d'un appareil inconnu", "of a device that nobody knows", &any);
	put_count(s, k.single_factor, "à un seul facteur", "of a single factor", &any);
	put_count(s, k.other, "sans rapport avec la connexion", "not for logging on", &any);
	put_count(s, k.malformed, "illisibles", "malformed", &any);
	putchar('\n');
}

static void print_mfa(const struct show *s)
{
	struct mfa mfa = account_mfa(s->model, s->object);

	label(s, "second facteur", "second factor");
	printf("%s %s, %s ", show_say(s, "exigé", "required"), tri_text(s, mfa.required),
		show_say(s, "en place", "in place"));
	if (!mfa.declared)
		put_not_evaluated(s, "mfa_evidence_not_declared");
	else if (mfa.covered == UNKNOWN)
		put_not_evaluated(s, mfa.reason);
	else
		printf("%s", tri_text(s, mfa.covered));
	if (mfa.covered == YES)
		printf(" (%.*s)", STR_ARG(mfa.evidence));
	if (mfa.weak.n)
		printf("%s%.*s", show_say(s, ", facteur faible : ", ", weak factor: "),
			STR_ARG(mfa.weak));
	if (mfa.excluded == YES)
		printf("%s%.*s", show_say(s, ", exclu : ", ", excepted: "), STR_ARG(mfa.exclusion));
	else if (mfa.excluded == UNKNOWN)
		printf("%s%s", show_say(s, ", exclu : ", ", excepted: "), tri_text(s, UNKNOWN));
	putchar('\n');
	print_keys(s);
}

/* ---- tier and privilege --------------------------------------------------------------------- */

static void print_tier(const struct show *s)
{
	const struct ad_object *group;
	const char *reason = NULL;
	int tier = object_tier(s->model, s->object);

	label(s, "Tier", "tier");
	if (is_principal(s->object) && !object_tier_known(s->model, s->object, &reason)) {
		put_not_evaluated(s, reason);
		putchar('\n');
		return;
	}
	if (tier == TIER_NONE) {
		printf("%s\n", show_say(s, "aucun", "none"));
		return;
	}
	printf("%d", tier);
	group = object_tier_group(s->model, s->object, tier);
	if (group)
		printf("%s%.*s", show_say(s, ", par le groupe ", ", by the group "),
			STR_ARG(group->name));
	else if (object_in_tier_units(s->model, s->object, tier))
		printf("%s", show_say(s, ", par son unité", ", by its unit"));
	else if (account_privileged(s->model, s->object) == YES)
		printf("%s", show_say(s, ", compte privilégié", ", a privileged account"));
	else
		printf("%s", show_say(s, ", nommé par la politique", ", named by the policy"));
	putchar('\n');
}

static void print_way(const struct show *s, const struct privilege_path *way)
{
	const struct ad_object *groups[GROUPS_SHOWN];
	size_t n = privilege_path_groups(s->model, way, groups, GROUPS_SHOWN);

	label(s, "", "");
	for (size_t i = 0; i < n; i++)
		printf("%s%.*s", i ? " > " : "", STR_ARG(groups[i]->name));
	printf("%s%s\n", way->primary ? show_say(s, " (groupe principal)", " (primary group)") : "",
		way->everybody
			? show_say(s, " (tout le monde en est membre)", " (everybody is a member)")
			: "");
}

static void print_privilege(const struct show *s)
{
	struct privilege_path ways[WAYS_SHOWN];
	const char *reason = NULL;
	enum tri privileged = account_privileged(s->model, s->object);
	size_t n = privilege_paths(s->model, s->object, ways, WAYS_SHOWN);

	if (privileged == NO && model_privileged_complete(s->model, &reason) != YES)
		privileged = UNKNOWN;
	label(s, "privilégié", "privileged");
	if (privileged == UNKNOWN)
		put_not_evaluated(s, reason ? reason : "privilege_not_readable");
	else
		printf("%s%s", tri_text(s, privileged),
			privileged == YES && !n ? " (RID 500)" : "");
	putchar('\n');
	for (size_t i = 0; i < n && i < WAYS_SHOWN; i++)
		print_way(s, &ways[i]);
	if (n > WAYS_SHOWN) {
		label(s, "", "");
		printf("%s %zu\n", show_say(s, "… et encore", "… and more:"), n - WAYS_SHOWN);
	}
}

static void print_hidden_admin(const struct show *s)
{
	const struct hidden_admin *h = hidden_admin_of(s->model, s->object);
	const char *reason = hidden_admins(s->model)->reason;
	struct buf line = { 0 };

	if (!h && (!reason || !is_principal(s->object) ||
			  account_privileged(s->model, s->object) == YES))
		return;
	label(s, "administrateur caché", "hidden administrator");
	if (h)
		words_path(
			&line, graph_text(&s->cli->arena, h->steps, h->step_count), s->cli->lang);
	else
		put_not_evaluated(s, reason);
	printf("%s\n", buf_z(&line));
	buf_free(&line);
}

static void print_groups(const struct show *s)
{
	const struct ad_object *const *groups;
	size_t n = object_groups(s->model, s->object, &groups);

	section(s, "Groupes directs", "Direct groups");
	for (size_t i = 0; i < n && i < GROUPS_SHOWN; i++)
		printf("  %.*s (%.*s)\n", STR_ARG(groups[i]->name), STR_ARG(groups[i]->dn));
	if (n > GROUPS_SHOWN)
		printf("  %s %zu\n", show_say(s, "… et encore", "… and more:"), n - GROUPS_SHOWN);
	if (!n)
		printf("  %s\n", show_say(s, "aucun de lu", "none was read"));
}

/* ---- who controls it ------------------------------------------------------------------------ */

static void print_path(const struct show *s, struct buf *line, const struct graph_principal *p)
{
	struct graph_step steps[STEPS_SHOWN];
	size_t n = graph_steps(s->model, p->node, steps, STEPS_SHOWN);

	buf_clear(line);
	words_path(line, graph_text(&s->cli->arena, steps, n), s->cli->lang);
	printf("  %s%s\n", buf_z(line), p->steps > n ? " → …" : "");
}

/* Everybody outside tier 0 with a way to the object, each with the shortest. */
static void print_controllers(const struct show *s)
{
	struct graph_reach r = graph_reach(s->model, s->object);
	const char *reason = NULL;
	struct buf line = { 0 };

	section(s, "Qui le contrôle, hors Tier 0", "Who controls it, outside tier 0");
	for (size_t i = 0; i < r.count && i < CONTROLLERS_SHOWN; i++)
		print_path(s, &line, &r.principals[i]);
	if (r.count > CONTROLLERS_SHOWN)
		printf("  %s %zu\n", show_say(s, "… et encore", "… and more:"),
			r.count - CONTROLLERS_SHOWN);
	if (graph_known(s->model, s->object, &reason) != YES) {
		buf_clear(&line);
		words_code(&line, CODE_REASON, str_of(reason), s->cli->lang);
		printf("  %s%s\n", show_say(s, "non évalué en entier : ", "not evaluated whole: "),
			buf_z(&line));
	} else if (!r.count && !r.in_part) {
		printf("  %s\n", show_say(s, "personne", "nobody"));
	}
	if (r.in_part) {
		label(s, "", "");
		put_not_evaluated(s, "paths_in_part");
		putchar('\n');
	}
	buf_free(&line);
}

void show_summary(struct show *s)
{
	print_identity(s);
	if (is_account(s->object)) {
		print_last_use(s);
		print_password_date(s);
		print_policy(s);
		print_leak(s);
		if (s->object->kind == AD_USER)
			print_mfa(s);
	}
	print_tier(s);
	if (is_principal(s->object))
		print_privilege(s);
	print_hidden_admin(s);
	print_groups(s);
	print_controllers(s);
}
