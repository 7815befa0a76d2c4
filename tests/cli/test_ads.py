"""audit --ads: ANSSI's own result, typed or exported, beside the run: how it is read, what every output
says of it, and what an anonymous run keeps of it."""
import json
import re
import unittest

import openpyxl

import case
from case import SAMPLE

HEAD = "control;level;status;count\n"
# Every difference that the sample can show.
MIXED = """date;14/10/2026
contrôle;niveau;statut;nombre
vuln_krbtgt;;conforme;
VULN_CRITICAL_OBJECTS;Niveau 1;Non conforme;1
vuln1_delegation_t4d;;x;1 005
vuln_adcs_control;1;KO;1
vuln_functional_level;1;fail;1
vuln_chu_toulouse;1;fail;3
vuln_dnsadmin;;ok;
vuln_owner;;-;
vuln_group_loop;;Non évalué;
warning_tool_version;;conforme;
"""
DIFFERENCES = [
    ("vuln_critical_objects", "missed"), ("vuln_chu_toulouse", "not_known"), ("vuln_functional_level", "level"),
    ("vuln_krbtgt", "ours_only"), ("vuln_delegation_t4d", "count"), ("vuln_owner", "not_said"),
    ("vuln_group_loop", "not_said"), ("warning_tool_version", "scope"), ("vuln_dnsadmin", "not_known")]


class Ads(case.CliCase):
    def file(self, text, name="ads.csv", encoding="utf-8"):
        path = self.tmp / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode(encoding))
        return path

    def compared(self, text, *more, encoding="utf-8", formats="json"):
        run, p, out = self.audit(*SAMPLE, "--format", formats, "--ads", self.file(text, encoding=encoding), *more)
        return run["ads"], p, out

    def points(self, text, **more):
        ads = self.compared(text, **more)[0]
        return {p["id"]: (p["ads"]["status"], p["ads"]["level"], p["ads"]["count"]) for p in ads["points"] if p["ads"]}

    def refused(self, text, says):
        p = self.run_program("audit", *SAMPLE, "--output", self.tmp / "never", "--ads", self.file(text), expect=2)
        self.assertIn(says, p.stderr)
        self.assertFalse((self.tmp / "never").exists())

    def test_differences_first_and_the_worst_before_all(self):
        ads, p, out = self.compared(MIXED, formats="json,xlsx,html")
        self.assertEqual([(x["id"], x["difference"]) for x in ads["points"]][:len(DIFFERENCES)], DIFFERENCES)
        rest = [x["difference"] for x in ads["points"]][len(DIFFERENCES):]
        self.assertEqual(rest, sorted(rest, key=["not_listed", "same"].index))
        self.assertEqual((ads["dated"], ads["level"]), ("2026-10-14T00:00:00Z", 1))
        missed = ads["points"][0]
        self.assertEqual(missed["ads"], {"status": "fail", "level": 1, "count": 1})
        self.assertEqual(missed["ours"]["status"], "pass")
        self.assertEqual(missed["reasons"], ["ads_older 38", "ads_interpretation"])
        # Each of ANSSI's points once, and what the file names beside.
        run = json.loads((out / "results.json").read_text("utf-8"))
        anssi = {c["id"] for c in run["controls"] if re.match("(vuln|warning|info)_", c["id"])}
        self.assertEqual({x["id"] for x in ads["points"]}, anssi | {"vuln_chu_toulouse", "vuln_dnsadmin"})
        self.assertEqual(len(ads["points"]), len(anssi) + 2)
        for x in ads["points"]:
            self.assertEqual(bool(x["reasons"]), x["difference"] != "same", x)
        self.assertIn("9\u00a0écarts. 1\u00a0point non conforme selon ADS", p.stdout)
        self.assertIn("«\u00a0vuln_dnsadmin\u00a0»\u00a0; s’agit-il de vuln_dnsadmins\u00a0?", p.stderr)
        self.assertIn("ads.csv:8\u00a0: le catalogue ne connaît pas «\u00a0vuln_chu_toulouse\u00a0».", p.stderr)
        self.sheet(out, ads)
        self.page(out, ads)

    def sheet(self, out, ads):
        book = openpyxl.load_workbook(out / "audit.xlsx")
        rows = [[c for c in row] for row in book["Rapprochement ADS"].iter_rows(values_only=True)]
        self.assertEqual(rows[1][0], "1\u00a0point non conforme selon ADS est sans constat ici\u00a0: à vérifier en premier.")
        facts = {r[0]: r[1] for r in rows[2:8]}
        self.assertEqual(facts["Date du rapport ADS"], "14 octobre 2026")
        self.assertEqual((facts["Points du fichier ADS"], facts["Écarts"]), (10, 9))
        self.assertEqual(facts["Niveau selon ADS"], "Niveau 1 sur 5")
        points = [r for r in rows if isinstance(r[9], str) and "_" in r[9]]
        self.assertEqual([r[9] for r in points], [x["id"] for x in ads["points"]])
        self.assertEqual(points[0][:8], ["Non conforme selon ADS seulement", "Objets critiques non disponibles",
                                         "Non conforme", 1, 1, "Conforme", "—", 0])
        self.assertEqual(points[0][8].split("\n")[0], "Le rapport ADS est antérieur de 38 jour(s) aux données lues ici")
        self.assertNotIn("ads_", "".join(str(r[8]) for r in points))  # every reason has its words

    def page(self, out, ads):
        page = (out / "audit.html").read_text("utf-8")
        block = json.loads(re.search(r'<script[^>]*type="application/json"[^>]*>(.*?)</script>', page, re.S).group(1))["ads"]
        self.assertEqual([(p["id"], p["difference"]) for p in block["points"]], [(p["id"], p["difference"]) for p in ads["points"]])
        self.assertEqual(block["differences"], len(DIFFERENCES))
        self.assertTrue(block["missed"][0].startswith("1\u00a0point"))

    def test_without_it_nothing_is_said(self):
        run, _, out = self.audit(*SAMPLE, "--format", "json,xlsx,html")
        self.assertNotIn("ads", run)
        self.assertNotIn("Rapprochement ADS", openpyxl.load_workbook(out / "audit.xlsx").sheetnames)
        self.assertIn('"ads": null', (out / "audit.html").read_text("utf-8").replace('"ads":null', '"ads": null'))

    def test_it_changes_no_verdict_and_gives_the_same_bytes(self):
        runs = []
        for _ in range(2):
            out = self.compared(MIXED, formats="json,xlsx,html")[2]
            runs.append([(out / n).read_bytes() for n in ("results.json", "audit.xlsx", "audit.html")])
        self.assertEqual(runs[0], runs[1])
        with_ads = json.loads(runs[0][0])
        del with_ads["ads"]
        self.assertEqual(with_ads, self.audit(*SAMPLE, "--format", "json")[0])

    def test_ways_to_write_it(self):
        want = {"vuln_krbtgt": ("fail", 2, 1), "vuln_guest": ("pass", None, None), "vuln_owner": ("unknown", None, None),
                "vuln_silo_priv": ("not_applicable", None, 0)}
        rows = "vuln_krbtgt{0}2{0}{1}{0}1\nvuln_guest{0}{0}{2}{0}\nvuln_owner{0}{0}{3}{0}\nvuln_silo_priv{0}{0}{4}{0}0\n"
        for separator, head, words, encoding in [
                (";", "control;level;status;count", ("fail", "pass", "unknown", "not applicable"), "utf-8"),
                (",", "Contrôle,Niveau,État,Nombre d’objets", ("Non conforme", "Conforme", "Non évalué", "Sans objet"), "utf-8-sig"),
                ("\t", "point de contrôle\tniveau\tstatut\tnb", ("KO", "OK", "non évaluée", "n/a"), "utf-16"),
                (";", "Identifiant;Niveau;Résultat;Objets", ("✗", "✓", "Inconnu", "SANS  OBJET"), "utf-8"),
                (";", "id;niveau;conformité;objets", ("x", "passed", "non évalué", "Non-applicable"), "cp1252")]:
            self.assertEqual(self.points(head + "\n" + rows.format(separator, *words), encoding=encoding), want, head)
        # Columns in another order, one that is not ours, and those that are not there.
        self.assertEqual(self.points("titre;status;control\nx;fail;vuln_krbtgt\n"), {"vuln_krbtgt": ("fail", None, None)})

    def test_without_a_status(self):
        self.assertEqual(self.points(HEAD + "vuln_krbtgt;2;;\nvuln_guest;;;3\nvuln_owner;;;0\nvuln_silo_priv;4;;0\nvuln_group_loop;;;\n"), {
            "vuln_krbtgt": ("fail", 2, None), "vuln_guest": ("fail", None, 3),
            # That it is compliant is never guessed.
            "vuln_owner": ("unknown", None, 0), "vuln_silo_priv": ("unknown", None, 0), "vuln_group_loop": ("unknown", None, None)})

    def test_where_the_date_may_stand(self):
        row = "vuln_krbtgt;2;fail;1"
        for text in (f"date;2026-10-14\n{HEAD}{row}\n", f"{HEAD}Date du rapport;14/10/2026;;\n{row}\n",
                     f"control;level;status;count;date\n{row};2026-10-14\nvuln_guest;;ok;;14/10/2026\n",
                     f"date du rapport;;;14/10/2026\n{HEAD}{row}\n"):
            self.assertEqual(self.compared(text)[0]["dated"], "2026-10-14T00:00:00Z", text)
        ads = self.compared(HEAD + "vuln_krbtgt;2;ok;\n")[0]
        self.assertIsNone(ads["dated"])
        self.assertIn("ads_date_not_given", ads["points"][0]["reasons"])

    def test_mistakes_name_file_and_line(self):
        for rows, says in [
                ("vuln_krbtgt;2;fail;1\nfoo;1;fail;1\n", "ads.csv:3: 'foo' is no control point of ANSSI's"),
                ("hyg_stale_users;1;fail;1\n", "ads.csv:2: 'hyg_stale_users' is a control of this program"),
                ("vuln_krbtgt;2;fail;1\n\nVuln_krbtgt;2;fail;1\n", "ads.csv:4: 'Vuln_krbtgt' stands on line 2 already"),
                ("vuln_krbtgt;6;fail;1\n", "ads.csv:2: the level is '6'; it is 1 to 5"),
                ("vuln_krbtgt;0;fail;1\n", "ads.csv:2: the level is '0'"),
                ("vuln_krbtgt;-1;fail;1\n", "ads.csv:2: the level is '-1'"),
                ("vuln_krbtgt;1, 2;fail;1\n", "ads.csv:2: the level is '1, 2'"),
                ("vuln_krbtgt;2;perhaps;1\n", "ads.csv:2: the status is 'perhaps'"),
                ("vuln_krbtgt;2;fail;-3\n", "ads.csv:2: the count is '-3'"),
                ("vuln_krbtgt;2;fail;1.5\n", "ads.csv:2: the count is '1.5'"),
                ("vuln_krbtgt;2;fail;99999999999999999999\n", "ads.csv:2: the count is"),
                ("vuln_krbtgt;2;fail;1;more\n", "ads.csv:2: the row has more cells"),
                ("vuln2_krbtgt;1;fail;1\n", "ads.csv:2: 'vuln2_krbtgt' is of level 2, and the column says 1"),
                (";1;fail;1\n", "ads.csv:2: the row names no control point"),
                ("date;14.13.2026\nvuln_krbtgt;2;fail;1\n", "ads.csv:2: the date is '14.13.2026'"),
                ("date;;\nvuln_krbtgt;2;fail;1\n", "ads.csv:2: the date is missing"),
                ("date;14/10/2026\ndate;15/10/2026\nvuln_krbtgt;2;fail;1\n", "ads.csv:3: the date is '15/10/2026', and line 2 has another"),
                ("", "ads.csv:1: it names no control point")]:
            self.refused(HEAD + rows, says)
        self.refused("a;b\nvuln_krbtgt;1\n", "ads.csv:1: it has no column 'control'")
        self.refused("control\nvuln_krbtgt\n", "ads.csv:1: it has none of the columns level, status and count")
        self.refused("control;statut;etat\nvuln_krbtgt;x;x\n", "ads.csv:1: two columns say the same")
        self.refused("date;2026-10-14\n", "ads.csv:1: the row that names the columns is missing")
        self.refused(b"", "ads.csv:1: it is empty")
        self.refused(b"control\0;level\n", "ads.csv")
        self.refused(HEAD + "".join(f"vuln_made_{i};1;fail;1\n" for i in range(1001)), "ads.csv:1002: it holds more than 1000 control points")
        p = self.run_program("audit", *SAMPLE, "--output", self.tmp / "never", "--ads", self.tmp / "nowhere.csv", expect=2)
        self.assertIn("nowhere.csv", p.stderr)

    def test_what_it_reads_is_never_replaced(self):
        out = self.tmp / "out"
        out.mkdir()
        self.file(HEAD + "vuln_krbtgt;2;fail;1\n", "out/results.json")
        p = self.run_program("audit", *SAMPLE, "--output", out, "--ads", out / "results.json", expect=5)
        self.assertIn("is what --ads reads", p.stderr)

    def test_an_anonymous_run_keeps_what_names_nothing(self):
        named = self.compared(MIXED)[0]
        ads, _, out = self.compared(MIXED, "--anonymous", "--anonymous-key", self.tmp / "key")
        # What somebody typed is withheld; the rest is the same, numbers and all.
        self.assertEqual(ads.pop("withheld"), 2)
        self.assertNotIn("toulouse", (out / "results.json").read_text("utf-8"))
        self.assertEqual((ads["dated"], ads["level"]), (named["dated"], named["level"]))
        self.assertEqual([{**p, "reasons": None} for p in ads["points"]],
                         [{**p, "reasons": None} for p in named["points"] if p["ours"]])
        self.assertEqual(ads["points"][0]["reasons"], named["points"][0]["reasons"])
        # It can be compared as any other.
        other = self.audit(*SAMPLE, "--format", "json", "--anonymous", "--anonymous-key", self.tmp / "key")[2]
        self.run_program("compare", out / "results.json", other / "results.json", "--output", self.tmp / "both", "--quiet")

    def test_a_run_that_has_it_is_read_back(self):
        out = self.compared(MIXED)[2]
        after, _, _ = self.audit(*SAMPLE[:-1], "2026-12-21", "--format", "json", "--previous", out / "results.json")
        self.assertNotIn("ads", after)
        self.run_program("history", self.tmp / "history", "add", out / "results.json", "--quiet")


if __name__ == "__main__":
    unittest.main()
