"""diff: two runs of one directory, and what a run that read less may not be taken for."""
import copy
import json
import os
import re
import shutil
import subprocess
import tempfile
import unittest

import jsonschema
import openpyxl

from case import PROGRAM, ROOT, SAMPLE, CliCase

SCHEMA = json.loads((ROOT / "docs/diff.schema.json").read_text())
CODE = re.compile(r"\b[a-z]+(?:_[a-z0-9]+)+\b")


class Diff(CliCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.mkdtemp(prefix="adhygiene-diff-")
        subprocess.run([PROGRAM, "audit", *map(str, SAMPLE), "--format", "json", "--output", cls.folder, "--quiet"],
                       check=True, timeout=300)
        with open(os.path.join(cls.folder, "results.json"), encoding="utf-8") as f:
            cls.run_json = json.load(f)
        cls.failed = [c["id"] for c in cls.run_json["controls"]
                      if c["status"] == "fail" and not c["unknown"] and not c["reason"] and len(c["objects"]) > 3]

    @classmethod
    def tearDownClass(cls):
        shutil.rmtree(cls.folder)

    def control(self, run, cid):
        return next(c for c in run["controls"] if c["id"] == cid)

    def set_objects(self, control, objects, status=None):
        """The findings of a control, and the numbers that belong to them."""
        control["objects"] = objects
        control["waived"] = sum(o["waived"] for o in objects)
        control["count"] = len(objects) - control["waived"]
        control["failed_level"] = min((o["level"] for o in objects), default=None)
        control["status"] = status or ("fail" if control["count"] else "waived" if objects else "pass")
        if control["status"] == "pass":
            control["reason"] = None

    def write(self, name, run, date=None):
        run = copy.deepcopy(run)
        if date:
            run["directory"]["evaluated_at"] = date
        path = self.tmp / name
        path.write_text(json.dumps(run))
        return path

    def diff(self, *paths, expect=0, more=()):
        out = self.tmp / "out"
        shutil.rmtree(out, ignore_errors=True)
        p = self.run_program("diff", *paths, "--output", out, "--format", "json", *more, expect=expect)
        if expect:
            self.assertFalse(out.exists())
            return None, p
        result = json.loads((out / "diff.json").read_text("utf-8"))
        jsonschema.validate(result, SCHEMA)
        return {c["id"]: c for c in result["controls"]} | {"": result}, p

    def test_an_older_reading_evaluated_later_is_said(self):
        old, new = copy.deepcopy(self.run_json), copy.deepcopy(self.run_json)
        old["directory"]["collected_at"], new["directory"]["collected_at"] = "2026-11-20T00:00:00Z", "2026-06-01T00:00:00Z"
        says = "Le nouvel audit évalue un annuaire lu le 1er juin 2026, avant celui de l’ancien, lu le 20 novembre 2026"
        for before, now, said in (old, new, True), (new, old, False), (old, old, False):
            out = self.tmp / "older"
            shutil.rmtree(out, ignore_errors=True)
            p = self.run_program("diff", self.write("a.json", before, "2026-11-20T00:00:00Z"),
                                 self.write("b.json", now, "2026-11-21T00:00:00Z"), "--lang", "fr", "--output", out)
            self.assertEqual(says in re.sub(r"\s+", " ", p.stdout), said, p.stdout)
            self.assertEqual(says in (out / "diff.html").read_text("utf-8"), said)
            cells = [str(v) for row in openpyxl.load_workbook(out / "diff.xlsx").worksheets[0].iter_rows(values_only=True) for v in row]
            self.assertEqual(any(says in c for c in cells), said)

    def test_a_run_and_itself(self):
        result, p = self.diff(self.folder, self.folder + "/results.json", more=("--lang", "fr"))
        totals = result[""]["totals"]
        self.assertEqual(totals["controls"]["none"], len(self.run_json["controls"]))
        self.assertEqual(totals["findings"], {
            "new": 0, "back": 0, "fixed": 0, "lost": 0,
            "remaining": sum(len(c["objects"]) for c in self.run_json["controls"])})
        self.assertIn("aucun changement", p.stdout)
        self.assertEqual(p.stderr, "")
        self.assertIn("Niveau 1 sur 5 (inchangé)", p.stdout)

    def test_what_changed(self):
        fixed, partly, renamed, unread, other, gone, added = self.failed[:7]
        run = copy.deepcopy(self.run_json)
        self.set_objects(self.control(run, fixed), [])
        c = self.control(run, partly)
        out, c_all = c["objects"][0], c["objects"]
        self.set_objects(c, c_all[1:])
        for o in self.control(run, renamed)["objects"]:
            o.update(dn="CN=moved," + o["dn"], name="renamed")
        c = self.control(run, unread)
        self.set_objects(c, c["objects"][2:])
        c.update(unknown=3, reason="attribute_not_readable pwdLastSet")
        self.control(run, other)["parameters"]["made_up"] = 7
        run["controls"].remove(self.control(run, gone))
        c = self.control(run, added)
        new = copy.deepcopy(c["objects"][-1])
        new.update(guid="0f0e0d0c-0b0a-0908-0706-0123456789ab", sid="S-1-5-21-1-2-3-4")
        self.set_objects(c, c["objects"] + [new])
        result, p = self.diff(self.folder, self.write("new.json", run, "2027-01-20T00:00:00Z"), more=("--lang", "en"))
        self.assertEqual(result[fixed]["change"], "better")
        self.assertEqual(result[fixed]["fixed"], self.control(self.run_json, fixed)["objects"])
        self.assertEqual((result[partly]["change"], result[partly]["fixed"]), ("none", [out]))
        self.assertEqual((result[renamed]["change"], result[renamed]["new"], result[renamed]["fixed"]), ("none", [], []))
        self.assertEqual((len(result[unread]["lost"]), result[unread]["fixed"]), (2, []))
        self.assertEqual(result[other]["change"], "incomparable")
        self.assertEqual((result[gone]["change"], result[gone]["now"]), ("incomparable", None))
        self.assertEqual(len(result[gone]["lost"]), len(self.control(self.run_json, gone)["objects"]))
        self.assertEqual(result[added]["new"], [new])
        totals = result[""]["totals"]
        self.assertEqual(totals["findings"]["fixed"], len(result[fixed]["fixed"]) + 1)
        self.assertEqual(totals["findings"]["new"], 1)
        self.assertIn("1 fixed, 2 not comparable", p.stdout)
        self.assertIn("Controls that cannot be compared", p.stdout)
        self.assertEqual(CODE.findall(p.stdout.split("Reports:")[0]), [])

    def test_what_became_unknown_is_no_progress(self):
        run = copy.deepcopy(self.run_json)
        lost = [c for c in run["controls"] if c["status"] == "fail" and c["id"].startswith("vuln_") and c["failed_level"] == 1]
        for c in lost:
            self.set_objects(c, [], "unknown")
            c.update(unknown=1, reason="attribute_not_readable x")
        run["level"] = run["level_with_waivers"] = 2
        result, p = self.diff(self.folder, self.write("new.json", run, "2027-01-20T00:00:00Z"), more=("--lang", "fr"))
        self.assertEqual(result[""]["level_trend"], "changed")
        self.assertEqual({result[c["id"]]["change"] for c in lost}, {"lost"})
        self.assertEqual(result[""]["totals"]["findings"]["fixed"], 0)
        self.assertIn("== Niveau 1 → 2 sur 5 ==", p.stdout)
        self.assertIn("ce n’est pas un progrès constaté", " ".join(p.stdout.split()))
        self.assertIn("Points qui ne sont plus évalués", p.stdout)
        self.assertNotIn("en progrès", p.stdout.split("Indicateurs")[0])

    def test_what_came_back_needs_an_earlier_run(self):
        cid = self.failed[0]
        without = copy.deepcopy(self.run_json)
        self.set_objects(self.control(without, cid), [])
        first = self.write("1.json", self.run_json, "2026-07-01T00:00:00Z")
        second = self.write("2.json", without, "2026-09-01T00:00:00Z")
        third = self.write("3.json", self.run_json, "2026-11-01T00:00:00Z")
        count = len(self.control(self.run_json, cid)["objects"])
        result, _ = self.diff(second, third)
        self.assertEqual((len(result[cid]["new"]), result[cid]["back"], result[cid]["change"]), (count, [], "worse"))
        result, p = self.diff(first, second, third, more=("--lang", "fr"))
        self.assertEqual((result[cid]["new"], len(result[cid]["back"])), ([], count))
        self.assertEqual([r["evaluated_at"][:7] for r in result[""]["runs"]], ["2026-07", "2026-09", "2026-11"])
        self.assertIn("Niveaux : 1 (1er juillet 2026) → 1 (1er septembre 2026) → 1 (1er novembre 2026)",
                      p.stdout.replace("\n", " ").replace("\u00a0", " "))
        self.assertIn("give the runs from the earliest to the latest", self.diff(second, first, third, expect=2)[1].stderr)
        self.assertIn("give the runs from the earliest to the latest", self.diff(first, third, second, expect=2)[1].stderr)

    def test_the_order_is_that_of_the_dates(self):
        cid = self.failed[0]
        without = copy.deepcopy(self.run_json)
        self.set_objects(self.control(without, cid), [])
        new = self.write("new.json", without, "2027-01-20T00:00:00Z")
        right, p = self.diff(self.folder, new)
        self.assertEqual(p.stderr, "")
        bytes_right = (self.tmp / "out/diff.json").read_bytes()
        swapped, p = self.diff(new, self.folder, more=("--lang", "en"))
        self.assertEqual(right, swapped)
        self.assertEqual((self.tmp / "out/diff.json").read_bytes(), bytes_right)
        self.assertRegex(p.stderr, r"^.*sample-.* is later than .*new\.json|is later than .*: they are compared in the order")

    def test_workbook(self):
        """An independent reader finds what diff.json says."""
        run = copy.deepcopy(self.run_json)
        fixed, added = self.failed[:2]
        self.set_objects(self.control(run, fixed), [])
        c = self.control(run, added)
        new = copy.deepcopy(c["objects"][-1])
        new.update(guid="0f0e0d0c-0b0a-0908-0706-0123456789ab", sid="S-1-5-21-1-2-3-4", name="=cmd|' /C calc'!A0")
        self.set_objects(c, c["objects"] + [new])
        path = self.write("new.json", run, "2027-01-20T00:00:00Z")
        for lang, names in (("fr", ["Synthèse", "Évolution", "Constats nouveaux", "Comment lire"]),
                            ("en", ["Summary", "Progress", "New findings", "How to read it"])):
            outs = [self.tmp / f"{lang}{i}" for i in (1, 2)]
            for out in outs:
                self.run_program("diff", self.folder, path, "--output", out, "--format", "xlsx,json", "--lang", lang)
            self.assertEqual(*[(out / "diff.xlsx").read_bytes() for out in outs])
            result = json.loads((outs[0] / "diff.json").read_text())
            book = openpyxl.load_workbook(outs[0] / "diff.xlsx")
            self.assertEqual([n for n in book.sheetnames if n in names], names)
            rows = list(book[names[2]].iter_rows(values_only=True))
            self.assertEqual(len(rows), 2)
            self.assertIn(new["name"], rows[1])
            self.assertIn(added, rows[1])
            cells = [cell.data_type for row in book[names[2]].iter_rows() for cell in row if cell.value == new["name"]]
            self.assertEqual(cells, ["s"])
            text = [v for row in book[names[0]].iter_rows(values_only=True) for v in row if v is not None]
            totals = result["totals"]["findings"]
            for n in (totals["fixed"], totals["remaining"], totals["new"]):
                self.assertIn(n, text)
            self.assertEqual([t for t in text if isinstance(t, str) and CODE.search(t)], [])

    def test_anonymous_runs_are_compared_by_their_numbers(self):
        key, runs = self.tmp / "key", []
        for date in ("2026-11-21", "2027-01-20"):
            runs.append(self.audit(*SAMPLE[:-1], date, "--anonymous", "--anonymous-key", key, "--quiet")[2])
        result, p = self.diff(*runs, more=("--lang", "fr"))
        self.assertTrue(result[""]["totals"]["anonymous"])
        self.assertEqual(set(result[""]["totals"]["findings"].values()), {0})
        self.assertIn("audit anonyme", " ".join(p.stdout.split()))
        _, p = self.diff(self.folder, runs[1], expect=2)
        self.assertIn("anonymous", p.stderr)

    def test_terminal_alone_and_quiet(self):
        new = self.write("new.json", self.run_json, "2027-01-20T00:00:00Z")
        for lang in ("fr", "en"):
            p = self.run_program("diff", self.folder, new, "--lang", lang)
            self.assertLess(max(len(line) for line in p.stdout.splitlines()), 81)
            self.assertEqual([f.name for f in self.tmp.iterdir()], ["new.json"])
        self.assertEqual(self.run_program("diff", self.folder, new, "--quiet").stdout, "")
        p = self.run_program("diff", self.folder, new, "--format", "json")
        self.assertTrue((self.tmp / "adhygiene-ch-troisrivieres.example-2027-01-20/diff.json").exists())

    def test_what_cannot_be_compared_is_refused(self):
        other = copy.deepcopy(self.run_json)
        for d in other["directory"]["domains"]:
            d["sid"] = "S-1-5-21-9-9-9"
        _, p = self.diff(self.folder, self.write("other.json", other), expect=2)
        self.assertIn("different directories", p.stderr)
        _, p = self.diff(self.folder, self.tmp / "nowhere.json", expect=4)
        (self.tmp / "bad.json").write_text("{}")
        _, p = self.diff(self.tmp / "bad.json", self.folder, expect=4)
        self.assertIn("bad.json:1: this is not a results.json", p.stderr)
        err = self.run_program("diff", self.folder, expect=2).stderr
        self.assertIn("diff needs two runs", err)
        err = self.run_program("diff", self.folder, self.folder, "--format", "json,json", expect=2).stderr
        self.assertIn("twice", err)
        # An output folder that cannot be made: nothing is left half written.
        (self.tmp / "file").write_text("")
        self.run_program("diff", self.folder, self.folder, "--output", self.tmp / "file", expect=5)


if __name__ == "__main__":
    unittest.main()
