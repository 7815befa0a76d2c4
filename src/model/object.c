#include "ad/filetime.h"
#include "model/state.h"

static const struct str nothing = { NULL, 0 };

const struct ad_value *object_slot(const struct ad_object *o, slot_number slot)
{
	size_t low = 0, high = o->value_count;

	while (low < high) {
		size_t mid = (low + high) / 2;

		if (o->values[mid].slot < slot)
			low = mid + 1;
		else
			high = mid;
	}
	return low < o->value_count && o->values[low].slot == slot ? &o->values[low] : NULL;
}

const struct str *value_list(const struct ad_value *v)
{
	return v->count == 1 && !(v->flags & VALUE_DIRTY) ? &v->as.one : v->as.many;
}

slot_number model_slot(const struct model *m, struct str name)
{
	enum attr a = attr_by_name(name);

	if (a != ATTR_NONE)
		return (slot_number)a;
	for (size_t i = 0; i < m->kept_count; i++)
		if (str_ieq(name, m->kept[i]))
			return (slot_number)(ATTR_COUNT + i);
	return SLOT_NONE;
}

bool obj_has(const struct ad_object *o, enum attr a)
{
	return obj_count(o, a) > 0;
}

size_t obj_count(const struct ad_object *o, enum attr a)
{
	const struct ad_value *v = object_slot(o, (slot_number)a);

	return v ? v->count : 0;
}

struct str obj_value(const struct ad_object *o, enum attr a, size_t i)
{
	const struct ad_value *v = object_slot(o, (slot_number)a);

	return v && i < v->count ? value_list(v)[i] : nothing;
}

struct str obj_str(const struct ad_object *o, enum attr a)
{
	const struct ad_value *v = object_slot(o, (slot_number)a);

	if (!v || !v->count)
		return nothing;
	return value_list(v)[v->flags & VALUE_DIRTY ? v->count : 0];
}

int64_t obj_i64(const struct ad_object *o, enum attr a)
{
	int64_t n;

	return str_to_i64(obj_value(o, a, 0), &n) ? n : 0;
}

uint32_t obj_u32(const struct ad_object *o, enum attr a)
{
	/* Flags above bit 31 are written as negative numbers (groupType). */
	return (uint32_t)obj_i64(o, a);
}

bool obj_bool(const struct ad_object *o, enum attr a)
{
	return str_ieq(obj_value(o, a, 0), STR("TRUE"));
}

int64_t obj_time(const struct ad_object *o, enum attr a)
{
	int64_t seconds;
	bool good = attr_table[a].type == ATTR_TYPE_TIME
			    ? generalized_time_parse(obj_value(o, a, 0), &seconds)
			    : filetime_to_seconds(obj_i64(o, a), &seconds);

	return good ? seconds : INT64_MIN;
}

bool obj_by_name(const struct model *m, const struct ad_object *o, struct str name,
	const struct str **values, size_t *count)
{
	slot_number slot = model_slot(m, name);
	const struct ad_value *v = slot == SLOT_NONE ? NULL : object_slot(o, slot);

	if (!v || !v->count)
		return false;
	*values = value_list(v);
	*count = v->count;
	return true;
}
