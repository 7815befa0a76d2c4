"""Three audits of a domain that changes: what people write in LibreOffice stands in the next workbooks, and
findings are new, remaining, fixed or come back, also when their objects are renamed and moved."""
import json
import pathlib
import sys
import unittest

import openpyxl

import case
import lab as labs

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "cli"))
import office

CONTROL = "hyg_password_not_required"
FIRST, SECOND, THIRD = "2026-11-21T10:00:00Z", "2027-01-21T10:00:00Z", "2027-03-21T10:00:00Z"
CHANGE = """
import sys, json, ldb
from samba.auth import system_session
from samba.param import LoadParm
from samba.samdb import SamDB
lp = LoadParm(); lp.load(sys.argv[1])
db = SamDB(url=lp.samdb_url(), session_info=system_session(), lp=lp)
base = str(db.get_default_basedn())
for verb, name, value in json.loads(sys.argv[2]):
    found = db.search(base, expression="(sAMAccountName=%s)" % name, attrs=["cn"])
    if verb == "make":
        db.add({"dn": "CN=%s,CN=Users,%s" % (name, base), "objectClass": "user", "sAMAccountName": name,
                "userAccountControl": value})
    elif verb == "flags":
        m = ldb.Message(found[0].dn)
        m["u"] = ldb.MessageElement(value, ldb.FLAG_MOD_REPLACE, "userAccountControl")
        db.modify(m)
    elif verb == "rename":
        dn = found[0].dn
        db.rename(dn, ldb.Dn(db, "CN=%s,CN=Computers,%s" % (value, base)))
        m = ldb.Message(ldb.Dn(db, "CN=%s,CN=Computers,%s" % (value, base)))
        m["s"] = ldb.MessageElement(value, ldb.FLAG_MOD_REPLACE, "sAMAccountName")
        db.modify(m)
"""
FAILS, HEALTHY = "544", "512"  # NORMAL_ACCOUNT with and without PASSWD_NOTREQD


def rows(folder, sheet):
    """{name or control: {header: value}}, of the control that these tests are about in Objets."""
    ws = openpyxl.load_workbook(pathlib.Path(folder, "audit.xlsx"))[sheet]
    lines = list(ws.iter_rows(values_only=True))
    found = [dict(zip(lines[0], line)) for line in lines[1:]]
    if sheet == "Objets":
        return {r["Nom"]: r for r in found if str(r["key"]).startswith(CONTROL + "|")}
    return {r["key"]: r for r in found if r["key"]}


class Follow(case.LabCase):
    def change(self, *orders):
        self.domain.run(labs.PYTHON, "-c", CHANGE, str(self.domain.conf), json.dumps(orders))

    def audited(self, at, previous=None):
        out = self.tmp / at[:10]
        self.program("audit", *self.simple(lab=self.domain), "--lang", "fr", "--at", at, "--format", "xlsx,json", "--output",
                     out, *(["--previous", previous] if previous else []), expect=0)
        return out

    def test_three_audits(self):
        self.domain = self.clone("follow")
        self.change(*[("make", n, FAILS) for n in ("suivi-anne", "suivi-bob", "suivi-dora")], ("make", "suivi-cid", HEALTHY))
        first = self.audited(FIRST)
        keys = {n: r["key"] for n, r in rows(first, "Objets").items()}
        found = json.loads((first / "results.json").read_text())
        of_control = next(c for c in found["controls"] if c["id"] == CONTROL)
        self.assertEqual((of_control["status"], of_control["unknown"], of_control["reason"]), ("fail", 0, None))
        self.assertLessEqual({"suivi-anne", "suivi-bob", "suivi-dora"}, set(keys))

        def typed(name, *values):
            return [("type", "Objets", keys[name], h, v) for h, v in zip(("Responsable", "Commentaire"), values)]
        office.edit(self.tmp, first / "audit.xlsx", [
            ("sort", "Plan d'action", "Identifiant"), ("column", "Objets", "Service"), ("sort", "Objets", "key"),
            ("type", "Plan d'action", CONTROL, "Responsable", "Mme Aubert"),
            ("type", "Plan d'action", CONTROL, "Échéance", "2027-01-31"),
            ("type", "Plan d'action", CONTROL, "Avancement", "En cours"),
            ("type", "Plan d'action", CONTROL, "Commentaire", "Revue des comptes à l’été"),
            ("type", "Plan d'action", CONTROL, "Preuve", "Ticket 4711"),
            *typed("suivi-anne", "M. Petit", "remplacée en février"), *typed("suivi-bob", "M. Blanc", "compte du bloc"),
            *typed("suivi-dora", "Mme Roux", "à garder")])

        # bob is mended, cid begins to fail, anne is renamed and moved, dora is deleted.
        self.change(("flags", "suivi-bob", HEALTHY), ("flags", "suivi-cid", FAILS), ("rename", "suivi-anne", "suivi-anna"))
        self.domain.samba_tool("user", "delete", "suivi-dora")
        second = self.audited(SECOND, first)
        now = rows(second, "Objets")
        self.assertEqual({n: r["Ancienneté"] for n, r in now.items() if n.startswith("suivi-")},
                         {"suivi-anna": "Restant", "suivi-cid": "Nouveau"})
        self.assertEqual((now["suivi-anna"]["Responsable"], now["suivi-anna"]["Commentaire"]),
                         ("M. Petit", "remplacée en février"))
        self.assertEqual({r["Ancienneté"] for n, r in now.items() if not n.startswith("suivi-")} - {"Restant"}, set())
        gone = openpyxl.load_workbook(second / "audit.xlsx")["Constats disparus"]
        names = {v for row in gone.iter_rows(values_only=True) if CONTROL in row for v in row}
        self.assertLessEqual({"suivi-bob", "suivi-dora"}, names)
        office.edit(self.tmp, second / "audit.xlsx", [
            ("type", "Objets", now["suivi-cid"]["key"], "Responsable", "M. Cid"),
            ("type", "Plan d'action", CONTROL, "Avancement", "Fait")])

        self.change(("flags", "suivi-bob", FAILS))
        third = self.audited(THIRD, second)
        now = rows(third, "Objets")
        self.assertEqual(
            {n: (r["Ancienneté"], r["Depuis le"].strftime("%Y-%m-%d"), r["Responsable"], r["Commentaire"])
             for n, r in now.items() if n.startswith("suivi-")},
            {"suivi-anna": ("Restant", FIRST[:10], "M. Petit", "remplacée en février"),
             "suivi-bob": ("Revenu", THIRD[:10], "M. Blanc", "compte du bloc"),
             "suivi-cid": ("Restant", SECOND[:10], "M. Cid", None)})
        plan = rows(third, "Plan d'action")[CONTROL]
        self.assertEqual([str(plan[h]) for h in ("Responsable", "Échéance", "Avancement", "Commentaire", "Preuve")],
                         ["Mme Aubert", "2027-01-31 00:00:00", "Fait", "Revue des comptes à l’été", "Ticket 4711"])
        self.assertNotIn("Aubert", (third / "results.json").read_text())

        # The same by a history of the first two.
        history = self.tmp / "histoire"
        self.program("history", history, "add", first, second, expect=0)
        self.assertIn("Chaîne vérifiée", self.program("history", history, "--lang", "fr", expect=0).stdout)
        self.program("audit", *self.simple(lab=self.domain), "--lang", "fr", "--at", THIRD, "--format", "xlsx,json",
                     "--output", self.tmp / "by-history", "--previous", history, expect=0)
        same = rows(self.tmp / "by-history", "Objets")
        for name in ("suivi-anna", "suivi-bob", "suivi-cid"):
            self.assertEqual({k: v for k, v in same[name].items()}, now[name])
        self.assertEqual(rows(self.tmp / "by-history", "Plan d'action")[CONTROL], plan)


if __name__ == "__main__":
    unittest.main()
