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
	struct str name;

	if (!has_class(zone, "dnsZone"))
		return passed_over(cx);
	name = dn_rdn_value(cx_arena(cx), zone->dn);
	if (!is_zone(name))
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

static const struct check rows[] = {
	{ .id = "vuln_dnszone_bad_prop",
		.each = AD_OTHER,
		.reads = { ATTR_DNS_PROPERTY },
		.run = bad_property,
		.after = zones_after },
};

CHECK_AREA(dns, rows);
