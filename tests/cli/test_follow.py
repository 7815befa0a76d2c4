"""--previous: what people wrote in a workbook stands in the next one, whatever they did to it, and findings are
new, remaining, fixed or come back."""
import atexit
import datetime
import os
import pathlib
import shutil
import sqlite3
import subprocess
import tempfile
import unittest
import zipfile

import openpyxl
import small_directory as small
from case import PROGRAM, CliCase

KEY = f"{small.CONTROL}|{{}}"
RIDS = {"anne": 1101, "bob": 1102, "cid": 1103, "dora": 1104}
CACHE = pathlib.Path(tempfile.mkdtemp(prefix="adhygiene-follow-"))
atexit.register(shutil.rmtree, CACHE, True)
COLUMNS = ["Responsable", "Échéance", "Avancement", "Commentaire", "Preuve"]


def header(ws):
    for row in ws.iter_rows(min_row=1, max_row=20):
        names = {c.value: c.column for c in row if c.value}
        if "key" in names:
            return row[0].row, names
    raise AssertionError(f"{ws.title} has no header")


def header_of_any(ws):
    return {c.value: c.column for c in ws[1] if c.value}


def table(folder, sheet):
    """{key: {header: value}} of a sheet."""
    ws = openpyxl.load_workbook(pathlib.Path(folder, "audit.xlsx"))[sheet]
    first, names = header(ws)
    rows = {}
    for row in ws.iter_rows(min_row=first + 1, values_only=True):
        if row[names["key"] - 1]:
            rows[row[names["key"] - 1]] = {n: row[c - 1] for n, c in names.items()}
    return rows


def objects(folder):
    """{account: row} of the control that these tests are about."""
    return {v["Nom"]: v for k, v in table(folder, "Objets").items() if k.startswith(small.CONTROL + "|")}


class FollowCase(CliCase):
    def run_audit(self, failing, at, previous=None, healthy=(), domain=small.DOMAIN, lang="fr"):
        """failing, healthy: names of accounts; returns the folder of reports. First audits are made once."""
        made = CACHE / f"{'-'.join(failing)}+{'-'.join(healthy)}-{at}-{domain}"
        if not previous and made.exists():
            out = self.tmp / f"reports-first-{len(list(self.tmp.iterdir()))}"
            shutil.copytree(made, out)
            return out
        path = self.tmp / f"{at}-{len(list(self.tmp.iterdir()))}.ldif"
        accounts = {n: (RIDS[n], True) for n in failing} | {n: (RIDS[n], False) for n in healthy}
        path.write_text(small.ldif(accounts, domain))
        args = ["--ldif", path, "--at", at, "--format", "xlsx,json", "--lang", lang]
        if previous:
            args += ["--previous", previous]
        out = self.tmp / f"reports-{path.stem}"
        self.last = self.run_program("audit", *args, "--output", out)
        if not previous:
            shutil.copytree(out, made)
        return out

    def edit(self, folder, change, name="audit.xlsx"):
        path = pathlib.Path(folder, name)
        book = openpyxl.load_workbook(path)
        change(book)
        book.save(path)

    def fill(self, book, sheet, key, **values):
        """Types values (by header) into the row of this key."""
        ws = book[sheet]
        first, names = header(ws)
        row = next(r for r in range(first + 1, ws.max_row + 1) if ws.cell(r, names["key"]).value == key)
        for name, value in values.items():
            ws.cell(row, names[name]).value = value

    def fill_usual(self, book):
        self.fill(book, "Plan d'action", small.CONTROL, Responsable="Mme Aubert", Échéance=datetime.date(2027, 1, 31),
                  Avancement="En cours", Commentaire="Revue des comptes, lot 1", Preuve="Ticket 4711")
        for name in ("anne", "bob"):
            self.fill(book, "Objets", KEY.format(small.guid(RIDS[name])), Responsable=f"M. {name.title()}",
                      Avancement="Fait", Commentaire=f"vu avec {name}")

    def assert_usual(self, folder):
        plan = table(folder, "Plan d'action")[small.CONTROL]
        self.assertEqual([plan[c] for c in COLUMNS], ["Mme Aubert", datetime.datetime(2027, 1, 31), "En cours",
                                                      "Revue des comptes, lot 1", "Ticket 4711"])
        for name, row in objects(folder).items():
            if name in ("anne", "bob"):
                self.assertEqual([row[c] for c in COLUMNS], [f"M. {name.title()}", None, "Fait", f"vu avec {name}", None])


class ThreeAudits(FollowCase):
    def test_from_the_first_to_the_third(self):
        first = self.run_audit(["anne", "bob"], "2026-05-21", healthy=["cid"])
        self.edit(first, self.fill_usual)
        before = (first / "audit.xlsx").read_bytes()
        second = self.run_audit(["anne", "cid"], "2026-07-21", first, healthy=["bob"])
        self.assert_usual(second)
        rows = objects(second)
        self.assertEqual({n: (r["Ancienneté"], r["Depuis le"]) for n, r in rows.items()}, {
            "anne": ("Restant", datetime.datetime(2026, 5, 21)), "cid": ("Nouveau", datetime.datetime(2026, 7, 21))})
        self.edit(second, lambda b: self.fill(b, "Objets", KEY.format(small.guid(RIDS["cid"])), Responsable="M. Cid"))
        third = self.run_audit(["anne", "bob", "cid"], "2026-09-21", second)
        self.assert_usual(third)
        rows = objects(third)
        self.assertEqual({n: (r["Ancienneté"], r["Depuis le"]) for n, r in rows.items()}, {
            "anne": ("Restant", datetime.datetime(2026, 5, 21)), "bob": ("Revenu", datetime.datetime(2026, 9, 21)),
            "cid": ("Restant", datetime.datetime(2026, 7, 21))})
        self.assertEqual(rows["cid"]["Responsable"], "M. Cid")
        # Nothing of it is in results.json, and the workbook that was read is as it was.
        for word in ("Aubert", "4711", "vu avec"):
            self.assertNotIn(word, (third / "results.json").read_text())
        self.assertEqual((first / "audit.xlsx").read_bytes(), before)

    def test_a_control_that_is_fixed_and_comes_back_keeps_what_was_written(self):
        first = self.run_audit(["anne"], "2026-05-21")
        self.edit(first, lambda b: self.fill(b, "Plan d'action", small.CONTROL, Commentaire="reste"))
        second = self.run_audit([], "2026-07-21", first, healthy=["anne"])
        self.assertNotIn(small.CONTROL, table(second, "Plan d'action"))
        third = self.run_audit(["anne"], "2026-09-21", second)
        self.assertEqual(table(third, "Plan d'action")[small.CONTROL]["Commentaire"], "reste")
        self.assertEqual(objects(third)["anne"]["Ancienneté"], "Revenu")

    def test_every_way_to_name_the_previous_audit(self):
        first = self.run_audit(["anne", "bob"], "2026-05-21")
        self.edit(first, self.fill_usual)
        for path in (first, first / "audit.xlsx", first / "results.json"):
            self.assert_usual(self.run_audit(["anne", "bob"], "2026-07-21", path))
        (first / "results.json").unlink()
        alone = self.run_audit(["anne", "cid"], "2026-07-21", first / "audit.xlsx", healthy=["bob"])
        self.assert_usual(alone)
        self.assertEqual({n: r["Ancienneté"] for n, r in objects(alone).items()}, {"anne": "Restant", "cid": "Nouveau"})
        sheet = openpyxl.load_workbook(alone / "audit.xlsx")["Évolution"]
        words = " ".join(str(c) for row in sheet.iter_rows(values_only=True) for c in row if c)
        self.assertIn("seul le classeur a été lu", words)
        self.assertNotIn("Premier audit connu", words)
        # What was fixed is remembered without a results.json, too.
        (alone / "results.json").unlink()
        back = self.run_audit(["anne", "bob"], "2026-09-21", alone)
        self.assert_usual(back)
        self.assertEqual({n: r["Ancienneté"] for n, r in objects(back).items()}, {"anne": "Restant", "bob": "Revenu"})

    def test_the_same_folder_again(self):
        folder = self.run_audit(["anne", "bob"], "2026-05-21")
        self.edit(folder, self.fill_usual)
        (folder / ".~lock.audit.xlsx#").write_text("")
        path = self.tmp / "now.ldif"
        path.write_text(small.ldif({"anne": (1101, True), "cid": (1103, True)}))
        p = self.run_program("audit", "--ldif", path, "--at", "2026-07-21", "--format", "xlsx,json", "--lang", "fr",
                             "--previous", folder, "--output", folder)
        self.assertIn("semble ouvert", p.stderr)
        self.assert_usual(folder)
        self.assertEqual(objects(folder)["anne"]["Ancienneté"], "Restant")

    def test_same_inputs_same_bytes(self):
        first = self.run_audit(["anne", "bob"], "2026-05-21")
        self.edit(first, self.fill_usual)
        a = self.run_audit(["anne", "cid"], "2026-07-21", first)
        b = self.run_audit(["anne", "cid"], "2026-07-21", first)
        for name in ("audit.xlsx", "results.json"):
            self.assertEqual((a / name).read_bytes(), (b / name).read_bytes())

    def test_a_cell_that_was_emptied_stays_empty(self):
        first = self.run_audit(["anne", "bob"], "2026-05-21")
        self.edit(first, self.fill_usual)
        second = self.run_audit(["anne", "bob"], "2026-07-21", first)
        self.edit(second, lambda b: (self.fill(b, "Objets", KEY.format(small.guid(RIDS["anne"])), **{c: None for c in COLUMNS}),
                                     self.fill(b, "Plan d'action", small.CONTROL, Commentaire=None)))
        third = self.run_audit(["anne", "bob"], "2026-09-21", second)
        self.assertEqual([objects(third)["anne"][c] for c in COLUMNS], [None] * 5)
        plan = table(third, "Plan d'action")[small.CONTROL]
        self.assertEqual((plan["Responsable"], plan["Commentaire"]), ("Mme Aubert", None))


class WhatPeopleDo(FollowCase):
    def carried(self, change, healthy=()):
        first = self.run_audit(["anne", "bob"], "2026-05-21")
        self.edit(first, self.fill_usual)
        self.edit(first, change)
        return self.run_audit(["anne", "bob"], "2026-07-21", first, healthy=healthy)

    def test_rows_in_another_order(self):
        def turn(book):
            for sheet in ("Plan d'action", "Objets"):
                ws = book[sheet]
                values = [[c.value for c in row] for row in ws.iter_rows(min_row=2)]
                for r, row in enumerate(reversed(values), 2):
                    for c, value in enumerate(row, 1):
                        ws.cell(r, c).value = value
        self.assert_usual(self.carried(turn))

    def test_columns_added_and_moved_and_rows_above(self):
        def change(book):
            for sheet in ("Plan d'action", "Objets"):
                ws = book[sheet]
                for name in list(ws.tables):
                    del ws.tables[name]
                ws.data_validations.dataValidation = []
                # Commentaire first of all, a column of one's own, then a title above.
                _, names = header(ws)
                at = names["Commentaire"]
                comments = [ws.cell(r, at).value for r in range(1, ws.max_row + 1)]
                ws.delete_cols(at)
                ws.insert_cols(1, 2)
                for r, value in enumerate(comments, 1):
                    ws.cell(r, 1).value = value
                    ws.cell(r, 2).value = "Service" if r == 1 else "Pharmacie"
                ws.insert_rows(1, 3)
                ws.cell(1, 1).value = "Suivi du CHU"
        self.assert_usual(self.carried(change))
        self.assertEqual(self.last.stderr.count("audit.xlsx"), 0, self.last.stderr)

    def test_sheets_and_columns_with_other_names(self):
        def change(book):
            book["Plan d'action"].title = "Actions 2026"
            ws = book["Objets"]
            ws.title = "Comptes à voir"
            for sheet in ("Actions 2026", "Comptes à voir"):
                _, names = header(book[sheet])
                book[sheet].cell(1, names["Responsable"]).value = "Pilote"
                book[sheet].cell(1, names["Avancement"]).value = "Où en est-on ?"
        self.assert_usual(self.carried(change))

    def test_a_damaged_key_falls_back_to_what_people_see(self):
        def change(book):
            for sheet, damage in (("Plan d'action", "xxx"), ("Objets", "12")):
                ws = book[sheet]
                _, names = header(ws)
                for r in range(2, ws.max_row + 1):
                    ws.cell(r, names["key"]).value = damage
        self.assert_usual(self.carried(change))
        self.assertIn("clé", self.last.stderr)

        def remove(book):
            for sheet in ("Plan d'action", "Objets"):
                ws = book[sheet]
                _, names = header(ws)
                ws.delete_cols(names["key"])
        self.assert_usual(self.carried(remove))

        def swap(book):
            """Some columns were sorted, the hidden one was not."""
            ws = book["Objets"]
            _, names = header(ws)
            keys = [ws.cell(r, names["key"]).value for r in range(2, ws.max_row + 1)]
            for r, key in enumerate(reversed(keys), 2):
                ws.cell(r, names["key"]).value = key
        self.assert_usual(self.carried(swap))

        def without_columns(book):
            for name in list(book["Objets"].tables):
                del book["Objets"].tables[name]
            for title in ("Nom distinctif (DN)", "SID", "GUID"):
                book["Objets"].delete_cols(header(book["Objets"])[1][title])
        self.assert_usual(self.carried(without_columns))
        self.assertNotIn("clé", self.last.stderr)

        def hide_identifier(book):
            ws = book["Plan d'action"]
            _, names = header(ws)
            for r in range(2, ws.max_row + 1):
                ws.cell(r, names["Identifiant"]).value = "à voir !"
        self.assert_usual(self.carried(hide_identifier))

    def test_a_sheet_of_one_s_own_is_not_the_plan(self):
        """Rows of objects copied without what tells the object: what is typed there is about one of them, not the control."""
        def copy_objects(book):
            old, new = book["Objets"], book.create_sheet("Mon travail")
            _, names = header(old)
            wanted = ["Point de contrôle", "Nom", "Constats", *COLUMNS, "Identifiant"]
            new.append(wanted)
            for r in range(2, old.max_row + 1):
                if old.cell(r, names["key"]).value.startswith(small.CONTROL):
                    row = [old.cell(r, names[n]).value for n in wanted]
                    row[3:8] = ["M. Untel", None, "En cours", "seulement celui-ci", None]
                    new.append(row)
        self.assert_usual(self.carried(copy_objects))
        self.assertIn("2 lignes remplies à la main", self.last.stderr)

        def only_the_control(book):
            ws = book.create_sheet("Notes")
            ws.append(["Identifiant", "Commentaire", "Correction", "Nom"])
            ws.append([small.CONTROL, "pour anne", "x", "anne"])
            ws = book.create_sheet("Notes de M. Untel")
            ws.append(["Identifiant", "Commentaire"])
            ws.append([small.CONTROL, "pour bob"])
        self.assert_usual(self.carried(only_the_control))
        self.assertIn("2 lignes remplies à la main", self.last.stderr)

        def bare_objects(book):
            ws = book["Objets"]
            for name in list(ws.tables):
                del ws.tables[name]
            for title in ("Nom distinctif (DN)", "SID", "GUID", "key"):
                ws.delete_cols(header_of_any(ws)[title])
        after = self.carried(bare_objects)
        plan = table(after, "Plan d'action")[small.CONTROL]
        self.assertEqual((plan["Responsable"], plan["Commentaire"]), ("Mme Aubert", "Revue des comptes, lot 1"))
        self.assertIn("2 lignes remplies à la main", self.last.stderr)

        def other_plan(book):
            """The plan itself under another name and without its key is still known by its columns."""
            ws = book["Plan d'action"]
            ws.title = "Actions 2026"
            ws.delete_cols(header(ws)[1]["key"])
        self.assert_usual(self.carried(other_plan))

    def test_rows_of_their_own_are_left_out_with_a_note(self):
        def change(book):
            ws = book["Plan d'action"]
            _, names = header(ws)
            ws.cell(ws.max_row + 1, names["Commentaire"]).value = "penser au copieur"
        self.assert_usual(self.carried(change))
        self.assertIn("1 ligne remplie à la main", self.last.stderr)

    def test_without_the_memory(self):
        def change(book):
            del book["Suivi"]
        self.assert_usual(self.carried(change))

    def test_dates_as_people_type_them(self):
        for typed, due, comment in (
                ("15/02/2027", "2027-02-15", None), ("2027-02-15", "2027-02-15", None), (46433, "2027-02-15", None),
                (datetime.datetime(2027, 2, 15, 9, 30), "2027-02-15", None),
                ("mi-février", None, "Échéance\u00a0: mi-février. Revue des comptes, lot 1"), ("  ", None, None)):
            with self.subTest(typed=typed):
                first = self.run_audit(["anne", "bob"], "2026-05-21")
                self.edit(first, self.fill_usual)
                self.edit(first, lambda b, t=typed: self.fill(b, "Plan d'action", small.CONTROL, Échéance=t))
                kept = first / "histoire"
                self.run_program("history", kept, "add", first)
                with sqlite3.connect(kept / "history.sqlite") as db:
                    row = db.execute("SELECT date(due,'unixepoch'),comment FROM followup WHERE key=?",
                                     (small.CONTROL,)).fetchone()
                self.assertEqual(row, (due, comment or "Revue des comptes, lot 1"))

    def test_the_calendar_of_1904(self):
        def change(book):
            book.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904
            self.fill(book, "Plan d'action", small.CONTROL, Échéance=datetime.datetime(2027, 1, 31))
        self.assert_usual(self.carried(change))

    def test_what_stands_in_text_cells(self):
        def change(book):
            self.fill(book, "Plan d'action", small.CONTROL, Preuve=4711, Commentaire=datetime.datetime(2026, 12, 1),
                      Responsable="  Mme Aubert \n", Avancement="EN COURS")
        row = table(self.carried(change), "Plan d'action")[small.CONTROL]
        self.assertEqual([row[c] for c in COLUMNS], ["Mme Aubert", datetime.datetime(2027, 1, 31), "En cours", "01/12/2026",
                                                     "4711"])

    def test_hostile_words_stay_words(self):
        words = {"Responsable": "=cmd|'/c calc'!A1", "Commentaire": "_x0041_ <b>&amp;</b> \U0001f3e5", "Preuve": "@SUM(1)",
                 "Avancement": "bloqué par l'éditeur"}

        def change(book):
            ws = book["Plan d'action"]
            first, names = header(ws)
            row = next(r for r in range(2, ws.max_row + 1) if ws.cell(r, names["key"]).value == small.CONTROL)
            for name, value in words.items():
                ws.cell(row, names[name]).value = value.replace("_x0041_", "_x005F_x0041_")
                ws.cell(row, names[name]).data_type = "s"
        row = table(self.carried(change), "Plan d'action")[small.CONTROL]
        self.assertEqual(row["Responsable"], words["Responsable"])
        self.assertEqual(row["Commentaire"].replace("_x005F_", "_"), words["Commentaire"])
        self.assertEqual((row["Preuve"], row["Avancement"]), (words["Preuve"], words["Avancement"]))

    def test_the_other_language(self):
        first = self.run_audit(["anne"], "2026-05-21")
        self.edit(first, self.fill_usual_one)
        second = self.run_audit(["anne"], "2026-07-21", first, lang="en")
        rows = table(second, "Action plan")
        self.assertEqual((rows[small.CONTROL]["Responsible"], rows[small.CONTROL]["State"]), ("Mme Aubert", "In progress"))
        third = self.run_audit(["anne"], "2026-09-21", second)
        row = table(third, "Plan d'action")[small.CONTROL]
        self.assertEqual((row["Responsable"], row["Avancement"]), ("Mme Aubert", "En cours"))

    def fill_usual_one(self, book):
        self.fill(book, "Plan d'action", small.CONTROL, Responsable="Mme Aubert", Avancement="En cours")


class WhatIsNoWorkbook(FollowCase):
    def setUp(self):
        super().setUp()
        self.first = self.run_audit(["anne", "bob"], "2026-05-21")
        self.whole = (self.first / "audit.xlsx").read_bytes()
        (self.tmp / "one.ldif").write_text(small.ldif({"anne": (1101, True)}))
        self.out = self.tmp / "kept"
        shutil.copytree(self.first, self.out)

    def refused(self, says, expect=4, path=None):
        """Into a folder that holds an older audit: it stays as it was."""
        kept = {p.name: p.read_bytes() for p in self.out.iterdir()}
        p = self.run_program("audit", "--ldif", "one.ldif", "--at", "2026-07-21", "--format", "xlsx,json", "--previous",
                             path or self.first / "audit.xlsx", "--output", self.out, expect=expect)
        self.assertRegex(p.stderr, r"(?m)^adhygiene: .+\.$")
        self.assertIn(says, p.stderr)
        self.assertNotIn("Sanitizer", p.stderr)
        self.assertEqual({p.name: p.read_bytes() for p in self.out.iterdir()}, kept)

    def write(self, data):
        (self.first / "audit.xlsx").write_bytes(data)

    def repack(self, change, method=zipfile.ZIP_DEFLATED):
        """change(name, bytes) of each part."""
        (self.tmp / "old.xlsx").write_bytes(self.whole)
        with zipfile.ZipFile(self.tmp / "old.xlsx") as old, \
                zipfile.ZipFile(self.first / "audit.xlsx", "w", method) as new:
            for name in old.namelist():
                part = change(name, old.read(name))
                if part is not None:
                    new.writestr(name, part)

    def test_bytes(self):
        for data, says in ((b"", "no .xlsx file"), (b"\x00" * 500, "no .xlsx file"), (b"PK\x03\x04" + b"x" * 900, "damaged"),
                           (self.whole[:len(self.whole) // 2], "damaged"), (self.whole[200:], "no .xlsx file"),
                           (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 900, "password")):
            with self.subTest(says=says, n=len(data)):
                self.write(data)
                self.refused(says)
                self.refused(says, path=self.first)
        self.refused("nowhere", path=self.tmp / "nowhere.xlsx")

    def test_a_flipped_byte_is_seen(self):
        with zipfile.ZipFile(self.first / "audit.xlsx") as z:
            info = max((i for i in z.infolist() if "sheet" in i.filename), key=lambda i: i.compress_size)
            at = info.header_offset + 30 + len(info.filename) + info.compress_size // 2
        data = bytearray(self.whole)
        data[at] ^= 0x40
        self.write(bytes(data))
        self.refused("cannot be read")

    def test_parts(self):
        def plan(text):
            return lambda name, part: part.replace(b"<sheetData>", text + b"<sheetData>", 1) \
                if name.startswith("xl/worksheets/sheet2") else part

        def without(end):
            return lambda name, part: None if name.endswith(end) else part
        for change, says in (
                (without("workbook.xml"), "missing"), (without("_rels/.rels"), "missing"),
                (without("sheet2.xml"), "missing"), (without("sharedStrings.xml"), "missing"),
                (lambda n, p: p[:-20] if n.endswith("sheet2.xml") else p, "well-formed"),
                (lambda n, p: b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">]>' + p.split(b"?>", 1)[1]
                 if n.endswith("sheet2.xml") else p, "document type"),
                (lambda n, p: b'<?xml version="1.0"?><!DOCTYPE x SYSTEM "file:///etc/passwd"><x/>'
                 if n == "xl/workbook.xml" else p, "document type"),
                (lambda n, p: p.replace(b't="s"><v>', b't="s"><v>9999999') if n.endswith("sheet2.xml") else p,
                 "does not hold"),
                (lambda n, p: p.replace(b'<row r="2"', b'<row r="1"') if n.endswith("sheet2.xml") else p, "out of order"),
                (lambda n, p: p.replace(b"worksheets/sheet", b"nowhere/sheet") if n.endswith("workbook.xml.rels") else p,
                 "missing"),
                (plan(b"<a>" * 500), "damaged")):
            with self.subTest(says=says):
                self.repack(change)
                self.refused(says)

    def test_bombs(self):
        self.repack(lambda n, p: p.replace(b"<sheetData>", b"<sheetData>" + b" " * 300_000_000)
                    if n.endswith("sheet2.xml") else p)
        self.refused("unpacks to far more")

    def plan_rows(self, comments, text):
        """Rows for controls that are not there, each with the same shared text as its comment."""
        ws = openpyxl.load_workbook(self.first / "audit.xlsx")["Plan d'action"]
        comment, key = (ws.cell(1, header(ws)[1][n]).column_letter for n in ("Commentaire", "key"))
        rows = "".join(f'<row r="{n}"><c r="{comment}{n}" t="s"><v>{{at}}</v></c>'
                       f'<c r="{key}{n}" t="inlineStr"><is><t>zz{n}</t></is></c></row>' for n in range(500, 500 + comments))
        (self.tmp / "old.xlsx").write_bytes(self.whole)
        with zipfile.ZipFile(self.tmp / "old.xlsx") as old:
            at = old.read("xl/sharedStrings.xml").count(b"<si>")

        def change(name, part):
            if name == "xl/sharedStrings.xml":
                return part.replace(b"</sst>", b"<si><t>" + text.encode() + b"</t></si></sst>")
            if name == "xl/worksheets/sheet2.xml":
                return part.replace(b"</sheetData>", rows.replace("{at}", str(at)).encode() + b"</sheetData>")
            return part
        self.repack(change)

    def test_one_text_in_many_cells_is_kept_once(self):
        self.plan_rows(60000, "é" * 16000)
        self.assertLess((self.first / "audit.xlsx").stat().st_size, 1_500_000)
        (self.tmp / "other.ldif").write_text(small.ldif({"anne": (1101, True)}, small.OTHER_DOMAIN))
        (self.first / "results.json").unlink()
        p = subprocess.Popen([PROGRAM, "audit", "--ldif", self.tmp / "other.ldif", "--at", "2026-07-21", "--previous",
                              self.first / "audit.xlsx", "--output", self.tmp / "out"], stderr=subprocess.PIPE, text=True)
        said = p.stderr.read()
        p.stderr.close()
        _, status, usage = os.wait4(p.pid, 0)
        p.returncode = os.waitstatus_to_exitcode(status)
        self.assertEqual(p.returncode, 2, said)
        self.assertIn("another directory", said)
        self.assertLess(usage.ru_maxrss, 900_000, "KiB; sixty thousand copies take 1.9 GB")

    def test_a_cell_longer_than_a_spreadsheet_s(self):
        self.plan_rows(1, "x" * 32768)
        self.refused("more text than a spreadsheet can")
        self.plan_rows(1, "x" * 32766 + "\U0001f3e5")
        self.refused("more text than a spreadsheet can")
        self.repack(lambda n, p: p.replace(b"<sheetData>", b'<sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>'
                                           + b"x" * 32768 + b"</t></is></c></row>", 1).replace(b'<row r="1" ', b'<row r="2" ', 1)
                    if n == "xl/worksheets/sheet2.xml" else p)
        self.refused("a cell is too long")
        self.plan_rows(1, "é" * 32765 + "\U0001f3e5")
        self.run_program("audit", "--ldif", "one.ldif", "--at", "2026-07-21", "--format", "json", "--previous", self.first,
                         "--output", self.tmp / "out")

    def test_another_program_s_workbook(self):
        book = openpyxl.Workbook()
        book.active.append(["Nom", "Commentaire"])
        book.save(self.first / "audit.xlsx")
        self.refused("neither an action plan nor objects")
        with zipfile.ZipFile(self.first / "audit.xlsx", "w") as z:
            z.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
            z.writestr("content.xml", "<x/>")
        self.refused("LibreOffice's own format")

    def test_of_another_directory_or_of_a_later_one(self):
        other = self.run_audit(["anne"], "2026-05-21", domain=small.OTHER_DOMAIN)
        self.refused("another directory", 2, other / "results.json")
        (other / "results.json").unlink()
        self.refused("another directory", 2, other / "audit.xlsx")
        shutil.copy(self.first / "results.json", other / "results.json")
        self.refused("another directory", 2, other)
        later = self.run_audit(["anne"], "2026-09-21")
        self.refused("later than this one", 2, later)
        shutil.copy(later / "audit.xlsx", self.first / "audit.xlsx")
        self.refused("the two files of one audit", 2, self.first)

    def test_memory_of_a_later_version(self):
        def change(book):
            ws = book["Suivi"]
            ws.cell(2, 9).value = "2"
            self.assertEqual(ws.cell(2, 1).value, "@schema")
        self.edit(self.first, change)
        self.refused("later version")


if __name__ == "__main__":
    unittest.main()
