"""audit.xlsx, read back with openpyxl and as bare XML."""
import datetime
import json
import os
import re
import stat
import unittest
import zipfile

import openpyxl
from made import HOSTILE, MadeCase, write

LISTS = ["Points de contrôle", "Plan d'action", "Objets", "Comptes à privilèges", "Couverture",
         "Méthode"]
FAMILIES = ["Mots de passe", "Privilèges", "Niveaux (Tier)", "Comptes dormants", "MFA"]
FR = ["Synthèse", *LISTS[:2], *FAMILIES, *LISTS[2:]]
EN = ["Summary", "Controls", "Action plan", "Passwords", "Privileges", "Tiers", "Stale accounts",
      "MFA", "Objects", "Privileged accounts", "Coverage", "Method"]
STATES = "À faire,En cours,Fait,Risque accepté"


def plain(value):
    """What Excel shows: openpyxl undoes ECMA-376's escape in shared strings only."""
    return value.replace("_x005F_", "_")


class Xlsx(MadeCase):
    books = {}

    def book(self, kind, lang="fr", **more):
        key = (kind, lang, *sorted(more.items()))
        if key not in self.books:
            path = os.path.join(self.made(kind, lang, **more), "audit.xlsx")
            self.books[key] = openpyxl.load_workbook(path)
        return self.books[key]

    def results(self, kind):
        return json.loads(self.read(kind, "results.json"))

    @staticmethod
    def column(sheet, title):
        titles = [c.value for c in sheet[1]]
        return [row[titles.index(title)].value for row in sheet.iter_rows(min_row=2)]

    def text_of(self, sheet):
        return "\n".join(str(c.value) for row in sheet.iter_rows() for c in row
                         if c.value is not None)

    def test_sheets(self):
        for kind in ("small", "empty", "clean", "large"):
            self.assertEqual(self.book(kind).sheetnames, FR)
        self.assertEqual(self.book("small", "en").sheetnames, EN)

    def test_rows(self):
        for kind in ("small", "large"):
            run, book = self.results(kind), self.book(kind)
            objects = sum(len(c["objects"]) for c in run["controls"])
            failed = sum(c["status"] == "fail" for c in run["controls"])
            rows = [len(run["controls"]), failed, objects, 25, len(run["coverage"]) + 1]
            self.assertEqual([book[name].max_row - 1 for name in LISTS[:5]], rows)
            self.assertEqual(self.column(book["Objets"], "Identifiant"),
                             [c["id"] for c in run["controls"] for _ in c["objects"]])
            self.assertEqual([plain(n) for n in self.column(book["Objets"], "Nom distinctif (DN)")],
                             [o["dn"] for c in run["controls"] for o in c["objects"]])

    def test_no_rows(self):
        for name in LISTS[:5]:
            self.assertEqual(self.book("empty")[name].max_row, 2)
            self.assertEqual(self.book("empty")[name]["A2"].value, "Aucune ligne")

    def test_directory_text_is_a_string(self):
        for kind in ("small", "large"):
            book = self.book(kind)
            names = self.column(book["Comptes à privilèges"], "Nom")[:len(HOSTILE)]
            self.assertEqual([plain(n) for n in names], HOSTILE)
            for sheet in book:
                for row in sheet.iter_rows():
                    for cell in row:
                        self.assertNotEqual(cell.data_type, "f")
                        self.assertIsNone(cell.hyperlink)
                        if cell.value in HOSTILE:
                            self.assertEqual(cell.data_type, "s")

    def test_no_formula_no_link_in_xml(self):
        for kind in ("small", "large"):
            path = os.path.join(self.made(kind), "audit.xlsx")
            with zipfile.ZipFile(path) as z:
                self.assertIsNone(z.testzip())
                for name in z.namelist():
                    xml = z.read(name).decode("utf-8")
                    if name.startswith("xl/worksheets/"):
                        self.assertNotRegex(xml, r"<f[ >]|<hyperlink")
                    self.assertNotIn("TargetMode=\"External\"", xml)

    def test_frozen_and_filtered(self):
        for kind in ("small", "large"):
            for name in LISTS:
                sheet = self.book(kind)[name]
                self.assertEqual(sheet.freeze_panes, "B2", name)
                width, last = sheet.max_column, sheet.max_row
                ref = f"A1:{openpyxl.utils.get_column_letter(width)}{last}"
                if kind == "small":
                    self.assertEqual([t.ref for t in sheet.tables.values()], [ref])
                    # Excel repairs a table whose headers differ from its columns.
                    table = next(iter(sheet.tables.values()))
                    self.assertEqual([c.name for c in table.tableColumns],
                                     [c.value for c in sheet[1]])
                    self.assertEqual(len(set(c.name for c in table.tableColumns)), width)
                    self.assertEqual([t.autoFilter.ref for t in sheet.tables.values()], [ref])
                else:
                    self.assertEqual(len(sheet.tables), 0)
                    self.assertEqual(sheet.auto_filter.ref, ref)
                self.assertEqual(sheet.print_title_rows, "$1:$1")
                self.assertEqual(sheet.page_setup.orientation, "landscape")
                self.assertEqual(int(sheet.page_setup.fitToWidth or 1), 1)
                self.assertEqual(int(sheet.page_setup.fitToHeight), 0)

    def blocks(self, sheet):
        """The stacked blocks of a family's sheet: title -> rows below it, the header first."""
        found, rows = {}, None
        for row in sheet.iter_rows(min_row=2):
            values = [c.value for c in row]
            if row[0].font.sz == 14 and values[0]:
                rows = found.setdefault(values[0], [])
            elif rows is not None and any(v is not None for v in values):
                rows.append(values)
        return found

    def test_family_sheets(self):
        order = ["password_policy", "privileged", "tiering", "stale", "mfa"]
        for kind in ("small", "large", "empty"):
            run = self.results(kind)
            for family, name in zip(order, FAMILIES):
                sheet = self.book(kind)[name]
                blocks = self.blocks(sheet)
                shown = blocks["Indicateurs"]
                notes = [row[0] for row in shown if row[0].startswith("Nombres et tableaux incomplets")]
                self.assertEqual(len(notes), len(run["indicator_notes"][family]))
                if notes:
                    self.assertEqual(notes[1], "Nombres et tableaux incomplets. code_of_tomorrow 2.")
                self.assertEqual(shown[len(notes)][:2], ["Indicateur", "Valeur"])
                shown = shown[len(notes) + 1:]
                self.assertEqual(len(shown), len(run["indicators"][family]))
                for row, (key, value) in zip(shown, run["indicators"][family].items()):
                    said = row[1]
                    if value is None:
                        self.assertEqual(said, "Non évalué")
                    elif key == "percent":
                        self.assertEqual(said, f"{value}\u00a0%")
                    elif key == "domain_complexity":
                        self.assertEqual(said, "Oui" if value else "Non")
                    else:
                        self.assertEqual(said, value)
                    self.assertEqual(row[2].split("\n"),
                                     run["indicator_controls"][family][key])
                tables = [t for t in run["tables"] if t["family"] == family]
                if not tables:
                    self.assertEqual(set(blocks) - {"Indicateurs"},
                                     set() if kind == "empty" else {"Points de contrôle de la famille"})
                if kind == "empty":
                    continue
                listed = {c["id"]: c for c in run["controls"]}
                words = ["Non conforme", "Risque accepté", "Non évalué", "Conforme", "Sans objet",
                         "Désactivé"]
                before = (0, 0, "")
                for row in blocks["Points de contrôle de la famille"][1:]:
                    control = listed.pop(row[2])
                    self.assertEqual(row[6:9], [control["failed_level"], control["count"],
                                                control["unknown"]])
                    place = (words.index(row[1]), control["failed_level"] or 0, control["id"])
                    self.assertLess(before, place)
                    before = place
                self.assertEqual(sheet.freeze_panes, "B2")
                self.assertEqual(sheet.print_title_rows, "$1:$1")
                self.assertEqual(sheet.page_setup.orientation, "landscape")
                self.assertEqual(int(sheet.page_setup.fitToHeight), 0)
                self.assertEqual((len(sheet.tables), sheet.auto_filter.ref), (0, None))
                for joined in sheet.merged_cells.ranges:
                    self.assertEqual(joined.min_row, joined.max_row)

    def test_family_tables(self):
        for kind in ("small", "large"):
            blocks = self.blocks(self.book(kind)["Comptes dormants"])
            rows = blocks["made"]  # the two tables of one name follow each other
            self.assertEqual(rows[0][:6], ["Compte", "dn", "Utilisateurs", "made_on",
                                           "Dernière utilisation", "Ordinateurs"])
            self.assertEqual([plain(r[0]) for r in rows[1:22]], HOSTILE + HOSTILE[:1])
            self.assertEqual(rows[4][2:6], [3000, datetime.datetime(2026, 11, 18, 10),
                                            "Moins de 30 jours", "—"])
            self.assertEqual(rows[1][4], "code_of_tomorrow 1")
            self.assertEqual(rows[22][:3], ["Total", None, 123456])
            self.assertEqual(rows[27][0], "… 7000 lignes de plus ne sont pas montrées")
            empty = self.blocks(self.book(kind)["Privilèges"])["made"]
            self.assertEqual([r[0] for r in empty], ["Compte", "Aucune ligne"])

    def test_full_family_sheet_is_cut(self):
        sheet = self.book("small", rows=30)["Comptes dormants"]
        self.assertEqual(sheet.max_row, 30)
        self.assertEqual(sheet["A30"].value,
                         "… la feuille est pleine\u00a0: la suite est dans results.json")

    def test_plan_choices(self):
        for kind in ("small", "large"):
            sheet = self.book(kind)["Plan d'action"]
            rules = {str(v.sqref): v for v in sheet.data_validations.dataValidation}
            last = sheet.max_row
            self.assertEqual(rules[f"I2:I{last}"].type, "list")
            self.assertEqual(rules[f"I2:I{last}"].formula1.strip('"'), STATES)
            self.assertEqual(rules[f"H2:H{last}"].type, "date")
            self.assertEqual(set(self.column(sheet, "Avancement")), {"À faire"})
            self.assertEqual([c.value for c in sheet[1]][6:],
                             ["Responsable", "Échéance", "Avancement", "Commentaire"])
            levels = self.column(sheet, "Niveau")
            self.assertEqual(levels, sorted(levels))

    def test_dates_are_dates(self):
        for kind in ("small", "large"):
            sheet = self.book(kind)["Comptes à privilèges"]
            self.assertEqual(self.column(sheet, "Mot de passe défini le")[1],
                             datetime.datetime(2026, 10, 22, 10, 0))
            self.assertIsNone(self.column(sheet, "Mot de passe défini le")[0])
            self.assertEqual(sheet["G3"].number_format, "dd/mm/yyyy")
            # Before Excel's calendar: shown, as text.
            self.assertEqual(self.column(sheet, "Dernière connexion")[2], "1601-01-01")
            dates = [c for row in self.book(kind)["Synthèse"].iter_rows() for c in row
                     if isinstance(c.value, datetime.datetime)]
            self.assertEqual([c.value for c in dates], [datetime.datetime(2026, 11, 21, 10)] * 2)
            self.assertEqual({c.number_format for c in dates}, {"dd/mm/yyyy"})

    def test_summary(self):
        for kind in ("small", "large"):
            sheet = self.book(kind)["Synthèse"]
            said = self.text_of(sheet)
            for words in ("CHU Exemple — chu.example — 21 novembre 2026", "Niveau 2 sur 5",
                          "Niveau 2 au mieux, 1 si les points non évalués échouent.",
                          "Niveau 3 sans compter les risques acceptés.",
                          "catalogue de novembre 2026", "Il ne remplace pas le rapport",
                          "CN=svc-audit,OU=Comptes de service,DC=chu,DC=example",
                          "Les dix premières actions", "Mots de passe", "Niveaux (Tier)"):
                self.assertIn(words, said)
            figures = [c for row in sheet.iter_rows() for c in row if c.font.sz == 60
                       and c.value is not None]
            self.assertEqual([c.value for c in figures], [2])
            self.assertEqual(figures[0].fill.fgColor.rgb[-6:], "D9660A")
            self.assertEqual(len(sheet._charts), 1)
            self.assertEqual(len(sheet._charts[0].ser), 3)

    def test_chart_counts(self):
        run, sheet = self.results("small"), self.book("small")["Synthèse"]
        rows = {r[5].value: [c.value for c in r[6:9]] for r in sheet.iter_rows()
                if re.fullmatch("Niveau [1-5]", str(r[5].value))}
        for level in range(1, 6):
            at = [c for c in run["controls"] if c["failed_level"] == level]
            vuln = sum(c["status"] == "fail" and c["id"].startswith("vuln_") for c in at)
            other = sum(c["status"] == "fail" for c in at) - vuln
            waived = sum(c["status"] == "waived" for c in at)
            self.assertEqual(rows[f"Niveau {level}"], [vuln, other, waived])
        reference = sheet._charts[0].ser[0].val.numRef.f
        first = min(r[0].row for r in sheet.iter_rows() if r[5].value == "Niveau 1")
        self.assertEqual(reference, f"'Synthèse'!$G${first}:$G${first + 4}"
                         if "'" in reference else f"Synthèse!$G${first}:$G${first + 4}")

    def test_statuses(self):
        run, sheet = self.results("small"), self.book("small")["Points de contrôle"]
        words = {"pass": "Conforme", "fail": "Non conforme", "waived": "Risque accepté",
                 "unknown": "Non évalué", "not_applicable": "Sans objet",
                 "disabled": "Désactivé"}
        self.assertEqual(self.column(sheet, "État"),
                         [words[c["status"]] for c in run["controls"]])
        self.assertEqual(set(words.values()), set(self.column(sheet, "État")))
        remarks = self.column(sheet, "Raison et remarques")
        said = "\n".join(r for r in remarks if r)
        self.assertIn("L’attribut msDS-PSOAppliesTo n’est pas lisible", said)
        self.assertIn("4 compte(s) doivent changer de mot de passe en moins de 365 jours", said)
        self.assertIn("code_of_tomorrow x y", said)
        self.assertGreaterEqual(len(sheet.conditional_formatting), 2)

    def test_long_cell_is_cut(self):
        sheet = self.book("small")["Comptes à privilèges"]
        value = self.column(sheet, "Par quel groupe")[1]
        self.assertTrue(value.endswith("… (suite dans results.json)"))
        units = len(value.encode("utf-16-le")) // 2
        self.assertLessEqual(units, 32767)
        self.assertGreater(units, 32000)

    def test_full_sheet_is_cut(self):
        """A sheet of 30 rows instead of Excel's 1,048,576."""
        run = self.results("small")
        for name, rows in (("Objets", sum(len(c["objects"]) for c in run["controls"])),
                           ("Points de contrôle", 16)):
            sheet = self.book("small", rows=30)[name]
            if rows <= 29:
                self.assertEqual(sheet.max_row, rows + 1)
                continue
            self.assertEqual(sheet.max_row, 30)
            self.assertEqual(sheet["A30"].value, f"… {rows - 28} lignes de plus\u00a0: la feuille "
                             "est pleine, la suite est dans results.json.")

    def test_bytes(self):
        for kind in ("small", "large"):
            first = self.read(kind, "audit.xlsx")
            for zone in ("Asia/Tokyo", "America/Lima"):
                folder = os.path.join(self.root, f"{kind}-{zone[:4]}")
                os.mkdir(folder)
                done = write(folder, kind, only="xlsx", env={"TZ": zone, "LC_ALL": "C.UTF-8"})
                self.assertEqual(done.returncode, 0, done.stderr)
                with open(os.path.join(folder, "audit.xlsx"), "rb") as f:
                    self.assertEqual(f.read(), first)

    def test_mode(self):
        path = os.path.join(self.made("small"), "audit.xlsx")
        self.assertEqual(stat.S_IMODE(os.stat(path).st_mode), 0o600)


if __name__ == "__main__":
    unittest.main()
