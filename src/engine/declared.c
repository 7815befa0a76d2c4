/* What the policy declares that a control is measured by beside its parameters: who is in a
 * population or a tier, what proves a second factor, a filter. Two runs whose hashes differ looked
 * for other objects. */
#include "engine/internal.h"

#include "base/buf.h"
#include "base/sha256.h"

#define SECTIONS_MAX 10
#define DIGITS 16

/* Controls whose id is, or begins with, id, and the keys of the policy that they read, themselves
 * or through the model. tests/cli/test_declared.py changes each key and looks for others. */
static const struct {
	const char *id;
	const char *sections[SECTIONS_MAX]; /* ends with NULL */
} rows[] = {
	{ "hyg_admin_not_dedicated", { "admin_accounts", "service_accounts", "tiers" } },
	{ "hyg_backup_", { "backup", "service_accounts", "tiers" } },
	{ "hyg_disabled_remote_access", { "remote_access" } },
	{ "hyg_external_dormant", { "external", "service_accounts" } },
	{ "hyg_external_no_expiry", { "external" } },
	{ "hyg_external_no_mfa", { "external", "mfa", "remote_access" } },
	{ "hyg_external_privileged", { "external", "tiers" } },
	{ "hyg_hr_", { "admin_accounts", "backup", "biomedical", "external", "hr", "hypervisor",
			     "service_accounts", "shared_accounts" } },
	{ "hyg_hypervisor_", { "hypervisor", "tiers" } },
	{ "hyg_identity_",
		{ "admin_accounts", "identity", "service_accounts", "shared_accounts" } },
	{ "hyg_leaked_not_changed", { "leaks", "remote_access" } },
	{ "hyg_manager_left", { "hr" } },
	{ "hyg_mfa_", { "mfa", "remote_access", "tiers" } },
	{ "hyg_never_logged_on", { "external" } },
	{ "hyg_obsolete_", { "biomedical" } },
	{ "hyg_password_forced_renewal", { "service_accounts" } },
	{ "hyg_password_length_users", { "service_accounts" } },
	{ "hyg_password_service_accounts", { "service_accounts" } },
	{ "hyg_privileged_never_used", { "external", "service_accounts" } },
	{ "hyg_privileged_service", { "service_accounts" } },
	{ "hyg_privileged_shared", { "shared_accounts" } },
	{ "hyg_privileged_stale", { "external", "service_accounts" } },
	{ "hyg_shared_accounts", { "shared_accounts" } },
	{ "hyg_stale_service_accounts", { "external", "service_accounts" } },
	{ "hyg_stale_users", { "external", "service_accounts" } },
	{ "hyg_tier", { "admin_accounts", "service_accounts", "tiers" } },
};

/* Derived attributes of a filter (custom.c). */
static const char *const derived_sections[] = { "mfa", "remote_access", "tiers", NULL };

/* Where a list lies, when it was exported and why somebody is excepted measure nothing; an export
 * of another day is what is measured. */
static bool is_measure(struct str key)
{
	static const char *const others[] = { ".csv", ".file", ".exported", ".reason" };

	for (size_t i = 0; i < ARRAY_LEN(others); i++) {
		struct str end = str_of(others[i]);

		if (key.n > end.n && str_eq((struct str){ key.p + key.n - end.n, end.n }, end))
			return false;
	}
	return true;
}

static bool is_in(struct str key, const char *section)
{
	struct str s = str_of(section);

	return str_starts(key, s) && (key.n == s.n || key.p[s.n] == '.' || key.p[s.n] == '[');
}

static void put_sections(
	struct buf *b, const struct evaluation *e, const char *const *sections, size_t count)
{
	for (size_t s = 0; s < count && sections[s]; s++)
		for (size_t i = 0; i < e->value_count; i++) {
			const struct policy_value *v = &e->values[i];

			if (!is_in(v->key, sections[s]))
				continue;
			buf_printf(b, "%.*s=%.*s\n", STR_ARG(v->key),
				is_measure(v->key) ? (int)v->value.n : 0, v->value.p);
		}
}

static bool put_control(struct buf *b, const struct evaluation *e, struct str id)
{
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		if (str_starts(id, str_of(rows[i].id))) {
			put_sections(b, e, rows[i].sections, SECTIONS_MAX);
			return true;
		}
	return false;
}

static void put_custom(struct buf *b, const struct evaluation *e, const struct custom_control *c)
{
	buf_printf(b, "%.*s\n%.*s\n", STR_ARG(c->each), STR_ARG(c->filter));
	if (str_contains(c->filter, STR("x-")) || str_contains(c->filter, STR("X-")))
		put_sections(b, e, derived_sections, ARRAY_LEN(derived_sections));
}

struct str control_declared(const struct evaluation *e, const struct control *c)
{
	struct buf b = { 0 };
	struct str hash = { 0 };
	struct err err;
	char hex[65];
	bool reads = c->custom != NULL;

	if (c->custom)
		put_custom(&b, e, c->custom);
	else
		reads = put_control(&b, e, c->id);
	if (reads && sha256_hex((struct str[]){ buf_str(&b) }, 1, hex, &err) == 0)
		hash = arena_str(&e->run->arena, (struct str){ hex, DIGITS });
	buf_free(&b);
	return hash;
}
