"""LibreOffice opens the workbook without repair and sees what was written."""
import csv
import glob
import os
import re
import shutil
import subprocess
import unittest

from made import HOSTILE, MadeCase

# All sheets, UTF-8, every text in quotes (LibreOffice's CSV filter options, token by token).
CSV = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,true,false,true,false,false,-1"


class Office(MadeCase):
    def convert(self, kind, target):
        """Files that soffice makes of the workbook, in a profile of its own."""
        office = shutil.which("soffice")
        self.assertIsNotNone(office, "soffice is missing: install libreoffice-calc")
        folder = os.path.join(self.root, kind + re.sub(r"\W.*", "", target))
        os.mkdir(folder)
        done = subprocess.run(
            [office, f"-env:UserInstallation=file://{self.root}/profile", "--headless",
             "--convert-to", target, "--outdir", folder,
             os.path.join(self.made(kind), "audit.xlsx")],
            env={**os.environ, "LD_PRELOAD": ""}, capture_output=True, text=True, timeout=300,
            check=False)
        self.assertEqual(done.returncode, 0, done.stderr)
        return glob.glob(folder + "/*")

    def rows(self, files, sheet):
        path = [f for f in files if f.endswith(f"-{sheet}.csv")]
        self.assertEqual(len(path), 1, files)
        with open(path[0], encoding="utf-8", newline="") as f:
            return list(csv.reader(f))

    def test_csv(self):
        files = self.convert("small", CSV)
        # All sheets, the hidden one with them: it is what the next audit reads.
        self.assertEqual(len(files), 16)
        accounts = self.rows(files, "Comptes à privilèges")
        names = [row[0] for row in accounts[1:1 + len(HOSTILE)]]
        # What Excel would show: names are neither computed nor unescaped.
        self.assertEqual([n.replace("\u2028", " ") for n in names],
                         [n.replace("\u2028", " ") for n in HOSTILE])
        self.assertEqual(accounts[2][6], "22/10/2026")
        plan = self.rows(files, "Plan d'action")
        self.assertEqual([row[11] for row in plan[1:]], ["À faire"] * (len(plan) - 1))
        self.assertEqual(len(plan), 11)

        stale = self.rows(files, "Comptes dormants")
        values = {row[0]: row[1:] for row in stale}
        self.assertEqual(values["Utilisateurs activés mais plus utilisés"][:2],
                         ["51", "hyg_stale_users\nvuln_guest"])
        self.assertEqual(values["Total"][:2], ["", "123,456"])

    def test_large_csv(self):
        files = self.convert("large", CSV)
        stale = self.rows(files, "Comptes dormants")
        self.assertIn(["-2+3", "CN=-2+3,OU=Comptes 00003,DC=chu,DC=example", "3,000", "18/11/2026"],
                      [row[:4] for row in stale])
        objects = self.rows(files, "Objets")
        self.assertEqual(len(objects), 20001 + 105 + 1)
        self.assertEqual(objects[-1][14], "vuln_user_accounts_dormant")
        self.assertEqual(objects[-1][-1],
                         "vuln_user_accounts_dormant|0f0e0d0c-0b0a-0908-0706-000000000027")

    def test_pdf(self):
        files = self.convert("small", "pdf")
        self.assertEqual(len(files), 1)
        with open(files[0], "rb") as f:
            self.assertTrue(f.read().startswith(b"%PDF-"))


if __name__ == "__main__":
    unittest.main()
