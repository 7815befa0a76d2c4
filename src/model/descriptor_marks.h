/*
 * What the entries of security descriptors say beside control (model/graph.h): who reads them, SIDs
 * that nobody has, rights of replication. Each distinct descriptor is looked at once, however many
 * objects share it.
 */
#ifndef MODEL_DESCRIPTOR_MARKS_H
#define MODEL_DESCRIPTOR_MARKS_H

#include "model/model.h"

/* Marks of an entry. */
#define MARK_ANONYMOUS 0x1u	    /* allows S-1-5-7 something */
#define MARK_ANONYMOUS_CONTROL 0x2u /* and that is control of the object */
#define MARK_DENIES_READ 0x4u	    /* denies to read the object, or an attribute of attrs.def */
#define MARK_GENERIC 0x8u	    /* in force with generic bits that nothing mapped */
#define MARK_REPLICATION 0x10u	    /* a right of replication for who does not have it by default */
#define MARK_NOBODY 0x20u	    /* a SID that nobody of the forest has or had */
#define MARK_UNTOLD 0x40u	    /* a SID of which what was read does not tell */
/* Marks of a descriptor. */
#define MARK_IN_PART 0x80u  /* it has entries of kinds that this program does not know */
#define MARK_MISSING 0x100u /* not read, or damaged */

/* The marks of all entries that stand on o, and those of its descriptor. */
unsigned descriptor_marks(const struct model *m, const struct ad_object *o);
/* Does entry i of o's descriptor, which was read, have this mark and stand on o: was it set there?
 * No for what a container above hands down, nor for what SDProp copies from AdminSDHolder: they are
 * said there. Where the container was not read, o stands for it. */
bool descriptor_ace_stands(
	const struct model *m, const struct ad_object *o, size_t i, unsigned mark);

/* Is it the SID of an account or group of a domain, that nobody of the forest has or had? UNKNOWN:
 * what was read does not tell. NO of the SIDs of a trusted domain: its accounts are looked up
 * there.
 */
enum tri descriptor_sid_is_nobodys(const struct model *m, const struct sid *s);
/* Is its domain one that was read? */
bool descriptor_sid_of_read_domain(const struct model *m, const struct sid *s);

/* Would this entry give its trustee control of an object of some class: the rights of rights.def,
 * whatever the class? Deny entries give none. */
bool descriptor_ace_controls(const struct ace *ace);
/* SYSTEM, administrators and operators, domain controllers, and names that an entry resolves
 * elsewhere (SELF, CREATOR OWNER): a default descriptor may give them control. */
bool descriptor_default_holder(const struct sid *s);

/* AdminSDHolder of a domain; NULL: not read. */
const struct ad_object *descriptor_admin_sd_holder(
	const struct model *m, const struct ad_domain *domain);
/* Is o's DACL that of its domain's AdminSDHolder, entry by entry, and protected as it is? UNKNOWN
 * with a reason where one of the two was not read. */
enum tri descriptor_is_protected(
	const struct model *m, const struct ad_object *o, const char **reason);

/* May every user list what is in this unit: Everyone, Authenticated Users, Users, Domain Users, and
 * Pre-Windows 2000 Compatible Access where everybody is in it? */
enum tri descriptor_users_may_list(
	const struct model *m, const struct ad_object *unit, const char **reason);

/* Does the model know for whom the directory was read, so that an access check can be made? */
bool descriptor_reader_known(const struct model *m);
/* Attributes that its kind carries and that the reader may not read on o; at most max, in the order
 * of attrs.def. Confidential and constructed ones are left out. Without descriptor: 0. */
size_t descriptor_unreadable(
	const struct model *m, const struct ad_object *o, enum attr *out, size_t max);
/* The first in DN order of those with o's class and descriptor, and their number: for each of them
 * the reader has the same rights. Only where the reader is known and o's descriptor was read. */
const struct ad_object *descriptor_first_like(
	const struct model *m, const struct ad_object *o, size_t *count);

#endif
