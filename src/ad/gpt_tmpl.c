#include "ad/gpt_tmpl.h"

#include "ad/gpo_text.h"
#include "base/compiler.h"

/* By enum gpt_section. */
static const char *const sections[] = {
	[GPT_SYSTEM_ACCESS] = "System Access",
	[GPT_KERBEROS_POLICY] = "Kerberos Policy",
	[GPT_EVENT_AUDIT] = "Event Audit",
	[GPT_PRIVILEGE_RIGHTS] = "Privilege Rights",
	[GPT_REGISTRY_VALUES] = "Registry Values",
	[GPT_GROUP_MEMBERSHIP] = "Group Membership",
	[GPT_REGISTRY_KEYS] = "Registry Keys",
	[GPT_FILE_SECURITY] = "File Security",
	[GPT_SERVICES] = "Service General Setting",
};

static enum gpt_section section_of(struct str name)
{
	for (size_t i = 0; i < ARRAY_LEN(sections); i++)
		if (str_ieq(name, str_of(sections[i])))
			return (enum gpt_section)i;
	return GPT_OTHER;
}

static struct gpt_principal principal_of(struct str text)
{
	struct gpt_principal p = { .name = text };

	/* The asterisk says that a SID follows. */
	if (text.n && text.p[0] == '*' &&
		sid_from_text((struct str){ text.p + 1, text.n - 1 }, &p.sid))
		p.name = STR("");
	return p;
}

static void read_principals(struct arena *a, struct str list, struct gpt_setting *s)
{
	size_t room = 1;

	for (size_t i = 0; i < list.n; i++)
		room += list.p[i] == ',';
	struct gpt_principal *items = ARENA_ARRAY(a, struct gpt_principal, room);
	while (list.p) {
		struct str one = ini_unquote(str_trim(str_cut(list, ',', &list)));

		if (one.n)
			items[s->principal_count++] = principal_of(one);
	}
	s->principals = items;
}

/* "4,1": the type, then the data. */
static bool read_registry_value(struct str text, struct gpt_setting *s)
{
	struct str data;
	uint64_t type;

	if (!str_to_u64(str_trim(str_cut(text, ',', &data)), &type) || type > 11 || !data.p)
		return false;
	s->type = (unsigned)type;
	s->value = ini_unquote(str_trim(data));
	return true;
}

/* "*S-1-5-32-544__Members", "Group__Memberof" */
static bool read_group(struct str key, struct gpt_setting *s)
{
	static const struct {
		struct str suffix;
		bool member_of;
	} suffixes[] = { { { "__Members", 9 }, false }, { { "__Memberof", 10 }, true } };

	for (size_t i = 0; i < ARRAY_LEN(suffixes); i++) {
		struct str suffix = suffixes[i].suffix;

		if (key.n <= suffix.n ||
			!str_ieq((struct str){ key.p + key.n - suffix.n, suffix.n }, suffix))
			continue;
		s->name = (struct str){ key.p, key.n - suffix.n };
		if (s->name.n > 1 && s->name.p[0] == '*')
			s->name = (struct str){ s->name.p + 1, s->name.n - 1 };
		s->member_of = suffixes[i].member_of;
		return true;
	}
	return false;
}

static bool read_line(struct arena *a, const struct ini_line *line, struct gpt_setting *s)
{
	*s = (struct gpt_setting){ .section = section_of(line->section),
		.name = ini_unquote(line->key),
		.value = line->value };
	switch (s->section) {
	case GPT_SYSTEM_ACCESS:
	case GPT_KERBEROS_POLICY:
	case GPT_EVENT_AUDIT:
		s->value = ini_unquote(line->value);
		return line->value.p;
	case GPT_PRIVILEGE_RIGHTS:
		read_principals(a, line->value, s);
		return line->value.p;
	case GPT_REGISTRY_VALUES:
		return line->value.p && read_registry_value(line->value, s);
	case GPT_GROUP_MEMBERSHIP:
		read_principals(a, line->value, s);
		return line->value.p && read_group(line->key, s);
	case GPT_REGISTRY_KEYS:
	case GPT_FILE_SECURITY:
	case GPT_SERVICES:
	case GPT_OTHER:
		s->value = line->text;
		return true;
	}
	return false;
}

bool gpt_tmpl_parse(struct arena *a, struct str bytes, struct gpt_tmpl *out)
{
	struct ini i = { 0 }, again;
	struct ini_line line;
	struct gpt_tmpl t = { 0 };
	size_t lines = 0;

	if (bytes.n > LIMIT_SYSVOL_FILE_BYTES)
		return false;
	i.rest = gpo_text(a, bytes);
	again = i;
	while (ini_next(&i, &line))
		lines++;
	if (lines > LIMIT_GPO_RECORDS)
		return false;
	struct gpt_setting *settings = ARENA_ARRAY(a, struct gpt_setting, lines);
	while (ini_next(&again, &line)) {
		if (read_line(a, &line, &settings[t.count]))
			t.count++;
		else
			t.skipped++;
	}
	t.settings = settings;
	*out = t;
	return true;
}
