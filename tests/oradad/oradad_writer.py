"""Writes a directory as ORADAD would have: its folder in clear, of a chosen version. Written from a description of the
format, never from the program's reader, so that each can prove the other wrong.

    oradad_writer.py [--version 3.6.218] [--sysvol FOLDER] SNAPSHOT.adsnap OUT
"""
import argparse
import datetime
import pathlib
import uuid

import oradad_input
from oradad_cells import CUT, clean, cells, sql_types, text_of, xxh64
from oradad_requests import (CONFIGURATION, DEFAULT_LEVEL, DOMAIN, DOMAIN_DNS, FOREST_DNS, REQUESTS, ROOT_DSE, SCHEMA, TAKEN,
                             version_of)

VERSIONS = ("3.0.155", "3.1.180", "3.2.191", "3.3.198", "3.4.212", "3.5.214", "3.6.218")
CUT_SINCE = (3, 6, 216)
MAX_PATH = 260
METADATA = [f"<DS_REPL_ATTR_META_DATA>\n\t<pszAttributeName>{name}</pszAttributeName>\n\t<dwVersion>1</dwVersion>\n"
            "</DS_REPL_ATTR_META_DATA>\n".encode() for name in ("cn", "nTSecurityDescriptor")]
RUN = "20261121-080000"
SYSVOL_COLUMNS = ("forest nvarchar(256)", "domain nvarchar(256)", "guid nvarchar(39)", "path nvarchar(260)", "filename nvarchar(260)",
                  "archivename nvarchar(21)", "securitydescriptor nvarchar(max)", "fileattributes int", "ftCreationTime datetime2",
                  "ftLastAccessTime datetime2", "ftCreaftLastWriteTimetionTime datetime2", "filesize int", "take tinyint",
                  "errorCode int")


def narrow(text):
    """What Windows' C locale makes of a name: 8 bits, others lost."""
    return text.encode("latin-1", "replace")


class Table:
    """One .tsv: path with '\\' below the run's folder, names for tables.tsv, columns as (name, SQL type), rows of cells."""

    def __init__(self, base, domain, request, columns):
        self.base, self.domain, self.request, self.columns, self.rows = base, domain, request, columns, []

    @property
    def path(self):
        return "\\".join(p for p in (self.base, self.domain, self.request + ".tsv") if p)

    def bytes(self):
        return "".join(["\ufeff"] + ["\t".join(r) + "\r\n" for r in self.rows]).encode("utf-16-le", "surrogatepass")

    def described(self):
        names = [self.path, "_".join(p for p in (self.base, self.domain, self.request) if p), f"{self.base}_{self.request}",
                 str(len(self.columns))]
        return "\t".join(names + [w for c in self.columns for w in c])

    def column(self, name):
        return next(i for i, c in enumerate(self.columns) if c[0] == name)

    def row(self, dn):
        return next(r for r in self.rows if r[0] == dn)


class Writer:
    """Everything in memory first: a test may change self.tables, self.files and self.log before write().

    run: the folder's name (ORADAD's -name puts another text there); cut: characters of a cell of several strings, None
    for the version's own; deleted: tombstones in each top; skip: names of requests whose table is left out."""

    def __init__(self, directory, version="3.6.218", run=RUN, level=DEFAULT_LEVEL, cut=None, deleted=2, skip=(), server="dc1",
                 confidential=0, process_sysvol=True):
        self.directory, self.version, self.run, self.level = directory, version_of(version), run, level
        self.cut = cut if cut is not None else CUT if self.version >= CUT_SINCE else None
        self.deleted, self.skip, self.server, self.confidential = deleted, skip, server, confidential
        self.forest = next(iter(directory.roots))
        self.version_text, self.tables, self.files, self.log = version, [], {}, []
        self.process_sysvol, self.member_of = process_sysvol, {}
        for group in directory.entries:
            for member in group.get("member"):
                self.member_of.setdefault(member.lower(), []).append(group.dn.encode())
        self.say("[.] Start")
        self.make_tables()
        if process_sysvol:
            for domain in directory.roots:
                self.make_sysvol(domain)
        self.say("[.] End")

    def say(self, message, level=4):
        """level: 1 critical, 2 error, 3 warning, 4 information. A line with a character that 8 bits cannot hold is lost."""
        if all(ord(c) < 256 for c in message):
            n = len(self.log)
            self.log.append(f"2026/11/21 - 09:00:{n % 60:02}.{n % 1000:03}\t{level}\tC:\\src\\ldap.cpp\tProcess\t{100 + n}\t{message}")

    def table(self, path):
        return next(t for t in self.tables if t.path == path)

    # ---- objects -----------------------------------------------------------------------------------

    def contexts(self):
        """(base, name of the folder, DN of its head) of every naming context, forest-wide ones first."""
        root = self.directory.roots[self.forest]
        configuration, schema = root.text("configurationNamingContext"), root.text("schemaNamingContext")
        out = [(CONFIGURATION, "", configuration), (SCHEMA, "", schema),
               (FOREST_DNS, "", "DC=ForestDnsZones," + root.text("rootDomainNamingContext"))]
        for domain, dse in self.directory.roots.items():
            head = dse.text("defaultNamingContext")
            out += [(DOMAIN, domain, head), (DOMAIN_DNS, domain, "DC=DomainDnsZones," + head)]
        known = {head.lower() for _, _, head in out}
        for dse in self.directory.roots.values():
            for nc in map(text_of, dse.get("namingContexts")):
                if nc.lower() not in known:
                    known.add(nc.lower())
                    out.append(("application", oradad_input.dns_of(nc), nc))
        return out

    def sorted_out(self, contexts):
        """Each object to the longest context that holds it."""
        heads = sorted(((head.lower(), i) for i, (_, _, head) in enumerate(contexts)), key=lambda h: -len(h[0]))
        found = [[] for _ in contexts]
        for e in self.directory.entries:
            dn = e.dn.lower()
            for head, i in heads:
                if dn == head or dn.endswith("," + head):
                    found[i].append(e)
                    break
        return found

    def make_tables(self):
        contexts = self.contexts()
        for (base, domain, head), entries in zip(contexts, self.sorted_out(contexts)):
            as_ = DOMAIN if base == "application" else base
            if base == DOMAIN:
                self.make_root_dse(domain)
            for request in REQUESTS:
                if as_ in request.bases and request.since <= self.version and request.name not in self.skip:
                    self.make_table(request, base, domain, head, entries)

    def make_table(self, request, base, domain, head, entries):
        asked = request.ordered(self.version, self.level)
        described = [c for column in asked for c in sql_types(column.name, column.kind)]
        table = Table(base, domain, request.name, [("dn", "nvarchar(1024)")] + described)
        self.tables.append(table)
        entries = [e for e in entries if (e.dn.lower() == head.lower() if request.base else request.takes(e.classes()))]
        if request.name == "top" and entries:
            entries = entries + self.tombstones(head)
        for e in entries:
            row = [clean(e.dn)]
            for column in asked:
                row += self.cell(e, column, base, domain, head, request.name)
            table.rows.append(row)

    def cell(self, e, column, base, domain, head, request):
        name = column.name.lower()
        if request == "top" and name == "shortname":
            return [f"{base}/{domain or self.forest}"]
        if request == "top" and name == "shortdn":
            return [clean(e.dn[:max(0, len(e.dn) - len(head) - 1)])]
        out, lost = cells(column.kind, self.constructed(e, name) or e.get(name), self.cut)
        if lost:
            self.say(f"[!] Attribute is truncated ({e.dn}|{column.name})", 3)
        return out

    def constructed(self, e, name):
        """What a domain controller makes up for whoever asks, and no snapshot holds."""
        if name == "memberof":
            return self.member_of.get(e.dn.lower().encode())
        return METADATA if name == "msds-replattributemetadata" else None

    def tombstones(self, head):
        """Deleted objects: what AD leaves of them (MS-ADTS 3.1.1.5.5)."""
        out = []
        for i in range(self.deleted):
            guid = uuid.uuid5(uuid.NAMESPACE_DNS, f"{head} {i}")
            out.append(oradad_input.Entry(f"CN=parti{i}\\0ADEL:{guid},CN=Deleted Objects,{head}", {
                "objectClass": ["top", "person", "organizationalPerson", "user"], "objectGUID": guid.bytes_le, "isDeleted": "TRUE",
                "name": f"parti{i}\nDEL:{guid}", "cn": f"parti{i}\nDEL:{guid}", "whenCreated": "20190101000000.0Z",
                "whenChanged": "20260901000000.0Z", **({"isRecycled": "TRUE"} if i % 2 else {})}))
        return out

    def make_root_dse(self, domain):
        dse = self.directory.roots[domain]
        table = Table(DOMAIN, domain, "rootDSE", [("server", "nvarchar(255)")] +
                      [c for column in ROOT_DSE for c in sql_types(column.name, column.kind)])
        dse = oradad_input.Entry("", {**dse.attrs, "tokenGroups": [oradad_input.sid(s) for s in self.directory.token]})
        row = [f"{self.server}.{domain}"]
        for column in ROOT_DSE:
            row += cells(column.kind, dse.get(column.name))[0]
        table.rows.append(row)
        self.tables.append(table)

    # ---- SYSVOL ------------------------------------------------------------------------------------

    def make_sysvol(self, domain):
        table = Table(DOMAIN, domain, "sysvol", [tuple(c.split()) for c in SYSVOL_COLUMNS])
        for item in self.directory.sysvol:
            if item.path.split("/")[0].lower() == domain.lower():
                self.add_file(table, domain, item)
        self.tables.append(table)

    def add_file(self, table, domain, item):
        below = item.path.replace("/", "\\")
        full = f"\\\\{self.server}.{domain}\\SYSVOL\\{below}"
        if len(full) >= MAX_PATH:
            return
        path = below.partition("\\")[2]
        name = path.rpartition("\\")[2]
        parts = path.split("\\")
        guid = parts[1][:38] if len(parts) > 1 and parts[0].lower() == "policies" and parts[1].startswith("{") else ""
        archive = str(xxh64(full.encode("utf-16-le")))
        take = not item.folder and name.lower().endswith(TAKEN)
        written = item.modified if item.modified is not None else 1_750_000_000
        date = datetime.datetime.fromtimestamp(written, datetime.timezone.utc).strftime("%Y-%m-%d %H:%M:%S")
        table.rows.append([self.forest, domain, guid, path, name, archive, item.descriptor.hex() if item.descriptor else "",
                           "16" if item.folder else "32", date, date, date, "0" if item.folder else str(len(item.data)),
                           "1" if take else "0", str(item.error)])
        if item.error:
            self.say(f"[!] Cannot open sysvol file '{full}' (error {item.error}).", 2)
        elif take:
            self.files["\\".join(p for p in (domain, guid, f"{archive}_{name}") if p)] = item.data

    # ---- files -------------------------------------------------------------------------------------

    def metadata(self):
        config = {"level": self.level, "autoGetDomain": 1, "autoGetTrusts": 1, "process_sysvol": int(self.process_sysvol),
                  "sysvolFilter": "*\\gpt.ini;*\\registry.pol;*.bat", "sleepTime": 0, "outputFiles": 1, "outputMLA": 1}
        if self.version >= (3, 2):
            config["confidential"] = self.confidential
        rows = [("oradad_version", self.version_text + ".0" * (self.version_text.count(".") < 3)), ("token_type", "1"), ("computer_name", "POSTE-AUDIT"), ("product_type", "1"),
                *((f"oradad|config|{k}", str(v)) for k, v in config.items()), ("oradad|config|server|0", "|"),
                ("forest|rootdns", self.forest), ("forest|systemtime", self.run), ("forest|instance", f"{self.forest}_{self.run}"),
                ("forest|rootguid", str(uuid.uuid5(uuid.NAMESPACE_DNS, self.forest))), ("size|configuration_top|description", "1300"),
                ("oradad_processtime", "93000")]
        return rows

    def tables_tsv(self):
        lines = [f"{self.forest}_{self.run}", "metadata.tsv\tmetadata\tmetadata\t2\tkey\tnvarchar(255)\tvalue\tnvarchar(1024)"]
        return b"".join(narrow(line) + b"\n" for line in lines + [t.described() for t in self.tables])

    def all_files(self):
        """Bytes by path below the output folder, with '\\'."""
        run = f"{self.forest}\\{self.run}"
        out = {f"{run}\\tables.tsv": self.tables_tsv(), f"{run}\\oradad.log": b"".join(narrow(line) + b"\r\n" for line in self.log)}
        metadata = "".join(["\ufeff"] + [f"{k}\t{v}\r\n" for k, v in self.metadata()])
        out[f"{run}\\metadata.tsv"] = metadata.encode("utf-16-le")
        out.update((f"{run}\\{t.path}", t.bytes()) for t in self.tables)
        out.update((f"{run}_SYSVOL\\{path}", data) for path, data in self.files.items())
        return out

    def write(self, out, backslash=False):
        """Returns the run's folder; backslash: names as an archive extracted on Linux leaves them, and then out."""
        out = pathlib.Path(out)
        out.mkdir(parents=True, exist_ok=True)
        for path, data in self.all_files().items():
            target = out / path if backslash else out.joinpath(*path.split("\\"))
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(data)
        return out if backslash else out / self.forest / self.run


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("snapshot", type=pathlib.Path)
    p.add_argument("out", type=pathlib.Path)
    p.add_argument("--version", default="3.6.218")
    p.add_argument("--sysvol", type=pathlib.Path, help="the share's folder, for the bytes of files")
    p.add_argument("--backslash", action="store_true")
    args = p.parse_args()
    print(Writer(oradad_input.from_snapshot(args.snapshot, args.sysvol), args.version).write(args.out, args.backslash))


if __name__ == "__main__":
    main()
