"""Running the program on files, and reading what it wrote."""
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.join(os.environ["SOURCE_DIR"], "tests"))
from results_schema import checked  # noqa: E402

PROGRAM = os.environ["ADHYGIENE"]
ROOT = pathlib.Path(os.environ["SOURCE_DIR"])
SAMPLE = ["--ldif", ROOT / "tests/sample/sample.ldif.gz", "--sysvol", ROOT / "tests/sample/sysvol",
          "--policy", ROOT / "tests/sample/policy.yaml", "--at", "2026-11-21"]


class CliCase(unittest.TestCase):
    maxDiff = None

    def setUp(self):
        self.tmp = pathlib.Path(tempfile.mkdtemp(prefix="adhygiene-cli-"))
        self.addCleanup(shutil.rmtree, self.tmp, True)

    def run_program(self, *args, expect=0, **kw):
        p = subprocess.run([PROGRAM, *map(str, args)], capture_output=True, text=True, check=False, timeout=300, cwd=self.tmp,
                           **kw)
        self.assertEqual(p.returncode, expect, f"{args}\n{p.stdout}\n{p.stderr}")
        return p

    def audit(self, *args, expect=0, **kw):
        out = pathlib.Path(tempfile.mkdtemp(dir=self.tmp))
        p = self.run_program("audit", *args, "--output", out, expect=expect, **kw)
        return checked((out / "results.json").read_text("utf-8")), p, out
