#include "collect/smb.h"

int smb_read_sysvol(const struct smb_request *rq, struct snapshot_writer *w,
	struct progress *progress, struct err *err)
{
	(void)rq;
	(void)progress;
	return snapshot_put_coverage(w, STR("sysvol"), COVERAGE_DENIED, STR("smb_not_built"), err);
}
