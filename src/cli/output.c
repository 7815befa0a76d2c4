#include "cli/output.h"

#include "base/platform.h"

#include <assert.h>

int output_begin(struct output *o, struct arena *a, const char *folder, struct err *err)
{
	bool created;

	if (platform_make_folder(folder, &created, err))
		return err->code;
	*o = (struct output){ .arena = a, .folder = arena_strdup(a, folder), .created = created };
	return 0;
}

void output_adopt(struct output *o, const char *staged, const char *name)
{
	assert(o->count < OUTPUT_FILES_MAX);
	o->files[o->count].staged = staged;
	o->files[o->count].target = arena_printf(o->arena, "%s/%s", o->folder, name).p;
	o->count++;
}

const char *output_stage(struct output *o, const char *name)
{
	const char *staged =
		arena_printf(o->arena, "%s/.%s.%ld.new", o->folder, name, platform_pid()).p;

	platform_remove(staged); /* of a run with our process number that was killed */
	output_adopt(o, staged, name);
	return staged;
}

int output_commit(struct output *o, struct err *err)
{
	for (size_t i = 0; i < o->count; i++)
		if (platform_is_folder(o->files[i].target))
			return err_set(err, ERR_OUTPUT,
				"'%s' is a folder; move it away or choose another --output.",
				o->files[i].target);
	for (size_t i = 0; i < o->count; i++)
		if (platform_rename(o->files[i].staged, o->files[i].target, err))
			return err->code;
	o->committed = true;
	return 0;
}

void output_abort(struct output *o)
{
	if (o->committed)
		return;
	for (size_t i = 0; i < o->count; i++)
		platform_remove(o->files[i].staged);
	o->count = 0;
	if (o->created)
		platform_remove_folder(o->folder);
}
