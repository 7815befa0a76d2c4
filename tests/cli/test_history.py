"""history: dated runs of one directory in one file, whose past cannot be changed unseen."""
import json
import pathlib
import shutil
import sqlite3
import subprocess
import unittest

import small_directory as small
from case import PROGRAM, ROOT
from test_follow import COLUMNS, RIDS, FollowCase, objects, table


class History(FollowCase):
    def history(self, *args, expect=0, lang="fr"):
        return self.run_program("history", self.tmp / "histoire", *args, "--lang", lang, expect=expect)

    def three(self):
        self.runs = [self.run_audit(["anne", "bob"], "2026-05-21"), self.run_audit(["anne"], "2026-07-21", healthy=["bob"]),
                     self.run_audit(["anne", "cid"], "2026-09-21", healthy=["bob"])]
        return self.runs

    @property
    def file(self):
        return self.tmp / "histoire/history.sqlite"

    def rows(self, sql):
        with sqlite3.connect(self.file) as db:
            return db.execute(sql).fetchall()

    def test_list_add_and_the_calendar(self):
        a, b, c = self.three()
        self.assertIn("holds no history", self.history(expect=4).stderr)
        self.assertFalse(self.file.exists())
        self.assertIn("est gardé", self.history("add", a).stdout)
        # Out of order: shown by date, chained by arrival.
        self.history("add", c / "results.json")
        self.history("add", b / "audit.xlsx")
        shown = self.history("list").stdout
        dates = [line.split()[1] for line in shown.splitlines() if line.strip()[:1].isdigit()]
        self.assertEqual(dates, ["2026-05-21T00:00:00Z", "2026-07-21T00:00:00Z", "2026-09-21T00:00:00Z"])
        self.assertEqual(self.rows("SELECT id,evaluated_at FROM run ORDER BY id"),
                         [(1, 1779321600), (2, 1789948800), (3, 1784592000)])
        self.assertIn("Prochain audit attendu le 2026-11-21", shown)
        english = self.history(lang="en").stdout
        self.assertIn("Next audit due on 2026-11-21", english)
        self.assertIn(self.rows("SELECT chain FROM run WHERE id=3")[0][0], english)
        self.assertEqual(self.file.stat().st_mode & 0o777, 0o600)
        self.assertEqual(self.file.parent.stat().st_mode & 0o777, 0o700)

    def test_the_same_run_again_is_not_added(self):
        a, _, _ = self.three()
        self.history("add", a)
        before = self.rows("SELECT * FROM run")
        self.assertIn("rien n'est ajouté deux fois", self.history("add", a).stdout)
        self.assertIn("nothing is added twice", self.history("add", a, lang="en").stdout)
        self.assertEqual(self.rows("SELECT * FROM run"), before)

    def test_what_is_kept_is_what_was_given(self):
        """By tools of others: bytes, hashes and the chain as docs/history.md says."""
        import hashlib
        import zlib
        for run in self.three():
            self.history("add", run)
        chain = ""
        for row, run in zip(self.rows("SELECT id,evaluated_at,added_at,size,sha256,chain,results FROM run ORDER BY id"),
                            self.runs):
            data = (run / "results.json").read_bytes()
            self.assertEqual((zlib.decompress(row[6]), row[3], row[4]), (data, len(data), hashlib.sha256(data).hexdigest()))
            text = f"adhygiene history 1\n{chain}\n{row[0]}\n{row[1]}\n{row[2]}\n{row[3]}\n{row[4]}\n"
            chain = hashlib.sha256(text.encode()).hexdigest()
            self.assertEqual(row[5], chain)

    def test_import(self):
        folder = self.tmp / "tous"
        folder.mkdir()
        for run in self.three():
            run.rename(folder / run.name)
        (folder / "notes").mkdir()
        out = self.history("import", folder).stdout
        self.assertEqual(out.count("est gardé"), 3)
        self.assertEqual(self.history("import", folder).stdout.count("déjà"), 3)
        self.assertIn("holds no run", self.history("import", folder / "notes", expect=4).stderr)
        self.history("import", self.tmp / "rien", expect=4)

    def test_mistakes(self):
        a, _, _ = self.three()
        for args in (["add"], ["import"], ["remove"], ["list", "x"]):
            self.history(*args, expect=2)
        self.run_program("history", expect=2)
        (self.tmp / "bad.json").write_text("{}")
        self.history("add", "bad.json", expect=4)
        self.history("add", self.tmp / "nowhere", expect=4)
        anonymous = json.loads((a / "results.json").read_text())
        anonymous["directory"].update(forest=None, domains=[{"dns": None, "netbios": None, "sid": None}])
        for c in anonymous["controls"]:
            c["objects"] = []
        (self.tmp / "anonymous.json").write_text(json.dumps(anonymous))
        self.assertIn("anonymous", self.history("add", self.tmp / "anonymous.json", expect=2).stderr)
        self.assertFalse(self.file.exists())
        self.history("add", a)
        other = self.run_audit(["anne"], "2026-05-21", domain=small.OTHER_DOMAIN)
        self.assertIn("another directory", self.history("add", other, expect=2).stderr)
        (a / "audit.xlsx").write_bytes(b"PK\x03\x04 damaged")
        self.assertIn("audit.xlsx", self.history("add", a, expect=4).stderr)
        self.assertEqual(len(self.rows("SELECT 1 FROM run")), 1)

    def test_what_people_wrote_is_not_said_to_be_verified(self):
        a, _, _ = self.three()
        self.edit(a, self.fill_usual)
        self.history("add", a)
        with sqlite3.connect(self.file) as db:
            name, text = db.execute("SELECT name,sql FROM sqlite_schema WHERE name='followup_not_changed'").fetchone()
            db.execute(f"DROP TRIGGER {name}")
            db.execute("UPDATE followup SET comment='autre chose'")
            db.execute(text)
        self.assertIn("le suivi saisi à la main n’en fait pas partie", self.history().stdout)
        self.assertIn("what people wrote is not part of it", self.history(lang="en").stdout)

    def test_list_for_programs(self):
        for run in self.three():
            self.history("add", run)
        shown = json.loads(self.history("list", "--json").stdout)
        rows = self.rows("SELECT id,datetime(evaluated_at,'unixepoch'),datetime(added_at,'unixepoch'),sha256,chain FROM run "
                         "ORDER BY evaluated_at")
        self.assertEqual([[r["id"], r["evaluated_at"], r["added_at"], r["sha256"], r["chain"]] for r in shown["runs"]],
                         [[i, *(d.replace(" ", "T") + "Z" for d in (at, added)), s, c] for i, at, added, s, c in rows])
        for r, run in zip(shown["runs"], self.runs):
            said = json.loads((run / "results.json").read_text("utf-8"))
            statuses = [c["status"] for c in said["controls"]]
            self.assertEqual((r["level"], r["level_floor"], r["failed"], r["unknown"], r["findings"], r["policy"], r["catalogue"]),
                             (said["level"], said["level_floor"], statuses.count("fail"), statuses.count("unknown"),
                              sum(c["count"] for c in said["controls"]), said["policy"]["name"], said["tool"]["catalogue"]))
        self.assertEqual((shown["chain_verified"], shown["chain"], shown["next_audit"]),
                         (True, shown["runs"][-1]["chain"], "2026-11-21T00:00:00Z"))
        self.assertTrue(all(r["intact"] for r in shown["runs"]))
        self.assertEqual(shown, json.loads(self.history("--json", lang="en").stdout))
        self.history("add", self.runs[0], "--json", expect=2)
        # A run that was changed is told from the others.
        with sqlite3.connect(self.file) as db:
            name, text = db.execute("SELECT name,sql FROM sqlite_schema WHERE name='run_not_changed'").fetchone()
            db.execute(f"DROP TRIGGER {name}")
            db.execute("UPDATE run SET results=(SELECT results FROM run WHERE id=1) WHERE id=3")
            db.execute(text)
        p = self.history("list", "--json", expect=4)
        self.assertIn("no. 3", p.stderr)
        shown = json.loads(p.stdout)
        self.assertEqual(([r["intact"] for r in shown["runs"]], shown["chain_verified"]), ([True, True, False], False))
        self.assertNotIn("level", shown["runs"][2])

    def test_the_workbook_of_another_hospital_is_refused(self):
        mixed, other = self.run_audit(["anne"], "2026-05-21"), self.run_audit(["anne"], "2026-05-21", domain=small.OTHER_DOMAIN)
        self.edit(other, self.fill_usual_other)
        shutil.copy(other / "audit.xlsx", mixed / "audit.xlsx")
        for how in (["add", mixed], ["import", mixed]):
            p = self.history(*how, expect=2)
            self.assertIn("another directory", p.stderr)
            self.assertNotIn("--previous", p.stderr)
            self.assertFalse(self.file.exists())
        self.history("add", other)
        self.assertEqual(self.rows("SELECT responsible FROM followup"), [("Mme Aubert",)])

    def fill_usual_other(self, book):
        self.fill(book, "Plan d'action", small.CONTROL, Responsable="Mme Aubert")

    def test_a_changed_past_is_seen(self):
        for run in self.three():
            self.history("add", run)
        kept = self.file.read_bytes()
        for sql, says in (
                ("UPDATE run SET evaluated_at=evaluated_at+1 WHERE id=2", "no. 2"),
                ("UPDATE run SET results=(SELECT results FROM run WHERE id=1) WHERE id=3", "no. 3"),
                ("UPDATE run SET sha256=substr(sha256,2)||substr(sha256,1,1) WHERE id=1", "no. 1"),
                ("UPDATE run SET chain=(SELECT chain FROM run WHERE id=1) WHERE id=2", "no. 2"),
                ("UPDATE run SET added_at=0 WHERE id=2", "no. 2"),
                ("UPDATE run SET size=size+1 WHERE id=2", "no. 2"),
                ("DELETE FROM run WHERE id=2", "no. 2 is missing"),
                ("DELETE FROM run WHERE id=1", "no. 1 is missing")):
            self.file.write_bytes(kept)
            with self.assertRaises(sqlite3.DatabaseError), sqlite3.connect(self.file) as db:
                db.execute(sql)  # the triggers refuse it
            with sqlite3.connect(self.file) as db:
                triggers = db.execute("SELECT name,sql FROM sqlite_schema WHERE type='trigger'").fetchall()
                for name, _ in triggers:
                    db.execute(f"DROP TRIGGER {name}")
                db.execute(sql)
                for _, text in triggers:
                    db.execute(text)
            with self.subTest(sql=sql):
                p = self.history(expect=4)
                self.assertIn(says, p.stderr)
                self.assertIn("was changed", p.stderr)
                self.run_program("audit", "--ldif", self.ldif(), "--at", "2026-11-21", "--previous", self.file.parent,
                                 "--output", self.tmp / "out", expect=4)
                self.assertFalse((self.tmp / "out").exists())

    def ldif(self):
        path = self.tmp / "now.ldif"
        path.write_text(small.ldif({"anne": (1101, True), "bob": (1102, True), "cid": (1103, True)}))
        return path

    def test_damaged_files(self):
        for run in self.three():
            self.history("add", run)
        kept = self.file.read_bytes()
        for data in (b"", b"x" * 5000, kept[:4096], kept[:-4096], kept[:100] + b"\xff" * 3000 + kept[3100:]):
            self.file.write_bytes(data)
            p = self.history(expect=4)
            self.assertRegex(p.stderr, r"^adhygiene: .+\.\n$")
        self.file.write_bytes(kept)
        # Code of somebody else in the file never runs.
        with sqlite3.connect(self.file) as db:
            db.execute("CREATE VIEW v AS SELECT 1")
        self.assertIn("not those that this program makes", self.history(expect=4).stderr)
        self.file.write_bytes(kept)
        with sqlite3.connect(self.file) as db:
            db.execute("PRAGMA user_version=99")
        self.assertIn("later version", self.history(expect=4).stderr)
        self.file.unlink()
        with sqlite3.connect(self.file) as db:
            db.execute("CREATE TABLE x(y)")
        self.assertIn("no history of this program", self.history(expect=4).stderr)
        self.assertIn("no history of this program", self.history("add", self.runs[0], expect=4).stderr)

    def test_an_older_file_is_brought_up_to_date(self):
        a, b, _ = self.three()
        self.history("add", a)
        row = self.rows("SELECT * FROM run")[0]
        self.file.unlink()
        with sqlite3.connect(self.file) as db:
            db.executescript((ROOT / "tests/cli/history-1.sql").read_text())
            db.execute("INSERT INTO run VALUES(?,?,?,?,?,?,?)", row)
        db.close()
        self.assertEqual(self.rows("PRAGMA user_version"), [(1,)])
        self.history("add", b)
        self.assertEqual(self.rows("PRAGMA user_version"), [(2,)])
        self.assertEqual(self.rows("SELECT * FROM run WHERE id=1"), [row])
        self.assertIn("Chaîne vérifiée", self.history().stdout)

    def test_two_processes_at_once(self):
        runs = [self.run_audit(["anne"], f"2026-0{m}-21", healthy=h) for m in (1, 2, 3, 4) for h in (["bob"], [])]
        adding = [subprocess.Popen([PROGRAM, "history", self.tmp / "histoire", "add", r], stdout=subprocess.PIPE,
                                   stderr=subprocess.PIPE, text=True) for r in runs]
        for p in adding:
            _, err = p.communicate(timeout=300)
            self.assertEqual((p.returncode, err), (0, ""))
        shown = self.history().stdout
        self.assertIn("Chaîne vérifiée", shown)
        self.assertEqual(self.rows("SELECT id FROM run ORDER BY id"), [(n,) for n in range(1, 9)])
        self.assertEqual(self.rows("PRAGMA integrity_check"), [("ok",)])

    def test_a_process_that_was_killed_leaves_nothing_half_done(self):
        """A journal that a killed writer left is rolled back by the next that opens the file."""
        a, b, _ = self.three()
        self.history("add", a)
        code = ("import sqlite3,os,sys\ndb=sqlite3.connect(sys.argv[1],isolation_level=None)\n"
                "db.execute('PRAGMA cache_size=1')\ndb.execute('BEGIN IMMEDIATE')\n"
                "db.execute(\"INSERT INTO followup(run,added_at,key,responsible,due,state,comment,proof) "
                "VALUES(1,0,'x','',NULL,'',hex(zeroblob(900000)),'')\")\nos.kill(os.getpid(),9)\n")
        subprocess.run(["/usr/bin/python3", "-c", code, self.file], check=False, timeout=60)
        self.assertTrue(pathlib.Path(f"{self.file}-journal").exists())
        self.history("add", b)
        self.assertEqual(self.rows("SELECT count(*) FROM followup"), [(0,)])
        self.assertIn("Chaîne vérifiée", self.history().stdout)

    def test_it_feeds_the_next_audit(self):
        a, b, c = self.three()
        self.edit(a, self.fill_usual)
        for run in (a, b, c):
            self.history("add", run)
        self.assertEqual(len(self.rows("SELECT DISTINCT key FROM followup")), 3)
        self.assertEqual(self.history("add", a).stdout.count("Suivi"), 0)
        now = self.tmp / "now"
        p = self.run_program("audit", "--ldif", self.ldif(), "--at", "2026-11-21", "--format", "xlsx,json", "--lang", "fr",
                             "--previous", self.file.parent, "--output", now)
        self.assertEqual(p.stderr.count("adhygiene:"), 0)
        self.assert_usual(now)
        self.assertEqual({n: (r["Ancienneté"], r["Depuis le"].strftime("%m-%d")) for n, r in objects(now).items()},
                         {"anne": ("Restant", "05-21"), "bob": ("Revenu", "11-21"), "cid": ("Restant", "09-21")})
        # An audit of an earlier date knows only what was before it.
        self.run_program("audit", "--ldif", self.ldif(), "--at", "2026-06-21", "--format", "xlsx,json", "--lang", "fr",
                         "--previous", self.file.parent, "--output", self.tmp / "early")
        self.assertEqual({n: r["Ancienneté"] for n, r in objects(self.tmp / "early").items()},
                         {"anne": "Restant", "bob": "Restant", "cid": "Nouveau"})

    def test_what_people_write_later_is_added_later(self):
        a, b, _ = self.three()
        self.history("add", a)
        self.edit(a, self.fill_usual)
        self.assertIn("Suivi : 3 lignes", self.history("add", a).stdout)
        self.edit(a, lambda book: self.fill(book, "Plan d'action", small.CONTROL, Responsable="M. Petit", Preuve=None))
        self.assertIn("Suivi : 1 ligne nouvelle", self.history("add", a).stdout)
        self.assertEqual(self.rows("SELECT responsible FROM followup WHERE key='hyg_password_not_required' ORDER BY id"),
                         [("Mme Aubert",), ("M. Petit",)])
        now = self.run_audit(["anne", "bob"], "2026-07-22", self.file.parent)
        row = table(now, "Plan d'action")[small.CONTROL]
        self.assertEqual((row["Responsable"], row["Preuve"], row["Commentaire"]),
                         ("M. Petit", None, "Revue des comptes, lot 1"))
        self.assertEqual(objects(now)["anne"]["Commentaire"], "vu avec anne")
        self.assertEqual(len(COLUMNS), 5)
        self.assertIn("anne", RIDS)


if __name__ == "__main__":
    unittest.main()
