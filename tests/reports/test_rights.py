"""rights.ps1: what it grants, to whom, and that no name of the directory becomes code."""
import json
import os
import re
import unittest

from made import MadeCase

GRANT = re.compile(r"Grant-Read '((?:[^'\u2018-\u201b]|'')*)' '([A-Za-z, ]+)' '([A-Za-z0-9-]*)' '(All|Descendents)' '([A-Za-z-]*)'")


class Rights(MadeCase):
    def script(self, lang="fr"):
        return self.read("small", "rights.ps1", lang)

    def test_form(self):
        for lang in ("fr", "en"):
            raw = self.script(lang)
            self.assertTrue(raw.startswith(b"\xef\xbb\xbf"))
            self.assertEqual(raw.count(b"\n"), raw.count(b"\r\n"))
            self.assertEqual(raw.count(b"\r"), raw.count(b"\r\n"))

    def test_only_reading(self):
        text = self.script().decode("utf-8-sig")
        lines = [line for line in text.split("\r\n") if line.startswith("Grant-Read ")]
        grants = [GRANT.fullmatch(line) for line in lines]
        self.assertTrue(grants and all(grants), lines)
        self.assertLessEqual({m[2] for m in grants},
                             {"GenericRead", "ReadControl", "ReadProperty", "ListChildren, ListObject"})
        # The made run could not read PSOs, and nothing else.
        self.assertEqual([m[1] for m in grants],
                         ["CN=Password Settings Container,CN=System,DC=chu,DC=example"])

    def test_does_nothing_by_itself(self):
        text = self.script().decode("utf-8-sig")
        self.assertIn("if (-not $Apply) {", text)
        for change in ("AddAccessRule", "RemoveAccessRule"):
            before = text[:text.index(change)]
            self.assertGreater(before.rindex("-not $Apply"), before.rindex("function " if change[0] == "A" else "if ($Undo)"))

    def test_only_where_it_helps(self):
        self.assertIn("rights.ps1", os.listdir(self.made("small")))
        for kind in ("clean", "empty"):
            self.assertNotIn("rights.ps1", os.listdir(self.made(kind)))
        run = json.loads(self.read("small", "results.json"))
        self.assertTrue(any(c["state"] == "denied" for c in run["coverage"]))


if __name__ == "__main__":
    unittest.main()
