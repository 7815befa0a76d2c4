/* Real directories (REAL_DATA, never part of this repository); the numbers were counted in the LDIF
 * files with another program. */
#include "base/platform.h"
#include "model/graph.h"
#include "model/state.h"
#include "snapshot/ldif.h"
#include "tests/model/made.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <cmocka.h>

#define NORTH REAL_DATA "/north/ldif/north.sevenkingdoms.local__"

static const char *const north[] = { NORTH "RootDSE.ldif", NORTH "Configuration.ldif",
	NORTH "Schema.Configuration.ldif", NORTH "north.ldif", NORTH "DomainDnsZones.ldif",
	NORTH "ForestDnsZones.ldif" };
static const char *const detectionlab[] = { REAL_DATA "/detectionlab/detectionlab.ldif" };

static void load(struct made *d, const char *const *paths, size_t count)
{
	struct model_options options = { .at = INT64_MIN };
	struct progress progress;
	struct snapshot_writer *w;
	struct snapshot *s;
	const char *path = "test-model-real.adsnap";

	progress_init(&progress, true);
	assert_int_equal(snapshot_create(path, &w, &d->err), 0);
	assert_int_equal(ldif_import(w, paths, count, &progress, &d->err), 0);
	assert_int_equal(snapshot_finish(w, &d->err), 0);
	assert_int_equal(snapshot_open(path, &s, &d->err), 0);
	assert_int_equal(model_load(s, &d->policy, &options, &progress, &d->model, &d->err), 0);
	snapshot_close(s);
	platform_remove(path);
}

static void assert_text(struct str s, const char *want)
{
	assert_int_equal(s.n, strlen(want));
	assert_memory_equal(s.p, want, s.n);
}

static void assert_privileged(const struct made *d, const char *const *names, size_t count)
{
	assert_int_equal(model_privileged_count(d->model), count);
	for (size_t i = 0; i < count; i++)
		assert_int_equal(account_privileged(d->model, made_find(d, names[i])), YES);
}

static void north_is_a_child_domain(void **state)
{
	static const char *const privileged[] = { "eddard.stark", "Administrator", "robb.stark",
		"catelyn.stark", "vagrant", "WINTERFELL$" };
	struct made d = { 0 };
	struct password_policy p;

	(void)state;
	load(&d, north, ARRAY_LEN(north));
	assert_int_equal(model_object_count(d.model), 3741);
	assert_int_equal(model_count(d.model, AD_USER), 15);
	assert_int_equal(model_count(d.model, AD_COMPUTER), 2);
	assert_int_equal(model_count(d.model, AD_GROUP), 47);
	assert_int_equal(model_count(d.model, AD_KRBTGT), 1);
	assert_int_equal(model_count(d.model, AD_TRUST_ACCOUNT), 1);
	assert_int_equal(model_domain_count(d.model), 1);
	assert_text(model_domain(d.model, 0)->dns, "north.sevenkingdoms.local");
	assert_text(model_domain(d.model, 0)->netbios, "NORTH");
	assert_text(model_forest(d.model), "sevenkingdoms.local");
	assert_string_equal(made_coverage(&d, "domain sevenkingdoms.local"), "not_read");
	assert_int_equal(model_now(d.model), 1704486254); /* rootDSE: 20240105202414.0Z */
	assert_privileged(&d, privileged, ARRAY_LEN(privileged));
	assert_int_equal(model_privileged_complete(d.model, NULL), YES);
	assert_int_equal(model_privileged_unread_count(d.model), 1);
	assert_text(model_privileged_unread(d.model, 0),
		"CN=Enterprise Admins,CN=Users,DC=sevenkingdoms,DC=local");
	p = account_password_policy(d.model, made_find(&d, "arya.stark"));
	assert_int_equal(p.source, POLICY_DOMAIN);
	assert_int_equal(p.min_length, 5);
	assert_int_equal(p.max_age, 32141664000000000 / 10000000);
	assert_int_equal(
		model_readable(d.model, made_find(&d, "hodor"), ATTR_ADMIN_COUNT), READABLE);
	assert_true(model_has_descriptor(d.model, made_find(&d, "hodor")));
	assert_int_equal(model_complete(d.model, AD_USER, NULL), YES);
	assert_int_equal(model_complete(d.model, AD_FOREST, NULL), YES);
	made_free(&d);
}

/* Read by an ordinary account: Guest, DefaultAccount and blaatschaap have no userAccountControl. */
static void detectionlab_was_read_with_few_rights(void **state)
{
	static const char *const privileged[] = { "Administrator", "vagrant", "DC$" };
	static const char *const poor[] = { "Guest", "DefaultAccount", "blaatschaap" };
	struct made d = { 0 };

	(void)state;
	load(&d, detectionlab, 1);
	assert_int_equal(model_count(d.model, AD_USER), 5);
	assert_int_equal(model_count_enabled_users(d.model), 2);
	assert_int_equal(model_count(d.model, AD_COMPUTER), 3);
	assert_int_equal(model_count(d.model, AD_GROUP), 49);
	assert_text(model_forest(d.model), "windomain.local");
	assert_string_equal(made_coverage(&d, "objects"), "class_not_readable 15");
	assert_privileged(&d, privileged, ARRAY_LEN(privileged));
	assert_int_equal(model_privileged_unread_count(d.model), 0);
	for (size_t i = 0; i < ARRAY_LEN(poor); i++) {
		const struct ad_object *o = made_find(&d, poor[i]);

		assert_int_equal(account_enabled(d.model, o), UNKNOWN);
		assert_int_equal(model_readable(d.model, o, ATTR_PWD_LAST_SET), NOT_READABLE);
		assert_int_equal(model_readable(d.model, o, ATTR_SID_HISTORY), READABLE);
		assert_int_equal(account_last_logon(d.model, o).state, LOGON_UNKNOWN);
		assert_int_equal(account_privileged(d.model, o), NO);
		assert_int_equal(account_password_policy(d.model, o).source, POLICY_UNKNOWN);
	}
	assert_int_equal(
		account_password_policy(d.model, made_find(&d, "vagrant")).source, POLICY_DOMAIN);
	made_free(&d);
}

static void the_shipped_access_table_is_the_schema_s(void **state)
{
	struct made with = { 0 }, without = { 0 };
	size_t compared = 0;

	(void)state;
	load(&with, detectionlab, 1);
	assert_int_equal(made_load(&without, MADE_HEAD), 0);
	for (size_t a = 1; a < ATTR_COUNT; a++) {
		const struct attr_access *x = &with.model->access[a];
		const struct attr_access *y = &without.model->access[a];

		assert_true(guid_eq(&x->id, &y->id));
		assert_true(guid_eq(&x->property_set, &y->property_set));
		assert_false(x->confidential);
		compared += !guid_is_none(&x->id);
	}
	/* All but the seven of the rootDSE, and LAPS's two and Exchange's one, which each forest
	 * adds itself. */
	assert_int_equal(compared, ATTR_COUNT - 1 - 7 - 2 - 1);
	made_free(&with);
	made_free(&without);
}

/* Files that are no whole directory: audited as far as they go. */
static void small_files_are_survived(void **state)
{
	static const char *const small[] = { REAL_DATA "/small/ad_data.ldif",
		REAL_DATA "/small/ldif-utils-test-multisite.ldif",
		REAL_DATA "/small/test_user_escape_char.ldif", REAL_DATA "/small/test_users.ldif",
		REAL_DATA "/small/unconnected-intrasite.ldif" };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(small); i++) {
		struct made d = { 0 };

		load(&d, &small[i], 1);
		assert_true(model_object_count(d.model) > 0);
		for (size_t o = 0; o < model_object_count(d.model); o++) {
			const struct ad_object *obj = model_object(d.model, o);

			assert_ptr_equal(model_find_dn(d.model, obj->dn), obj);
			if (obj->kind == AD_USER && account_enabled(d.model, obj) == UNKNOWN)
				assert_int_equal(account_password_policy(d.model, obj).source,
					POLICY_UNKNOWN);
		}
		made_free(&d);
	}
}

/* Everything tier 0 that somebody else reaches, but who does by default: how often, and who the
 * last one is. */
static size_t reached(struct made *d, const struct ad_object **last, const struct ad_object **who)
{
	size_t n = 0;

	for (size_t i = 0; i < model_object_count(d->model); i++) {
		const struct ad_object *o = model_object(d->model, i);
		struct graph_reach r = { .count = 0 };

		if (graph_critical(d->model, o))
			r = graph_reach(d->model, o);
		if (!r.count || graph_is_default(d->model, &r.principals[0].who, o) != NO)
			continue;
		n++;
		*last = o;
		*who = r.principals[0].who.object;
	}
	return n;
}

/* Two: samwell.tarly over the GPO linked at the domain root, and jon.snow's delegation to the
 * domain controller. */
static void north_s_paths_to_tier_0(void **state)
{
	static const struct sid anonymous = { 1, 1, 5, { 7 } };
	struct made d = { 0 };
	const struct ad_object *last, *who;
	struct graph_control c[8];
	bool seen = false;

	(void)state;
	load(&d, north, ARRAY_LEN(north));
	const struct ad_object *gpo = made_find(&d, "{960DAED6-6B79-4208-8319-B2B9A1508B35}");

	assert_int_equal(graph_critical(d.model, gpo), CRITICAL_GPO);
	assert_int_equal(graph_direct(d.model, gpo, c, ARRAY_LEN(c)), 1);
	assert_ptr_equal(c[0].by.object, made_find(&d, "samwell.tarly"));
	assert_true(c[0].relations & RELATION_BIT(RELATION_WRITE_DACL));
	assert_int_equal(graph_direct(d.model, made_find(&d, "WINTERFELL$"), c, ARRAY_LEN(c)), 1);
	assert_ptr_equal(c[0].by.object, made_find(&d, "jon.snow"));
	assert_int_equal(c[0].relations, RELATION_BIT(RELATION_DELEGATION));
	assert_int_equal(reached(&d, &last, &who), 2);
	/* The ANONYMOUS LOGON ACE on the head is read, and grants no control. */
	const struct ad_object *head = model_domain(d.model, 0)->head;
	const struct secdesc *sd = model_descriptor(d.model, head, &d.arena);

	for (size_t i = 0; i < sd->dacl_count; i++)
		seen |= sid_eq(&sd->dacl[i].sid, &anonymous);
	assert_true(seen);
	assert_int_equal(graph_direct(d.model, head, c, ARRAY_LEN(c)), 0);
	made_free(&d);
}

static void a_near_default_domain_has_no_paths(void **state)
{
	struct made d = { 0 };
	const struct ad_object *last = NULL, *who;
	const char *reason = NULL;

	(void)state;
	load(&d, detectionlab, 1);
	assert_int_equal(reached(&d, &last, &who), 0);
	/* Its DPAPI secrets were not shown to the reader. */
	for (size_t i = 0; i < model_object_count(d.model); i++)
		if (graph_critical(d.model, model_object(d.model, i)) == CRITICAL_DPAPI)
			last = model_object(d.model, i);
	assert_non_null(last);
	assert_int_equal(graph_known(d.model, last, &reason), UNKNOWN);
	assert_string_equal(reason, "class_not_readable");
	made_free(&d);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(north_is_a_child_domain),
		cmocka_unit_test(detectionlab_was_read_with_few_rights),
		cmocka_unit_test(north_s_paths_to_tier_0),
		cmocka_unit_test(a_near_default_domain_has_no_paths),
		cmocka_unit_test(small_files_are_survived),
		cmocka_unit_test(the_shipped_access_table_is_the_schema_s),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
