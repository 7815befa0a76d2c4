"""What the tests of reports share: runs the writer over a made run, in a folder of its own."""
import os
import shutil
import subprocess
import tempfile
import unittest

TOOL = os.environ["REPORT_MADE_RUN"]
SOURCE = os.environ["SOURCE_DIR"]

# The hostile names of made_run.c, in its order.
HOSTILE = [
    "=1+1", "=cmd|' /C calc'!A0", "+1+1", "-2+3", "@SUM(A1:A9)", "http://evil.example/",
    "mailto:director@chu.example", "file:///etc/passwd", "_x0041__x000D_", "1e5", "TRUE", "007",
    "21/11/2026", '</t></is></c></row><row r="9">', "a&b<c>\"d\"'e'", 'back\\slash "quote"',
    "line\nbreak\ttab", "zoé \U0001F600 \u2028 \u202e gnp.exe", "&L&F&[Path]",
    '"; DROP TABLE users; --',
]


def write(folder, kind, lang="fr", rows=None, only=None, env=None, prefix=()):
    """Runs the writer; the finished process."""
    command = [*prefix, TOOL, folder, kind, lang]
    if rows is not None or only is not None:
        command.append(str(rows or 1048576))
    if only is not None:
        command.append(only)
    return subprocess.run(command, env={**os.environ, **(env or {})}, text=True,
                          capture_output=True, timeout=300, check=False)


class MadeCase(unittest.TestCase):
    """Gives each test a folder, and runs by kind that are written once a class."""
    @classmethod
    def setUpClass(cls):
        cls.root = tempfile.mkdtemp(prefix="adhygiene-reports-")
        cls.written = {}

    @classmethod
    def tearDownClass(cls):
        shutil.rmtree(cls.root)

    def made(self, kind, lang="fr", rows=None, only=None):
        """The folder with the reports of that run."""
        key = (kind, lang, rows, only)
        if key not in self.written:
            folder = tempfile.mkdtemp(dir=self.root)
            done = write(folder, kind, lang, rows, only)
            self.assertEqual((done.returncode, done.stderr), (0, ""))
            self.written[key] = folder
        return self.written[key]

    def read(self, kind, name, lang="fr", **more):
        with open(os.path.join(self.made(kind, lang, **more), name), "rb") as f:
            return f.read()
