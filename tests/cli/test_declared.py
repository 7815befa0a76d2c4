"""Two audits of one directory: what the policy declares otherwise mends nothing, what it declares alike stays
comparable."""
import json
import re
import unittest

from case import ROOT, SAMPLE, CliCase

FOLDER = ROOT / "tests/sample"
POLICY = (FOLDER / "policy.yaml").read_text("utf-8")
NOT_DECLARED = {"schema", "name", "extends", "expect", "facility"}
CUSTOM = """custom_controls:
  - id: site_no_mail
    level: 3
    title: {fr: "Comptes sans adresse"}
    why: {fr: "On ne sait pas à qui écrire."}
    fix: {fr: "Compléter l'attribut mail."}
    each: user
    filter: "FILTER"
"""


def sections():
    """{key: its text in the policy}"""
    parts = re.split(r"(?m)^(?=[a-z_]+:)", POLICY)
    return {p.split(":")[0]: p for p in parts if re.match(r"[a-z_]+:", p)}


def verdict(control):
    return (control["status"], control["count"], control["unknown"], control["examined"],
            sorted((o["dn"], o["level"]) for o in control["objects"]))


class Declared(CliCase):
    def audit(self, name, policy):
        for file in ("agents.csv", "fuites.csv", "second-facteur.csv"):
            policy = policy.replace(f": {file}", f": {FOLDER / file}")
        path = self.tmp / f"{name}.yaml"
        path.write_text(policy, "utf-8")
        out = self.tmp / name
        args = ["--policy" == a for a in SAMPLE].index(True)
        self.run_program("audit", *SAMPLE[:args + 1], path, *SAMPLE[args + 2:], "--format", "json", "--output", out,
                         "--quiet")
        return out / "results.json"

    def controls(self, path):
        return {c["id"]: c for c in json.loads(path.read_text("utf-8"))["controls"]}

    def diff(self, old, new):
        out = self.tmp / f"diff-{old.parent.name}-{new.parent.name}"
        self.run_program("diff", old, new, "--format", "json", "--output", out, "--quiet")
        return {c["id"]: c for c in json.loads((out / "diff.json").read_text("utf-8"))["controls"]}

    def test_each_section_of_the_policy(self):
        """Without it, or with other groups or units, nothing in the directory changed: nothing is fixed, and each
        control that says otherwise says that it was measured otherwise."""
        first = self.audit("first", POLICY)
        before = self.controls(first)
        seen = 0
        for key, text in sections().items():
            if key in NOT_DECLARED:
                continue
            other = re.sub(r"groups: \[[^]]*\]", "groups: [Domain Admins]", text)
            if other == text:
                other = ""
            with self.subTest(key=key):
                second = self.audit(key, POLICY.replace(text, other))
                now = self.controls(second)
                changed = {i for i in before if verdict(before[i]) != verdict(now[i])}
                declared = {i for i in before if before[i].get("declared") != now[i].get("declared")}
                self.assertEqual(changed - declared, set())
                self.assertTrue(changed)
                # What reads nothing of it is compared as before.
                self.assertFalse([i for i in declared if i.startswith(("vuln_", "warning_", "info_"))])
                self.assertLess(len(declared), 35)
                result = self.diff(first, second)
                self.assertEqual([i for i, c in result.items() if c["fixed"] or c["change"] == "better"], [])
                seen += 1
        self.assertEqual(seen, 13)

    def test_a_filter(self):
        old = self.audit("wide", POLICY + CUSTOM.replace("FILTER", "(!(mail=*))"))
        new = self.audit("narrow", POLICY + CUSTOM.replace("FILTER", "(&(!(mail=*))(sAMAccountName=a*))"))
        self.assertGreater(self.controls(old)["site_no_mail"]["count"], self.controls(new)["site_no_mail"]["count"])
        c = self.diff(old, new)["site_no_mail"]
        self.assertEqual((c["change"], c["fixed"]), ("incomparable", []))
        self.assertEqual({i for i, x in self.diff(old, old).items() if x["change"] != "none"}, set())

    def test_what_is_no_measure(self):
        """A waiver, a threshold of another control, another place or day of an export: all stays comparable."""
        old = self.audit("old", POLICY)
        new = self.audit("new", POLICY.replace("exported: 2026-07-15", "exported: 2026-07-16").replace(
            "télésurveillance des ascenseurs, sans utilisateur", "ascenseurs") + """
controls: {hyg_stale_users: {max_days: 1000}}
waivers: [{control: hyg_expired_enabled, unit: "DC=ch-troisrivieres,DC=example", reason: essai, approved_by: RSSI, until: 2027-06-30}]
""")
        self.assertEqual({i: c.get("declared") for i, c in self.controls(old).items()},
                         {i: c.get("declared") for i, c in self.controls(new).items()})
        result = self.diff(old, new)
        self.assertEqual([i for i, c in result.items() if c["change"] == "incomparable"], ["hyg_stale_users"])
        self.assertEqual(result["hyg_stale_users"]["fixed"], [])


if __name__ == "__main__":
    unittest.main()
