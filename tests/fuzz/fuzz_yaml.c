/* Any bytes as YAML: a tree or one mistake with a position in it, never a crash. */
#include "policy/yaml.h"

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena a = { 0 };
	struct yaml_node *root = NULL;
	struct policy_mistake m = { { 0 }, { 0 } };

	if (yaml_read(&a, (struct str){ (const char *)data, size }, "f", &root, &m))
		assert(!root && m.text.n && m.at.line && m.at.column);
	else
		assert(root && root->at.line);
	arena_free(&a);
	return 0;
}
