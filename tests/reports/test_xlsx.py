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

LISTS = ["Plan d'action", "Échéances", "Points de contrôle", "Objets", "Comptes à privilèges",
         "Dérogations", "Méthode"]
FAMILIES = ["Mots de passe", "Privilèges", "Niveaux (Tier)", "Comptes dormants", "MFA"]
FR = ["Synthèse", "Plan d'action", "Évolution", "Échéances", "Points de contrôle", *FAMILIES, "Objets",
      "Comptes à privilèges", "Dérogations", "Couverture", "Méthode", "Suivi"]
EN = ["Summary", "Action plan", "Progress", "Deadlines", "Controls", "Passwords", "Privileges", "Tiers",
      "Stale accounts", "MFA", "Objects", "Privileged accounts", "Accepted risks", "Coverage", "Method",
      "Suivi"]
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
        for kind in ("small", "empty", "clean"):
            self.assertEqual(self.book(kind).sheetnames, FR)
        self.assertEqual(self.book("small", "en").sheetnames, EN)
        # Only the large one has been given the result of ADS.
        ads = [n for name in FR for n in ((name, "Rapprochement ADS") if name == "Points de contrôle" else (name,))]
        self.assertEqual(self.book("large").sheetnames, ads)
        self.assertIn("Beside ADS", self.book("large", "en").sheetnames)

    def test_ads(self):
        """In constant memory, too: the large workbook."""
        points = self.results("large")["ads"]["points"]
        rows = list(self.book("large")["Rapprochement ADS"].iter_rows(values_only=True))
        heads = [i for i, r in enumerate(rows) if r[0] == "Écart"]
        self.assertEqual([rows[i - 1][0] for i in heads],
                         ["Écarts", "Points que le fichier ADS ne nomme pas", "Points identiques"])
        shown = [r for r in rows if r[9] and r[9] != "Identifiant"]
        self.assertEqual([r[9] for r in shown], [p["id"] for p in points])
        self.assertEqual([r[0] for r in shown], [
            "Non conforme selon ADS seulement", "Non évalué ici", "Absent du catalogue", "Risque accepté ici",
            "Nombre d’objets différent", "Absent du fichier ADS", "Identique"])
        for row, p in zip(shown, points):
            for at, side in ((3, p["ads"]), (6, p["ours"])):
                want = [side[k] if side and side[k] is not None else "—" for k in ("level", "count")]
                self.assertEqual(list(row[at:at + 2]), want, p["id"])
        # A code that nobody knows stays what it is.
        self.assertEqual(shown[4][8].split("\n")[2], "code_of_tomorrow 1")
        self.assertEqual(shown[3][8], "La politique accepte le risque pour 4 objet(s)")

    def test_rows(self):
        for kind in ("small", "large"):
            run, book = self.results(kind), self.book(kind)
            objects = sum(len(c["objects"]) for c in run["controls"])
            failed = sum(c["status"] == "fail" for c in run["controls"])
            rows = [failed, 5, len(run["controls"]), objects, 25, 4]
            self.assertEqual([book[name].max_row - 1 for name in LISTS[:6]], rows)
            self.assertEqual(self.column(book["Objets"], "Identifiant"),
                             [c["id"] for c in run["controls"] for _ in c["objects"]])
            self.assertEqual([plain(n) for n in self.column(book["Objets"], "Nom distinctif (DN)")],
                             [o["dn"] for c in run["controls"] for o in c["objects"]])
            self.assertEqual([plain(n) for n in self.column(book["Objets"], "key")],
                             [f"{c['id']}|{o['guid']}" for c in run["controls"] for o in c["objects"]])
            self.assertEqual(sorted(self.column(book["Plan d'action"], "key")),
                             [c["id"] for c in run["controls"] if c["status"] == "fail"])
            found = [o for c in run["controls"] for o in c["objects"]]
            self.assertEqual(self.column(book["Objets"], "Niveau"), [o["level"] for o in found])
            self.assertEqual([v == "Risque accepté" for v in self.column(book["Objets"], "État")],
                             [o["waived"] for o in found])

    def test_plan_order(self):
        run, sheet = self.results("small"), self.book("small")["Plan d'action"]
        effort = {"Faible (heures)": 0, "Moyen (jours)": 1, None: 1, "Élevé (projet)": 2}
        rows = [(level, not id.startswith("vuln_"), effort[e]) for level, id, e in zip(
            self.column(sheet, "Niveau"), self.column(sheet, "Identifiant"), self.column(sheet, "Effort"))]
        self.assertEqual(rows, sorted(rows))
        by_id = {c["id"]: c for c in run["controls"]}
        self.assertEqual(self.column(sheet, "Objets"),
                         [by_id[i]["count"] for i in self.column(sheet, "Identifiant")])
        self.assertEqual(set(self.column(sheet, "Risque pour les soins et les services")),
                         {"Un mot de passe ancien expire aussitôt.", None})

    def test_hidden(self):
        for kind in ("small", "large"):
            book = self.book(kind)
            self.assertEqual([s.title for s in book if s.sheet_state != "visible"], ["Suivi"])
            for name in ("Plan d'action", "Objets"):
                sheet = book[name]
                last = sheet.cell(1, sheet.max_column)
                self.assertEqual(last.value, "key")
                hidden = [c for c, d in sheet.column_dimensions.items() if d.hidden]
                self.assertEqual(hidden, [last.column_letter])

    def test_memory(self):
        head = ["key", "first_seen", "since", "last_seen", "fixed_at", "responsible", "due", "state",
                "comment", "proof"]
        for lang in ("fr", "en"):
            rows = [[c.value for c in row] for row in self.book("followed", lang)["Suivi"].iter_rows()]
            measures = {r[8].split()[0]: r for r in rows if r[0] == "@measure"}
            self.assertEqual(list(measures), [c["id"] for c in self.results("followed")["controls"]])
            for value in (r[8] for r in measures.values()):
                self.assertRegex(value, r"^[a-z0-9_]+ [0-9a-f]{16}( [0-9a-f]{16})?$")
            rows = [r for r in rows if r[0] != "@measure"]
            self.assertEqual(rows[0], head)
            self.assertEqual([rows[1][0], rows[1][8]], ["@schema", "1"])
            self.assertEqual([rows[2][0], rows[2][3]], ["@run", "2026-11-21T10:00:00Z"])
            self.assertEqual(rows[3][0], "@domain")
            self.assertEqual(rows[3][8], "S-1-5-21-1004336348-1177238915-682003330")
            self.assertEqual(rows[4], [
                "hyg_stale_users|0f0e0d0c-0b0a-0908-0706-00000000ffff", "2026-05-25T10:00:00Z",
                "2026-07-24T10:00:00Z", "2026-09-22T10:00:00Z", "2026-11-21T10:00:00Z",
                '=HYPERLINK("http://evil.example")', "2027-02-01", "done",
                "Vu avec la pharmacie,\npuis le bloc", "ticket 4711"])
            self.assertEqual(rows[5][:5], ["vuln_guest", "2026-05-25T10:00:00Z", "2026-05-25T10:00:00Z",
                                           "2026-11-21T10:00:00Z", None])
            self.assertEqual(len(rows), 6)

    def test_followup(self):
        """What people wrote stands where they wrote it, and the ages beside it."""
        for name, key in (("Plan d'action", "vuln_dont_expire_priv"),
                          ("Objets", "hyg_stale_users|0f0e0d0c-0b0a-0908-0706-000000000005")):
            sheet = self.book("followed")[name]
            titles = [c.value for c in sheet[1]]
            row = next(r for r in sheet.iter_rows(min_row=2) if r[titles.index("key")].value == key)
            value = {t: c for t, c in zip(titles, row)}
            self.assertEqual(value["Commentaire"].value, "Vu avec la pharmacie,\npuis le bloc")
            self.assertEqual(value["Preuve"].value, "ticket 4711")
            self.assertEqual(value["Responsable"].data_type, "s")
        sheet = self.book("followed")["Objets"]
        ages = {"Nouveau": datetime.datetime(2026, 11, 21, 10), "Restant": datetime.datetime(2026, 9, 22, 10),
                "Revenu": datetime.datetime(2026, 11, 21, 10)}
        for age, since in zip(self.column(sheet, "Ancienneté"), self.column(sheet, "Depuis le")):
            self.assertEqual(ages[age], since)
        self.assertEqual({s for s in self.column(sheet, "Avancement") if s},
                         {"En cours", "Fait", "Risque accepté", "=attendre"})
        self.assertIn(datetime.datetime(2027, 2, 1), self.column(sheet, "Échéance"))
        # A first audit knows neither.
        self.assertEqual(set(self.column(self.book("small")["Objets"], "Ancienneté")), {None})

    def test_last_use(self):
        sheet = self.book("small")["Objets"]
        run = self.results("small")
        # Every fourth made object has none; none is told apart from the first day of a calendar.
        places = [i for c in run["controls"] for i in range(len(c["objects"]))]
        for i, value in zip(places, self.column(sheet, "Dernière utilisation"), strict=True):
            self.assertEqual(value, datetime.datetime(2026, 11, 21, 10) - datetime.timedelta(i % 400)
                             if i % 4 else None)

    def test_evolution(self):
        blocks = self.blocks(self.book("followed")["Évolution"])
        points = blocks["D’un audit à l’autre"]
        self.assertEqual(points[0][0], "Prochain audit attendu le 21 janvier 2027")
        self.assertEqual([r[1] for r in points[2:6]], [1, 1, 2, 2])
        self.assertEqual([r[4] for r in points[2:6]], [60, 49, 38, 27])
        self.assertEqual([r[8] for r in points[2:6]], ["—", "Modifiée", "La même", "La même"])
        self.assertEqual(len(self.book("followed")["Évolution"]._charts), 2)
        indicators = blocks["Indicateurs"]
        self.assertEqual(len(indicators), 6)
        self.assertTrue(all(r[1] == r[2] + 5 and r[4] == -5 for r in indicators[1:]))
        self.assertTrue(all(r[3].startswith("▼ En baisse") for r in indicators[1:]))
        controls = {r[8]: r for r in blocks["Points de contrôle qui ont changé"][1:]}
        self.assertEqual(controls["hyg_admin_not_dedicated"][1:4], ["Conforme", "Non conforme", "▼ Aggravé"])
        self.assertEqual(controls["hyg_stale_users"][6:8], [2, 1])
        gone = self.book("followed")["Constats disparus"]
        self.assertEqual(self.column(gone, "Ce qu’il en est"),
                         ["Corrigé", "Corrigé", "Non évalué\u00a0: rien ne dit qu’il est corrigé"])
        first = self.text_of(self.book("small")["Évolution"])
        self.assertIn("Premier audit connu", first)
        self.assertNotIn("Constats disparus", self.book("small").sheetnames)
        self.assertIn("Depuis l’audit du 22 septembre 2026", self.text_of(self.book("followed")["Synthèse"]))

    def test_waivers(self):
        sheet = self.book("small")["Dérogations"]
        self.assertEqual(self.column(sheet, "Situation"),
                         ["Expirée", "Expire sous 60 jours", "Active", "Active"])
        self.assertEqual(self.column(sheet, "Jours restants"), [None, 1, 60, 178])
        self.assertEqual(self.column(sheet, "Portée"),
                         ["Membres d’un groupe", "Tout le point", "Un objet", "Unité d’organisation"])
        self.assertEqual(self.column(sheet, "Constats acceptés"), [2, 0, 1, 3])
        self.assertTrue(self.column(sheet, "Remarque")[1].startswith("N’accepte aucun constat"))

    def test_deadlines(self):
        sheet = self.book("small")["Échéances"]
        self.assertEqual(self.column(sheet, "Ce qui changera"), [
            "Deviendra non conforme", "L’acceptation du risque prendra fin",
            "Passera à un niveau plus grave", "Le point deviendra non conforme",
            "Le point ne pourra plus être évalué"])
        self.assertEqual(set(self.column(sheet, "Au plus tard le")), {datetime.datetime(2027, 1, 20, 10)})

    def test_coverage(self):
        run = self.results("small")
        blocks = self.blocks(self.book("small")["Couverture"])
        causes = blocks["Ce qui apporterait des réponses"]
        self.assertIn("rights.ps1", causes[0][0])
        self.assertEqual(sum(r[1] for r in causes[2:]),
                         sum(c["status"] == "unknown" for c in run["controls"]))
        self.assertEqual(causes[2][2], "vuln_privileged_members_password")
        self.assertIn("Password Settings Container", causes[2][3])
        reads = blocks["Ce qui a été lu et ce qui ne l’a pas été"]
        self.assertEqual(len(reads), 1 + len(run["coverage"]) + 1)

    def test_goes_on(self):
        """A list that is longer than a sheet goes on on the next, and says so."""
        run, book = self.results("small"), self.book("small", rows=30)
        names = [n for n in book.sheetnames if n.startswith("Objets")]
        self.assertEqual(names, ["Objets"] + [f"Objets ({i + 2})" for i in range(len(names) - 1)])
        self.assertGreater(len(names), 4)
        dns = []
        for i, name in enumerate(names):
            sheet = book[name]
            self.assertEqual([c.value for c in sheet[1]], [c.value for c in book["Objets"][1]])
            values = self.column(sheet, "Nom distinctif (DN)")
            if i + 1 < len(names):
                self.assertEqual(sheet["A30"].value, f"… la suite est sur la feuille «\u00a0{names[i + 1]}\u00a0».")
                values.pop()
            dns += [plain(v) for v in values]
            self.assertEqual(len(sheet.data_validations.dataValidation), 2)
        self.assertEqual(dns, [o["dn"] for c in run["controls"] for o in c["objects"]])

    def test_no_rows(self):
        for name in LISTS[:6]:
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
            for name, due, state in (("Plan d'action", "K", "L"), ("Objets", "K", "L")):
                sheet = self.book(kind)[name]
                rules = {str(v.sqref): v for v in sheet.data_validations.dataValidation}
                last = sheet.max_row
                self.assertEqual(sheet[f"{due}1"].value, "Échéance")
                self.assertEqual(sheet[f"{state}1"].value, "Avancement")
                self.assertEqual(rules[f"{state}2:{state}{last}"].type, "list")
                self.assertEqual(rules[f"{state}2:{state}{last}"].formula1.strip('"'), STATES)
                self.assertEqual(rules[f"{due}2:{due}{last}"].type, "date")
                titles = [c.value for c in sheet[1]]
                first = titles.index("Responsable")
                self.assertEqual(titles[first:first + 5],
                                 ["Responsable", "Échéance", "Avancement", "Commentaire", "Preuve"])
            self.assertEqual(set(self.column(self.book(kind)["Plan d'action"], "Avancement")), {"À faire"})
            self.assertEqual(set(self.column(self.book(kind)["Objets"], "Avancement")), {None})

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
            for words in ("CHU Exemple — chu.example — 21 novembre 2026", "Niveau 2 sur 5 au mieux",
                          "Niveau 2 au mieux, 1 si les points non évalués échouent.",
                          "Niveau 3 sans compter les risques acceptés.",
                          "catalogue de novembre 2026", "Il ne remplace pas le rapport",
                          "CN=svc-audit,OU=Comptes de service,DC=chu,DC=example",
                          "Les dix premières actions", "Mots de passe", "Niveaux (Tier)"):
                self.assertIn(words, said)
            figures = [c for row in sheet.iter_rows() for c in row if c.font.sz == 60
                       and c.value is not None]
            self.assertEqual([c.value for c in figures], [2])
            # What was not read may lower it: no colour of a level, and a bound.
            self.assertEqual((figures[0].fill.fgColor.rgb[-6:], figures[0].number_format), ("595959", '"≤ "0'))
            # The made run has no table of the age of passwords.
            self.assertEqual([len(c.ser) for c in sheet._charts], [3, 1])

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

    def test_full_workbook_is_cut(self):
        """Three rows a sheet, one of them the header: more sheets than the workbook may have."""
        book = self.book("small", rows=3)
        names = [n for n in book.sheetnames if n.startswith("Objets")]
        self.assertLess(len(book.sheetnames), 96)
        self.assertGreater(len(names), 30)
        self.assertRegex(book[names[-1]]["A3"].value,
                         r"^… \d+ lignes de plus\u00a0: la feuille est pleine, la suite est dans results\.json\.$")

    def test_bytes(self):
        for kind in ("small", "large", "followed"):
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
