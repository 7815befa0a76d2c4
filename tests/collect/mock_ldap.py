"""An LDAP server after RFC 4511 (and MS-ADTS where Windows differs from Samba), for what no server at hand does:
implicit ranges, page limits, refusals, broken and endless answers. BER is written by hand, standard library only.

    with Server(Directory(...), tls=(cert, key)) as s:  … f"ldaps://localhost:{s.port}"
A Directory holds entries and answers; tests subclass it and break what they want to see broken."""
import os
import socket
import ssl
import threading

PAGED, SD_FLAGS, DOMAIN_SCOPE = ("1.2.840.113556.1.4.319", "1.2.840.113556.1.4.801", "1.2.840.113556.1.4.1339")
START_TLS, WHOAMI = "1.3.6.1.4.1.1466.20037", "1.3.6.1.4.1.4203.1.11.3"
BASE = "DC=mock,DC=test"
CONFIG = "CN=Configuration," + BASE
SCHEMA = "CN=Schema," + CONFIG
SERVERS = "CN=Servers,CN=Site,CN=Sites," + CONFIG
SERVICE = "CN=NTDS Settings,CN=DC1," + SERVERS


# ---- BER -------------------------------------------------------------------------------------------

def tlv(tag, content):
    n = len(content)
    if n < 128:
        return bytes([tag, n]) + content
    size = n.to_bytes((n.bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 | len(size)]) + size + content


def integer(n, tag=0x02):
    return tlv(tag, n.to_bytes(n.bit_length() // 8 + 1, "big", signed=True))


def octets(s, tag=0x04):
    return tlv(tag, s.encode() if isinstance(s, str) else s)


def seq(*parts, tag=0x30):
    return tlv(tag, b"".join(parts))


def parse(data):
    """(tag, content, rest) of the first element."""
    n, at = data[1], 2
    if n & 0x80:
        at += n & 0x7f
        n = int.from_bytes(data[2:at], "big")
    return data[0], data[at:at + n], data[at + n:]


def parse_all(data):
    out = []
    while data:
        tag, content, data = parse(data)
        out.append((tag, content))
    return out


# ---- answers ---------------------------------------------------------------------------------------

def message(number, op, controls=()):
    parts = [integer(number), op]
    if controls:
        parts.append(seq(*(seq(octets(oid), octets(value)) for oid, value in controls), tag=0xa0))
    return seq(*parts)


def result(tag, code=0, text="", more=b""):
    return seq(integer(code, 0x0a), octets(""), octets(text), more, tag=tag)


def entry(dn, attributes):
    return seq(octets(dn), seq(*(seq(octets(name), seq(*map(octets, values), tag=0x31))
                                 for name, values in attributes)), tag=0x64)


def reference(url):
    return seq(octets(url), tag=0x73)


def sid(*sub, authority=5):
    return bytes([1, len(sub)]) + authority.to_bytes(6, "big") + b"".join(s.to_bytes(4, "little") for s in sub)


class Search:
    def __init__(self, content, controls):
        parts = parse_all(content)
        self.base, self.scope = parts[0][1].decode(), parts[1][1][0]
        self.filter = parts[6]
        self.attributes = [c.decode() for _, c in parse_all(parts[7][1])]
        self.controls = controls
        self.page, self.cookie = 0, b""
        if PAGED in controls:
            size, cookie = parse_all(parse(controls[PAGED])[1])
            self.page, self.cookie = int.from_bytes(size[1], "big"), cookie[1]

    def asserted(self):
        """(attribute, value) of an equality filter, or None."""
        if self.filter[0] != 0xa3:
            return None
        (_, name), (_, value) = parse_all(self.filter[1])
        return name.decode(), value.decode()


# ---- a directory -----------------------------------------------------------------------------------

class Directory:
    """A small domain. Everything a test wants to be different is a method or an attribute."""
    controls = (PAGED, SD_FLAGS, DOMAIN_SCOPE)
    max_page = 1000
    max_values = 1500  # MaxValRange
    reader = sid(21, 1, 2, 3, 1105)

    def __init__(self, users=5):
        self.entries = {BASE: {"objectClass": ["top", "domainDNS"], "objectSid": [sid(21, 1, 2, 3)]}}
        for i in range(users):
            self.entries[f"CN=user{i},CN=Users,{BASE}"] = {
                "objectClass": ["top", "person", "user"], "sAMAccountName": [f"user{i}"],
                "objectSid": [sid(21, 1, 2, 3, 2000 + i)], "nTSecurityDescriptor": [bytes(range(256))]}
        self.entries[f"CN=reader,CN=Users,{BASE}"] = {
            "objectClass": ["top", "person", "user"], "sAMAccountName": ["reader"], "objectSid": [self.reader],
            "tokenGroups": [sid(21, 1, 2, 3, 513)]}
        for dn in (CONFIG, SCHEMA):
            self.entries[dn] = {"objectClass": ["top"], "cn": [dn.split(",")[0][3:]]}
        self.service = SERVICE
        self.controller("DC1", "dc1.mock.test")
        self.log = []       # ("bind", name) and Search objects, in order
        self.connections = 0
        self.lock = threading.Lock()

    def controller(self, name, host, holds=(BASE, CONFIG, SCHEMA)):
        """A domain controller as the configuration shows it; the DN of its NTDS Settings."""
        server = f"CN={name},{SERVERS}"
        self.entries[server] = {"objectClass": ["top", "server"], "dNSHostName": [host] if host else []}
        self.entries["CN=NTDS Settings," + server] = {"objectClass": ["top", "nTDSDSA"], "msDS-hasMasterNCs": list(holds)}
        return "CN=NTDS Settings," + server

    def root(self):
        return {"defaultNamingContext": [BASE], "configurationNamingContext": [CONFIG],
                "schemaNamingContext": [SCHEMA], "rootDomainNamingContext": [BASE],
                "namingContexts": [BASE, CONFIG, SCHEMA], "supportedControl": list(self.controls),
                "supportedCapabilities": ["1.2.840.113556.1.4.800"], "supportedExtension": [WHOAMI],
                "currentTime": ["20261121100000.0Z"], "dnsHostName": ["dc1.mock.test"], "dsServiceName": [self.service]}

    def bind(self, name, password):
        """(code, diagnostic text)"""
        return 0, ""

    def whoami(self):
        return "u:MOCK\\reader"

    def token(self):
        return [self.reader, sid(21, 1, 2, 3, 513), sid(1, authority=1)[:8] + b"\0\0\0\0", sid(11)]

    def context(self, dn):
        return max((c for c in (BASE, CONFIG, SCHEMA) if dn == c or dn.endswith("," + c)), key=len, default=None)

    def found(self, search):
        want = search.asserted()
        for dn, attributes in self.entries.items():
            if search.scope == 0 and dn != search.base:
                continue
            if search.scope == 2 and self.context(dn) != search.base:
                continue
            if want and want[1] not in attributes.get(want[0], []):
                continue
            yield dn, attributes

    def shown(self, search, attributes):
        """What of an entry is sent, with the ranges of MS-ADTS 3.1.1.3.1.3.3."""
        for asked in search.attributes:
            name, _, option = asked.partition(";range=")
            values = attributes.get(name)
            if not values or (name == "tokenGroups" and search.scope):
                continue
            if name == "nTSecurityDescriptor" and SD_FLAGS not in search.controls:
                continue
            low = int(option.split("-")[0]) if option else 0
            part = values[low:low + self.max_values]
            if not option and len(values) <= self.max_values:
                yield name, values
                continue
            last = low + len(part) == len(values)
            if not option:
                yield name, []
            yield f"{name};range={low}-{'*' if last else low + len(part) - 1}", part

    def search(self, search, send):
        """Answers one search by send(operation, controls)."""
        if search.base == "":
            attributes = dict(self.root(), tokenGroups=self.token())
            send(entry("", [(n, attributes[n]) for n in search.attributes if n in attributes]))
            send(result(0x65))
            return
        found = list(self.found(search))
        if not found and search.scope == 0:
            send(result(0x65, 32, "0000208D: NameErr: DSID-03100245, problem 2001 (NO_OBJECT)"))
            return
        start = int(search.cookie or b"0")
        count = min(search.page or len(found), self.max_page)
        for dn, attributes in found[start:start + count]:
            send(entry(dn, list(self.shown(search, attributes))))
        more = start + count < len(found)
        self.end(search, send, str(start + count).encode() if more else b"")

    def end(self, search, send, cookie, code=0, text=""):
        controls = [(PAGED, seq(integer(0), octets(cookie)))] if search.page else []
        send(result(0x65, code, text), controls)


# ---- the server ------------------------------------------------------------------------------------

class Closed(Exception):
    pass


class Connection:
    def __init__(self, sock, directory, tls):
        self.sock, self.directory, self.tls = sock, directory, tls
        self.data = b""

    def raw(self, data):
        self.sock.sendall(data)

    def receive(self):
        """The next LDAPMessage."""
        while True:
            if len(self.data) > 6:
                head = 2 + (self.data[1] & 0x7f if self.data[1] & 0x80 else 0)
                size = int.from_bytes(self.data[2:head], "big") if head > 2 else self.data[1]
                if len(self.data) >= head + size:
                    out, self.data = self.data[:head + size], self.data[head + size:]
                    return out
            more = self.sock.recv(65536)
            if not more:
                raise Closed
            self.data += more

    def serve(self):
        while True:
            parts = parse_all(parse(self.receive())[1])
            number, (tag, content) = int.from_bytes(parts[0][1], "big"), parts[1]
            controls = {}
            for _, control in parse_all(parts[2][1]) if len(parts) > 2 else []:
                items = parse_all(control)
                controls[items[0][1].decode()] = items[-1][1] if items[-1][0] == 4 else b""
            self.answer(number, tag, content, controls)

    def answer(self, number, tag, content, controls):
        d = self.directory

        def send(op, more=()):
            self.raw(message(number, op, more))
        if tag == 0x60:
            items = parse_all(content)
            name, password = items[1][1].decode(), items[2][1]
            with d.lock:
                d.log.append(("bind", name or "EXTERNAL" if items[2][0] == 0xa3 else name))
            send(result(0x61, *d.bind(name, password)))
        elif tag == 0x63:
            search = Search(content, controls)
            search.connection, search.number = self, number
            with d.lock:
                d.log.append(search)
            d.search(search, send)
        elif tag == 0x77:
            oid = parse_all(content)[0][1].decode()
            if oid == START_TLS and self.tls:
                send(result(0x78))
                self.sock = self.tls.wrap_socket(self.sock, server_side=True)
            elif oid == WHOAMI:
                send(result(0x78, more=octets(d.whoami(), 0x8b)))
            else:
                send(result(0x78, 2, "unknown extension"))
        elif tag == 0x42:
            raise Closed


class Server:
    """On a loopback port of its own, or on a Unix socket (path). tls: (certificate, key); at_once: LDAPS."""

    def __init__(self, directory, tls=None, at_once=True, path=None, greeting=None,
                 address=("127.0.0.1", 0)):
        self.directory, self.greeting, self.path = directory, greeting, path
        self.context = None
        if tls:
            self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self.context.load_cert_chain(*tls)
        self.at_once = at_once and tls
        if path:
            self.listener = socket.socket(socket.AF_UNIX)
            self.listener.bind(path)
        else:
            self.listener = socket.socket()
            self.listener.bind(address)
            self.port = self.listener.getsockname()[1]
        self.listener.listen()
        self.open = []

    def __enter__(self):
        threading.Thread(target=self.accept, daemon=True).start()
        return self

    def __exit__(self, *_):
        # shutdown() wakes a thread that waits in accept() or recv(); close() alone does not
        for s in [self.listener, *self.open]:
            try:
                s.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
            s.close()
        if self.path:
            os.unlink(self.path)

    def accept(self):
        while True:
            try:
                sock, _ = self.listener.accept()
            except OSError:
                return
            self.open.append(sock)
            with self.directory.lock:
                self.directory.connections += 1
            threading.Thread(target=self.talk, args=(sock,), daemon=True).start()

    def talk(self, sock):
        try:
            if self.at_once:
                sock = self.context.wrap_socket(sock, server_side=True)
                self.open.append(sock)
            if self.greeting is not None:
                sock.recv(4096)
                sock.sendall(self.greeting)
                sock.close()
                return
            Connection(sock, self.directory, self.context).serve()
        except (Closed, OSError, ValueError, IndexError):
            pass
        finally:
            sock.close()
