"""results.json: the schema, the order of its keys, its bytes."""
import json
import os
import stat
import sys
import tempfile
import unittest

import fastjsonschema
import jsonschema
from made import HOSTILE, SOURCE, MadeCase, write

sys.path.insert(0, os.path.join(SOURCE, "tests"))
import results_schema  # noqa: E402

KEYS = ["schema", "tool", "facility", "directory", "policy", "level", "level_floor",
        "level_with_waivers", "indicators", "indicator_controls",
        "indicator_notes", "tables", "controls", "coverage"]
CONTROL = ["id", "area", "levels", "failed_level", "status", "reason", "examined", "count",
           "unknown", "waived", "parameters", "objects"]
OBJECT = ["dn", "sid", "guid", "domain", "name", "kind", "level", "evidence", "waived"]


def schema():
    with open(os.path.join(SOURCE, "docs/results.schema.json"), encoding="utf-8") as f:
        return json.load(f)


class Json(MadeCase):
    def load(self, kind):
        return json.loads(self.read(kind, "results.json"))

    def test_schema(self):
        validator = jsonschema.Draft202012Validator(schema())
        validator.check_schema(schema())
        for kind in ("small", "empty", "clean", "large"):
            with self.subTest(kind):
                validator.validate(self.load(kind))

    def test_schema_is_strict(self):
        validator = jsonschema.Draft202012Validator(schema())
        for spoil in (lambda r: r.update(extra=1), lambda r: r.pop("coverage"),
                      lambda r: r.update(level=6), lambda r: r.update(level="1"),
                      lambda r: r["controls"][0].update(status="warn"),
                      lambda r: r["controls"][0]["objects"][0].update(waived=1),
                      lambda r: r["controls"][0]["objects"][0]["evidence"].update(x=3),
                      lambda r: r["controls"][0].update(objects=[]),
                      lambda r: r["directory"].update(evaluated_at="2026-11-21"),
                      lambda r: r["indicators"].pop("mfa"),
                      lambda r: r["indicator_controls"].pop("mfa"),
                      lambda r: r["indicator_controls"]["mfa"].update(required=[]),
                      lambda r: r["tables"][0].pop("total"),
                      lambda r: r["tables"][1]["rows"][0].append(1.5),
                      lambda r: r["tables"][0].update(family="other")):
            run = self.load("small")
            spoil(run)
            self.assertFalse(validator.is_valid(run))
            # The quick validator that other tests use says the same.
            with self.assertRaises(fastjsonschema.JsonSchemaException):
                results_schema.checked(json.dumps(run))
        results_schema.checked(self.read("small", "results.json"))

    def test_keys_in_order(self):
        run = self.load("small")
        self.assertEqual(list(run), KEYS + ["waiver_notes"])
        self.assertEqual(list(self.load("clean")), KEYS)
        for control in run["controls"]:
            more = ["notes"] if "notes" in control else []
            self.assertEqual(list(control), CONTROL + more)
            for found in control["objects"]:
                self.assertEqual(list(found), OBJECT)
        ids = [c["id"] for c in run["controls"]]
        self.assertEqual(ids, sorted(ids))
        self.assertEqual(len(ids), 16)

    def test_values(self):
        run = self.load("small")
        by_id = {c["id"]: c for c in run["controls"]}
        found = by_id["vuln_dont_expire_priv"]
        self.assertEqual([o["name"] for o in found["objects"]],
                         HOSTILE + ["compte-000020", "compte-000021"])
        self.assertEqual(found["objects"][3]["dn"],
                         "CN=-2+3,OU=Comptes 00003,DC=chu,DC=example")
        self.assertEqual((found["count"], found["waived"]), (19, 3))
        self.assertEqual([o["waived"] for o in found["objects"]][:4], [True] * 3 + [False])
        self.assertEqual(found["objects"][1]["evidence"],
                         {"flag": "DONT_EXPIRE_PASSWORD",
                          "privilege_path": [HOSTILE[1], "Admins du domaine"],
                          "policy": HOSTILE[1]})
        self.assertEqual(found["parameters"],
                         {"include_disabled": False, "max_days": 365, "pattern": '^"adm\\'})
        self.assertIs(found["parameters"]["include_disabled"], False)
        self.assertIsNone(found["reason"])
        unknown = by_id["vuln_privileged_members_password"]
        self.assertEqual(unknown["reason"], "attribute_not_readable msDS-PSOAppliesTo")
        self.assertIsNone(unknown["failed_level"])
        self.assertIsNone(run["indicators"]["mfa"]["unknown"])
        self.assertEqual(run["waiver_notes"], ["waiver_unused vuln_spn_priv svc-old"])

    def test_tables(self):
        run = self.load("small")
        empty, full, cut = run["tables"]
        self.assertEqual([list(t) for t in (empty, full, cut)],
                         [["family", "name", "columns", "rows", "total", "row_total"]] * 3)
        self.assertEqual((empty["rows"], empty["total"], empty["row_total"]), ([], None, 0))
        self.assertEqual([c["kind"] for c in full["columns"]],
                         ["name", "text", "number", "date", "code", "number"])
        self.assertEqual([r[0] for r in full["rows"]], HOSTILE + HOSTILE[:1])
        self.assertEqual(full["rows"][3], ["-2+3", "CN=-2+3,OU=Comptes 00003,DC=chu,DC=example",
                                           3000, "2026-11-18T10:00:00Z", "under_30_days", None])
        self.assertEqual(full["total"], [None, None, 123456, None, None, None])
        self.assertEqual((len(cut["rows"]), cut["row_total"]), (3, 7003))

    def test_indicators_name_their_controls(self):
        run = self.load("small")
        self.assertEqual({f: list(i) for f, i in run["indicators"].items()},
                         {f: list(i) for f, i in run["indicator_controls"].items()})
        self.assertEqual(run["indicator_controls"]["mfa"]["required"],
                         ["hyg_stale_users", "vuln_guest"])
        self.assertEqual(list(run["indicator_notes"].items())[3:],
                         [("stale", []), ("mfa", ["context_truncated", "code_of_tomorrow 2"])])

    def test_nothing_read_is_null(self):
        run = self.load("empty")
        self.assertIsNone(run["directory"]["forest"])
        self.assertIsNone(run["directory"]["collected_at"])
        self.assertEqual(run["facility"], {"name": None, "finess": None, "ght": None})
        self.assertIsNone(run["indicators"]["mfa"]["percent"])
        self.assertEqual((run["controls"], run["coverage"]), ([], []))

    def test_bytes(self):
        first = self.read("small", "results.json")
        self.assertEqual(first, self.read("small", "results.json", rows=1048576, only="json"))
        self.assertEqual(first, self.read("small", "results.json", lang="en"))
        self.assertTrue(first.endswith(b"\n") and not first.endswith(b"\n\n"))
        self.assertNotIn(b"\r", first)
        first.decode("utf-8")

    def test_mode_and_no_overwriting(self):
        path = os.path.join(self.made("small"), "results.json")
        self.assertEqual(stat.S_IMODE(os.stat(path).st_mode), 0o600)
        with tempfile.TemporaryDirectory() as folder:
            for name in ("results.json", "audit.xlsx"):
                target = os.path.join(folder, name)
                with open(target, "w", encoding="ascii") as f:
                    f.write("older")
                only = "json" if name.endswith("json") else "xlsx"
                done = write(folder, "small", only=only)
                self.assertEqual(done.returncode, 5)
                self.assertIn(target, done.stderr)
                with open(target, encoding="ascii") as f:
                    self.assertEqual(f.read(), "older")


if __name__ == "__main__":
    unittest.main()
