/* Any bytes as a policy that stands between two others: loaded, described and freed, or mistakes.
 */
#include "policy/policy.h"

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char root[] = "schema: 1\nextends: middle\n"
				   "controls: {hyg_x: {a: 1, enabled: true}}\n";
	static const char base[] = "schema: 1\nname: base\n"
				   "controls: {hyg_x: {enabled: false, reason: r, b: t}}\n";
	const struct embedded_file files[] = {
		{ "root.yaml", (const unsigned char *)root, sizeof(root) - 1 },
		{ "middle.yaml", data, size },
		{ "base.yaml", (const unsigned char *)base, sizeof(base) - 1 },
	};
	const struct policy_mistake *mistakes;
	struct policy p;
	size_t count;
	struct err err;

	if (policy_load("root", files, 3, &p, &mistakes, &count, &err)) {
		assert(count > 0 && mistakes[0].at.line > 0);
	} else {
		const struct policy_value *rows;

		assert(count == 0 && p.file_count >= 2 && p.control_count >= 1);
		policy_describe(&p, &p.arena, &rows, &count);
		assert(count > 0);
	}
	policy_free(&p);
	return 0;
}
