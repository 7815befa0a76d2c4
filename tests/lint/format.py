"""clang-format decides how C looks."""
import subprocess
import sys

from house import c_files, finish

ROOT = sys.argv[1]
files = c_files(ROOT, ".c", ".h")
run = subprocess.run(["clang-format", "--dry-run", "--Werror", *files], cwd=ROOT,
                     capture_output=True, text=True, check=False)
lines = [line for line in run.stderr.splitlines() if "error:" in line]
if run.returncode and not lines:
    lines = [run.stderr or "clang-format failed"]
finish(lines, f"format of {len(files)} files")
