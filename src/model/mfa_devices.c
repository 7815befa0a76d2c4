/* Key credentials of accounts, and the devices that they should have come from. */
#include "model/mfa_sources.h"

#include "ad/keycred.h"

static bool is_registered_device(const struct ad_object *o)
{
	for (size_t i = 0; i < obj_count(o, ATTR_OBJECT_CLASS); i++)
		if (str_ieq(obj_value(o, ATTR_OBJECT_CLASS, i), STR("msDS-Device")))
			return true;
	return false;
}

/* A computer that registers itself is known by its objectGUID, also at Entra ID (hybrid join); one
 * that the device registration service wrote into the directory by msDS-DeviceID, which it must
 * have (MS-DVRE 3.1, class msDS-Device of MS-ADSC). */
void devices_build(struct model *m)
{
	for (size_t i = 0; i < m->count; i++) {
		const struct ad_object *o = &m->objects[i];
		struct str id = { NULL, 0 };

		if (o->kind == AD_COMPUTER)
			id = (struct str){ (const char *)o->guid.b, 16 };
		else if (obj_has(o, ATTR_MSDS_DEVICE_ID))
			id = obj_value(o, ATTR_MSDS_DEVICE_ID, 0);
		else if (!is_registered_device(o))
			continue;
		if (id.n == 16 && !(o->kind == AD_COMPUTER && guid_is_none(&o->guid)))
			hash_add(&m->devices, id, o->index);
		else
			m->devices_unread = true;
	}
}

void devices_free(struct model *m)
{
	hash_free(&m->devices);
}

const struct ad_object *model_device(const struct model *m, const struct guid *id)
{
	struct str key = { (const char *)id->b, 16 };
	uint32_t at = guid_is_none(id) ? HASH_NONE : hash_get(&m->devices, key);

	return at == HASH_NONE ? NULL : &m->objects[at];
}

bool model_devices_unread(const struct model *m)
{
	return m->devices_unread || model_complete(m, AD_COMPUTER, NULL) == NO;
}

static void judge_key(const struct model *m, struct str value, struct account_keys *k)
{
	struct buf blob = { 0 };
	struct keycred key;
	struct str dn;

	if (!dn_binary_parse(value, &blob, &dn) || !blob.n ||
		!keycred_parse(buf_str(&blob), &key)) {
		k->malformed++;
	} else if (!keycred_is_logon(&key)) {
		k->other++;
	} else if (!model_device(m, &key.device)) {
		k->unconfirmed++;
	} else if (key.flags & KEY_FLAG_MFA_NOT_USED) {
		k->single_factor++;
	} else if (key.usage == KEY_USAGE_FIDO) {
		k->fido++;
	} else {
		k->ngc++;
	}
	buf_free(&blob);
}

struct account_keys account_keys(const struct model *m, const struct ad_object *o)
{
	struct account_keys k = { 0 };

	k.readable = model_readable(m, o, ATTR_MSDS_KEY_CREDENTIAL_LINK) == READABLE;
	for (size_t i = 0; i < obj_count(o, ATTR_MSDS_KEY_CREDENTIAL_LINK); i++)
		judge_key(m, obj_value(o, ATTR_MSDS_KEY_CREDENTIAL_LINK, i), &k);
	return k;
}
