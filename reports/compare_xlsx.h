/* Sheets of compare.xlsx. */
#ifndef REPORTS_COMPARE_XLSX_H
#define REPORTS_COMPARE_XLSX_H

#include "reports/xlsx.h"

#include "reports/compare.h"

/* Rows of the longest sheets together. */
uint64_t compare_xlsx_rows(const struct comparison *c);
/* Carte des points: controls × facilities. */
void compare_xlsx_map(struct xlsx_book *b, const struct comparison *c);
/* Actions communes, Établissements, Évolution, Écarts. */
void compare_xlsx_lists(struct xlsx_book *b, const struct comparison *c);
/* Indicateurs, as they are and scaled. */
void compare_xlsx_indicators(struct xlsx_book *b, const struct comparison *c);
/* Approbations, Membres d'ailleurs. */
void compare_xlsx_trusts(struct xlsx_book *b, const struct comparison *c);

#endif
