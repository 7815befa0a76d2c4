"""compare over twelve facilities made here: two with another policy, one stale, three with several dates; every figure
reckoned again in Python from the runs, and read back from the workbook by openpyxl."""
import json
import pathlib
import re
import shutil
import statistics
import subprocess
import unittest

import openpyxl

import case
from facilities import Facility

SIZES = [40, 60, 80, 120, 150, 200, 90, 75, 300, 55, 110, 45]
STALE, OTHER = 6, (9, 10)
STATUS = {"pass": "Conforme", "fail": "Non conforme", "waived": "Risque accepté", "unknown": "Non évalué",
          "not_applicable": "Sans objet", "disabled": "Désactivé"}


def make_facilities():
    made = [Facility(i + 1, n, "2026-08-20" if i == STALE else "2026-11-15", dormant=n // 2 if i == 4 else n // 10, admins=3 + i % 4,
                     never_expires=0 if i % 3 else n // 20) for i, n in enumerate(SIZES)]
    a = made
    a[0].trusts.append((a[1], 3, 8))
    a[1].trusts.append((a[0], 3, 8 | 0x40))
    a[2].trusts.append((a[3], 2, 0))
    a[3].trusts.append((a[2], 1, 0x800))
    a[4].trusts.append((a[5], 3, 4 | 0x10))  # the other side does not know it
    a[8].trusts.append((Facility(99, 1, "2026-11-15"), 2, 4))  # nobody gave a run of it
    a[1].foreign = [a[0].sid + "-1000", a[0].sid + "-1001", "S-1-5-21-9-9-9-1105"]
    return made


def tables(run, name):
    return next(t for t in run["tables"] if t["name"] == name)


class Compare(case.CliCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.folder = pathlib.Path(case.tempfile.mkdtemp(prefix="adhygiene-compare-"))
        cls.addClassCleanup(shutil.rmtree, cls.folder, True)
        cls.runs, cls.paths, cls.made = {}, [], make_facilities()
        for i, f in enumerate(cls.made):
            d = cls.folder / f"ch{f.n}"
            d.mkdir()
            (d / "dir.ldif").write_text(f.ldif(), "utf-8")
            controls = {"hyg_stale_users": {"max_days": 60}, "hyg_password_length_users": {"min_length": 14}} if i in OTHER else None
            (d / "policy.yaml").write_text(json.dumps(f.policy(controls=controls), ensure_ascii=False), "utf-8")
            dates = [str(f.at.date())] + (["2026-10-01", "2026-05-01"] if i < 3 else [])
            for at in dates:
                out = d / at
                cls.audit_to(out, f, at)
                cls.paths.append(out)
                cls.runs.setdefault(i, []).append(json.loads((out / "results.json").read_text("utf-8")))

    @classmethod
    def audit_to(cls, out, f, at, *more):
        d = cls.folder / f"ch{f.n}"
        subprocess.run([case.PROGRAM, "audit", "--ldif", d / "dir.ldif", "--policy", d / "policy.yaml", "--at", at, "--output", out,
                        "--format", "json", "--quiet", *more], check=True, stderr=subprocess.DEVNULL)

    def compare(self, *paths, **kw):
        out = pathlib.Path(case.tempfile.mkdtemp(dir=self.tmp))
        p = self.run_program("compare", *paths, "--lang", "fr", "--output", out, **kw)
        return p, out, openpyxl.load_workbook(out / "compare.xlsx") if not kw.get("expect") else None

    def page(self, out):
        text = (out / "compare.html").read_text("utf-8")
        start = text.index('id="data">') + len('id="data">')
        return json.loads(text[start:text.index("</script>", start)])

    def rows(self, book, sheet):
        found = [list(r) for r in book[sheet].iter_rows(values_only=True)]
        return [dict(zip(found[0], r)) for r in found[1:]]

    def newest(self, i):
        return self.runs[i][0]

    def control(self, i, name):
        return next(c for c in self.newest(i)["controls"] if c["id"] == name)

    def test_twelve(self):
        p, out, book = self.compare(*self.paths)
        self.check_members(book, p.stdout)
        self.check_map_and_plan(book)
        self.check_indicators(book, self.page(out))
        self.check_evolution(book)
        self.check_trusts(book)
        again = self.compare(*reversed(self.paths))[1]
        for name in ("compare.xlsx", "compare.html"):
            self.assertEqual((out / name).read_bytes(), (again / name).read_bytes(), name)
        english = self.tmp / "en"
        self.run_program("compare", *self.paths, "--lang", "en", "--output", english, "--quiet")
        self.assertIn("Heat map", openpyxl.load_workbook(english / "compare.xlsx").sheetnames)

    def check_members(self, book, summary):
        rows = self.rows(book, "Établissements")
        self.assertEqual([r["Établissement"] for r in rows], [f"CH n° {i + 1:02d}" for i in range(12)])
        for i, r in enumerate(rows):
            run = self.newest(i)
            unknown = sum(c["status"] == "unknown" for c in run["controls"])
            self.assertEqual((r["Niveau"], r["Points non évalués"], r["Points du catalogue"]), (run["level"], unknown, len(run["controls"])))
            self.assertAlmostEqual(r["Part non évaluée (%)"], 100 * unknown / len(run["controls"]), delta=0.051)
            self.assertEqual(r["Points non conformes"], sum(c["status"] == "fail" for c in run["controls"]))
            self.assertEqual("Audit ancien" in (r["À savoir"] or ""), i == STALE)
            self.assertEqual("Autres paramètres" in (r["À savoir"] or ""), i in OTHER)
            self.assertEqual(r["Points non comparables"], 2 if i in OTHER else 0)
            self.assertEqual("Audits manquants" in (r["À savoir"] or ""), i < 3)
        self.assertIn("12 établissements", summary)
        self.assertIn("2 établissements sont audités avec un autre catalogue ou d’autres paramètres", summary)

    def check_map_and_plan(self, book):
        rows = {r["Identifiant"]: r for r in self.rows(book, "Carte des points") if r["Identifiant"]}
        self.assertEqual(len(rows), len(self.newest(0)["controls"]))
        shared = {}
        for name, row in rows.items():
            failing = comparable = 0
            for i in range(12):
                c = self.control(i, name)
                usual = c["parameters"] == self.control(0, name)["parameters"]
                self.assertEqual(row[f"CH n° {i + 1:02d}"], STATUS[c["status"]] + ("" if usual else " ≠"), (name, i))
                comparable += usual
                failing += usual and c["status"] == "fail"
            self.assertEqual((row["Non conformes (établissements)"], row["Comparables (établissements)"]), (failing, comparable), name)
            if failing >= 2 and 2 * failing >= comparable:
                shared[name] = failing
        plan = self.rows(book, "Actions communes")
        self.assertEqual({r["Identifiant"]: r["Non conformes (établissements)"] for r in plan}, shared)
        order = [(r["Niveau"], -r["Non conformes (établissements)"]) for r in plan]
        self.assertEqual(order, sorted(order))
        self.assertGreater(len(plan), 5)
        self.assertTrue(all(r["Effort"] for r in plan))

    def check_indicators(self, book, data):
        scaled = self.rows(book, "Rapportés à la taille")
        words = re.search(r'CODE\(MEANING, "stale.users",\s*"([^"]+)"', (case.ROOT / "reports/codes_stale.def").read_text("utf-8")).group(1)
        meaning = next(r for r in scaled if r["Indicateur"] == words.replace("\\u00a0", "\u00a0"))
        self.assertEqual(meaning["Unité"], "pour 100 comptes activés")
        values = [100 * self.newest(i)["indicators"]["stale"]["users"] / self.newest(i)["directory"]["counts"]["users_enabled"] for i in range(12)]
        for i, v in enumerate(values):
            self.assertAlmostEqual(meaning[f"CH n° {i + 1:02d}"], v, delta=0.0051)
        # The two with another threshold are shown, and not in the median.
        kept = [round(v, 2) for i, v in enumerate(values) if i not in OTHER]
        median = statistics.median(kept)
        self.assertAlmostEqual(meaning["Médiane"], median, delta=0.0101)
        spread = max(1.4826 * statistics.median(abs(v - median) for v in kept), median / 10, 0.1)
        outliers = {r["Établissement"] for r in self.rows(book, "Écarts") if r["Indicateur"] == meaning["Indicateur"]}
        self.assertEqual(outliers, {f"CH n° {i + 1:02d}" for i, v in enumerate(values) if i not in OTHER and abs(v - median) > 3 * spread})
        self.assertIn("CH n° 05", outliers)
        # The changed threshold stands behind this one too, not first.
        self.assertGreater(self.newest(0)["indicator_controls"]["stale"]["objects_to_remove"].index("hyg_stale_users"), 0)
        at = list(self.newest(0)["indicators"]["stale"]).index("objects_to_remove")
        self.assertEqual([bool(v[2] & 1) for v in [i for i in data["indicators"] if i["family"][1] == "Stale accounts"][at]["values"]],
                         [i not in OTHER for i in range(12)])
        columns = [c.value for c in book["Indicateurs"][1]][2:]
        for row in book["Indicateurs"].iter_rows(min_row=2, values_only=True):
            self.assertEqual(len(row[2:]), len(columns))
        self.assertEqual(sum(len(f) for f in self.newest(0)["indicators"].values()), book["Indicateurs"].max_row - 1)

    def check_evolution(self, book):
        rows = self.rows(book, "Évolution")
        self.assertEqual(len(rows), 18)
        dates = [str(r["Audité au"])[:10] for r in rows if r["Établissement"] == "CH n° 02"]
        self.assertEqual(dates, ["2026-05-01", "2026-10-01", "2026-11-15"])
        self.assertEqual([bool(r["Intervalle"]) for r in rows[:3]], [False, True, False])

    def check_trusts(self, book):
        rows = {(r["Établissement"], r["Domaine du partenaire"]): r for r in self.rows(book, "Approbations")}
        self.assertEqual(len(rows), 4)
        r = rows["CH n° 01", "ch2.example"]
        self.assertEqual((r["Partenaire"], r["Filtrage chez l’établissement"], r["Filtrage chez le partenaire"], r["Constat"]),
                         ("CH n° 02", "Filtrage de forêt", "Historique de SID admis", "À fermer"))
        r = rows["CH n° 03", "ch4.example"]
        self.assertEqual((r["Sens vu de l’établissement"], r["Filtrage chez l’établissement"], r["Délégation de ses tickets (partenaire)"], r["Constat"]),
                         ("Sortante", "Aucun filtrage", "Oui", "À fermer"))
        r = rows["CH n° 05", "ch6.example"]
        self.assertEqual((r["Partenaire"], r["Filtrage chez le partenaire"], r["Authentification sélective chez l’établissement"], r["Constat"]),
                         ("CH n° 06", "Aucune approbation lue", "Oui", "Un seul côté la connaît"))
        r = rows["CH n° 09", "ch99.example"]
        self.assertEqual((r["Partenaire"], r["Constat"]), ("Audit non fourni", "Partenaire sans audit fourni"))
        foreign = {r["Membres venus de"]: r for r in self.rows(book, "Membres d’ailleurs")}
        self.assertEqual((foreign["CH n° 01"]["Groupes de"], foreign["CH n° 01"]["Appartenances"]), ("CH n° 02", 2))
        self.assertIn("u0 → Admins du domaine", foreign["CH n° 01"]["Compte → groupe"])
        self.assertEqual(foreign["Annuaire dont aucun audit n’a été fourni"]["Appartenances"], 1)

    def test_anonymous(self):
        """With one key anonymous runs say all that named ones do but the names; without it trusts are not matched."""
        key, anonymous, alone = self.tmp / "ght.key", [], []
        for f in self.made:
            out = self.tmp / f"a{f.n}"
            self.audit_to(out, f, str(f.at.date()), "--anonymous", "--anonymous-key", key)
            anonymous.append(out)
        named = [p for p in self.paths if p.name in ("2026-11-15", "2026-08-20")]
        _, plain_out, plain = self.compare(*named)
        _, keyed_out, keyed = self.compare(*anonymous)
        for sheet in ("Comparaison des établissements", "Carte des points", "Actions communes", "Établissements", "Indicateurs",
                      "Rapportés à la taille", "Écarts", "Évolution"):
            self.assertEqual([list(r) for r in plain[sheet].iter_rows(values_only=True)],
                             [list(r) for r in keyed[sheet].iter_rows(values_only=True)], sheet)
        strip = lambda book: [[v for h, v in r.items() if "Domaine" not in h] for r in self.rows(book, "Approbations")]  # noqa: E731
        self.assertEqual(sorted(strip(plain), key=str), sorted(strip(keyed), key=str))
        self.assertNotIn("ch2.example", (keyed_out / "compare.html").read_text("utf-8"))
        # Named and anonymous runs join when compare is given the key.
        mixed = named[:6] + anonymous[6:] + [anonymous[0]]
        _, _, book = self.compare(*mixed, "--anonymous-key", key)
        self.assertEqual(len(self.rows(book, "Établissements")), 12)
        self.assertEqual(strip(book)[0][3:], strip(plain)[0][3:])
        for f in self.made[:2]:
            out = self.tmp / f"own{f.n}"
            self.audit_to(out, f, "2026-11-15", "--anonymous", "--anonymous-key", self.tmp / f"own{f.n}.key")
            alone.append(out)
        _, _, book = self.compare(*alone)
        self.assertEqual([r["Constat"] for r in self.rows(book, "Approbations")], ["À fermer", "Partenaire sans audit fourni"][::-1])

    def six(self, hidden, change=None):
        """Six facilities alike, of the last of which some attributes cannot be read (change: of its run): what is scaled, the
        row of users gone stale there and on the page, outliers, the workbook."""
        paths = []
        for n in range(41, 47):
            f = Facility(n, 200, "2026-11-15", dormant=20)
            d = self.folder / f"ch{n}"
            paths.append(d / "six")
            if n == 46:
                f.hidden = hidden
            elif d.exists():
                continue
            d.mkdir(exist_ok=True)
            (d / "dir.ldif").write_text(f.ldif(), "utf-8")
            (d / "policy.yaml").write_text(json.dumps(f.policy()), "utf-8")
            self.audit_to(d / "six", f, "2026-11-15")
        if change:
            run = json.loads((paths[5] / "results.json").read_text("utf-8"))
            change(run)
            (paths[5] / "results.json").write_text(json.dumps(run), "utf-8")
        p, out, book = self.compare(*paths)
        words = re.search(r'CODE\(MEANING, "stale.users",\s*"([^"]+)"', (case.ROOT / "reports/codes_stale.def").read_text("utf-8")).group(1)
        scaled = self.rows(book, "Rapportés à la taille")
        data = next(i for i in self.page(out)["indicators"] if i["meaning"][0] == words.replace("\\u00a0", "\u00a0"))
        return scaled, next(r for r in scaled if r["Indicateur"] == data["meaning"][0]), data, \
            [r for r in self.rows(book, "Écarts") if r["Indicateur"]], book

    def test_what_was_not_read_is_no_size(self):
        """196 of 200 accounts hidden: no figure per account, and none that differs from the others' for it."""
        secret = {"userAccountControl", "pwdLastSet", "lastLogon", "lastLogonTimestamp"}
        scaled, row, _, outliers, book = self.six(lambda i: secret if i >= 3 else ())
        self.assertEqual(outliers, [])
        for r in scaled:
            if r["Unité"] == "pour 100 comptes activés":
                self.assertEqual(r["CH n° 46"], "—", r)
        self.assertEqual((row["Médiane"], row["CH n° 41"]), (10, 10))
        sizes = [c for c in next(book["Établissements"].iter_rows(min_row=7, max_row=7)) if c.value == 4]
        self.assertEqual(["≥" in c.number_format for c in sizes], [True])
        # One in two hundred is within the last digit shown.
        scaled, _, _, outliers, _ = self.six(lambda i: secret if i == 100 else ())
        self.assertEqual(outliers, [])
        self.assertGreater(sum(r["Unité"] == "pour 100 comptes activés" and r["CH n° 46"] != "—" for r in scaled), 30)

    def test_what_was_not_read_is_no_outlier(self):
        """Fewer were found where the last logon of 150 is not known: that is no merit."""
        def change(run):
            control = next(c for c in run["controls"] if c["id"] == "hyg_stale_users")
            control.update(count=4, unknown=150, reason="last_logon_unknown", objects=control["objects"][:4])
            run["indicators"]["stale"]["users"] = 4

        _, row, data, outliers, _ = self.six(lambda i: (), change)
        self.assertEqual((row["CH n° 45"], row["CH n° 46"], row["Médiane"]), (10, 2, 10))
        # 1: comparable, 2: at least; not 4: an outlier.
        self.assertEqual([v[2] for v in data["values"]], [1, 1, 1, 1, 1, 3])
        self.assertEqual([r for r in outliers if r["Indicateur"] == row["Indicateur"]], [])

    def test_what_may_be_hidden_is_no_outlier(self):
        """In list-object mode whole accounts are hidden from who may not list them: every count is a lower bound."""
        def change(run):
            control = next(c for c in run["controls"] if c["id"] == "hyg_stale_users")
            control.update(count=4, objects=control["objects"][:4])
            run["indicators"]["stale"]["users"] = 4
            run["coverage"].append({"need": "dSHeuristics", "state": "note", "detail": "list_object_mode"})

        _, row, data, outliers, _ = self.six(lambda i: (), change)
        self.assertEqual((row["CH n° 46"], row["Médiane"]), (2, 10))
        self.assertEqual([v[2] for v in data["values"]], [1, 1, 1, 1, 1, 3])
        self.assertEqual([r for r in outliers if r["Indicateur"] == row["Indicateur"]], [])

    def trust_of(self, a, b, change=None):
        """What is said of one trust, told by its two sides as (direction, attributes); change: of the second run."""
        made, paths = [Facility(31, 5, "2026-11-15"), Facility(32, 5, "2026-11-15")], []
        for f, side, other in zip(made, (a, b), reversed(made)):
            f.trusts = [(other, *side)]
            d = self.folder / f"ch{f.n}"
            d.mkdir(exist_ok=True)
            (d / "dir.ldif").write_text(f.ldif(), "utf-8")
            (d / "policy.yaml").write_text(json.dumps(f.policy()), "utf-8")
            paths.append(d / "trust")
            self.audit_to(d / "trust", f, "2026-11-15")
        if change:
            run = json.loads((paths[1] / "results.json").read_text("utf-8"))
            change(tables(run, "trusts"))
            (paths[1] / "results.json").write_text(json.dumps(run), "utf-8")
        p, out, book = self.compare(*paths)
        row, = self.rows(book, "Approbations")
        self.assertEqual(self.page(out)["trusts"][0]["finding"][0], row["Constat"])
        self.assertEqual("n’a pas pu être évaluée" in p.stdout, row["Constat"] == "Non évalué")
        return row["Constat"]

    def test_an_unread_trust_is_never_good(self):
        forest, quarantined = 8, 4
        for good in ((3, forest), (3, forest)), ((2, quarantined), (1, 0)), ((1, quarantined), (2, forest)), ((0, 0), (0, 0)):
            self.assertEqual(self.trust_of(*good), "Rien à signaler", good)
        for unread in ((None, None), (None, None)), ((3, forest), (None, None)), ((None, forest), (3, forest)), ((3, None), (3, forest)), \
                ((2, quarantined), (1, None)), ((2, None), (1, 0)):
            self.assertEqual(self.trust_of(*unread), "Non évalué", unread)
        # What is known to be open, or contradictory, is said although something else was not read.
        self.assertEqual(self.trust_of((2, 0), (None, None)), "À fermer")
        self.assertEqual(self.trust_of((2, None), (2, forest)), "Les deux côtés se contredisent")

    def test_a_trust_of_another_version_is_never_good(self):
        """A column that is not there, a code that nobody knows, one that cannot be of that type."""
        def drop(name):
            def change(t):
                at = [c["name"] for c in t["columns"]].index(name)
                for row in (t["columns"], *t["rows"]):
                    del row[at]
            return change

        def say(name, code):
            def change(t):
                t["rows"][0][[c["name"] for c in t["columns"]].index(name)] = code
            return change

        both = (3, 8), (3, 8)
        for name in "direction", "sid_filtering", "tgt_delegation":
            self.assertEqual(self.trust_of(*both, drop(name)), "Non évalué", name)
            self.assertEqual(self.trust_of(*both, say(name, "of_2031")), "Non évalué", name)
        for name in "sid_filtering", "tgt_delegation":
            self.assertEqual(self.trust_of(*both, say(name, "not_applicable")), "Non évalué", name)
        self.assertEqual(self.trust_of(*both, drop("selective_authentication")), "Rien à signaler")

    def edited(self, i, name, change):
        run = json.loads(json.dumps(self.newest(i)))
        change(run)
        path = self.tmp / f"{name}.json"
        path.write_text(json.dumps(run, ensure_ascii=False), "utf-8")
        return path

    def test_names(self):
        """The same name twice, none at all, the same run twice, another group and another catalogue."""
        def rename(name, **more):
            def change(run):
                run["facility"].update({"name": name, "finess": None, **more})
            return change

        same = [self.edited(i, f"same{i}", rename("Hôpital <b>Saint-Jean</b> =1+1")) for i in (0, 1)]
        none = [self.edited(i, f"none{i}", rename(None, ght="Autre GHT")) for i in (2, 3)]

        def catalogue(run):
            run["tool"]["catalogue"] = "2025-01"
            run["controls"] = [c for c in run["controls"] if c["id"] != "vuln_krbtgt"]

        old = self.edited(4, "old", catalogue)
        p, out, book = self.compare(*same, *none, old, old, self.paths[-1])
        rows = self.rows(book, "Établissements")
        labels = [r["Établissement"] for r in rows]
        self.assertEqual(len(set(labels)), 6)
        self.assertEqual([label for label in labels if "Saint-Jean" in label],
                         [f"Hôpital <b>Saint-Jean</b> =1+1 (ch{n}.example)" for n in (1, 2)])
        self.assertIn("ch3.example", labels)
        marks = {r["Établissement"]: r["À savoir"] or "" for r in rows}
        self.assertIn("Autre catalogue", marks["CH n° 05"])
        self.assertIn("plusieurs audits de la même date, un seul est compté", p.stdout)
        krbtgt = next(r for r in self.rows(book, "Carte des points") if r["Identifiant"] == "vuln_krbtgt")
        self.assertEqual((krbtgt["CH n° 05"], krbtgt["Comparables (établissements)"]), ("Absent", 5))
        page = (out / "compare.html").read_text("utf-8")
        self.assertNotIn("<b>Saint", page)
        self.assertEqual({c.data_type for row in book["Établissements"].iter_rows() for c in row} - {"n", "s", "d"}, set())
        p, _, _ = self.compare(self.paths[0], self.paths[0])
        self.assertIn("1 établissement", p.stdout)

    def test_old_data_evaluated_again_is_old(self):
        f, paths = Facility(51, 5, "2026-05-01"), []
        for f, dates in (f, ("2026-05-01", "2026-06-25", "2026-08-20")), (Facility(51, 5, "2026-10-10"), ("2026-10-10",)), \
                (Facility(52, 5, "2026-05-01"), ("2026-11-14",)), (Facility(53, 5, "2026-11-15"), ("2026-11-15",)):
            d = self.folder / f"ch{f.n}"
            d.mkdir(exist_ok=True)
            (d / "dir.ldif").write_text(f.ldif(), "utf-8")
            (d / "policy.yaml").write_text(json.dumps(f.policy()), "utf-8")
            for at in dates:
                self.audit_to(d / at, f, at)
                paths.append(d / at)
        p, _, book = self.compare(*paths)
        marks = {r["Établissement"]: r["À savoir"] or "" for r in self.rows(book, "Établissements")}
        self.assertEqual(marks["CH n° 52"], "Audit ancien (annuaire lu le 1er mai 2026)")
        self.assertEqual((marks["CH n° 51"], marks["CH n° 53"]), ("Audits manquants", ""))
        self.assertIn("1 établissement a un dernier audit antérieur", p.stdout)
        # Two months from the directory read in May, not from its last evaluation.
        self.assertEqual([bool(r["Intervalle"]) for r in self.rows(book, "Évolution")], [False, False, False, True, False, False])

    def test_a_run_of_two_domains_joins_the_runs_of_each(self):
        def at(date, name, *domains):
            def change(run):
                run["facility"].update(name=name, finess=None)
                run["directory"].update(evaluated_at=f"{date}T00:00:00Z", collected_at=None, domains=[
                    {"dns": f"d{n}.example", "netbios": None, "sid": f"S-1-5-21-{n}-1-1"} for n in domains])
            return change

        paths = [self.edited(i, f"join{i}", change) for i, change in enumerate((
            at("2026-09-01", "Nord", 1), at("2026-09-02", "Sud", 2), at("2026-11-14", "Nord et Sud", 1, 2), at("2026-11-15", "Est", 3)))]
        for order in paths, paths[::-1]:
            _, _, book = self.compare(*order)
            self.assertEqual([r["Établissement"] for r in self.rows(book, "Établissements")], ["Est", "Nord et Sud"])
            self.assertEqual(len(self.rows(book, "Évolution")), 4)

    def test_disabling_what_is_not_assessed_changes_no_share(self):
        def disable(run):
            for c in run["controls"]:
                if c["status"] == "unknown":
                    c.update(status="disabled", reason="")

        def own_only(run):
            control = next(c for c in run["controls"] if c["status"] == "pass" and not c["id"].startswith("vuln_"))
            control.update(id="site_own", area="custom")
            run.update(controls=[control], level=5, level_floor=5, level_with_waivers=5)
            for f in run["indicators"], run["indicator_controls"]:
                for name in f:
                    f[name] = {}

        _, out, book = self.compare(self.paths[0], self.edited(3, "disabled", disable), self.edited(4, "own", own_only))
        row, none = next(r for r in self.rows(book, "Établissements") if r["Établissement"] == "CH n° 04"), self.rows(book, "Établissements")[2]
        unknown = sum(c["status"] == "unknown" for c in self.newest(3)["controls"])
        self.assertEqual(row["Points non évalués"], unknown)
        self.assertAlmostEqual(row["Part non évaluée (%)"], 100 * unknown / len(self.newest(3)["controls"]), delta=0.051)
        self.assertGreater(unknown, 50)
        # A share of nothing is none.
        self.assertEqual((none["Points du catalogue"], none["Part non évaluée (%)"]), (0, "—"))
        self.assertIsNone(self.page(out)["members"][2]["runs"][0][5])
        disabled = next(c["id"] for c in self.newest(3)["controls"] if c["status"] == "unknown" and c["id"].startswith("vuln_"))
        control = next(c for c in self.page(out)["controls"] if c["id"] == disabled)
        self.assertEqual((control["comparable"], control["unknown"]), (2, 1 + (self.control(0, disabled)["status"] == "unknown")))

    def test_hostile_numbers(self):
        """Numbers of a file from outside: as large as they come, and a directory without accounts."""
        def huge(run):
            run["directory"]["counts"]["users_enabled"] = 0
            for f in run["indicators"].values():
                for k in f:
                    f[k] = 2**63 - 1 if k != "percent" else None

        p = self.edited(0, "huge", huge)
        _, _, book = self.compare(p, *self.paths[3:])
        self.assertEqual(len(self.rows(book, "Établissements")), 12)

    def test_two_hundred(self):
        paths = []
        for n in range(200):
            def change(run, n=n):
                run["facility"].update({"name": f"Hôpital {n:03d}", "finess": None})
                run["directory"]["domains"][0]["sid"] = f"S-1-5-21-{n}-1-1"
                for c in run["controls"]:
                    c["objects"] = c["objects"][:0] if c["status"] not in ("fail", "waived") else c["objects"]
            paths.append(self.edited(n % 12, f"h{n}", change))
        _, _, book = self.compare(*paths)
        self.assertEqual(len(self.rows(book, "Établissements")), 200)
        self.assertEqual(book["Carte des points"].max_column, 205)
        self.run_program("compare", *paths, paths[0], expect=2)

    def test_refused(self):
        self.assertIn("at least two", self.run_program("compare", self.paths[0], expect=2).stderr)
        (self.tmp / "bad.json").write_text("{")
        self.run_program("compare", self.paths[0], self.tmp / "bad.json", "--output", self.tmp / "o", expect=4)
        self.assertFalse((self.tmp / "o").exists())
        self.run_program("compare", self.paths[0], self.tmp / "none", expect=4)

    def test_page_holds_the_same(self):
        _, out, book = self.compare(*self.paths)
        data = self.page(out)
        self.assertEqual([m["label"] for m in data["members"]], [r["Établissement"] for r in self.rows(book, "Établissements")])
        self.assertEqual([data["controls"][i]["id"] for i in data["shared"]], [r["Identifiant"] for r in self.rows(book, "Actions communes")])
        rows = {r["Identifiant"]: r for r in self.rows(book, "Carte des points")}
        for c in data["controls"]:
            words = [("Absent" if n < 0 else data["statuses"][n % 10][1][0] + (" ≠" if n >= 10 else "")) for n in c["cells"]]
            self.assertEqual(words, [rows[c["id"]][m["label"]] for m in data["members"]])


if __name__ == "__main__":
    unittest.main()
