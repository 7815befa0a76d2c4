"""Who may include whom (README, "Map"), third-party headers in one file each, POSIX at the edge,
and the attribute table."""
import pathlib
import re
import sys

from house import c_files, finish

ROOT = sys.argv[1]

SEES = {
    "src/base": {"base"},
    "src/ad": {"base", "ad"},
    "src/snapshot": {"base", "ad", "snapshot"},
    "src/policy": {"base", "ad", "policy"},
    "src/model": {"base", "ad", "snapshot", "policy", "model"},
    "src/engine": {"base", "ad", "snapshot", "policy", "model", "engine"},
    "checks": {"base", "ad", "snapshot", "policy", "model", "engine", "checks"},
    "src/collect": {"base", "ad", "snapshot", "collect"},
    "reports": {"base", "reports"},
    "src/runs": {"base", "runs"},
    "policies": {"base", "policies"},
}
# Single headers that a folder may include beyond its row.
ALSO = {"src/collect": {"model/attr.h", "model/attrs.def"}, "reports": {"engine/run.h", "engine/evolution.h", "engine/comparison.h"},
        "src/runs": {"engine/run.h", "engine/previous.h", "engine/evolution.h", "engine/comparison.h",
                     "reports/texts.def"}}  # words that a workbook is read by

# header prefix -> the files that may include it
THIRD_PARTY = {
    "ldap.h": {"src/collect/openldap.c"}, "lber.h": {"src/collect/openldap.c"},
    "sasl/": {"src/collect/openldap.c"}, "krb5": {"src/collect/kerberos.c"},
    "gssapi/": {"src/collect/kerberos.c"},
    "libxml/": {"src/ad/gpp.c", "src/runs/xml_walk.c"}, "jansson.h": {"src/runs/json_scan.c"},
    "yaml.h": {"src/policy/yaml.c"}, "sqlite3.h": {"src/snapshot/", "src/runs/history_db.c"},
    "xlsxwriter.h": {"reports/xlsx"}, "pcre2.h": {"src/policy/pattern.c"},
    "openssl/": {"src/collect/tls_diagnose.c", "src/base/sha256.c", "src/ad/certificate.c"},
    "zlib.h": {"src/snapshot/", "reports/xlsx", "src/runs/deflate.c"}, "zip.h": {"reports/xlsx", "src/runs/package.c"},
}
STANDARD = {"assert.h", "ctype.h", "errno.h", "inttypes.h", "limits.h", "math.h", "stdalign.h",
            "stdarg.h", "stdbool.h", "stddef.h", "stdint.h", "stdio.h", "stdlib.h", "string.h",
            "time.h", "locale.h"}
POSIX_FOLDERS = ("src/base/", "src/collect/")
# Checks and reports are deterministic: no clock, environment, locale or files of their own.
PURE = ("checks/", "src/engine/")
IMPURE_CALLS = re.compile(r"\b(fopen|getenv|time|clock|setlocale|platform_now|malloc|calloc|system|popen)\s*\(")

breaches = []


def folder_of(name):
    return next((f for f in SEES if name.startswith(f + "/")), None)


def check_include(name, number, target, system):
    folder = folder_of(name)
    where = f"{name}:{number}"
    for prefix, files in THIRD_PARTY.items():
        if system and target.startswith(prefix):
            if not any(name.startswith(f) for f in files):
                breaches.append(f"{where}: <{target}> belongs into {sorted(files)} only")
            return
    if system:
        if target not in STANDARD and not name.startswith(POSIX_FOLDERS):
            breaches.append(f"{where}: <{target}> is not ISO C; only {POSIX_FOLDERS} may use it")
        return
    if "/" not in target:
        breaches.append(f'{where}: "{target}" does not name its folder')
    elif folder and target.split("/")[0] not in SEES[folder] and target not in ALSO.get(folder, ()):
        breaches.append(f'{where}: {folder} may not include "{target}"')


for name in c_files(ROOT, ".c", ".h"):
    if not name.startswith(("src/", "checks/", "reports/", "policies/")):
        continue
    for number, line in enumerate(pathlib.Path(ROOT, name).read_text("utf-8").splitlines(), 1):
        m = re.match(r'\s*#\s*include\s*([<"])([^>"]+)[>"]', line)
        if m:
            check_include(name, number, m.group(2), m.group(1) == "<")
        if name.startswith(PURE) and IMPURE_CALLS.search(line.split("/*")[0]):
            breaches.append(f"{name}:{number}: not allowed here: {line.strip()}")

rows = re.findall(r'^ATTR\((\w+), "([^"]+)", (\w+), "(\w+)"\)',
                  pathlib.Path(ROOT, "src/model/attrs.def").read_text("utf-8"), re.M)
if not rows:
    breaches.append("src/model/attrs.def: no rows found")
for what, values in (("name", [r[0] for r in rows]), ("attribute", [r[1].lower() for r in rows])):
    for v in sorted({v for v in values if values.count(v) > 1}):
        breaches.append(f"src/model/attrs.def: {what} {v} stands twice")
finish(breaches, "layers")
