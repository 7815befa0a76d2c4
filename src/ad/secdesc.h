/*
 * Security descriptors in self-relative form (MS-DTYP 2.4.6), and the access check of the
 * directory (MS-ADTS 5.1.3). All lengths and offsets are untrusted; parsed values point into the
 * bytes they were parsed from.
 */
#ifndef AD_SECDESC_H
#define AD_SECDESC_H

#include "ad/guid.h"
#include "ad/sid.h"
#include "base/arena.h"

/* SECURITY_DESCRIPTOR_CONTROL */
#define SD_DACL_PRESENT 0x0004u
#define SD_SACL_PRESENT 0x0010u
#define SD_DACL_PROTECTED 0x1000u
#define SD_SELF_RELATIVE 0x8000u

/* ACE types (MS-DTYP 2.4.4.1) */
#define ACE_ACCESS_ALLOWED 0x00u
#define ACE_ACCESS_DENIED 0x01u
#define ACE_SYSTEM_AUDIT 0x02u
#define ACE_ACCESS_ALLOWED_OBJECT 0x05u
#define ACE_ACCESS_DENIED_OBJECT 0x06u
#define ACE_SYSTEM_AUDIT_OBJECT 0x07u
#define ACE_ACCESS_ALLOWED_CALLBACK 0x09u
#define ACE_ACCESS_DENIED_CALLBACK 0x0au
#define ACE_ACCESS_ALLOWED_CALLBACK_OBJECT 0x0bu
#define ACE_ACCESS_DENIED_CALLBACK_OBJECT 0x0cu

/* ACE flags */
#define ACE_FLAG_OBJECT_INHERIT 0x01u
#define ACE_FLAG_CONTAINER_INHERIT 0x02u
#define ACE_FLAG_NO_PROPAGATE 0x04u
#define ACE_FLAG_INHERIT_ONLY 0x08u
#define ACE_FLAG_INHERITED 0x10u

/* Rights of directory objects (MS-ADTS 5.1.3.2) */
#define RIGHT_DS_CREATE_CHILD 0x00000001u
#define RIGHT_DS_DELETE_CHILD 0x00000002u
#define RIGHT_DS_LIST_CONTENTS 0x00000004u
#define RIGHT_DS_WRITE_PROPERTY_EXTENDED 0x00000008u
#define RIGHT_DS_READ_PROPERTY 0x00000010u
#define RIGHT_DS_WRITE_PROPERTY 0x00000020u
#define RIGHT_DS_DELETE_TREE 0x00000040u
#define RIGHT_DS_LIST_OBJECT 0x00000080u
#define RIGHT_DS_CONTROL_ACCESS 0x00000100u
#define RIGHT_DELETE 0x00010000u
#define RIGHT_READ_CONTROL 0x00020000u
#define RIGHT_WRITE_DAC 0x00040000u
#define RIGHT_WRITE_OWNER 0x00080000u
#define RIGHT_GENERIC_ALL 0x10000000u
#define RIGHT_GENERIC_EXECUTE 0x20000000u
#define RIGHT_GENERIC_WRITE 0x40000000u
#define RIGHT_GENERIC_READ 0x80000000u

struct ace {
	uint8_t type, flags;
	uint32_t mask; /* as stored; see rights_of_mask() */
	bool has_object_type, has_inherited_object_type;
	struct guid object_type; /* all zero when absent */
	struct guid inherited_object_type;
	struct sid sid;
};

struct secdesc {
	uint16_t control;
	struct sid owner, group; /* none when absent */
	bool has_dacl;		 /* false: no DACL, everybody may do everything */
	const struct ace *dacl;	 /* in stored order; ACEs of unknown types left out */
	size_t dacl_count;
	size_t skipped; /* ACEs of unknown or malformed kinds */
};

/* Parses bytes; ACEs live in a. False when the structure itself is broken (an offset or size
 * leaves the bytes). SACLs are ignored: nobody asks for them. */
bool secdesc_parse(struct arena *a, struct str bytes, struct secdesc *out);

/* Has the ACE a condition (MS-DTYP 2.4.4.17)? It may hold or not: such an ACE may allow, and does
 * not surely deny. */
bool ace_is_callback(uint8_t type);
bool ace_may_allow(uint8_t type);
bool ace_surely_denies(uint8_t type);

/* Generic rights mapped to directory rights (MS-ADTS 5.1.3.2). */
uint32_t rights_of_mask(uint32_t mask);

/* Who asks: the SIDs of a security context, tokenGroups plus the account itself and the
 * well-known ones the caller adds (Everyone, Authenticated Users, S-1-5-2 …). */
struct token {
	const struct sid *sids;
	size_t count;
};
bool token_holds(const struct token *t, const struct sid *s);

/*
 * MS-ADTS 5.1.3.3.2-4 for one right: may t, on an object of class `self_class` whose SID is
 * `self` (for SELF ACEs; none if it has no SID), use `right`?
 *   attribute, property_set: schemaIDGUID and attributeSecurityGUID for READ/WRITE_PROPERTY of one
 *   attribute, the extended right's GUID in `attribute` for CONTROL_ACCESS; none: the right on the
 *   whole object.
 * ACEs are taken in stored order; the first that speaks of a right decides it. No DACL: everything;
 * an empty one: nothing. INHERIT_ONLY ACEs are skipped; InheritedObjectType has no part in it. The
 * owner has READ_CONTROL and WRITE_DAC before any ACE, unless an ACE for OWNER RIGHTS (S-1-3-4)
 * says what the owner may do (MS-DTYP 2.5.3.2; MS-ADTS adds WRITE_OWNER, Windows does not).
 * The condition of a callback ACE is not evaluated: an allowed one grants nothing and a denied one
 * denies, so that no right is presumed; with `perhaps`, where a right is what is feared, an allowed
 * one grants and a denied one denies nothing.
 * Without an attribute, ACEs with an ObjectType are not asked, except that of the object's class,
 * and that a denied part makes READ_PROPERTY of the whole false.
 */
struct access_question {
	uint32_t right;
	struct guid attribute, property_set, self_class;
	struct sid self;
	bool perhaps;
};
bool secdesc_grants(
	const struct secdesc *sd, const struct token *t, const struct access_question *q);

#endif
