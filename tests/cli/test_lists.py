"""CSV files that a policy names (second factors, human resources, leaks): what is wrong with the file
stops the program before it writes anything, what is wrong with a row is said with its line."""
import re
import unittest
import zipfile

from case import CliCase

DOMAIN = "DC=chu,DC=example"
HEAD = f"""dn:
currentTime: 20261121000000.0Z
defaultNamingContext: {DOMAIN}

dn: {DOMAIN}
objectClass: top
objectClass: domain
objectClass: domainDNS
objectSid: S-1-5-21-1-2-3

"""


def account(rid, name, **attributes):
    lines = [f"dn: CN={name},CN=Users,{DOMAIN}", "objectClass: top", "objectClass: person", "objectClass: user",
             f"sAMAccountName: {name}", f"userPrincipalName: {name}@chu.fr", f"objectSid: S-1-5-21-1-2-3-{rid}",
             "userAccountControl: 512", "primaryGroupID: 513", "pwdLastSet: 133800000000000000"]
    return "\n".join(lines + [f"{k}: {v}" for k, v in attributes.items()]) + "\n\n"


PEOPLE = account(1101, "ann", employeeID="1") + account(1102, "bob", employeeID="2", mail="team@chu.fr") + \
    account(1103, "cid", employeeID="3", mail="team@chu.fr")
# The list's key in the policy, its line there, the heading of its account and of its value.
LISTS = {
    "mfa": ("mfa:\n  required_for: [all]\n  evidence: [{csv: {file: list.csv, account: compte, method: valeur}}]\n",
            "compte", "valeur"),
    "hr": ("hr: {csv: list.csv, match: sAMAccountName, account: compte, left: valeur}\n", "compte", "valeur"),
    "leaks": ("leaks: {csv: list.csv, account: compte, date: valeur}\n", "compte", "valeur"),
}
VALUES = {"mfa": ("TOTP", "SMS"), "hr": ("2026-01-31", ""), "leaks": ("2026-01-31", "2026-02-28")}


class Lists(CliCase):
    def setUp(self):
        super().setUp()
        self.ldif = self.tmp / "directory.ldif"
        self.ldif.write_text(HEAD + PEOPLE, "utf-8")

    def policy(self, kind):
        path = self.tmp / f"{kind}.yaml"
        path.write_text("schema: 1\nextends: care\n" + LISTS[kind][0], "utf-8")
        return path

    def read(self, kind, data, **kw):
        (self.tmp / "list.csv").write_bytes(data if isinstance(data, bytes) else data.encode("utf-8"))
        return self.audit("--ldif", self.ldif, "--policy", self.policy(kind), "--at", "2026-11-21", **kw)

    def refused(self, kind, data, says):
        """Exit code 2, a sentence with the policy's place and the file's, older reports as they were."""
        (self.tmp / "list.csv").write_bytes(data if isinstance(data, bytes) else data.encode("utf-8"))
        out = self.tmp / "out"
        out.mkdir(exist_ok=True)
        for name in ("results.json", "audit.xlsx"):
            (out / name).write_text("of the week before")
        p = self.run_program("audit", "--ldif", self.ldif, "--policy", self.policy(kind), "--at", "2026-11-21",
                             "--output", out, expect=2)
        self.assertRegex(p.stderr, rf"{kind}\.yaml:\d+:\d+: .*list\.csv{says}", (kind, says))
        self.assertEqual(sorted(f.name for f in out.iterdir()), ["audit.xlsx", "results.json"])
        for f in out.iterdir():
            self.assertEqual(f.read_text(), "of the week before")

    def coverage(self, results):
        return {c["need"]: c["detail"] for c in results["coverage"] if c["need"].startswith("csv_")}

    def test_wrong_columns(self):
        for kind in LISTS:
            self.refused(kind, "compte;autre\nann;x\n", r":1: it has no column 'valeur'; its columns are: compte, autre")
            self.refused(kind, "login,valeur\nann,x\n", r":1: it has no column 'compte'")
            self.refused(kind, "compte,valeur,Valeur\nann,x,y\n", r":1: two columns are called 'valeur'")
            self.refused(kind, "", r":1: it is empty")

    def test_wrong_encoding_and_kind_of_file(self):
        workbook = self.tmp / "book.xlsx"
        with zipfile.ZipFile(workbook, "w") as z:
            z.writestr("xl/workbook.xml", "<workbook/>")
        for kind in LISTS:
            self.refused(kind, workbook.read_bytes(), r": it is an Excel workbook or a ZIP archive")
            self.refused(kind, b"compte,valeur\nann,x\n\x00\x01\x02,y\n", r":3: it holds NUL characters")
            self.refused(kind, b"compte,valeur\nann\x81\xff,y\n", r":2: it is neither UTF-8 nor UTF-16 nor Windows-1252")
            self.refused(kind, b"\xef\xbb\xbfcompte,valeur\nann,x\nh\xe9l\xe8ne,y\n", r":3: it begins as UTF-8")
            self.refused(kind, "compte,valeur\nann,x\n".encode("utf-16")[:-1], r":\d+: it is UTF-16 and cut short")

    def test_broken_rows(self):
        for kind in LISTS:
            self.refused(kind, 'compte,valeur\nann,x\nbob,"y\n', r":3: a quoted cell has no end")
            self.refused(kind, 'compte,valeur\n"ann"x,y\n', r":2: text follows the closing quote")
            self.refused(kind, "compte,valeur\nann," + "x" * 70000 + "\n", r":2: the row is too long")
            self.refused(kind, "compte,valeur" + ",c" * 1100 + "\nann,x\n", r":1: the row has too many columns")

    def test_encodings_that_are_read(self):
        rows = "Compte;Prénom;Valeur\r\nANN;Hélène;{}\r\n"
        for kind in LISTS:
            text = rows.format(VALUES[kind][0])
            for data in (text.encode("utf-8"), text.encode("utf-8-sig"), text.encode("cp1252"), text.encode("utf-16"),
                         text.encode("utf-16-be"), text.replace(";", ",").encode(), text.replace(";", "\t").encode()):
                results, _, _ = self.read(kind, data)
                self.assertEqual(self.coverage(results), {}, (kind, data[:12]))

    def test_rows_are_said_with_their_lines(self):
        for kind in LISTS:
            value = VALUES[kind][0]
            key = "compte,valeur\n"
            rows = ["ann", "parti", "", "bob,{0},de trop", "=HYPERLINK(1)"]
            if kind != "hr":  # matched by sAMAccountName alone
                rows.append("team@chu.fr")
            text = key + "".join((r if "{0}" in r else r + ",{0}").format(value) + "\n" for r in rows)
            results, _, _ = self.read(kind, text)
            found = self.coverage(results)
            self.assertEqual(found["csv_row list.csv:3"], "csv_unmatched parti", kind)
            self.assertEqual(found["csv_row list.csv:4"], "csv_no_account", kind)
            self.assertEqual(found["csv_row list.csv:5"], "csv_ragged bob", kind)
            details = {c["detail"] for c in results["coverage"] if c["need"] == "csv_row list.csv:6"}
            self.assertEqual(details, {"csv_unmatched =HYPERLINK(1)", "csv_formula =HYPERLINK(1)"}, kind)
            if kind != "hr":
                self.assertEqual(found["csv_row list.csv:7"], "csv_ambiguous team@chu.fr", kind)

    def test_duplicate_accounts_lose_nothing(self):
        def evidence(results, control, name):
            objects = next(c for c in results["controls"] if c["id"] == control)["objects"]
            return [o["evidence"] for o in objects if o["dn"].startswith(f"CN={name},")]
        for first, second in ((0, 1), (1, 0)):
            values = {k: (v[first], v[second]) for k, v in VALUES.items()}
            rows = "compte,valeur\nann,{0}\nann,{1}\nann,{0}\nbob,SMS\n"
            results, _, _ = self.read("mfa", rows.format(*values["mfa"]))
            self.assertEqual(evidence(results, "hyg_mfa_required", "ann"), [])          # one of them is TOTP
            self.assertEqual(evidence(results, "hyg_mfa_required", "bob")[0]["mfa"], "weak")
            self.assertEqual(evidence(results, "hyg_mfa_required", "cid")[0]["mfa"], "none")
            rows = "compte,valeur\nann,{0}\nann,{1}\nbob,2026-01-31\nbob,2026-01-31\ncid,\n"
            results, _, _ = self.read("hr", rows.format(*values["hr"]))
            self.assertEqual(len(evidence(results, "hyg_hr_left", "ann")), 0)           # still here by one of them
            self.assertEqual(len(evidence(results, "hyg_hr_left", "bob")), 1)
            results, _, _ = self.read("leaks", "compte,valeur\nann,{0}\nann,{1}\n".format(*values["leaks"]))
            self.assertEqual(len(evidence(results, "hyg_leaked_not_changed", "ann")), 1)

    def test_a_million_rows(self):
        for kind in LISTS:
            value = VALUES[kind][0]
            with open(self.tmp / "list.csv", "w", encoding="utf-8") as f:
                f.write("compte,valeur\n")
                f.writelines(f"compte{i},{value}\n" for i in range(999999))
                f.write(f"ann,{value}\n")
            results, _, _ = self.audit("--ldif", self.ldif, "--policy", self.policy(kind), "--at", "2026-11-21")
            found = self.coverage(results)
            self.assertEqual(found["csv_rows list.csv"], "csv_unmatched_more 999979", kind)
            self.assertEqual(found["csv_row list.csv:2"], "csv_unmatched compte0", kind)
            self.assertNotIn("csv_row list.csv:1000001", found, kind)

    def test_what_people_read(self):
        """The sentences of rows on the workbook's sheet and in both languages come from codes alone."""
        _, _, out = self.read("mfa", "compte,valeur\nparti,TOTP\n")
        with zipfile.ZipFile(out / "audit.xlsx") as z:
            text = "".join(z.read(n).decode("utf-8") for n in z.namelist() if n.endswith(".xml"))
        self.assertTrue(re.search("Aucun compte de l’annuaire ne correspond à «.parti.»", text))


if __name__ == "__main__":
    unittest.main()
