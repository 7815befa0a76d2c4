#include "policy/policy.h"

#include "base/sha256.h"
#include "policy/extends.h"

/* A name that the nearest file does not give: its own, without folder and ending. */
static struct str name_of_file(const char *file)
{
	struct str s = str_of(file), rest;

	for (size_t i = s.n; i > 0; i--)
		if (file[i - 1] == '/' || file[i - 1] == '\\') {
			s = (struct str){ file + i, s.n - i };
			break;
		}
	return str_cut(s, '.', &rest);
}

static int report(
	struct mistakes *m, const struct policy_mistake **mistakes, size_t *count, struct err *err)
{
	struct policy_mistake *list = ARENA_ARRAY(m->a, struct policy_mistake, m->count);

	if (m->more)
		m->list[m->count - 1].text =
			STR("there are more mistakes; mend the ones above and check again.");
	memcpy(list, m->list, m->count * sizeof(*list));
	*mistakes = list;
	*count = m->count;
	return err_set(err, ERR_USAGE, "%.*s: %.*s", STR_ARG(policy_position_text(m->a, list->at)),
		STR_ARG(list->text));
}

static int load(struct chain *chain, struct mistakes *m, const char *name_or_path,
	struct policy *out, struct err *err)
{
	struct policy values = { 0 };
	int rc = chain_read(chain, name_or_path, m, err);

	if (rc || m->count)
		return rc;
	rc = sha256_hex(chain->bytes, chain->count, values.sha256, err);
	if (rc)
		return rc;
	struct yaml_node *merged = chain_merge(chain);
	/* Each file was right; what may still be wrong is between files. */
	schema_read(m, merged, &values);
	if (m->count)
		return 0;
	const char **files = ARENA_ARRAY(chain->a, const char *, chain->count);
	memcpy(files, chain->names, chain->count * sizeof(*files));
	values.files = files;
	values.file_count = chain->count;
	values.merged = merged;
	if (!values.name.n)
		values.name = name_of_file(files[0]);
	values.arena = out->arena;
	*out = values;
	return 0;
}

int policy_load(const char *name_or_path, const struct embedded_file *shipped, size_t shipped_count,
	struct policy *out, const struct policy_mistake **mistakes, size_t *mistake_count,
	struct err *err)
{
	*out = (struct policy){ 0 };
	*mistakes = NULL;
	*mistake_count = 0;
	struct mistakes m = { .a = &out->arena };
	struct chain chain = {
		.a = &out->arena, .shipped = shipped, .shipped_count = shipped_count
	};
	int rc = load(&chain, &m, name_or_path, out, err);

	return m.count ? report(&m, mistakes, mistake_count, err) : rc;
}

void policy_free(struct policy *p)
{
	arena_free(&p->arena);
	*p = (struct policy){ 0 };
}
