#!/usr/bin/python3
"""oradad.py ROWS FOLDER: a made-up run of ORADAD 3.6 in clear, with at least that many rows in top.

The directory of ldif-users.py with 8,000 users is written as ORADAD would have (tests/oradad), and its
rows are repeated under other names, SIDs and GUIDs until there are enough. 1,000,000 rows take 8 GB.
The same number gives the same bytes. Nothing but the standard library is needed.
"""
import pathlib
import re
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "tests/oradad"))
import oradad_input  # noqa: E402  pylint: disable=wrong-import-position
from oradad_writer import Writer  # noqa: E402  pylint: disable=wrong-import-position

USERS = 8000
REPEATED = ("top", "user", "computer", "group")
OF_ONE = re.compile(r"CN=(?:Agent \d|PC\d|GG-Acces-\d)")  # the accounts, not what every domain holds
NUMBERED = re.compile(r"(Agent |agent|PC|pc|GG-Acces-|-1228816722-)(?=\d)")


def pattern(row, columns):
    """The row with NUL where a number makes other names of it, and SOH where its GUID begins."""
    cells = NUMBERED.sub("\\1\0", "\t".join(row)).split("\t")
    for i, (name, _) in enumerate(columns):
        if name == "objectGUID":
            cells[i] = "\1" + cells[i][8:]
    return "\t".join(cells) + "\r\n"


def write_table(path, table, copies):
    """copies: how many more of each account."""
    accounts = "".join(pattern(r, table.columns) for r in table.rows if OF_ONE.match(r[0]))
    with open(path, "wb") as out:
        out.write(table.bytes())
        for number in range(1, copies + 1):
            out.write(accounts.replace("\0", str(number)).replace("\1", f"{number:08x}").encode("utf-16-le"))


def main():
    if len(sys.argv) != 3 or not sys.argv[1].isdigit():
        sys.exit(__doc__)
    ldif = subprocess.run([sys.executable, str(HERE / "ldif-users.py"), str(USERS)], check=True, capture_output=True)
    writer = Writer(oradad_input.from_ldif(ldif.stdout.decode()))
    run = writer.write(sys.argv[2])
    tops = sum(len(t.rows) for t in writer.tables if t.request == "top")
    each = sum(len([r for r in t.rows if OF_ONE.match(r[0])]) for t in writer.tables if t.request == "top")
    copies = max(0, -((tops - int(sys.argv[1])) // each))
    for table in writer.tables:
        if table.base == "domain" and table.request in REPEATED:
            write_table(run.joinpath(*table.path.split("\\")), table, copies)
    print(run)


main()
