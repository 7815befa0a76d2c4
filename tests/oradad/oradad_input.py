"""A directory for the writer: from a snapshot (docs/snapshot.md), from LDIF, or made in Python."""
import base64
import gzip
import pathlib
import sqlite3
import struct


class Entry:
    """One object: values are bytes as LDAP carries them, by the lower-case name of the attribute."""

    def __init__(self, dn, attrs):
        self.dn = dn
        self.attrs = {name.lower(): [v if isinstance(v, bytes) else v.encode("utf-8") for v in
                                     (values if isinstance(values, (list, tuple)) else [values])]
                      for name, values in attrs.items()}

    def get(self, name):
        return self.attrs.get(name.lower(), [])

    def text(self, name, default=""):
        values = self.get(name)
        return values[0].decode("utf-8", "replace") if values else default

    def classes(self):
        return {v.decode("utf-8", "replace").lower() for v in self.get("objectClass")}


class SysvolItem:
    """A file or folder of SYSVOL, by its path below the share with '/' ("chu.example/Policies/…"). bytes: None for
    a folder; error: what Windows answered when it was opened."""

    def __init__(self, path, folder=False, data=b"", descriptor=None, modified=None, error=0):
        self.path, self.folder, self.data = path, folder, None if folder else data
        self.descriptor, self.modified, self.error = descriptor, modified, error


class Directory:
    """entries: objects without rootDSE; roots: {DNS name of a domain: Entry of its rootDSE}, the forest's root first.
    token: SIDs of the one who reads, as text."""

    def __init__(self, entries, roots=None, sysvol=(), token=()):
        self.entries = list({e.dn.lower(): e for e in reversed(list(entries))}.values())[::-1]  # of one DN the first stays
        self.sysvol, self.token = list(sysvol), list(token)
        self.roots = roots or self.guess_roots()

    def guess_roots(self):
        heads = [e for e in self.entries if "domaindns" in e.classes() and e.get("objectSid")]
        if not heads:
            raise ValueError("no domain in this directory")
        forest = next((e for e in heads if any(c.dn.lower() == "cn=configuration," + e.dn.lower() for c in self.entries)),
                      heads[0])
        return {dns_of(e.dn): root_dse(e.dn, forest.dn) for e in sorted(heads, key=lambda e: e is not forest)}

    def find(self, dn):
        return next(e for e in self.entries if e.dn.lower() == dn.lower())


def dns_of(dn):
    return ".".join(part[3:] for part in dn.split(",") if part.lower().startswith("dc="))


def root_dse(domain, forest=None, now="20261121080000.0Z", **more):
    forest = forest or domain
    configuration = f"CN=Configuration,{forest}"
    values = {"currentTime": now, "defaultNamingContext": domain, "rootDomainNamingContext": forest,
              "configurationNamingContext": configuration, "schemaNamingContext": f"CN=Schema,{configuration}",
              "namingContexts": [domain, configuration, f"CN=Schema,{configuration}", f"DC=DomainDnsZones,{domain}",
                                 f"DC=ForestDnsZones,{forest}"],
              "dnsHostName": f"dc1.{dns_of(domain)}", "domainFunctionality": "7", "forestFunctionality": "7",
              "domainControllerFunctionality": "7"}
    return Entry("", {**values, **more})


# ---- a snapshot ------------------------------------------------------------------------------------


def varint(b, at):
    n = shift = 0
    while True:
        n |= (b[at] & 127) << shift
        shift, at = shift + 7, at + 1
        if b[at - 1] < 128:
            return n, at


def unpack(names, b):
    at, attrs = 0, {}
    while at < len(b):
        attribute, at = varint(b, at)
        count, at = varint(b, at)
        values = []
        for _ in range(count):
            size, at = varint(b, at)
            values.append(b[at:at + size])
            at += size
        attrs[names[attribute]] = values
    return attrs


def from_snapshot(path, sysvol_folder=None):
    """sysvol_folder: where the files' bytes are; a snapshot holds them without scripts and secrets."""
    db = sqlite3.connect(f"file:{path}?mode=ro&immutable=1", uri=True)
    db.text_factory = lambda b: b.decode("utf-8", "replace")
    names = dict(db.execute("SELECT id, name FROM attribute"))
    descriptors = dict(db.execute("SELECT id, bytes FROM descriptor"))
    meta = dict(db.execute("SELECT key, value FROM meta"))
    entries, roots = [], {}
    for dn, guid, descriptor, packed in db.execute("SELECT dn, guid, descriptor, packed FROM object ORDER BY id"):
        e = Entry(dn, unpack(names, packed))
        if guid is not None:
            e.attrs["objectguid"] = [guid]
        if descriptor is not None:
            e.attrs["ntsecuritydescriptor"] = [descriptors[descriptor]]
        if dn:
            entries.append(e)
        else:
            roots[dns_of(e.text("defaultNamingContext"))] = e
    kept = dict(db.execute("SELECT path, bytes FROM sysvol_file"))
    sysvol = [SysvolItem(path, bool(folder), sysvol_bytes(path, folder, kept, sysvol_folder), descriptor, modified)
              for path, folder, modified, descriptor in
              db.execute("SELECT path, folder, modified, descriptor FROM sysvol_entry ORDER BY path")]
    db.close()
    return Directory(entries, roots, sysvol, meta.get("reader_token", "").split())


def sysvol_bytes(path, folder, kept, below):
    if folder:
        return None
    return pathlib.Path(below, path).read_bytes() if below else kept.get(path, b"")


# ---- LDIF, and a folder ------------------------------------------------------------------------------


def from_ldif(text, sysvol=(), token=()):
    """text, or a path (.gz too)."""
    if isinstance(text, pathlib.Path):
        text = gzip.decompress(text.read_bytes()).decode() if text.suffix == ".gz" else text.read_text("utf-8")
    entries, roots, forest = [], {}, None
    for block in text.replace("\r\n", "\n").replace("\n ", "").split("\n\n"):
        attrs, dn = {}, None
        for line in block.splitlines():
            name, colon, value = line.partition(":")
            if not colon or line.startswith(("#", "version:")):
                continue
            raw = base64.b64decode(value[1:]) if value.startswith(":") else value.strip(" ").encode("utf-8")
            if dn is None and name.lower() == "dn":
                dn = raw.decode("utf-8")
            else:
                attrs.setdefault(name.partition(";")[0].lower(), []).append(raw)
        if dn:
            entries.append(Entry(dn, attrs))
        elif dn == "":
            forest = Entry("", attrs)
            roots[dns_of(forest.text("defaultNamingContext"))] = forest
    return Directory(entries, roots or None, sysvol, token)


def sysvol_from_folder(folder, descriptor=None):
    """Every file and folder below it; descriptor: one for all, self-relative."""
    folder = pathlib.Path(folder)
    return [SysvolItem(p.relative_to(folder).as_posix(), p.is_dir(), None if p.is_dir() else p.read_bytes(), descriptor,
                       int(p.stat().st_mtime)) for p in sorted(folder.rglob("*"))]


# ---- values ------------------------------------------------------------------------------------------


def sid(text):
    parts = text.split("-")
    numbers = [int(n) for n in parts[3:]]
    return bytes([1, len(numbers)]) + int(parts[2]).to_bytes(6, "big") + b"".join(struct.pack("<I", n) for n in numbers)


def sid_text(b):
    count = b[1]
    return "-".join(["S", str(b[0]), str(int.from_bytes(b[2:8], "big"))] +
                    [str(n) for n in struct.unpack_from(f"<{count}I", b, 8)])


def ace(kind, mask, who, flags=0, guid=None):
    """kind: 0 allowed, 1 denied, 5 allowed for an object (guid: 16 bytes)."""
    body = struct.pack("<I", mask) + (struct.pack("<I", 1) + guid if guid else b"") + sid(who)
    return struct.pack("<BBH", kind, flags, 4 + len(body)) + body


def descriptor(owner, *aces, group=None, control=0x8004):
    """A self-relative one (MS-DTYP 2.4.6) with a DACL."""
    owner, group, acl = sid(owner), sid(group or owner), b"".join(aces)
    acl = struct.pack("<BBHHH", 4, 0, 8 + len(acl), len(aces), 0) + acl
    return struct.pack("<BBHIIII", 1, 0, control, 20 + len(acl), 20 + len(acl) + len(owner), 0, 20) + acl + owner + group
