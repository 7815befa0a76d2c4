"""clang-tidy is clean over the product's own files."""
import concurrent.futures
import json
import os
import pathlib
import subprocess
import sys

from house import finish

ROOT, BUILD = os.path.realpath(sys.argv[1]), sys.argv[2]
OWN = ("src/", "checks/", "reports/")
commands = json.loads(pathlib.Path(BUILD, "compile_commands.json").read_text())
files = sorted({c["file"] for c in commands
                if os.path.relpath(os.path.realpath(c["file"]), ROOT).startswith(OWN)})
if not files:
    finish([f"no files of {OWN} in {BUILD}/compile_commands.json"], "clang-tidy")


def tidy(file):
    # gcc's own warning names mean nothing to clang.
    run = subprocess.run(["clang-tidy", "--quiet", "-p", BUILD, "--extra-arg=-Wno-unknown-warning-option", file],
                         capture_output=True, text=True, check=False)
    return [] if run.returncode == 0 else [run.stdout + run.stderr]


breaches = []
with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
    for found in pool.map(tidy, files):
        breaches += found
finish(breaches, f"clang-tidy over {len(files)} files")
