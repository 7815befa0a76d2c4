/*
 * bench_directory FILE USERS [SHAPE]: a snapshot of a made-up domain of USERS users, USERS/5
 * computers and USERS/20 groups, each object with a descriptor of 40 ACEs that no other object has:
 * USERS = 100000 gives five million ACEs. The same arguments give the same bytes. SHAPE adds what a
 * hostile or broken directory may hold:
 *   deep     a group of all users, at the bottom of 500 nested groups
 *   chain    a chain of USERS nested groups, whose ends are joined
 *   wide     one descriptor that is full of deny and allow ACEs in turn, shared by every tenth user
 *   links    10,000 GPO links on the domain head and on every unit
 *   tier0    every hundredth user is an administrator, whom Authenticated Users may write
 */
#include "ad/guid.h"
#include "ad/secdesc.h"
#include "ad/sid.h"
#include "base/buf.h"
#include "snapshot/snapshot.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BASE "DC=bench,DC=example"
#define DOMAIN "S-1-5-21-116362862-3643847072-1228816722"
#define ACES 40
#define FIRST_RID 100000u
#define UNITS 36u
#define ATTRS 24
#define DEEP_GROUPS 500u
#define LINKS 10000u

/* Who reads: an ordinary account, so that each descriptor is asked what it may see. */
#define READER_TOKEN                                                                               \
	DOMAIN "-1100 " DOMAIN "-513 S-1-1-0 S-1-5-11 S-1-5-2 S-1-5-32-545 S-1-5-32-554"

struct directory {
	struct snapshot_writer *out;
	unsigned users, computers, groups, gpos, extra_groups;
	const char *shape;
	uint32_t random;
	struct buf sd, members, links;
	struct str *member_list;
	struct sid domain;
};

/* An object under way: attributes with one value each, but member. */
struct entry {
	char dn[256], name[64], rid[16], guid[16];
	unsigned char sid[80];
	struct str values[ATTRS][4];
	struct raw_attr attrs[ATTRS];
	size_t count;
};

static void die(const struct err *err)
{
	fprintf(stderr, "%s\n", err->text);
	exit(1);
}

static uint32_t dice(struct directory *d, uint32_t sides)
{
	d->random = d->random * 1664525u + 1013904223u;
	return (uint32_t)((uint64_t)d->random * sides >> 32);
}

static unsigned principals(const struct directory *d)
{
	return d->users + d->computers + d->groups;
}

static bool has_shape(const struct directory *d, const char *shape)
{
	return !strcmp(d->shape, shape);
}

/* ---- descriptors ---- */

static void put_le(struct buf *b, uint64_t v, unsigned bytes)
{
	for (unsigned i = 0; i < bytes; i++)
		buf_putc(b, (char)(v >> 8 * i));
}

static void put_sid(struct buf *b, const struct sid *s)
{
	unsigned char bytes[80];

	buf_put(b, bytes, sid_bytes(s, bytes));
}

static void put_ace(struct buf *b, uint32_t type, uint32_t flags, uint32_t mask, const char *guid,
	struct sid who)
{
	struct guid g;
	bool typed = guid && guid_from_text(str_of(guid), &g);

	put_le(b, type + (typed ? ACE_ACCESS_ALLOWED_OBJECT : 0), 1);
	put_le(b, flags, 1);
	put_le(b, (typed ? 28u : 8u) + 8u + 4u * who.count, 2);
	put_le(b, mask, 4);
	if (typed) {
		put_le(b, 1, 4);
		buf_put(b, g.b, sizeof(g.b));
	}
	put_sid(b, &who);
}

static struct sid named(const char *text)
{
	struct sid s = { 0 };

	sid_from_text(str_of(text), &s);
	return s;
}

static struct sid in_domain(const struct directory *d, uint32_t rid)
{
	return sid_with_rid(&d->domain, rid);
}

static struct sid some_group(struct directory *d)
{
	return in_domain(d, FIRST_RID + d->users + d->computers + dice(d, d->groups));
}

/* What every object of a default domain carries. */
static const struct {
	uint32_t mask;
	const char *guid, *who; /* who: a SID, or a RID of the domain */
} common[] = {
	{ 0xf01ff, NULL, "512" },
	{ 0xf01ff, NULL, "S-1-5-18" },
	{ 0xf01ff, NULL, "S-1-5-32-548" },
	{ 0x10, "59ba2f42-79a2-11d0-9020-00c04fc2d3cf", "S-1-5-11" },
	{ 0x10, "e48d0154-bcf8-11d1-8702-00c04fb96050", "S-1-5-11" },
	{ 0x10, "77b5b886-944a-11d1-aebd-0000f80367c1", "S-1-5-11" },
	{ 0x10, "e45795b3-9455-11d1-aebd-0000f80367c1", "S-1-5-11" },
	{ 0x20094, NULL, "S-1-5-11" },
	{ 0x20014, NULL, "S-1-5-32-554" },
	{ 0x30, "77b5b886-944a-11d1-aebd-0000f80367c1", "S-1-5-10" },
	{ 0x100, "ab721a53-1e2f-11d0-9819-00aa0040529b", "S-1-5-10" },
	{ 0x10, "46a9b11d-60ae-405a-b7e8-ff8a58d456d2", "S-1-5-9" },
	{ 0xf01ff, NULL, "519" },
};

static void put_common(struct directory *d)
{
	for (size_t i = 0; i < ARRAY_LEN(common); i++)
		put_ace(&d->sd, ACE_ACCESS_ALLOWED, 0, common[i].mask, common[i].guid,
			*common[i].who == 'S'
				? named(common[i].who)
				: in_domain(d, (uint32_t)strtoul(common[i].who, NULL, 10)));
}

/* What somebody delegated: rights over all, over an attribute, over a set, over passwords. */
static const struct {
	uint32_t mask;
	const char *guid;
} delegated[] = {
	{ 0x10, "4c164200-20c0-11d0-a768-00aa006e0529" },
	{ 0x30, "28630ebf-41d5-11d1-a9c1-0000f80367c1" },
	{ 0x10, "bc0ac240-79a9-11d0-9020-00c04fc2d4cf" },
	{ 0x30, "e45795b3-9455-11d1-aebd-0000f80367c1" },
	{ 0x10, "5f202010-79a5-11d0-9020-00c04fc2d4cf" },
	{ 0x30, "bf967a0a-0de6-11d0-a285-00aa003049e2" },
};

static void begin_descriptor(struct directory *d)
{
	struct sid owner = in_domain(d, 512);
	size_t bytes = 8 + 4u * owner.count;

	buf_clear(&d->sd);
	put_le(&d->sd, 1, 2);
	put_le(&d->sd, SD_SELF_RELATIVE | SD_DACL_PRESENT, 2);
	put_le(&d->sd, 20, 4);
	put_le(&d->sd, 0, 8);
	put_le(&d->sd, (uint32_t)(20 + bytes), 4);
	put_sid(&d->sd, &owner);
	put_le(&d->sd, 4, 2);
	put_le(&d->sd, 0, 6); /* size and count, filled in at the end */
}

static struct str end_descriptor(struct directory *d, unsigned aces)
{
	size_t dacl = (unsigned char)d->sd.p[16];
	size_t bytes = d->sd.n - dacl;

	d->sd.p[dacl + 2] = (char)bytes;
	d->sd.p[dacl + 3] = (char)(bytes >> 8);
	d->sd.p[dacl + 4] = (char)aces;
	d->sd.p[dacl + 5] = (char)(aces >> 8);
	return buf_str(&d->sd);
}

/* Forty ACEs; random trustees make the descriptor this object's own. Some group may reset one
 * account in four, some user may write the members of one group in four: with forty members a
 * group, nearly everybody reaches every administrator. */
static struct str some_descriptor(struct directory *d, bool group, bool open)
{
	unsigned aces = ARRAY_LEN(common);
	struct sid user = in_domain(d, FIRST_RID + dice(d, d->users));

	begin_descriptor(d);
	if (open) {
		put_ace(&d->sd, ACE_ACCESS_ALLOWED, 0, 0xf01ff, NULL, named("S-1-5-11"));
		aces++;
	}
	put_common(d);
	if (dice(d, 4) == 0) {
		put_ace(&d->sd, ACE_ACCESS_ALLOWED, 0, group ? 0x20 : 0x100,
			group ? "bf9679c0-0de6-11d0-a285-00aa003049e2"
			      : "00299570-246d-11d0-a768-00aa006e0529",
			group ? user : some_group(d));
		aces++;
	}
	for (unsigned i = 0; aces < ACES; aces++, i++)
		put_ace(&d->sd, ACE_ACCESS_ALLOWED, ACE_FLAG_CONTAINER_INHERIT | ACE_FLAG_INHERITED,
			delegated[i % ARRAY_LEN(delegated)].mask,
			delegated[i % ARRAY_LEN(delegated)].guid, some_group(d));
	return end_descriptor(d, aces);
}

/* As many ACEs as an ACL holds (its size is a 16-bit number), denies and allows in turn. */
static struct str full_descriptor(struct directory *d)
{
	unsigned aces = 0;

	begin_descriptor(d);
	for (; aces < 1800; aces++)
		put_ace(&d->sd, aces % 2 ? ACE_ACCESS_ALLOWED : ACE_ACCESS_DENIED, 0, 0x40000, NULL,
			in_domain(d, FIRST_RID + aces));
	return end_descriptor(d, aces);
}

/* ---- objects ---- */

static void add(struct entry *e, const char *name, struct str value)
{
	e->values[e->count][0] = value;
	e->attrs[e->count] = (struct raw_attr){ str_of(name), e->values[e->count], 1 };
	e->count++;
}

static void add_class(struct entry *e, const char *first, const char *second)
{
	add(e, "objectClass", STR("top"));
	e->values[0][1] = str_of(first);
	e->values[0][2] = str_of(second);
	e->attrs[0].count = *second ? 3 : 2;
}

static void begin(struct entry *e, const char *class_name)
{
	static const struct {
		const char *name, *above;
	} above[] = { { "computer", "user" }, { "domainDNS", "domain" } };

	e->count = 0;
	for (size_t i = 0; i < ARRAY_LEN(above); i++)
		if (!strcmp(above[i].name, class_name)) {
			add_class(e, above[i].above, class_name);
			return;
		}
	add_class(e, class_name, "");
}

static void add_account(
	struct directory *d, struct entry *e, uint32_t rid, const char *uac, const char *primary)
{
	struct sid s = in_domain(d, rid);

	add(e, "objectSid", (struct str){ (char *)e->sid, sid_bytes(&s, e->sid) });
	add(e, "sAMAccountName", str_of(e->name));
	if (!*uac)
		return;
	add(e, "userAccountControl", str_of(uac));
	add(e, "primaryGroupID", str_of(primary));
	add(e, "pwdLastSet", STR("134391312000000000"));
	add(e, "lastLogonTimestamp", STR("134391312000000000"));
}

static void put(struct directory *d, struct entry *e, struct str sd)
{
	struct raw_object o = { str_of(e->dn), e->attrs, 0 };
	struct err err = { 0 };

	for (size_t i = 0; i < sizeof(e->guid); i++)
		e->guid[i] = (char)dice(d, 256);
	add(e, "objectGUID", (struct str){ e->guid, sizeof(e->guid) });
	add(e, "whenCreated", STR("20200101000000.0Z"));
	add(e, "whenChanged", STR("20261121000000.0Z"));
	add(e, "instanceType", STR("4"));
	if (sd.n)
		add(e, "nTSecurityDescriptor", sd);
	o.count = e->count;
	if (snapshot_put(d->out, &o, &err))
		die(&err);
}

static void put_named(struct directory *d, const char *dn, const char *class_name, struct str links)
{
	struct entry e;

	begin(&e, class_name);
	snprintf(e.dn, sizeof(e.dn), "%s", dn);
	if (links.n)
		add(&e, "gPLink", links);
	put(d, &e, some_descriptor(d, false, false));
}

/* The user or group number i of the whole directory. */
static const char *dn_of(const struct directory *d, unsigned i, char *out, size_t room)
{
	const char *kind = i < d->users ? "Agent" : i < d->users + d->computers ? "PC" : "GG";

	snprintf(out, room, "CN=%s %06u,OU=Unit %u," BASE, kind, i, i % UNITS);
	return out;
}

static void add_members(struct directory *d, struct entry *e, size_t count,
	unsigned (*which)(struct directory *d, size_t i))
{
	char dn[128];
	size_t at = 0;

	buf_clear(&d->members);
	for (size_t i = 0; i < count; i++)
		buf_putz(&d->members, dn_of(d, which(d, i), dn, sizeof(dn))),
			buf_putc(&d->members, '\0');
	for (size_t i = 0; i < count; i++) {
		d->member_list[i] = str_of(d->members.p + at);
		at += d->member_list[i].n + 1;
	}
	if (count)
		e->attrs[e->count++] = (struct raw_attr){ STR("member"), d->member_list, count };
}

static unsigned any_user(struct directory *d, size_t i)
{
	(void)i;
	return dice(d, d->users);
}

static unsigned every_user(struct directory *d, size_t i)
{
	(void)d;
	return (unsigned)i;
}

static unsigned every_hundredth(struct directory *d, size_t i)
{
	(void)d;
	return (unsigned)i * 100;
}

static void put_users(struct directory *d)
{
	struct entry e;

	for (unsigned i = 0; i < d->users; i++) {
		bool tenth = i % 10 == 0;

		begin(&e, "user");
		dn_of(d, i, e.dn, sizeof(e.dn));
		snprintf(e.name, sizeof(e.name), "agent%06u", i);
		add_account(d, &e, FIRST_RID + i, i % 23 ? "512" : "514", "513");
		put(d, &e,
			tenth && has_shape(d, "wide")
				? full_descriptor(d)
				: some_descriptor(d, false, i % 100 == 0 && has_shape(d, "tier0")));
	}
}

static void put_computers(struct directory *d)
{
	struct entry e;
	char host[64];

	for (unsigned i = d->users; i < d->users + d->computers; i++) {
		begin(&e, "computer");
		dn_of(d, i, e.dn, sizeof(e.dn));
		snprintf(e.name, sizeof(e.name), "PC%06u$", i);
		snprintf(host, sizeof(host), "pc%06u.bench.example", i);
		add_account(d, &e, FIRST_RID + i, "4096", "515");
		add(&e, "dNSHostName", str_of(host));
		put(d, &e, some_descriptor(d, false, false));
	}
}

static void put_group(struct directory *d, const char *dn, const char *name, uint32_t rid,
	size_t members, unsigned (*which)(struct directory *d, size_t i))
{
	struct entry e;

	begin(&e, "group");
	snprintf(e.dn, sizeof(e.dn), "%s", dn);
	snprintf(e.name, sizeof(e.name), "%s", name);
	add_account(d, &e, rid, "", "");
	add(&e, "groupType", STR("-2147483646"));
	add_members(d, &e, members, which);
	put(d, &e, some_descriptor(d, rid >= FIRST_RID, false));
}

/* A group in a chain: each holds the one before. */
static unsigned group_before(struct directory *d, size_t i)
{
	(void)i;
	return d->extra_groups;
}

static void put_groups(struct directory *d)
{
	char dn[128], name[32];
	unsigned first = d->users + d->computers;

	for (unsigned i = first; i < principals(d); i++) {
		snprintf(name, sizeof(name), "gg%06u", i);
		put_group(d, dn_of(d, i, dn, sizeof(dn)), name, FIRST_RID + i, 40, any_user);
	}
	put_group(d, "CN=Domain Admins,CN=Users," BASE, "Domain Admins", 512,
		has_shape(d, "tier0") ? d->users / 100 : 20,
		has_shape(d, "tier0") ? every_hundredth : any_user);
	put_group(d, "CN=Domain Users,CN=Users," BASE, "Domain Users", 513, 0, every_user);
}

static void put_nested(struct directory *d)
{
	unsigned count = has_shape(d, "deep") ? DEEP_GROUPS : has_shape(d, "chain") ? d->users : 0;
	char dn[128], name[32];

	for (unsigned i = 0; i < count; i++) {
		unsigned at = principals(d) + i;
		bool bottom = i == 0;

		d->extra_groups = bottom ? principals(d) + count - 1 : at - 1;
		snprintf(name, sizeof(name), "nested%06u", i);
		put_group(d, dn_of(d, at, dn, sizeof(dn)), name, FIRST_RID + at,
			bottom && has_shape(d, "deep") ? d->users : 1,
			bottom && has_shape(d, "deep") ? every_user : group_before);
	}
}

static void put_links(struct directory *d)
{
	for (unsigned i = 0; i < LINKS; i++)
		buf_printf(&d->links,
			"[LDAP://cn={31B2F340-016D-11D2-945F-%012u},cn=policies,cn=system," BASE
			";0]",
			i % d->gpos);
}

static void put_head(struct directory *d)
{
	char dn[128];
	struct entry e;

	if (has_shape(d, "links"))
		put_links(d);
	begin(&e, "domainDNS");
	snprintf(e.dn, sizeof(e.dn), "%s", BASE);
	add(&e, "objectSid", (struct str){ (char *)e.sid, sid_bytes(&d->domain, e.sid) });
	if (d->links.n)
		add(&e, "gPLink", buf_str(&d->links));
	put(d, &e, some_descriptor(d, false, false));
	for (unsigned i = 0; i < UNITS; i++) {
		snprintf(dn, sizeof(dn), "OU=Unit %u," BASE, i);
		put_named(d, dn, "organizationalUnit", buf_str(&d->links));
	}
	put_named(d, "OU=Domain Controllers," BASE, "organizationalUnit", buf_str(&d->links));
	put_named(d, "CN=Users," BASE, "container", STR(""));
	put_named(d, "CN=System," BASE, "container", STR(""));
	put_named(d, "CN=AdminSDHolder,CN=System," BASE, "container", STR(""));
	put_named(d, "CN=Policies,CN=System," BASE, "container", STR(""));
	for (unsigned i = 0; i < d->gpos; i++) {
		snprintf(dn, sizeof(dn),
			"CN={31B2F340-016D-11D2-945F-%012u},CN=Policies,CN=System," BASE, i);
		put_named(d, dn, "groupPolicyContainer", STR(""));
	}
	for (unsigned i = 0; i < 20; i++) {
		begin(&e, "computer");
		snprintf(e.dn, sizeof(e.dn), "CN=DC%u,OU=Domain Controllers," BASE, i);
		snprintf(e.name, sizeof(e.name), "DC%u$", i);
		add_account(d, &e, 1000 + i, "532480", "516");
		put(d, &e, some_descriptor(d, false, false));
	}
}

int main(int argc, char **argv)
{
	struct directory d = { .shape = argc == 4 ? argv[3] : "", .random = 20261121, .gpos = 200 };
	struct err err = { 0 };

	if (argc < 3 || argc > 4 || strtoul(argv[2], NULL, 10) < 100) {
		fputs("bench_directory FILE USERS [deep|chain|wide|links|tier0]\n", stderr);
		return 2;
	}
	d.users = (unsigned)strtoul(argv[2], NULL, 10);
	d.computers = d.users / 5;
	d.groups = d.users / 20;
	d.domain = named(DOMAIN);
	d.member_list = xcalloc(d.users + 40, sizeof(*d.member_list));
	if (snapshot_create(argv[1], &d.out, &err) ||
		snapshot_put_meta(d.out, META_SOURCE, STR("ldap"), &err) ||
		snapshot_put_meta(d.out, META_COLLECTED_AT, STR("2026-11-21T10:00:00Z"), &err) ||
		snapshot_put_meta(d.out, META_READER_TOKEN, STR(READER_TOKEN), &err))
		die(&err);
	put_head(&d);
	put_users(&d);
	put_computers(&d);
	put_groups(&d);
	put_nested(&d);
	if (snapshot_finish(d.out, &err))
		die(&err);
	buf_free(&d.sd);
	buf_free(&d.members);
	buf_free(&d.links);
	free(d.member_list);
	return 0;
}
