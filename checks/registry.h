/* Every control of the program: the C tables, one an area, and the catalogue beside them. */
#ifndef CHECKS_REGISTRY_H
#define CHECKS_REGISTRY_H

#include "base/embedded.h"
#include "engine/check.h"

/* In the order of reports. */
extern const struct check_area *const check_areas[];
extern const size_t check_area_count;

/* catalogue.yaml and one <area>.yaml each, as bytes (cmake/embed.cmake). */
extern const struct embedded_file catalogue_files[];
extern const size_t catalogue_files_count;

#endif
