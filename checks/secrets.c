/* Secrets and accounts that somebody outside tier 0 may take, one finding a root cause: the object
 * whose entry gives it, a container or one account. */
#include "ad/dn.h"
#include "checks/common.h"
#include "model/graph.h"

#define KEY_CREDENTIAL "5b47d60f-6090-40b2-9f37-2a4de88f3063" /* msDS-KeyCredentialLink */
#define KEY_CREDENTIAL_SET "9b026da6-0d3c-465c-8bee-5199d7165cba"
#define COMPUTER_CLASS "bf967a86-0de6-11d0-a285-00aa003049e2"
#define DMSA_CLASS "msDS-DelegatedManagedServiceAccount"
#define CONFIDENTIAL 0x80u /* searchFlags (MS-ADTS 2.2.10) */
#define NAMES 3
#define IDS (2 * NAMES + 1)

enum { SCHEMA, ASKED, CAPABLE }; /* counters */
enum { SCHEMA_UNREAD, SCHEMA_LACKS, SCHEMA_HAS };

/* ---- the schema --------------------------------------------------------------------- */

static bool is_named(const struct ad_object *o, const char *name)
{
	return str_ieq(obj_value(o, ATTR_LDAP_DISPLAY_NAME, 0), str_of(name));
}

/* The definition of an attribute or class; NULL: none was read. */
static const struct ad_object *find_definition(struct check_cx *cx, const char *name)
{
	const struct model *m = cx_model(cx);

	for (size_t i = 0; i < model_object_count(m); i++) {
		const struct ad_object *o = model_object(m, i);

		if (o->kind == AD_OTHER && is_named(o, name) &&
			(has_class(o, "attributeSchema") || has_class(o, "classSchema")))
			return o;
	}
	return NULL;
}

/* May one of the definitions be any, for its name, or all but its DN, was not read? */
static bool has_nameless_definition(const struct model *m)
{
	for (size_t i = 0; i < model_object_count(m); i++) {
		const struct ad_object *o = model_object(m, i);
		bool definition =
			obj_has(o, ATTR_OBJECT_CLASS)
				? has_class(o, "attributeSchema") || has_class(o, "classSchema")
				: str_istarts(dn_parent(o->dn), STR("CN=Schema,"));

		if (definition && !obj_has(o, ATTR_LDAP_DISPLAY_NAME))
			return true;
	}
	return false;
}

/* Was the schema read, so that what it lacks is not there? */
static bool schema_was_read(struct check_cx *cx)
{
	const struct model *m = cx_model(cx);

	if (model_configuration_complete(m, NULL) != YES || has_nameless_definition(m))
		return false;
	for (size_t i = 0; i < model_coverage_count(m); i++) {
		struct coverage c = model_coverage_at(m, i);

		if (str_istarts(c.need, STR("context CN=Schema,")) && c.state != COVERAGE_OK &&
			c.state != COVERAGE_NOTE)
			return false;
	}
	return find_definition(cx, "user") && find_definition(cx, "userAccountControl");
}

static uint64_t schema_state(struct check_cx *cx, const char *name)
{
	if (find_definition(cx, name))
		return SCHEMA_HAS;
	return schema_was_read(cx) ? SCHEMA_LACKS : SCHEMA_UNREAD;
}

/* ---- findings ----------------------------------------------------------------------- */

static void show_relations(struct check_cx *cx, uint64_t relations)
{
	for (unsigned r = 0; r < RELATION_COUNT; r++)
		if (relations & RELATION_BIT(r))
			evidence_z(cx, "relation", relation_name((enum relation)r));
}

/* One finding an object whose entries give it; with how many objects that is. */
static void report_grants(struct check_cx *cx, const struct graph_grants *g, const char *count_key)
{
	for (size_t i = 0; i < g->count;) {
		const struct ad_object *at = g->all[i].at;
		uint64_t relations = 0;
		size_t named = 0, most = 0;

		for (; i < g->count && g->all[i].at == at; i++) {
			const struct graph_grant *one = &g->all[i];

			if (graph_holds_only_tier0(cx_model(cx), one->by.object))
				continue;
			if (!named++)
				finding(cx, at);
			if (named <= EVIDENCE_NAMES)
				evidence(cx, "principal",
					graph_name(cx_arena(cx), one->by.object, &one->by.sid));
			relations |= one->relations;
			most = one->count > most ? one->count : most;
		}
		if (!named)
			continue;
		show_relations(cx, relations);
		evidence_int(cx, "principals", (int64_t)named);
		if (count_key)
			evidence_int(cx, count_key, (int64_t)most);
	}
}

/* Were obj's own rights read whole? Else it is undecided. */
static int decide_rights(struct check_cx *cx, const struct ad_object *obj)
{
	const char *reason = NULL;

	return graph_direct_known(cx_model(cx), obj, &reason) == YES ? 0
								     : undecided(cx, obj, reason);
}

/* ---- hyg_laps_readers --------------------------------------------------------------- */

static const struct {
	enum attr expiry; /* dates what it holds */
	const char *names[NAMES];
} generations[] = {
	{ ATTR_LAPS_LEGACY_EXPIRATION, { "ms-Mcs-AdmPwd" } },
	{ ATTR_LAPS_EXPIRATION, { "msLAPS-Password", "msLAPS-EncryptedPassword" } },
};

struct laps {
	struct check_cx *cx;
	struct guid ids[ARRAY_LEN(generations)][IDS];
	size_t count[ARRAY_LEN(generations)];
};

static bool holds_password(struct check_cx *cx, const struct ad_object *o)
{
	return o->kind == AD_COMPUTER && !is_dc_computer(o) && has_laps(cx, o) == YES &&
	       account_enabled(cx_model(cx), o) != NO;
}

static struct graph_wish laps_wish(void *arg, const struct ad_object *o)
{
	const struct laps *l = arg;

	for (size_t g = 0; g < ARRAY_LEN(generations); g++)
		if (obj_has(o, generations[g].expiry) && holds_password(l->cx, o))
			return (struct graph_wish){
				.relations = RELATION_BIT(RELATION_READ_LAPS) |
					     RELATION_BIT(RELATION_GENERIC_ALL) |
					     RELATION_BIT(RELATION_ALL_EXTENDED_RIGHTS),
				.mask = RIGHT_DS_CONTROL_ACCESS,
				.ids = l->ids[g],
				.id_count = l->count[g],
				.exact = true,
			};
	return (struct graph_wish){ 0 };
}

static void add_guid(struct laps *l, size_t generation, struct str bytes)
{
	struct guid id;

	if (l->count[generation] < IDS && guid_parse(bytes, &id) && !guid_is_none(&id))
		l->ids[generation][l->count[generation]++] = id;
}

/* Finds the attributes' GUIDs; one that is not confidential is open to whoever reads computers.
 * Returns what was missing of the schema, or NULL. */
static const char *read_laps_schema(struct check_cx *cx, struct laps *l)
{
	const char *gap = "schema_not_read", *hidden = NULL;

	for (size_t g = 0; g < ARRAY_LEN(generations); g++) {
		struct guid class_id;

		if (guid_from_text(STR(COMPUTER_CLASS), &class_id))
			l->ids[g][l->count[g]++] = class_id;
		for (size_t n = 0; n < NAMES && generations[g].names[n]; n++) {
			const struct ad_object *o = find_definition(cx, generations[g].names[n]);

			if (!o)
				continue;
			gap = NULL;
			if (!obj_has(o, ATTR_SCHEMA_ID_GUID))
				hidden = "attribute_not_readable schemaIDGUID";
			if (model_readable(cx_model(cx), o, ATTR_SEARCH_FLAGS) != READABLE)
				hidden = "attribute_not_readable searchFlags";
			add_guid(l, g, obj_value(o, ATTR_SCHEMA_ID_GUID, 0));
			add_guid(l, g, obj_value(o, ATTR_ATTRIBUTE_SECURITY_GUID, 0));
			if (obj_has(o, ATTR_SEARCH_FLAGS) &&
				!(obj_u32(o, ATTR_SEARCH_FLAGS) & CONFIDENTIAL)) {
				finding(cx, o);
				evidence_z(cx, "reason", "not_confidential");
			}
		}
	}
	return gap ? gap : hidden;
}

/* A schema without its attributes: no computer can have a password, whatever is not readable. */
static int laps_before(struct check_cx *cx, const struct ad_object *none)
{
	(void)none;
	for (size_t g = 0; g < ARRAY_LEN(generations); g++)
		for (size_t n = 0; n < NAMES && generations[g].names[n]; n++)
			if (find_definition(cx, generations[g].names[n]))
				return 0;
	return schema_was_read(cx) ? not_applicable(cx, "laps_not_used") : 0;
}

static int laps_readers(struct check_cx *cx, const struct ad_object *obj)
{
	enum tri has = has_laps(cx, obj);

	if (is_dc_computer(obj) || account_enabled(cx_model(cx), obj) == NO)
		return passed_over(cx);
	/* Whose password has an expiry date is managed, whatever its system says of itself. */
	if (has != YES && !laps_manages(obj))
		return readable(cx, obj, ATTR_OPERATING_SYSTEM) ? passed_over(cx) : 0;
	switch (has) {
	case UNKNOWN:
		return undecided(cx, obj, "attribute_not_readable msLAPS-PasswordExpirationTime");
	case NO:
		return passed_over(cx);
	case YES:
		break;
	}
	++*cx_counter(cx, ASKED);
	return decide_rights(cx, obj);
}

static int laps_after(struct check_cx *cx, const struct ad_object *none)
{
	struct laps l = { .cx = cx };

	if (!*cx_counter(cx, ASKED))
		return not_applicable(cx, "laps_not_used");
	const char *gap = read_laps_schema(cx, &l);
	struct graph_grants g = graph_grants(cx_model(cx), laps_wish, &l, cx_arena(cx));

	report_grants(cx, &g, "computers");
	/* Without the GUIDs only those who may do everything were seen. */
	return gap ? undecided(cx, none, gap) : 0;
}

/* ---- hyg_shadow_credentials --------------------------------------------------------- */

struct key_credentials {
	const struct model *m;
	struct guid ids[2];
	bool disabled_too;
};

/* Generic rights over tier 0 are the control paths' findings; the right itself is one here too. */
static struct graph_wish key_wish(void *arg, const struct ad_object *o)
{
	const struct key_credentials *k = arg;
	uint64_t relations = RELATION_BIT(RELATION_WRITE_KEY_CREDENTIAL);

	if ((o->kind != AD_USER && o->kind != AD_COMPUTER && o->kind != AD_MSA) ||
		(!k->disabled_too && account_enabled(k->m, o) == NO))
		return (struct graph_wish){ 0 };
	if (!graph_critical(k->m, o))
		relations |= RELATION_BIT(RELATION_GENERIC_ALL) |
			     RELATION_BIT(RELATION_GENERIC_WRITE) |
			     RELATION_BIT(RELATION_WRITE_ALL_PROPERTIES);
	return (struct graph_wish){
		.relations = relations,
		.mask = RIGHT_DS_WRITE_PROPERTY | RIGHT_DS_WRITE_PROPERTY_EXTENDED,
		.ids = k->ids,
		.id_count = ARRAY_LEN(k->ids),
	};
}

static int key_before(struct check_cx *cx, const struct ad_object *none)
{
	(void)none;
	*cx_counter(cx, SCHEMA) = schema_state(cx, "msDS-KeyCredentialLink");
	return *cx_counter(cx, SCHEMA) == SCHEMA_LACKS ? not_applicable(cx, "schema_too_old") : 0;
}

static int key_account(struct check_cx *cx, const struct ad_object *obj)
{
	return decide_rights(cx, obj);
}

static int key_after(struct check_cx *cx, const struct ad_object *none)
{
	struct key_credentials k = { .m = cx_model(cx),
		.disabled_too = cx_bool(cx, "include_disabled") };

	(void)none;
	if (*cx_counter(cx, SCHEMA) == SCHEMA_LACKS ||
		!guid_from_text(STR(KEY_CREDENTIAL), &k.ids[0]) ||
		!guid_from_text(STR(KEY_CREDENTIAL_SET), &k.ids[1]))
		return 0;
	struct graph_grants g = graph_grants(k.m, key_wish, &k, cx_arena(cx));

	report_grants(cx, &g, "accounts");
	return 0;
}

/* ---- hyg_bad_successor -------------------------------------------------------------- */

#define CREATES                                                                                    \
	(RELATION_BIT(RELATION_CREATE_DMSA) | RELATION_BIT(RELATION_GENERIC_ALL) |                 \
		RELATION_BIT(RELATION_OWNER) | RELATION_BIT(RELATION_WRITE_DACL) |                 \
		RELATION_BIT(RELATION_WRITE_OWNER))

struct successors {
	struct check_cx *cx;
	struct guid id;
};

/* One bit a domain; those beyond share the last. */
static uint64_t domain_bit(struct check_cx *cx, const struct ad_object *o)
{
	size_t i = 0;

	while (i < 63 && i < model_domain_count(cx_model(cx)) &&
		model_domain(cx_model(cx), i) != o->domain)
		i++;
	return UINT64_C(1) << i;
}

/* Domains with a domain controller that issues tickets to a dMSA, or whose controllers are not all
 * known. */
static void find_capable(struct check_cx *cx)
{
	const struct model *m = cx_model(cx);
	uint64_t seen = 0, capable = 0;

	for (size_t i = 0; i < model_object_count(m); i++) {
		const struct ad_object *o = model_object(m, i);

		if (o->kind != AD_COMPUTER || !is_dc_computer(o))
			continue;
		seen |= domain_bit(cx, o);
		if (!obj_has(o, ATTR_OPERATING_SYSTEM) ||
			str_contains(obj_str(o, ATTR_OPERATING_SYSTEM), STR("2025")))
			capable |= domain_bit(cx, o);
	}
	bool all = model_complete(m, AD_COMPUTER, NULL) == YES;

	*cx_counter(cx, CAPABLE) = all ? capable | ~seen : UINT64_MAX;
}

/* One bit a domain, as domain_bit() gives them. */
static bool is_any_capable(struct check_cx *cx)
{
	size_t n = model_domain_count(cx_model(cx));
	uint64_t domains = n < 64 ? (UINT64_C(1) << n) - 1 : UINT64_MAX;

	return *cx_counter(cx, CAPABLE) & domains || n == 0;
}

static bool may_hold_dmsa(struct check_cx *cx, const struct ad_object *o)
{
	return o->domain && (*cx_counter(cx, CAPABLE) & domain_bit(cx, o)) &&
	       (o->kind == AD_OU || o->kind == AD_CONTAINER || o->kind == AD_DOMAIN);
}

static struct graph_wish dmsa_wish(void *arg, const struct ad_object *o)
{
	const struct successors *s = arg;

	if (!may_hold_dmsa(s->cx, o))
		return (struct graph_wish){ 0 };
	return (struct graph_wish){
		/* Who controls tier 0 otherwise is in the points of control paths. */
		.relations = graph_critical(cx_model(s->cx), o) ? RELATION_BIT(RELATION_CREATE_DMSA)
								: CREATES,
		.mask = RIGHT_DS_CREATE_CHILD | RIGHT_WRITE_DAC | RIGHT_WRITE_OWNER,
		.ids = &s->id,
		.id_count = 1,
	};
}

static int dmsa_before(struct check_cx *cx, const struct ad_object *none)
{
	(void)none;
	*cx_counter(cx, SCHEMA) = schema_state(cx, DMSA_CLASS);
	find_capable(cx);
	if (*cx_counter(cx, SCHEMA) == SCHEMA_LACKS)
		return not_applicable(cx, "schema_too_old");
	return is_any_capable(cx) ? 0 : not_applicable(cx, "no_windows_2025_dc");
}

static int dmsa_container(struct check_cx *cx, const struct ad_object *obj)
{
	if (!may_hold_dmsa(cx, obj) || *cx_counter(cx, SCHEMA) != SCHEMA_HAS)
		return passed_over(cx);
	return decide_rights(cx, obj);
}

static int dmsa_after(struct check_cx *cx, const struct ad_object *none)
{
	struct successors s = { .cx = cx };

	if (*cx_counter(cx, SCHEMA) == SCHEMA_LACKS || !is_any_capable(cx))
		return 0;
	if (*cx_counter(cx, SCHEMA) == SCHEMA_UNREAD)
		return undecided(cx, none, "schema_not_read");
	const struct ad_object *class_of = find_definition(cx, DMSA_CLASS);

	if (!class_of || !guid_parse(obj_value(class_of, ATTR_SCHEMA_ID_GUID, 0), &s.id))
		return undecided(cx, none, "schema_not_read");
	struct graph_grants g = graph_grants(cx_model(cx), dmsa_wish, &s, cx_arena(cx));

	report_grants(cx, &g, "containers");
	return 0;
}

/* ---- table -------------------------------------------------------------------------- */

static const struct check rows[] = {
	{ .id = "hyg_laps_readers",
		.each = AD_COMPUTER,
		.run = laps_readers,
		.before = laps_before,
		.after = laps_after,
		.reads = { ATTR_LAPS_EXPIRATION, ATTR_LAPS_LEGACY_EXPIRATION } },
	{ .id = "hyg_shadow_credentials",
		.each = AD_USER,
		.kinds = KINDS_ACCOUNTS,
		.scope = SCOPE_ENABLED,
		.run = key_account,
		.before = key_before,
		.after = key_after },
	{ .id = "hyg_bad_successor",
		.each = AD_OU,
		.kinds = KIND(AD_CONTAINER) | KIND(AD_DOMAIN),
		.run = dmsa_container,
		.before = dmsa_before,
		.after = dmsa_after },
};

CHECK_AREA(secrets, rows);
