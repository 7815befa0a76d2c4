/* DNS zones that Active Directory keeps. */
#include "checks/common.h"

#include "ad/dn.h"
#include "ad/dnsprop.h"
#include "base/utf8.h"

/* A zone of a domain that was read, or its _msdcs. */
static bool is_ad_zone(const struct model *m, struct str zone)
{
	struct str msdcs = STR("_msdcs.");

	if (str_istarts(zone, msdcs)) {
		zone.p += msdcs.n;
		zone.n -= msdcs.n;
	}
	for (size_t i = 0; i < model_domain_count(m); i++)
		if (utf8_ieq(zone, model_domain(m, i)->dns))
			return true;
	return utf8_ieq(zone, model_forest(m));
}

/* Hints and trust anchors are no zones that anybody updates. */
static bool is_zone(struct str name)
{
	return !str_ieq(name, STR("RootDNSServers")) && !str_ieq(name, STR("..TrustAnchors"));
}

/* The name of a zone; empty: it is none. One that shows its name alone stands where zones do. */
static struct str zone_name(struct check_cx *cx, const struct ad_object *o)
{
	bool faceless = !obj_has(o, ATTR_OBJECT_CLASS) && str_istarts(o->dn, STR("DC=")) &&
			str_istarts(dn_parent(o->dn), STR("CN=MicrosoftDNS,"));
	struct str name = STR("");

	if (faceless || has_class(o, "dnsZone"))
		name = dn_rdn_value(cx_arena(cx), o->dn);
	return is_zone(name) ? name : STR("");
}

/* What is not said is off. */
static enum tri accepts_anybody(const struct ad_object *zone)
{
	bool damaged = false;

	for (size_t i = 0; i < obj_count(zone, ATTR_DNS_PROPERTY); i++) {
		struct dnsprop p;
		uint32_t value;

		if (!dnsprop_parse(obj_value(zone, ATTR_DNS_PROPERTY, i), &p)) {
			damaged = true;
			continue;
		}
		if (p.id == DNSPROP_ZONE_ALLOW_UPDATE && dnsprop_number(&p, &value))
			return value == DNSPROP_UPDATE_UNSECURE ? YES : NO;
	}
	return damaged ? UNKNOWN : NO;
}

static int bad_property(struct check_cx *cx, const struct ad_object *zone)
{
	struct str name = zone_name(cx, zone);

	if (!name.n)
		return passed_over(cx);
	if (!readable(cx, zone, ATTR_DNS_PROPERTY))
		return 0;
	switch (accepts_anybody(zone)) {
	case NO:
		return 0;
	case UNKNOWN:
		return undecided(cx, zone, "value_malformed dNSProperty");
	case YES:
		break;
	}
	finding_at(cx, zone, is_ad_zone(cx_model(cx), name) ? 1 : 3);
	evidence(cx, "zone", name);
	evidence_z(cx, "setting", "ZONE_UPDATE_UNSECURE");
	return 0;
}

/* Was a DNS partition of this domain refused, or is it not in what was read? */
static bool dns_context_missing(const struct model *m)
{
	for (size_t i = 0; i < model_coverage_count(m); i++) {
		struct coverage c = model_coverage_at(m, i);

		if (str_starts(c.need, STR("context ")) &&
			(str_istarts((struct str){ c.need.p + 8, c.need.n - 8 },
				 STR("DC=DomainDnsZones,")) ||
				str_istarts((struct str){ c.need.p + 8, c.need.n - 8 },
					STR("DC=ForestDnsZones,"))) &&
			c.state != COVERAGE_OK && c.state != COVERAGE_NOTE)
			return true;
	}
	return false;
}

/* Without any zone of a domain of AD, where they are kept was not read: none is missing for good
 * but where DNS is served by another product. */
static int zones_after(struct check_cx *cx, const struct ad_object *obj)
{
	(void)obj;
	if (cx_examined(cx) == 0 || dns_context_missing(cx_model(cx)))
		undecided(cx, NULL, "dns_zones_not_read");
	return 0;
}

/* ---- warning_dnszone_duplicated_zones ----------------------------------------------- */

/* The three places where a server of a domain finds zones, the one that should hold it first. */
static const char *const partitions[] = { "DC=ForestDnsZones,", "DC=DomainDnsZones,",
	"CN=System," };
#define FOREST_ZONES 0

/* Which of the places is zone in; its domain's DN into *base. */
static size_t partition_of(const struct ad_object *zone, struct str *base)
{
	struct str rest = zone->dn;

	for (size_t skip = 0; skip < 2 && rest.p; skip++)
		str_cut(rest, ',', &rest);
	for (size_t i = 0; i < ARRAY_LEN(partitions); i++) {
		size_t n = strlen(partitions[i]);

		if (!str_istarts(rest, str_of(partitions[i])))
			continue;
		*base = (struct str){ rest.p + n, rest.n - n };
		return i;
	}
	return ARRAY_LEN(partitions);
}

/* Mangled by replication, or left by an interrupted change of partition. */
static bool is_remnant(struct str name)
{
	struct str conflict = STR("CNF:");

	for (size_t i = 0; i + conflict.n <= name.n; i++)
		if (str_eq((struct str){ name.p + i, conflict.n }, conflict))
			return true;
	return str_istarts(name, STR("..InProgress"));
}

static const struct ad_object *zone_at(
	struct check_cx *cx, struct str name, size_t where, struct str base)
{
	return model_find_dn(
		cx_model(cx), arena_printf(cx_arena(cx), "DC=%.*s,CN=MicrosoftDNS,%s%.*s",
				      STR_ARG(name), partitions[where], STR_ARG(base)));
}

/* The DN of the forest's root domain, which need not have been read itself. */
static struct str root_dn(struct check_cx *cx)
{
	const struct model *m = cx_model(cx);
	const struct ad_object *dse = model_rootdse(m);

	if (dse && obj_has(dse, ATTR_ROOT_DOMAIN_NAMING_CONTEXT))
		return obj_str(dse, ATTR_ROOT_DOMAIN_NAMING_CONTEXT);
	for (size_t i = 0; i < model_domain_count(m); i++)
		if (is_forest_root(cx, model_domain(m, i)->head))
			return model_domain(m, i)->head->dn;
	return (struct str){ NULL, 0 };
}

/* The same name in a place that the same servers load before this one. */
static const struct ad_object *zone_before(
	struct check_cx *cx, const struct ad_object *zone, struct str name)
{
	struct str base = { NULL, 0 }, root = root_dn(cx);
	const struct ad_object *other = NULL;
	size_t where = partition_of(zone, &base);

	if (where >= ARRAY_LEN(partitions))
		return NULL;
	for (size_t i = 0; i < where && !other; i++)
		other = zone_at(cx, name, i, i == FOREST_ZONES ? root : base);
	return other;
}

static int duplicated_zone(struct check_cx *cx, const struct ad_object *zone)
{
	const struct ad_object *other;
	struct str name = zone_name(cx, zone);

	if (!name.n)
		return passed_over(cx);
	other = is_remnant(name) ? NULL : zone_before(cx, zone, name);
	if (!other && !is_remnant(name))
		return 0;
	finding(cx, zone);
	evidence(cx, "zone", name);
	if (other)
		evidence(cx, "also_in", other->dn);
	return 0;
}

static const struct check rows[] = {
	{ .id = "vuln_dnszone_bad_prop",
		.each = AD_OTHER,
		.reads = { ATTR_DNS_PROPERTY },
		.run = bad_property,
		.after = zones_after },
	{ .id = "warning_dnszone_duplicated_zones",
		.each = AD_OTHER,
		.run = duplicated_zone,
		.after = zones_after },
};

CHECK_AREA(dns, rows);
