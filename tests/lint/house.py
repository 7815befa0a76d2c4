"""What the lint tests share: the tree's C files, and how a breach is told."""
import pathlib
import subprocess
import sys


def c_files(root, *suffixes):
    """Tracked and new C files, as paths relative to root."""
    out = subprocess.run(
        ["git", "-C", root, "ls-files", "--cached", "--others", "--exclude-standard"],
        capture_output=True, text=True, check=False)
    if out.returncode == 0:
        names = out.stdout.splitlines()
    else:  # an exported tree without git
        names = [str(p.relative_to(root)) for p in pathlib.Path(root).rglob("*") if p.is_file()]
        names = [n for n in names if not n.startswith("build")]
    return sorted(n for n in names
                  if n.endswith(suffixes) and pathlib.Path(root, n).exists())


def finish(breaches, what):
    for b in breaches:
        print(b)
    print(f"{what}: {len(breaches)} breaches")
    sys.exit(1 if breaches else 0)
