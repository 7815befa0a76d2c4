#include "ad/gpt_ini.h"

#include "ad/gpo_text.h"
#include "base/limits.h"

bool gpt_ini_parse(struct arena *a, struct str bytes, struct gpt_ini *out)
{
	struct ini i = { 0 };
	struct ini_line line;
	struct gpt_ini g = { .display_name = STR("") };
	uint64_t version;

	if (bytes.n > LIMIT_SYSVOL_FILE_BYTES)
		return false;
	i.rest = gpo_text(a, bytes);
	while (ini_next(&i, &line)) {
		if (!str_ieq(line.section, STR("General")) || !line.value.p)
			continue;
		if (str_ieq(line.key, STR("Version")) && str_to_u64(line.value, &version) &&
			version <= UINT32_MAX) {
			g.has_version = true;
			g.version = (uint32_t)version;
		} else if (str_ieq(line.key, STR("displayName"))) {
			g.display_name = line.value;
		}
	}
	*out = g;
	return true;
}
