"""Key credentials written by the specification (MS-ADTS 2.2.20) and read by the product.

usage: test_keycred.py keycred_dump [SEEDS]    with SEEDS: writes the fuzz target's seeds there
"""
import hashlib
import os
import random
import struct
import subprocess
import sys
import uuid

EPOCH = 11644473600
DN = "CN=Ann\\, Dupont:x,OU=Soins,DC=chu,DC=example"


def entry(identifier, value):
    return struct.pack("<HB", len(value), identifier) + value


def blob(material=b"RSA1-key", usage=1, source=0, device=None, custom=None, logon=None, created=None,
         key_id=None, version=0x200):
    """KEYCREDENTIALLINK_BLOB: KeyID and KeyHash in front of the entries that they hash."""
    rest = entry(3, material) + entry(4, bytes([usage]))
    if source is not None:
        rest += entry(5, bytes([source]))
    if device is not None:
        rest += entry(6, device.bytes_le)
    if custom is not None:
        rest += entry(7, custom)
    for identifier, seconds in ((8, logon), (9, created)):
        if seconds is not None:
            rest += entry(identifier, struct.pack("<q", (seconds + EPOCH) * 10 ** 7))
    head = entry(1, key_id or hashlib.sha256(material).digest()) + entry(2, hashlib.sha256(rest).digest())
    return struct.pack("<I", version) + head + rest


def value(data, dn=DN):
    return f"B:{2 * len(data)}:{data.hex()}:{dn}"


def expected(material, usage, source, device, custom, logon, created):
    return " ".join([hashlib.sha256(material).hexdigest(), str(len(material)), str(usage),
                     str(source or 0), str(custom[1] if custom and len(custom) > 1 else 0),
                     str(device or uuid.UUID(int=0)), str(-1 if created is None else created),
                     str(-1 if logon is None else logon), str(int(usage in (1, 7))), DN])


def cases(r):
    """Pairs of a value and the line that the product must write for it."""
    maybe = lambda make: make() if r.random() < 0.7 else None
    for _ in range(400):
        fields = dict(material=r.randbytes(r.randrange(1, 600)), usage=r.choice([0, 1, 2, 3, 7, 8, 9]),
                      source=r.choice([None, 0, 1]), device=maybe(lambda: uuid.UUID(bytes=r.randbytes(16))),
                      custom=maybe(lambda: bytes([1, r.randrange(256)]) + r.randbytes(r.choice([0, 0, 14]))),
                      logon=maybe(lambda: r.randrange(1, 2 ** 32)), created=maybe(lambda: r.randrange(1, 2 ** 32)))
        good = blob(**fields)
        yield value(good), expected(**fields)
        # Cut anywhere it is short of an entry or of an obligatory one, but for the last of those that
        # may be left out.
        cut = r.randrange(len(good))
        starts, at = set(), 4
        while at < len(good):
            starts.add(at)
            at += 3 + struct.unpack_from("<H", good, at)[0]
        if cut not in starts:
            yield value(good[:cut]), f"malformed {DN}"
        yield value(struct.pack("<I", r.choice([0, 0x100, 0x201])) + good[4:]), f"malformed {DN}"
    good = blob()
    yield value(good + entry(4, b"\1")), f"malformed {DN}"       # twice
    yield value(good + entry(6, b"\0" * 15)), f"malformed {DN}"   # a GUID of 15 bytes
    yield value(good + entry(200, b"later")), expected(b"RSA1-key", 1, 0, None, None, None, None)
    yield value(blob(material=b"")), f"malformed {DN}"
    yield value(blob(key_id=b"short")), f"malformed {DN}"
    yield value(blob(device=uuid.UUID(int=0))), expected(b"RSA1-key", 1, 0, None, None, None, None)
    yield value(b""), f"malformed {DN}"
    yield "", None
    for text in ("B:4:0102", "B:4:010203:" + DN, "B:3:010:" + DN, "B:4:01zz:" + DN, "S:4:0102:" + DN,
                 "B::0102:" + DN, "B:99999999999999999999:00:" + DN, "B", "B:", "B:2", DN):
        yield text, "malformed " if text == "B:4:0102" else "no DN-Binary"


def write_seeds(folder):
    os.makedirs(folder, exist_ok=True)
    seeds = {"ngc": blob(device=uuid.UUID(int=7), custom=b"\1\0", logon=10 ** 9, created=10 ** 9),
             "fido": blob(material=b'{"version":1}', usage=7, source=1, device=uuid.UUID(int=0)),
             "twice": blob() + entry(4, b"\1"), "cut": blob()[:50], "version_1": blob(version=0x100)}
    for name, data in seeds.items():
        with open(os.path.join(folder, name), "w", encoding="utf-8") as f:
            f.write(value(data))


def main():
    if len(sys.argv) > 2:
        write_seeds(sys.argv[2])
        return
    pairs = [p for p in cases(random.Random(20)) if p[1] is not None]
    run = subprocess.run([sys.argv[1]], input="\n".join(p[0] for p in pairs) + "\n",
                         capture_output=True, text=True, check=True)
    got = run.stdout.split("\n")[:-1]
    assert len(got) == len(pairs), (len(got), len(pairs), run.stderr)
    wrong = [(v, want, line) for (v, want), line in zip(pairs, got) if want != line]
    for v, want, line in wrong[:5]:
        print(f"value    {v[:200]}\nexpected {want}\ngot      {line}\n")
    print(f"{len(pairs)} key credentials, {len(wrong)} read wrong")
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
