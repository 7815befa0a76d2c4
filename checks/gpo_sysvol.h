/* Controls on the files of SYSVOL themselves, for the rows of gpo.c. */
#ifndef CHECKS_GPO_SYSVOL_H
#define CHECKS_GPO_SYSVOL_H

#include "engine/check.h"
#include "model/gpo.h"

check_fn gpo_scripts;	    /* hyg_gpo_script_writable */
check_fn gpo_logon_scripts; /* the same for scriptPath of accounts, after the last policy */
check_fn gpo_files_acl;	    /* warning_sysvol_files_acl */
check_fn gpo_files_sd;	    /* warning_sysvol_files_sd */
check_fn gpo_root_sd;	    /* warning_sysvol_root_sd */
check_fn gpo_files_changed; /* info_gpo_sysvol */

#endif
