"""Every header compiles alone, and has a guard named after its path."""
import pathlib
import re
import subprocess
import sys
import tempfile

from house import c_files, finish

ROOT, CC = sys.argv[1], sys.argv[2]
breaches = []
with tempfile.TemporaryDirectory() as tmp:
    for name in c_files(ROOT, ".h"):
        if not name.startswith(("src/", "checks/", "reports/", "policies/")):
            continue
        text = pathlib.Path(ROOT, name).read_text("utf-8")
        guard = re.sub(r"[/.-]", "_", re.sub(r"^src/", "", name)).upper()
        if f"#ifndef {guard}\n#define {guard}\n" not in text:
            breaches.append(f"{name}: the guard is not {guard}")
        unit = pathlib.Path(tmp, "unit.c")
        unit.write_text(f'#include "{name}"\ntypedef int not_empty;\n')
        run = subprocess.run([CC, "-std=c17", "-Wall", "-Wextra", "-Wpedantic", "-Werror", "-fsyntax-only",
                              f"-I{ROOT}", f"-I{ROOT}/src", str(unit)],
                             capture_output=True, text=True, check=False)
        if run.returncode:
            breaches.append(f"{name}: does not compile alone\n{run.stderr}")
finish(breaches, "headers")
