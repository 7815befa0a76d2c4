#include "tests/cases/directory.h"

#include "ad/dn.h"
#include "ad/filetime.h"
#include "ad/sddl.h"
#include "base/buf.h"
#include "base/datetime.h"
#include "base/platform.h"

#include <stdlib.h>

#define MAX_OBJECTS 1000
#define MAX_ATTRIBUTES 60
#define MAX_COVERAGE 20
#define MAX_FILES 20
#define FIRST_RID 5000
/* Everybody who logged on may read, nobody but the system and the administrators write. */
#define DEFAULT_DESCRIPTOR "O:DAG:DAD:AI(A;;LCRPRC;;;AU)(A;;0xf01ff;;;SY)(A;;0xf01ff;;;DA)"
#define DEFAULT_READER                                                                             \
	DIRECTORY_DOMAIN_SID "-1999 " DIRECTORY_DOMAIN_SID                                         \
			     "-513 S-1-5-32-545 S-1-1-0 S-1-5-11 S-1-5-2"

struct entry_attr {
	struct str name;
	struct str *values; /* as written */
	size_t count;	    /* 0: taken away, which a default may not undo */
	unsigned edit;	    /* the "+" block that wrote it last */
};

struct entry {
	struct str dn, canonical;
	struct entry_attr attrs[MAX_ATTRIBUTES];
	size_t count;
	bool gone;
};

struct sysvol_file {
	struct str path, text;
};

struct sysvol_acl { /* of a folder: path ends with '/' */
	struct str path, sddl, days;
};

struct directory {
	struct arena arena;
	struct entry *entries[MAX_OBJECTS];
	size_t count;
	struct coverage coverage[MAX_COVERAGE];
	size_t coverage_count;
	struct sysvol_file files[MAX_FILES];
	size_t file_count;
	struct sysvol_acl acls[MAX_FILES];
	size_t acl_count;
	bool sysvol; /* it was read */
	struct entry *current;
	struct sysvol_file *file; /* under way, instead of current */
	unsigned edit;
	int64_t at;
	struct str reader, source, oradad_version;
	bool last_logon_of_all;
	bool not_asked[ATTR_COUNT];
};

struct directory *directory_new(void)
{
	struct directory *d = xcalloc(1, sizeof(*d));

	d->reader = STR(DEFAULT_READER);
	d->source = STR("ldap");
	return d;
}

void directory_free(struct directory *d)
{
	if (!d)
		return;
	arena_free(&d->arena);
	free(d);
}

struct directory *directory_copy(const struct directory *d)
{
	struct directory *c = xmalloc(sizeof(*c));

	/* Texts stay in the arena of d, which must live on; the entries are the copy's own. */
	*c = *d;
	c->arena = (struct arena){ 0 };
	c->current = NULL;
	c->file = NULL;
	for (size_t i = 0; i < d->count; i++) {
		c->entries[i] = ARENA_NEW(&c->arena, struct entry);
		*c->entries[i] = *d->entries[i];
	}
	return c;
}

/* ---- lines ---------------------------------------------------------------------------------- */

static struct entry *find_entry(struct directory *d, struct str dn)
{
	struct str canonical;

	if (!dn_canonical(&d->arena, dn, &canonical))
		return NULL;
	for (size_t i = 0; i < d->count; i++)
		if (!d->entries[i]->gone && str_eq(d->entries[i]->canonical, canonical))
			return d->entries[i];
	return NULL;
}

static struct entry_attr *find_attr(struct entry *e, struct str name)
{
	for (size_t i = 0; i < e->count; i++)
		if (str_ieq(e->attrs[i].name, name))
			return &e->attrs[i];
	return NULL;
}

static void set_attr(struct directory *d, struct entry *e, struct str name, struct str value)
{
	struct entry_attr *a = find_attr(e, name);
	struct str *values;

	if (!a && e->count < MAX_ATTRIBUTES) {
		a = &e->attrs[e->count++];
		*a = (struct entry_attr){ .name = arena_str(&d->arena, name) };
	}
	if (!a)
		abort();
	if (a->edit != d->edit)
		a->count = 0;
	a->edit = d->edit;
	if (value.n == 0)
		return;
	values = ARENA_ARRAY(&d->arena, struct str, a->count + 1);
	if (a->count > 0)
		memcpy(values, a->values, a->count * sizeof(*values));
	values[a->count++] = arena_str(&d->arena, value);
	a->values = values;
}

static void set_text(struct directory *d, struct entry *e, const char *name, const char *value)
{
	set_attr(d, e, str_of(name), str_of(value));
}

/* What makes an object another one than the one it is like. */
static void set_identity(struct directory *d, struct entry *e)
{
	const char *rdn = dn_rdn_value(&d->arena, e->dn).p;
	bool has_sid = find_attr(e, STR("objectSid")) != NULL;

	set_text(d, e, "cn", rdn);
	if (find_attr(e, STR("sAMAccountName")))
		set_text(d, e, "sAMAccountName", rdn);
	set_text(d, e, "userPrincipalName", "");
	set_text(d, e, "objectGUID", "");
	if (has_sid)
		set_text(d, e, "objectSid",
			arena_printf(&d->arena, DIRECTORY_DOMAIN_SID "-%u",
				(unsigned)(FIRST_RID + d->count))
				.p);
}

static int add_object(struct directory *d, struct str rest, struct err *err)
{
	static const char like[] = " like ";
	struct str dn = rest, model = { 0 };
	struct entry *e, *base = NULL;

	for (size_t i = 0; i + sizeof(like) - 1 < rest.n; i++)
		if (memcmp(rest.p + i, like, sizeof(like) - 1) == 0) {
			dn = (struct str){ rest.p, i };
			model = (struct str){ rest.p + i + 6, rest.n - i - 6 };
		}
	if (str_eq(dn, STR("rootDSE")))
		dn = STR("");
	d->edit++;
	d->current = find_entry(d, dn);
	if (model.p) {
		base = find_entry(d, model);
		if (!base || d->current)
			return err_set(err, ERR_USAGE, "'%.*s' is not there, or '%.*s' is already",
				STR_ARG(model), STR_ARG(dn));
	}
	if (d->current)
		return 0;
	if (d->count == MAX_OBJECTS)
		return err_set(err, ERR_USAGE, "too many objects");
	e = ARENA_NEW(&d->arena, struct entry);
	if (base)
		*e = *base;
	e->dn = arena_str(&d->arena, dn);
	if (!dn_canonical(&d->arena, dn, &e->canonical))
		return err_set(err, ERR_USAGE, "'%.*s' is no DN", STR_ARG(dn));
	if (base)
		set_identity(d, e);
	d->edit++;
	d->entries[d->count++] = e;
	d->current = e;
	return 0;
}

static int attribute_line(struct directory *d, struct str line, struct err *err)
{
	struct str value, name = str_cut(line, ':', &value);

	if (!d->current || !value.p)
		return err_set(err, ERR_USAGE, "an attribute needs an object above it and a colon");
	set_attr(d, d->current, str_trim(name), str_trim(value));
	return 0;
}

/* The schemaIDGUID by which an access control entry names the attribute; NULL: not known. */
static const char *attribute_guid(enum attr attribute)
{
	static const struct {
		enum attr attribute;
		const char *guid;
	} guids[] = {
#define ACCESS(name, guid, property_set) { ATTR_##name, guid },
#include "model/access.def"
#undef ACCESS
	};

	for (size_t i = 0; i < ARRAY_LEN(guids); i++)
		if (guids[i].attribute == attribute)
			return guids[i].guid;
	return NULL;
}

/* Denies reading one attribute in front of everything else, as an administrator would. */
static void deny_attribute(struct directory *d, struct entry *e, enum attr a)
{
	struct entry_attr *sd = find_attr(e, STR("nTSecurityDescriptor"));
	struct str text = sd && sd->count ? sd->values[0] : STR(DEFAULT_DESCRIPTOR);
	size_t at = 0;

	while (at < text.n && text.p[at] != '(')
		at++;
	set_attr(d, e, str_of(attr_table[a].ldap), (struct str){ 0 });
	if (sd && sd->count == 0)
		return;
	set_attr(d, e, STR("nTSecurityDescriptor"),
		arena_printf(&d->arena, "%.*s(OD;;RP;%s;;WD)%.*s", (int)at, text.p,
			attribute_guid(a), (int)(text.n - at), text.p + at));
}

static int hide_attribute(struct directory *d, struct str rest, struct err *err)
{
	struct str target, name = str_trim(str_cut(rest, '@', &target));
	enum attr a = attr_by_name(name);
	struct entry *e;

	target = str_trim(target);
	if (a == ATTR_NONE || !attribute_guid(a) || target.n == 0)
		return err_set(err, ERR_USAGE, "'- attribute of access.def @ DN' is expected");
	d->edit++;
	for (size_t i = 0; str_eq(target, STR("*")) && i < d->count; i++) {
		d->edit++;
		deny_attribute(d, d->entries[i], a);
	}
	if (str_eq(target, STR("*")))
		return 0;
	e = find_entry(d, target);
	if (!e)
		return err_set(err, ERR_USAGE, "there is no object '%.*s'", STR_ARG(target));
	deny_attribute(d, e, a);
	return 0;
}

static int skip_attribute(struct directory *d, struct str name, struct err *err)
{
	enum attr a = attr_by_name(name);

	if (a == ATTR_NONE)
		return err_set(err, ERR_USAGE, "'%.*s' is not in attrs.def", STR_ARG(name));
	d->not_asked[a] = true;
	return 0;
}

static int remove_object(struct directory *d, struct str dn, struct err *err)
{
	struct entry *e = find_entry(d, dn);

	if (!e)
		return err_set(err, ERR_USAGE, "there is no object '%.*s'", STR_ARG(dn));
	e->gone = true;
	return 0;
}

static int coverage_line(struct directory *d, struct str rest, struct err *err)
{
	struct coverage *c = &d->coverage[d->coverage_count];
	struct str need, state = str_cut(rest, ' ', &need);
	size_t i = 0;

	if (d->coverage_count == MAX_COVERAGE || !coverage_state_parse(state, &c->state))
		return err_set(err, ERR_USAGE, "'! state need -- detail' is expected");
	while (i < need.n && !str_starts((struct str){ need.p + i, need.n - i }, STR(" -- ")))
		i++;
	c->need = arena_str(&d->arena, (struct str){ need.p, i });
	c->detail = STR("");
	if (i < need.n)
		c->detail = arena_str(&d->arena, (struct str){ need.p + i + 4, need.n - i - 4 });
	d->coverage_count++;
	return 0;
}

/* A file that is there already gets a new text. */
static int sysvol_line(struct directory *d, struct str path, struct err *err)
{
	size_t i = 0;

	d->sysvol = !str_eq(path, STR("none"));
	if (!d->sysvol)
		return 0;
	while (i < d->file_count && !str_eq(d->files[i].path, path))
		i++;
	if (i == MAX_FILES)
		return err_set(err, ERR_USAGE, "more than %d files", MAX_FILES);
	d->file_count += i == d->file_count;
	d->file = &d->files[i];
	*d->file = (struct sysvol_file){ arena_str(&d->arena, path), STR("") };
	return 0;
}

/* Cuts s at the first " -- ". */
static struct str cut_dashes(struct str s, struct str *rest)
{
	for (size_t i = 0; i + 4 <= s.n; i++)
		if (str_starts((struct str){ s.p + i, s.n - i }, STR(" -- "))) {
			*rest = (struct str){ s.p + i + 4, s.n - i - 4 };
			return (struct str){ s.p, i };
		}
	*rest = (struct str){ NULL, 0 };
	return s;
}

/* "acl PATH -- SDDL" or "… -- SDDL -- N" (days ago, 400 by default); a later line replaces an
 * earlier one, SDDL "none" is a descriptor that was not read, "gone" takes the file away, "smb "
 * before it: as over SMB, where the control flags are not known. */
static int acl_line(struct directory *d, struct str rest, struct err *err)
{
	struct str path = cut_dashes(rest, &rest), sddl = cut_dashes(rest, &rest);
	size_t i = 0;

	if (!sddl.n)
		return err_set(err, ERR_USAGE, "'acl PATH -- SDDL' is expected");
	while (i < d->acl_count && !str_eq(d->acls[i].path, path))
		i++;
	if (i == MAX_FILES)
		return err_set(err, ERR_USAGE, "more than %d files", MAX_FILES);
	d->acl_count += i == d->acl_count;
	d->acls[i] = (struct sysvol_acl){ arena_str(&d->arena, path), arena_str(&d->arena, sddl),
		rest.p ? arena_str(&d->arena, rest) : STR("400") };
	return 0;
}

int directory_line(struct directory *d, struct str line, struct err *err)
{
	struct str rest = { line.p + 2, line.n > 2 ? line.n - 2 : 0 };

	if (d->file && str_starts(line, STR("  "))) {
		d->file->text = arena_printf(
			&d->arena, "%.*s%.*s\r\n", STR_ARG(d->file->text), STR_ARG(rest));
		return 0;
	}
	d->file = NULL;
	if (str_starts(line, STR("sysvol ")))
		return sysvol_line(d, (struct str){ line.p + 7, line.n - 7 }, err);
	if (str_starts(line, STR("acl ")))
		return acl_line(d, (struct str){ line.p + 4, line.n - 4 }, err);
	if (str_starts(line, STR(" ")))
		return attribute_line(d, line, err);
	if (str_starts(line, STR("+ ")))
		return add_object(d, rest, err);
	if (str_starts(line, STR("x ")))
		return remove_object(d, rest, err);
	if (str_starts(line, STR("- ")))
		return hide_attribute(d, rest, err);
	if (str_starts(line, STR("~ ")))
		return skip_attribute(d, rest, err);
	if (str_starts(line, STR("! ")))
		return coverage_line(d, rest, err);
	if (str_starts(line, STR("source: "))) {
		struct str word = { line.p + 8, line.n - 8 }, version;

		word = str_cut(word, ' ', &version);
		d->source = arena_str(&d->arena, word);
		d->oradad_version = arena_str(&d->arena, version);
		return 0;
	}
	if (str_eq(line, STR("last_logon: all"))) {
		d->last_logon_of_all = true;
		return 0;
	}
	if (str_starts(line, STR("reader: "))) {
		d->reader = arena_str(&d->arena, (struct str){ line.p + 8, line.n - 8 });
		return 0;
	}
	if (str_starts(line, STR("at: ")) &&
		datetime_parse((struct str){ line.p + 4, line.n - 4 }, &d->at))
		return 0;
	return err_set(err, ERR_USAGE, "this line says nothing: %.*s", STR_ARG(line));
}

int directory_text(struct directory *d, struct str text, const char *file, struct err *err)
{
	unsigned number = 0;

	while (text.n > 0) {
		struct str line = str_cut(text, '\n', &text);
		struct err why;

		number++;
		if (str_trim(line).n == 0 || line.p[0] == '#')
			continue;
		if (directory_line(d, line, &why))
			return err_set(err, ERR_USAGE, "%s:%u: %s", file, number, why.text);
	}
	return 0;
}

/* ---- encoding ------------------------------------------------------------------------------- */

/* "N days ago" or "N days": the number; false when text is neither. */
static bool days_text(struct str text, const char *unit, int64_t *days)
{
	struct str word, number = str_cut(text, ' ', &word);

	return word.p && str_eq(word, str_of(unit)) && str_to_i64(number, days);
}

static bool encode_int64(struct directory *d, struct str text, struct str *out)
{
	int64_t n;

	if (days_text(text, "days ago", &n))
		n = filetime_from_seconds(d->at - n * SECONDS_PER_DAY);
	else if (days_text(text, "days", &n))
		n = -n * SECONDS_PER_DAY * 10000000;
	else if (str_eq(text, STR("never")))
		n = FILETIME_NEVER;
	else if (!str_to_i64(text, &n))
		return false;
	*out = arena_printf(&d->arena, "%lld", (long long)n);
	return true;
}

static bool encode_time(struct directory *d, struct str text, struct str *out)
{
	int64_t n;
	struct civil c;

	*out = text;
	if (!days_text(text, "days ago", &n))
		return true;
	c = datetime_civil(d->at - n * SECONDS_PER_DAY);
	*out = arena_printf(&d->arena, "%04d%02d%02d%02d%02d%02d.0Z", (int)c.year, c.month, c.day,
		c.hour, c.minute, c.second);
	return true;
}

static bool encode_sid(struct directory *d, struct str text, struct str *out)
{
	unsigned char *bytes = arena_alloc(&d->arena, 68);
	struct sid sid;

	if (!sid_from_text(text, &sid))
		return false;
	*out = (struct str){ (const char *)bytes, sid_bytes(&sid, bytes) };
	return true;
}

static bool encode_guid(struct directory *d, struct str text, struct str *out)
{
	struct guid guid;

	if (!guid_from_text(text, &guid))
		return false;
	*out = arena_str(&d->arena, (struct str){ (const char *)guid.b, sizeof(guid.b) });
	return true;
}

/* "hex: 30 82 …", blanks as one likes; anything else is the bytes of the text. */
static bool encode_hex(struct directory *d, struct str text, struct str *out)
{
	char *bytes = arena_alloc(&d->arena, text.n);
	size_t n = 0, digits = 0;

	*out = text;
	if (!str_starts(text, STR("hex:")))
		return true;
	for (size_t i = 4; i < text.n; i++) {
		int digit = ascii_hex(text.p[i]);

		if (text.p[i] == ' ')
			continue;
		if (digit < 0)
			return false;
		bytes[n] = (char)((digits % 2 ? bytes[n] * 16 : 0) + digit);
		n += digits++ % 2;
	}
	*out = (struct str){ bytes, n };
	return digits % 2 == 0;
}

/* SDDL has no ACEs with a condition: their descriptors are written as bytes. */
static bool encode_descriptor(
	struct directory *d, struct str text, const struct sid *domain, struct str *out)
{
	return str_starts(text, STR("hex:")) ? encode_hex(d, text, out)
					     : sddl_to_bytes(&d->arena, text, domain, out);
}

static bool encode(struct directory *d, struct str name, struct str text, struct str *out)
{
	enum attr a = attr_by_name(name);
	struct sid domain;

	sid_from_text(STR(DIRECTORY_DOMAIN_SID), &domain);
	if (str_ieq(name, STR("nTSecurityDescriptor")) || a == ATTR_MSDS_ALLOWED_TO_ACT ||
		a == ATTR_MSDS_GROUP_MSA_MEMBERSHIP || a == ATTR_MSDS_USER_ALLOWED_FROM)
		return encode_descriptor(d, text, &domain, out);
	switch (attr_table[a].type) {
	case ATTR_TYPE_SID:
		return encode_sid(d, text, out);
	case ATTR_TYPE_GUID:
		return encode_guid(d, text, out);
	case ATTR_TYPE_INT64:
		return encode_int64(d, text, out);
	case ATTR_TYPE_TIME:
		return encode_time(d, text, out);
	case ATTR_TYPE_BINARY:
		return encode_hex(d, text, out);
	default:
		*out = text;
		return true;
	}
}

/* ---- the snapshot --------------------------------------------------------------------------- */

static int encode_attr(
	struct directory *d, const struct entry_attr *from, struct raw_attr *to, struct err *err)
{
	struct str *values = ARENA_ARRAY(&d->arena, struct str, from->count);

	for (size_t i = 0; i < from->count; i++)
		if (!encode(d, from->name, from->values[i], &values[i]))
			return err_set(err, ERR_USAGE, "%.*s cannot be '%.*s'", STR_ARG(from->name),
				STR_ARG(from->values[i]));
	*to = (struct raw_attr){ from->name, values, from->count };
	return 0;
}

static int put_entry(struct directory *d, struct snapshot_writer *w, size_t number, struct err *err)
{
	struct entry *e = d->entries[number];
	struct raw_attr attrs[MAX_ATTRIBUTES];
	struct raw_object o = { .dn = e->dn, .attrs = attrs };
	const struct entry_attr *guid;

	d->edit++;
	if (e->dn.n > 0 && !find_attr(e, STR("nTSecurityDescriptor")))
		set_text(d, e, "nTSecurityDescriptor", DEFAULT_DESCRIPTOR);
	guid = find_attr(e, STR("objectGUID"));
	if (e->dn.n > 0 && (!guid || guid->count == 0))
		set_text(d, e, "objectGUID",
			arena_printf(
				&d->arena, "0b000000-0000-4000-8000-%012x", (unsigned)number + 1)
				.p);
	for (size_t i = 0; i < e->count; i++) {
		enum attr a = attr_by_name(e->attrs[i].name);

		if (e->attrs[i].count == 0 || (a != ATTR_NONE && d->not_asked[a]))
			continue;
		if (encode_attr(d, &e->attrs[i], &attrs[o.count++], err))
			return err->code;
	}
	return snapshot_put(w, &o, err);
}

static int put_meta(struct directory *d, struct snapshot_writer *w, struct err *err)
{
	char date[DATETIME_TEXT];
	struct str reader_sid = str_cut(d->reader, ' ', &(struct str){ 0 });
	struct buf asked = { 0 };
	bool all = true;
	int rc = snapshot_put_meta(w, META_SOURCE, d->source, err);

	if (rc == 0)
		rc = snapshot_put_meta(
			w, META_COLLECTED_AT, str_of(datetime_iso(d->at, date)), err);
	if (rc == 0 && d->oradad_version.n)
		rc = snapshot_put_meta(w, META_ORADAD_VERSION, d->oradad_version, err);
	if (rc == 0 && !str_eq(d->reader, STR("none")))
		rc = snapshot_put_meta(w, META_READER_TOKEN, d->reader, err);
	if (rc == 0 && !str_eq(d->reader, STR("none")))
		rc = snapshot_put_meta(w, META_READER_SID, reader_sid, err);
	if (rc == 0 && d->last_logon_of_all)
		rc = snapshot_put_meta(w, META_LAST_LOGON, STR("all"), err);
	for (int a = 1; a < ATTR_COUNT; a++) {
		all = all && !d->not_asked[a];
		if (!d->not_asked[a])
			buf_printf(&asked, "%s%s", asked.n ? " " : "", attr_table[a].ldap);
	}
	if (rc == 0 && !all)
		rc = snapshot_put_meta(w, META_ATTRIBUTES_ASKED, buf_str(&asked), err);
	buf_free(&asked);
	return rc;
}

static int put_acl(struct directory *d, struct snapshot_writer *w, const struct sysvol_acl *acl,
	struct err *err)
{
	struct sysvol_entry e = { .path = acl->path };
	size_t prefix = str_starts(acl->sddl, STR("smb ")) ? 4 : 0;
	struct str sddl = { acl->sddl.p + prefix, acl->sddl.n - prefix };
	struct sid domain;
	int64_t days;

	sid_from_text(STR(DIRECTORY_DOMAIN_SID), &domain);
	if (str_eq(acl->sddl, STR("gone")))
		return 0;
	e.folder = e.path.p[e.path.n - 1] == '/';
	e.path.n -= e.folder;
	if (!str_to_i64(acl->days, &days) ||
		(!str_eq(acl->sddl, STR("none")) &&
			!encode_descriptor(d, sddl, &domain, &e.descriptor)))
		return err_set(err, ERR_USAGE, "'acl %.*s': no SDDL, or no number of days",
			STR_ARG(acl->path));
	e.control_known = e.descriptor.p && !prefix;
	e.modified = d->at - days * SECONDS_PER_DAY;
	return snapshot_put_sysvol_entry(w, &e, err);
}

static int put_sysvol(struct directory *d, struct snapshot_writer *w, struct err *err)
{
	int rc = d->sysvol ? snapshot_put_meta(w, META_SYSVOL, STR("copy"), err) : 0;

	for (size_t i = 0; rc == 0 && d->sysvol && i < d->file_count; i++)
		rc = snapshot_put_sysvol(w, d->files[i].path, d->files[i].text, err);
	for (size_t i = 0; rc == 0 && d->sysvol && i < d->acl_count; i++)
		rc = put_acl(d, w, &d->acls[i], err);
	return rc;
}

static int write_snapshot(struct directory *d, const char *path, struct err *err)
{
	struct snapshot_writer *w = NULL;
	int rc = snapshot_create(path, &w, err);

	for (size_t i = 0; rc == 0 && i < d->count; i++)
		if (!d->entries[i]->gone)
			rc = put_entry(d, w, i, err);
	if (rc == 0)
		rc = put_meta(d, w, err);
	if (rc == 0)
		rc = put_sysvol(d, w, err);
	for (size_t i = 0; rc == 0 && i < d->coverage_count; i++)
		rc = snapshot_put_coverage(
			w, d->coverage[i].need, d->coverage[i].state, d->coverage[i].detail, err);
	if (rc == 0)
		return snapshot_finish(w, err);
	snapshot_abandon(w);
	return rc;
}

int directory_load(struct directory *d, const struct policy *policy, const struct str *keep,
	size_t keep_count, const char *path, struct model **out, struct err *err)
{
	struct model_options options = { .at = d->at, .keep = keep, .keep_count = keep_count };
	struct progress progress;
	struct snapshot *s = NULL;
	int rc = write_snapshot(d, path, err);

	progress_init(&progress, true);
	if (rc == 0)
		rc = snapshot_open(path, &s, err);
	if (rc == 0)
		rc = model_load(s, policy, &options, &progress, out, err);
	snapshot_close(s);
	return rc;
}
