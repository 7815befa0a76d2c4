"""How ORADAD writes the value of an attribute into a cell, by the type that its schema gives it."""
import datetime
import struct
import uuid

from oradad_input import sid_text

CUT = 524288  # characters of UTF-16 that a cell of several strings holds since 3.6.216
EPOCH = datetime.datetime(1601, 1, 1)
NEVER = 0x7FFFFFFFFFFFFFFF

# Texts of flags: our own words, the importer is to look at the number beside.
FLAGS = {
    "userAccountControl": {1: "SCRIPT", 2: "ACCOUNTDISABLE", 0x20: "PASSWD_NOTREQD", 0x200: "NORMAL_ACCOUNT",
                           0x1000: "WORKSTATION_TRUST_ACCOUNT", 0x2000: "SERVER_TRUST_ACCOUNT", 0x10000: "DONT_EXPIRE_PASSWD"},
    "groupType": {2: "ACCOUNT_GROUP", 4: "RESOURCE_GROUP", 8: "UNIVERSAL_GROUP", 0x80000000: "SECURITY_ENABLED"},
    "systemFlags": {0x80000000: "DISALLOW_DELETE", 0x40000000: "CONFIG_ALLOW_RENAME"},
    "searchFlags": {1: "INDEX", 0x80: "CONFIDENTIAL"},
    "schemaFlagsEx": {1: "IS_CRITICAL"},
    "supportedEncryptionTypes": {1: "DES_CBC_CRC", 2: "DES_CBC_MD5", 4: "RC4_HMAC", 8: "AES128", 16: "AES256"},
    "trustAttributes": {8: "FOREST_TRANSITIVE", 0x20: "WITHIN_FOREST", 4: "QUARANTINED_DOMAIN"},
    "trustDirection": {1: "INBOUND", 2: "OUTBOUND"},
    "trustType": {1: "DOWNLEVEL", 2: "UPLEVEL"},
}


def clean(text):
    return text.replace("\r", " ").replace("\n", " ").replace("\t", " ")


def text_of(value):
    return clean(value.decode("utf-8", "surrogatepass"))


def units(text):
    """Length in UTF-16."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def strings(values, cut):
    """The cell, and whether values were cut: their separators are still written."""
    cell, used, lost = [], 0, False
    for v in map(text_of, values):
        lost = lost or (cut is not None and used + units(v) > cut)
        cell.append("" if lost else v)
        used += units(v) + 1
    return ";".join(cell), lost


def date(value):
    """GeneralizedTime."""
    t = value.decode("ascii")
    return f"{t[:4]}-{t[4:6]}-{t[6:8]} {t[8:10]}:{t[10:12]}:{t[12:14]}"


def filetime(value):
    n = int(value)
    if n == 0:
        return ""
    if n == NEVER:
        return "2999-12-12 23:59:59"
    try:
        return (EPOCH + datetime.timedelta(seconds=n // 10**7)).strftime("%Y-%m-%d %H:%M:%S")
    except OverflowError:
        return "9999-12-31 23:59:59"


def duration(n):
    """Days, hours, minutes and seconds; the seconds are wrong, as ORADAD's are."""
    if n in (0, NEVER, -NEVER - 1):
        return "Never"
    total = abs(n) // 10**7
    return f"{total // 86400}:{total // 3600 % 24:02}:{total // 60 % 60:02}:{total // 60 % 60 * 60 % 100:02}"


def decoded(filter_, n):
    if filter_ in ("NegFiletime", "Filetime"):
        return duration(n)
    rest, words = n & 0xFFFFFFFF, []
    for bit, word in FLAGS[filter_].items():
        if rest & bit:
            words.append(word)
            rest &= ~bit
    return " | ".join(words + ([str(rest)] if rest else []))


ACE_TYPES = {0: "A", 1: "D", 5: "OA", 6: "OD", 9: "XA", 10: "XD"}
ACE_FLAGS = ((1, "OI"), (2, "CI"), (4, "NP"), (8, "IO"), (0x10, "ID"))


def sddl(raw):
    """The DACL of a self-relative descriptor; a value that is SDDL already stays as it is."""
    if raw[:2] in (b"O:", b"G:", b"D:"):
        return raw.decode()
    at = struct.unpack_from("<I", raw, 16)[0]
    count = struct.unpack_from("<H", raw, at + 4)[0]
    at, out = at + 8, "D:"
    for _ in range(count):
        kind, flags, size = struct.unpack_from("<BBH", raw, at)
        mask = struct.unpack_from("<I", raw, at + 4)[0]
        body, guids = at + 8, ["", ""]
        if kind in (5, 6):
            present = struct.unpack_from("<I", raw, body)[0]
            body += 4
            for i in (0, 1):
                if present >> i & 1:
                    guids[i] = str(uuid.UUID(bytes_le=raw[body:body + 16]))
                    body += 16
        words = "".join(word for bit, word in ACE_FLAGS if flags & bit)
        out += f"({ACE_TYPES[kind]};{words};{mask:#x};{guids[0]};{guids[1]};{sid_text(raw[body:])})"
        at += size
    return out


def cells(kind, values, cut=None):
    """The cells of one attribute, and whether values were cut. Kinds are those of the page: STR, STRS, INT, INT64,
    BOOL, DATE, DATEINT64, GUID, SID, SD, DACL, BIN, BIN:sid, and TEXT:<filter>, which has a second column."""
    name, _, filter_ = kind.partition(":")
    if not values:
        return ([""] * (2 if name == "TEXT" else 1)), False
    first = values[0]
    if name == "STRS":
        cell, lost = strings(values, cut)
        return [cell], lost
    if name == "TEXT":
        return [decoded(filter_, int(first)), str(int(first))], False
    if name == "STR":
        cell = text_of(first)
        return ["" if 2 * units(cell) >= 2 * CUT else cell], False  # a value of 1 MiB is not written at all
    simple = {"INT": lambda: str(int(first)), "INT64": lambda: str(int(first)), "DATE": lambda: date(first),
              "BOOL": lambda: "1" if first.upper() == b"TRUE" else "0", "DATEINT64": lambda: filetime(first),
              "GUID": lambda: str(uuid.UUID(bytes_le=first)), "SID": lambda: ";".join(map(sid_text, values)),
              "SD": first.hex, "DACL": lambda: sddl(first),
              "BIN": lambda: ";".join(map(sid_text, values)) if filter_ else ";".join(v.hex() for v in values)}
    return [simple[name]()], False


SQL = {"STR": "nvarchar(1024)", "STRS": "nvarchar(max)", "INT": "int", "INT64": "bigint", "BOOL": "tinyint",
       "DATE": "datetime2", "DATEINT64": "datetime2", "GUID": "uniqueidentifier", "SID": "varchar(max)", "SD": "varchar(max)",
       "DACL": "nvarchar(max)", "BIN": "varchar(max)", "TEXT": "nvarchar(255)"}


def sql_types(name, kind):
    """Columns of tables.tsv: name and type, twice for a filtered number."""
    base, _, filter_ = kind.partition(":")
    if base != "TEXT":
        return [(name, SQL[base])]
    return [(name, SQL["TEXT"]), (name + "_int", "bigint" if "iletime" in filter_ else "int")]


# ---- the name of a copied file (XXH64, the public specification, seed 0) -----------------------------

P1, P2, P3 = 11400714785074694791, 14029467366897019727, 1609587929392839161
P4, P5, MASK = 9650029242287828579, 2870177450012600261, (1 << 64) - 1


def rotate(n, bits):
    return (n << bits | n >> (64 - bits)) & MASK


def lane(acc, n):
    return rotate((acc + n * P2) & MASK, 31) * P1 & MASK


def xxh64(data):
    at, end = 0, len(data)
    if end >= 32:
        acc = [(P1 + P2) & MASK, P2, 0, -P1 & MASK]
        while at + 32 <= end:
            acc = [lane(a, n) for a, n in zip(acc, struct.unpack_from("<4Q", data, at))]
            at += 32
        h = sum(rotate(a, bits) for a, bits in zip(acc, (1, 7, 12, 18))) & MASK
        for a in acc:
            h = ((h ^ lane(0, a)) * P1 + P4) & MASK
    else:
        h = P5
    h = (h + end) & MASK
    while at + 8 <= end:
        h = (rotate(h ^ lane(0, struct.unpack_from("<Q", data, at)[0]), 27) * P1 + P4) & MASK
        at += 8
    if at + 4 <= end:
        h = (rotate(h ^ struct.unpack_from("<I", data, at)[0] * P1 & MASK, 23) * P2 + P3) & MASK
        at += 4
    for byte in data[at:]:
        h = rotate(h ^ byte * P5 & MASK, 11) * P1 & MASK
    h = (h ^ h >> 33) * P2 & MASK
    h = (h ^ h >> 29) * P3 & MASK
    return h ^ h >> 32
