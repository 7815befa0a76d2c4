/* The classes of the schema (MS-ADTS 3.1.1.2.4): what may be created where. */
#ifndef MODEL_SCHEMA_CLASSES_H
#define MODEL_SCHEMA_CLASSES_H

#include "model/model.h"

/* The definition of a class by its lDAPDisplayName; NULL: not read. */
const struct ad_object *schema_class(const struct model *m, struct str name);
/* A way around the rights of containers: may objects of this class be created below a user or a
 * computer, and below them users, computers or groups? *below and *holds get the names of a class
 * on either side. UNKNOWN: a definition on the way was not read. */
enum tri schema_class_is_ladder(const struct model *m, const struct ad_object *class_schema,
	struct str *below, struct str *holds);

#endif
