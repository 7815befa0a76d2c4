#include "ad/dnsprop.h"

#include "base/reader.h"

#define VERSION 1u

/* MS-DNSP 2.3.2.1: DataLength, NameLength (not used), Flag, Version, Id, Data, Name. */
bool dnsprop_parse(struct str bytes, struct dnsprop *out)
{
	struct reader r = reader_of(bytes);
	uint32_t length = reader_u32le(&r), version, id;
	struct str data;

	reader_u32le(&r);
	reader_u32le(&r);
	version = reader_u32le(&r);
	id = reader_u32le(&r);
	data = reader_bytes(&r, length);
	if (r.bad || version != VERSION)
		return false;
	*out = (struct dnsprop){ id, data };
	return true;
}

bool dnsprop_number(const struct dnsprop *p, uint32_t *out)
{
	uint32_t value = 0;

	if (p->data.n == 0)
		return false;
	for (size_t i = 0; i < p->data.n && i < 4; i++)
		value |= (uint32_t)(unsigned char)p->data.p[i] << (8 * i);
	*out = value;
	return true;
}
