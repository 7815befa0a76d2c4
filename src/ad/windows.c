#include "ad/windows.h"

#include "base/compiler.h"

#include <string.h>

static const struct windows servers[] = {
#define WINDOWS(version, build, name, end, level) { version, build, name, end, "", "", level },
#include "ad/windows.def"
#undef WINDOWS
};

static const struct windows clients[] = {
#define WINDOWS_CLIENT(version, build, name, end, ltsc, iot)                                       \
	{ version, build, name, end, ltsc, iot, 0 },
#include "ad/windows_client.def"
#undef WINDOWS_CLIENT
};

static bool contains(struct str text, struct str part)
{
	for (; text.n >= part.n; text.p++, text.n--)
		if (str_istarts(text, part))
			return true;
	return false;
}

/* By "10.0 (17763)". */
static const struct windows *find_version(const struct windows *list, size_t count, struct str text)
{
	struct str rest, version = str_trim(str_cut(text, '(', &rest));
	uint64_t build = 0;

	if (!str_to_u64(str_trim(str_cut(rest, ')', &rest)), &build))
		build = 0;
	for (size_t i = 0; i < count; i++)
		if (str_eq(version, str_of(list[i].version)) &&
			(list[i].build == 0 || list[i].build == build))
			return &list[i];
	return NULL;
}

/* By "Windows Server 2012 R2 Standard": the longest name that it begins with. */
static const struct windows *find_name(const struct windows *list, size_t count, struct str text)
{
	const struct windows *best = NULL;

	for (size_t i = 0; i < count; i++)
		if (*list[i].name && str_istarts(text, str_of(list[i].name)) &&
			(!best || strlen(list[i].name) > strlen(best->name)))
			best = &list[i];
	return best;
}

static const struct windows *find(
	const struct windows *list, size_t count, struct str name, struct str version)
{
	return version.n ? find_version(list, count, version) : find_name(list, count, name);
}

const struct windows *windows_server(struct str name, struct str version)
{
	return find(servers, ARRAY_LEN(servers), name, version);
}

bool windows_is_windows(struct str name)
{
	return str_istarts(name, STR("Windows")) || str_istarts(name, STR("Hyper-V Server"));
}

bool windows_is_server(struct str name)
{
	return contains(name, STR("server")) || contains(name, STR("serveur"));
}

const char *windows_end_of_support(struct str name, struct str version)
{
	bool long_term = contains(name, STR("LTSC")) || contains(name, STR("LTSB"));
	const struct windows *w;

	if (!windows_is_windows(name))
		return NULL;
	w = windows_is_server(name) ? windows_server(name, version)
				    : find(clients, ARRAY_LEN(clients), name, version);
	if (!w)
		return NULL;
	if (long_term && *w->end_iot && contains(name, STR("IoT")))
		return w->end_iot;
	return long_term && *w->end_ltsc ? w->end_ltsc : w->end;
}
