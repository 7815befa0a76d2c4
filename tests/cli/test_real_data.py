"""Real directories that nobody here wrote (-DREAL_DATA=DIR). They are not part of this repository; without
them the test says so, and checks only that the option was not given."""
import os
import pathlib
import re
import unittest

from case import CliCase

REAL = os.environ.get("REAL_DATA", "")


def directories():
    """Each file is a directory of its own, but a folder ldif/ holds the files of one."""
    for path in sorted(pathlib.Path(REAL).rglob("*.ldif")):
        if path.parent.name != "ldif":
            yield path.name, [path]
    for folder in sorted(pathlib.Path(REAL).rglob("ldif")):
        yield folder.parent.name, sorted(folder.glob("*.ldif"))


class RealData(CliCase):
    def test_every_directory_is_audited(self):
        if not REAL:
            print("REAL_DATA is not given: no real directories to read.")
            self.assertFalse(REAL)
            return
        names = list(directories())
        self.assertTrue(names, f"no LDIF files below {REAL}")
        for name, files in names:
            with self.subTest(directory=name):
                text = b"\n".join(f.read_bytes() for f in files).replace(b"\r\n", b"\n")
                args = ["--policy", "strict", *(a for f in files for a in ("--ldif", f))]
                if not re.search(rb"^(currentTime|whenChanged):", text, re.MULTILINE | re.IGNORECASE):
                    p = self.run_program("audit", *args, expect=2)
                    self.assertIn("holds no date", p.stderr)
                    args += ["--at", "2026-11-21"]
                first, _, out = self.audit(*args)
                again, _, out2 = self.audit(*args)
                self.assertEqual((out / "results.json").read_bytes(), (out2 / "results.json").read_bytes())
                records = text.count(b"\ndn:") + text.startswith(b"dn:")
                self.assertLessEqual(first["directory"]["counts"]["objects"], records)
                if not first["directory"]["domains"]:
                    passed = [c["id"] for c in first["controls"] if c["status"] == "pass"]
                    self.assertEqual(passed, [], "compliant without a domain head")
                self.assertEqual(first, again)


if __name__ == "__main__":
    unittest.main()
