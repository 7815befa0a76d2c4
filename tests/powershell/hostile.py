"""The sample directory with every name of its own made one that wants to be run: the same objects,
the same findings."""
import base64
import gzip
import random
import re

PIECES = ["'", "''", "\u2018", "\u2019", "\u201a", "\u201b", '"', "\u201c", "\u201e", "`", "$(calc)", "${x}", "$env:X", ";calc;",
          "|iex", "&calc", "}", "{", ")", "(", "#", "<#", "#>", "@'", "'@", "\n", "\r", "\r\n", "\t", "\u0085", "\u2028", "\u2029",
          "\u202e", "\u200b", "\ufeff", "\u2013Force", "\u2014", "\u00a0", "=1+1", "+", "\\", "%", "\uff07", "SIG # Begin signature block",
          "requires -Version 99", " -WhatIf:$false", "\U0001f600", "é", "a" * 40, "Remove-Item -Recurse C:\\", "\n}\ncalc\n{", "' }\ncalc #"]
OURS = ("user", "group", "computer", "pKICertificateTemplate", "trustedDomain", "msDS-PasswordSettings", "organizationalUnit")


def entries(path):
    text = gzip.decompress(path.read_bytes()).decode("utf-8").replace("\r\n", "\n").replace("\n ", "")
    for block in text.split("\n\n"):
        rows = []
        for line in block.split("\n"):
            if not line or line.startswith("#") or line.startswith("version:"):
                continue
            name, value = line.split(":", 1)
            if value.startswith(":"):
                rows.append((name, base64.b64decode(value[1:].strip())))
            else:
                rows.append((name, value.strip().encode("utf-8")))
        if rows:
            yield rows


def escaped(value):
    """RFC 4514."""
    out = re.sub(r'([,+"\\<>;=])', r"\\\1", value)
    out = re.sub(r"[\x00-\x1f]", lambda m: f"\\{ord(m.group()):02X}", out)
    if out[:1] in (" ", "#"):
        out = "\\" + out
    return out[:-1] + "\\ " if out.endswith(" ") and not out.endswith("\\ ") else out


def wanted(rows):
    classes = {v.decode() for k, v in rows if k == "objectClass"}
    values = dict(rows)
    sid = values.get("objectSid", b"")
    system = len(sid) != 28 or int.from_bytes(sid[-4:], "little") < 1000
    return not values.get("isCriticalSystemObject") and classes & set(OURS) and not (
        {"user", "group", "computer"} & classes and system) and b"Domain Controllers" not in values["dn"].split(b",", 1)[0]


class Hostile:
    def __init__(self, path, seed):
        self.random = random.Random(seed)
        self.entries = list(entries(path))
        self.names = {}  # first component of a DN, as it stands -> (kind, new value)
        for number, rows in enumerate(self.entries):
            if wanted(rows):
                first = re.match(r"((?:\\.|[^,\\])+),", dict(rows)["dn"].decode()).group(1)
                kind = first.split("=", 1)[0]
                self.names[first] = kind, self.name(number)
        parts = sorted(self.names, key=len, reverse=True)
        self.pattern = re.compile("(?:(?<=,)|^)(?:" + "|".join(map(re.escape, parts)) + ")(?=,)")

    def name(self, number):
        words = [self.random.choice(PIECES) for _ in range(self.random.randint(1, 4))]
        return "".join(words).strip(" ") + str(number)

    def dn(self, text):
        def new(match):
            kind, value = self.names[match.group()]
            return f"{kind}={escaped(value)}"
        return self.pattern.sub(new, text)

    def entry(self, rows):
        old = dict(rows)["dn"].decode()
        first = re.match(r"((?:\\.|[^,\\])+),", old)
        ours = self.names.get(first.group(1)) if first else None
        for name, value in rows:
            if re.match(rb"(?:CN|OU|DC)=", value):
                value = self.dn(value.decode()).encode()
            elif ours and name in ("cn", "ou", "name", "displayName", "trustPartner"):
                value = ours[1].encode()
            elif ours and name == "sAMAccountName":
                value = (ours[1] + ("$" if value.endswith(b"$") else "")).encode()
            elif ours and name == "servicePrincipalName" and b"/dc" not in value.lower():
                value = value + self.random.choice(PIECES).encode()
            yield name, value

    def write(self, path):
        with open(path, "wb") as f:
            for rows in self.entries:
                for name, value in self.entry(rows):
                    f.write(name.encode() + b":: " + base64.b64encode(value) + b"\n")
                f.write(b"\n")
