#include "ad/scripts_ini.h"

#include "ad/gpo_text.h"
#include "base/compiler.h"
#include "base/limits.h"

static const char *const events[] = {
	[SCRIPT_LOGON] = "Logon",
	[SCRIPT_LOGOFF] = "Logoff",
	[SCRIPT_STARTUP] = "Startup",
	[SCRIPT_SHUTDOWN] = "Shutdown",
};

static bool event_of(struct str section, enum script_event *out)
{
	for (size_t i = 0; i < ARRAY_LEN(events); i++) {
		if (str_ieq(section, str_of(events[i]))) {
			*out = (enum script_event)i;
			return true;
		}
	}
	return false;
}

/* "0CmdLine": the number, then what it is of. */
static bool split_key(struct str key, uint32_t *order, struct str *what)
{
	uint64_t number;
	size_t digits = 0;

	while (digits < key.n && key.p[digits] >= '0' && key.p[digits] <= '9')
		digits++;
	if (!str_to_u64((struct str){ key.p, digits }, &number) || number > UINT32_MAX)
		return false;
	*order = (uint32_t)number;
	*what = (struct str){ key.p + digits, key.n - digits };
	return true;
}

/* The parameters stand beside the command of the same number, before or after it. */
static struct gpo_script *find(
	struct gpo_script *scripts, size_t count, enum script_event event, uint32_t order)
{
	/* Nearly always the last one. */
	for (size_t i = count; i > 0 && count - i < 16; i--)
		if (scripts[i - 1].event == event && scripts[i - 1].order == order)
			return &scripts[i - 1];
	return NULL;
}

bool scripts_ini_parse(struct arena *a, struct str bytes, struct scripts_ini *out)
{
	struct ini i = { 0 }, again;
	struct ini_line line;
	size_t lines = 0, count = 0;

	if (bytes.n > LIMIT_SYSVOL_FILE_BYTES)
		return false;
	i.rest = gpo_text(a, bytes);
	again = i;
	while (ini_next(&i, &line))
		lines++;
	if (lines > LIMIT_GPO_RECORDS)
		return false;
	struct gpo_script *scripts = ARENA_ARRAY(a, struct gpo_script, lines);
	while (ini_next(&again, &line)) {
		struct gpo_script s = { 0 };
		struct str what;

		if (!line.value.p || !event_of(line.section, &s.event) ||
			!split_key(line.key, &s.order, &what))
			continue;
		bool command = str_ieq(what, STR("CmdLine"));
		if (!command && !str_ieq(what, STR("Parameters")))
			continue;
		struct gpo_script *at = find(scripts, count, s.event, s.order);
		if (!at) {
			at = &scripts[count++];
			*at = s;
		}
		*(command ? &at->command : &at->parameters) = line.value;
	}
	*out = (struct scripts_ini){ scripts, count };
	return true;
}
