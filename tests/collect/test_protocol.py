"""The collector against servers that behave as Windows does and Samba does not, and against broken ones.

Addresses, not "localhost": libldap checks a certificate for the machine's own name when it is told that."""
import contextlib
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import unittest

import mock_ldap as mock
from mock_ldap import BASE, CONFIG, SCHEMA, Directory, Server, entry, message, reference, result, sid

DRIVER = os.environ["COLLECT_DRIVER"]
PASSWORD = "Passw0rd.Mock"


def openssl(*args):
    subprocess.run(["openssl", *args], check=True, capture_output=True)


class Certificates:
    """A CA, and certificates that it signed."""

    def __init__(self, folder):
        self.dir = pathlib.Path(folder)
        self.ca = self.authority("ca")

    def authority(self, name):
        openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "30", "-subj",
                f"/CN=Mock {name}", "-addext", "basicConstraints=critical,CA:TRUE", "-addext",
                "keyUsage=critical,keyCertSign,cRLSign", "-keyout", str(self.dir / f"{name}.key"), "-out",
                str(self.dir / f"{name}.pem"))
        return str(self.dir / f"{name}.pem")

    def server(self, name, alt, days="30"):
        cert, key, request, ext = (str(self.dir / f"{name}.{e}") for e in ("pem", "key", "req", "ext"))
        pathlib.Path(ext).write_text(f"subjectAltName={alt}\nextendedKeyUsage=serverAuth\n")
        openssl("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", f"/CN={name}", "-keyout",
                key, "-out", request)
        openssl("x509", "-req", "-in", request, "-CA", self.ca, "-CAkey", self.ca.replace(".pem", ".key"),
                "-CAcreateserial", "-days", days, "-out", cert, "-extfile", ext)
        return cert, key


class Case(unittest.TestCase):
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        cls.tmp = pathlib.Path(tempfile.mkdtemp(prefix="collect-"))
        cls.certificates = Certificates(cls.tmp)
        cls.tls = cls.certificates.server("localhost", "DNS:localhost,IP:127.0.0.1")
        cls.password_file = cls.tmp / "password"
        cls.password_file.write_text(PASSWORD + "\n")

    @classmethod
    def tearDownClass(cls):
        shutil.rmtree(cls.tmp)

    def command(self, *args):
        self.output = pathlib.Path(tempfile.mkdtemp(dir=self.tmp)) / "out.adsnap"
        return [DRIVER, *map(str, args), "--output", str(self.output)]

    def simple(self, *servers, user="reader@mock.test"):
        args = ["--auth", "simple", "--user", user, "--password-file", self.password_file, "--ca-file",
                self.certificates.ca, "--timeout", "2"]
        for s in servers:
            args += ["--server", s if isinstance(s, str) else f"ldaps://127.0.0.1:{s.port}"]
        return args

    def run_driver(self, *args, expect=0, stdin=None):
        p = subprocess.run(self.command(*args), capture_output=True, text=True, timeout=60, check=False, input=stdin)
        self.assertEqual(p.returncode, expect, p.stdout + p.stderr)
        if expect:
            self.assertEqual(p.stderr.count("\n"), 1, p.stderr)  # one sentence, no sanitizer report
            self.assertEqual(list(self.output.parent.iterdir()), [], "a failed collection left a file")
        return p.stdout if expect == 0 else p.stderr

    def collect(self, directory, *more, expect=0, **kw):
        with Server(directory, tls=self.tls) as s:
            return self.run_driver(*self.simple(s), *more, expect=expect, **kw)

    def assert_says(self, text, *words):
        for w in words:
            self.assertIn(w, text)


def searches(directory, base=None):
    return [s for s in directory.log if isinstance(s, mock.Search) and base in (None, s.base)]


def binds(directory):
    return [s[1] for s in directory.log if isinstance(s, tuple)]


def values(output, dn):
    return [bytes.fromhex(line.split(" ")[-1]) for line in output.splitlines() if line.startswith(f"value {dn} ")]


def coverage(output):
    return {tuple(line[9:].split(" | ")) for line in output.splitlines() if line.startswith("coverage ")}


NOT_HOSTED = {(f"context DC={z}DnsZones,{BASE}", "missing", "not_on_this_server") for z in ("Domain", "Forest")}


class Reading(Case):
    def test_everything_arrives_unchanged(self):
        d = Directory(users=20)
        out = self.collect(d, "--print", "nTSecurityDescriptor")
        self.assertIn(f"objects {len(d.entries) + 1}\n", out)
        self.assertIn("collected_at 2026-11-21T10:00:00Z", out)
        self.assertEqual(coverage(out), NOT_HOSTED)
        for s in searches(d):
            if s.scope == 2 and s.asserted() is None:
                self.assertEqual(s.page, 1000)
                self.assertIn(mock.DOMAIN_SCOPE, s.controls)
                self.assertEqual(s.controls[mock.SD_FLAGS], bytes([0x30, 3, 2, 1, 7]))

    def test_binary_values(self):
        d = Directory()
        raw = [b"\x00\x01\xff", b"", bytes(range(256)) * 300, b"\n# not a comment"]
        d.entries[f"CN=b,{BASE}"] = {"objectClass": ["top"], "sIDHistory": raw}
        got = values(self.collect(d, "--print", "sIDHistory"), f"CN=b,{BASE}")
        self.assertEqual(sorted(got), sorted(raw))

    def test_implicit_ranges(self):
        """MaxValRange: `member` is empty beside `member;range=0-1499`, and the rest is fetched."""
        for count in (1499, 1500, 1501, 3000, 4001):
            with self.subTest(count=count):
                d, group = Directory(), f"CN=big,{BASE}"
                want = [f"CN=m{i},{BASE}".encode() for i in range(count)]
                d.entries[group] = {"objectClass": ["top", "group"], "member": want}
                out = self.collect(d, "--print", "member")
                self.assertEqual(values(out, group), want)
                self.assertEqual(coverage(out), NOT_HOSTED)
                asked = [s.attributes for s in searches(d, group)]
                self.assertEqual(asked, [[f"member;range={i}-*"] for i in range(1500, count, 1500)])

    def test_range_that_cannot_be_finished(self):
        group = f"CN=big,{BASE}"

        class Stops(Directory):
            def search(self, search, send):
                if search.base == group:
                    send(result(0x65, *self.refusal))
                else:
                    super().search(search, send)

        class Repeats(Directory):
            def search(self, search, send):
                if search.base == group:
                    search.attributes = ["member;range=0-*"]
                super().search(search, send)

        class Nothing(Directory):
            def search(self, search, send):
                if search.base == group:
                    send(entry(group, []))
                    send(result(0x65))
                else:
                    super().search(search, send)
        for kind, refusal, detail in ((Stops, (32, "gone"), "ldap_32"), (Stops, (50, "no"), "ldap_50"),
                                      (Repeats, None, "ldap_0"), (Nothing, None, "ldap_0")):
            with self.subTest(kind=kind.__name__, detail=detail):
                d = kind()
                d.refusal = refusal
                d.entries[group] = {"objectClass": ["top", "group"], "member": [f"CN=m{i}".encode() for i in range(2000)]}
                out = self.collect(d, "--print", "member")
                self.assertEqual(coverage(out) - NOT_HOSTED,
                                 {(f"object {group}", "truncated", f"range member 1500 {detail}")})
                self.assertEqual(len(values(out, group)), 1500)

    def test_damaged_range(self):
        d = Directory()
        d.entries[f"CN=x,{BASE}"] = {"objectClass": ["top"]}
        plain = d.shown
        d.shown = lambda s, a: list(plain(s, a)) + ([("member;range=5-1", ["CN=a"])] if len(a) == 1 else [])
        self.assertIn((f"object CN=x,{BASE}", "malformed", "range member"), coverage(self.collect(d)))

    def test_small_pages(self):
        d = Directory(users=350)
        d.max_page = 100
        self.assertIn(f"objects {len(d.entries) + 1}\n", self.collect(d))
        self.assertEqual([s.cookie for s in searches(d, BASE) if s.page], [b"", b"100", b"200", b"300"])

    def test_page_size_refused(self):
        class Small(Directory):
            def search(self, search, send):
                if search.page > 200:
                    self.end(search, send, b"", 4, "size limit")
                else:
                    super().search(search, send)
        d = Small(users=300)
        out = self.collect(d)
        self.assertIn(f"objects {len(d.entries) + 1}\n", out)
        self.assertEqual(coverage(out), NOT_HOSTED)

    def test_cut_by_the_server(self):
        for code in (3, 4, 11):
            class Cut(Directory):
                def end(self, search, send, cookie, code=code, text="limit"):
                    if search.base == BASE and search.page:
                        send(result(0x65, code, text))
                    else:
                        super().end(search, send, cookie, 0)
            with self.subTest(code=code):
                self.assertIn((f"context {BASE}", "truncated", f"ldap_{code}"), coverage(self.collect(Cut())))

    def test_refused_context(self):
        class Closed(Directory):
            def search(self, search, send):
                if search.base == CONFIG:
                    send(result(0x65, 50, "00002098: SecErr"))
                else:
                    super().search(search, send)

            def found(self, search):
                return [] if search.base == SCHEMA else list(super().found(search))
        self.assertEqual(coverage(self.collect(Closed())) - NOT_HOSTED,
                         {("attribute lastLogon", "note", "last_logon_controllers_unknown"),
                          (f"context {CONFIG}", "denied", "ldap_50"), (f"context {SCHEMA}", "denied", "ldap_0")})

    def test_refused_domain_is_an_error(self):
        class Closed(Directory):
            def search(self, search, send):
                if search.base == BASE:
                    send(result(0x65, 32, "nothing for you"))
                else:
                    super().search(search, send)
        self.assert_says(self.collect(Closed(), expect=3), BASE, "nothing for you")

    def test_anonymous_operations_error(self):
        class NotBound(Directory):
            def search(self, search, send):
                if search.base == CONFIG:
                    send(result(0x65, 1, "000004DC: LdapErr: a successful bind must be completed"))
                else:
                    super().search(search, send)
        self.assert_says(self.collect(NotBound(), expect=3), CONFIG, "Nothing was kept")

    def test_sd_control_refused(self):
        class Refuses(Directory):
            def search(self, search, send):
                if mock.SD_FLAGS in search.controls:
                    send(result(0x65, 12, "critical extension"))
                else:
                    super().search(search, send)
        d = Refuses()
        out = self.collect(d)
        self.assertIn(f"objects {len(d.entries) + 1}\n", out)
        self.assertEqual(coverage(out) - NOT_HOSTED, {("attribute nTSecurityDescriptor", "denied", "sd_flags_refused")})

    def test_controls_that_are_not_listed_are_not_sent(self):
        d = Directory()
        d.controls = (mock.PAGED,)
        self.collect(d)
        self.assertEqual({c for s in searches(d) for c in s.controls}, {mock.PAGED})

    def test_references_are_ignored(self):
        class Refers(Directory):
            def end(self, search, send, cookie, code=0, text=""):
                send(reference(f"ldap://elsewhere.test/{search.base}"))
                super().end(search, send, cookie)
        d = Refers()
        self.assertIn(f"objects {len(d.entries) + 1}\n", self.collect(d))
        self.assertEqual(d.connections, 1)

    def test_no_secret_and_nothing_constructed_is_asked(self):
        d = Directory()
        out = self.collect(d, "--extra", "unicodePwd", "--extra", "ms-Mcs-AdmPwd", "--extra", "tokenGroups", "--extra",
                           "department", "--extra", "member;range=0-1")
        asked = {a.lower() for s in searches(d) if s.scope == 2 for a in s.attributes}
        self.assertFalse(asked & {"unicodepwd", "ms-mcs-admpwd", "tokengroups", "*", "+", "member;range=0-1"})
        self.assertLessEqual({"department", "member", "ntsecuritydescriptor"}, asked)
        self.assertLessEqual({("attribute unicodePwd", "not_asked", "secret"),
                              ("attribute tokenGroups", "not_asked", "constructed")}, coverage(out))

    def test_secret_that_comes_unasked_is_dropped(self):
        d = Directory()
        plain = d.shown
        d.shown = lambda s, a: list(plain(s, a)) + [("unicodePwd", ["hash"])]
        self.assertNotIn("value", self.collect(d, "--print", "unicodePwd"))


class Identity(Case):
    def test_whoami_and_token(self):
        out = self.collect(Directory())
        self.assertIn(f"reader_dn CN=reader,CN=Users,{BASE}\n", out)
        self.assertIn("reader_sid S-1-5-21-1-2-3-1105\n", out)
        token = next(line for line in out.splitlines() if line.startswith("reader_token")).split()[1:]
        self.assertEqual(set(token), {"S-1-5-21-1-2-3-1105", "S-1-5-21-1-2-3-513", "S-1-1-0", "S-1-5-11", "S-1-5-2"})

    def test_name_of_another_domain(self):
        """OTHER\\reader logs on; the reader of this domain is somebody else."""
        d = Directory()
        d.whoami = lambda: "u:OTHER\\reader"
        d.token = lambda: [sid(21, 9, 9, 9, 1105), sid(21, 9, 9, 9, 513), sid(11)]
        out = self.collect(d)
        self.assertNotIn("reader_dn", out)
        self.assertNotIn("S-1-5-21-1-2-3-", out.split("reader_token")[1].split("\n")[0])
        self.assertIn(("identity", "note", "reader_account_not_found"), coverage(out))

    def test_unknown_reader_has_no_token(self):
        d = Directory()
        d.whoami = lambda: "u:OTHER\\nobody"
        d.token = lambda: []
        with Server(d, tls=self.tls) as s:
            out = self.run_driver(*self.simple(s, user="OTHER\\nobody"))
        self.assertNotIn("reader_token", out)
        self.assertIn(("identity", "missing", "reader_account_not_found"), coverage(out))

    def test_short_name_without_token_is_not_believed(self):
        d = Directory()
        d.token = lambda: []
        with Server(d, tls=self.tls) as s:
            out = self.run_driver(*self.simple(s, user="MOCK\\reader"))
        self.assertNotIn("reader_dn", out)

    def test_full_name_without_token_is(self):
        d = Directory()
        d.token = lambda: []
        d.whoami = lambda: ""
        self.assertIn("reader_sid S-1-5-21-1-2-3-1105", self.collect(d))

    def test_filter_is_escaped(self):
        d = Directory()
        d.whoami = lambda: "u:MOCK\\*)(objectClass=*"
        self.collect(d)
        self.assertIn(("sAMAccountName", "*)(objectClass=*"), [s.asserted() for s in searches(d)])


class LogOn(Case):
    CODES = {"525": "does not exist", "52e": "password is wrong", "530": "at this hour", "531": "from this machine",
             "532": "expired: change it", "533": "disabled", "701": "account has expired", "773": "first logon",
             "775": "locked"}

    def refusing(self, code, text):
        d = Directory()
        d.bind = lambda name, password: (code, text)
        return d

    def test_data_codes_in_words(self):
        for data, words in self.CODES.items():
            with self.subTest(data=data):
                d = self.refusing(49, f"80090308: LdapErr: DSID-0C09044E, comment: AcceptSecurityContext error, data {data}, v4563")
                self.assert_says(self.collect(d, expect=3), words, "reader@mock.test")

    def test_signing_and_channel_binding(self):
        self.assert_says(self.collect(self.refusing(8, "00002028: LdapErr"), expect=3), "requires signing or TLS")
        self.assert_says(self.collect(self.refusing(49, "80090346: LdapErr: DSID-0C090585, comment: "
                                                    "AcceptSecurityContext error, data 80090346, v4563"), expect=3),
                         "channel binding")

    def test_wrong_password_is_sent_once(self):
        first, second = self.refusing(49, ", data 52e, v1"), Directory()
        with Server(first, tls=self.tls) as a, Server(second, tls=self.tls) as b:
            self.run_driver(*self.simple(a, b), expect=3)
        self.assertEqual((binds(first), second.connections), (["reader@mock.test"], 0))

    def test_next_server_where_one_is_not_reached(self):
        with socket.socket() as closed:
            closed.bind(("127.0.0.1", 0))  # bound but not listening: refuses
            gone, d = f"ldaps://127.0.0.1:{closed.getsockname()[1]}", Directory()
            with Server(d, tls=self.tls) as s:
                out = self.run_driver(*self.simple(gone, s))
                self.assertIn(f"server ldaps://127.0.0.1:{s.port}\n", out)
            self.assert_says(self.run_driver(*self.simple(gone, gone), expect=3), "None of the 2 servers",
                             "Connection refused")

    def test_next_server_where_one_is_busy(self):
        with Server(self.refusing(51, "busy"), tls=self.tls) as a, Server(Directory(), tls=self.tls) as b:
            self.assertIn(f"127.0.0.1:{b.port}", self.run_driver(*self.simple(a, b)))

    def test_start_tls(self):
        d = Directory()
        with Server(d, tls=self.tls, at_once=False) as s:
            self.run_driver(*self.simple(f"ldap://127.0.0.1:{s.port}"), "--starttls")
        with Server(d, at_once=False) as s:
            self.assert_says(self.run_driver(*self.simple(f"ldap://127.0.0.1:{s.port}"), "--starttls", expect=3),
                             "offers no StartTLS")
        self.assertEqual(binds(d), ["reader@mock.test"])

    def test_external(self):
        d, path = Directory(), str(self.tmp / "ldapi")
        with Server(d, path=path):
            self.run_driver("--auth", "external", "--server", "ldapi://" + path.replace("/", "%2F"))
        self.assertEqual(binds(d), ["EXTERNAL"])

    def test_password_comes_from_standard_input(self):
        d, got = Directory(), []
        d.bind = lambda name, password: (got.append(password), (0, ""))[1]
        with Server(d, tls=self.tls) as s:
            args = ["-" if a == self.password_file else a for a in self.simple(s)]
            self.run_driver(*args, stdin="été \n\n")
        self.assertEqual(got, ["été \n".encode()])


class LastLogon(Case):
    """Every domain controller is asked for lastLogon, which none has of another (127.0.0.2 and on are theirs)."""
    USER = f"CN=user0,CN=Users,{BASE}"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.tls = cls.certificates.server("all", "IP:127.0.0.1,IP:127.0.0.2,IP:127.0.0.3")

    def directory(self, logons=(), hosts=("127.0.0.2",), service=mock.SERVICE, **kw):
        d = Directory(**kw)
        for i, host in enumerate(hosts):
            d.controller(f"DC{i + 2}", host)
        d.service = service
        for i, (dn, a) in enumerate(d.entries.items()):
            a["objectGUID"] = [i.to_bytes(16, "big")]
            if "sAMAccountName" in a:
                a["sAMAccountType"] = ["805306368"]
        for i, when in enumerate(logons):
            if when is not None:
                d.entries[f"CN=user{i},CN=Users,{BASE}"]["lastLogon"] = [str(when)]
        return d

    def other(self, *logons, number=2, **kw):
        return self.directory(logons, service=f"CN=NTDS Settings,CN=DC{number},{mock.SERVERS}", **kw)

    def ask(self, first, *others, expect=0, more=()):
        """Output of a collection where 127.0.0.2, .3 … are others; None: nobody listens there."""
        with contextlib.ExitStack() as stack:
            s = stack.enter_context(Server(first, tls=self.tls))
            for i, d in enumerate(others):
                if d:
                    stack.enter_context(Server(d, tls=self.tls, address=(f"127.0.0.{i + 2}", s.port)))
            return self.run_driver(*self.simple(s), *more, "--print", "lastLogon", expect=expect)

    def logons(self, out, *users):
        return [int((values(out, f"CN=user{i},CN=Users,{BASE}") or [b"-1"])[0]) for i in users]

    def assert_not_exact(self, out, **reasons):
        self.assertNotIn("last_logon all", out)
        self.assertEqual(coverage(out) - NOT_HOSTED, {(f"controller {host}", "note", "last_logon_" + why)
                                                     for host, why in reasons.items()})

    def test_one_controller_is_exact_at_once(self):
        d = self.directory([5], hosts=())
        out = self.ask(d)
        self.assertIn("last_logon all\n", out)
        self.assertEqual((coverage(out), d.connections, self.logons(out, 0, 1)), (NOT_HOSTED, 1, [5, -1]))

    def test_the_latest_wins(self):
        for page in (1000, 2):
            first = self.directory([50, 50, 0, None, None], hosts=("127.0.0.2", "127.0.0.3"))
            second, third = self.other(40, 60, 7, 8), self.other(70, 55, None, 9, 0, number=3)
            second.max_page = page
            out = self.ask(first, second, third)
            self.assertIn("last_logon all\n", out)
            self.assertEqual((coverage(out), self.logons(out, *range(5))), (NOT_HOSTED, [70, 60, 7, 9, -1]))
            asked = [s for s in searches(second) if s.base == BASE]
            self.assertEqual({tuple(s.attributes) for s in asked}, {("objectGUID", "lastLogon")})
            self.assertFalse(any(mock.SD_FLAGS in s.controls for s in asked))

    def test_controllers_of_other_domains_are_not_asked(self):
        first, second = self.directory([5], hosts=()), self.other(9)
        first.controller("DC2", "127.0.0.2", holds=("DC=other,DC=test", CONFIG, SCHEMA))
        out = self.ask(first, second)
        self.assertIn("last_logon all\n", out)
        self.assertEqual((second.connections, self.logons(out, 0)), (0, [5]))

    def test_controller_that_does_not_show_what_it_holds(self):
        """It is asked itself which domain is its own."""
        first, second = self.directory([5], hosts=()), self.other(9)
        first.controller("DC2", "127.0.0.2", holds=())
        self.assertEqual(self.logons(self.ask(first, second), 0), [9])
        full = second.root()
        second.root = lambda: {**full, "defaultNamingContext": ["DC=other,DC=test"]}
        out = self.ask(first, second)
        self.assertIn("last_logon all\n", out)
        self.assertEqual(self.logons(out, 0), [5])

    def test_not_reached(self):
        out = self.ask(self.directory([5], hosts=("127.0.0.2", "127.0.0.3")), None, self.other(9, number=3))
        self.assert_not_exact(out, **{"127.0.0.2": "not_reachable"})
        self.assertEqual(self.logons(out, 0), [9])  # it is later all the same

    def test_three_that_are_not_reached_are_enough(self):
        hosts = [f"127.0.0.{i}" for i in range(2, 8)]
        out = self.ask(self.directory(hosts=hosts))
        self.assert_not_exact(out, **{h: "not_reachable" if i < 3 else "not_tried" for i, h in enumerate(hosts)})

    def test_refused_logon_is_not_repeated(self):
        second, third = self.other(9), self.other(9, number=3)
        second.bind = lambda name, password: (49, "80090308: LdapErr: DSID-0, comment: x, data 52e, v1")
        out = self.ask(self.directory([5], hosts=("127.0.0.2", "127.0.0.3")), second, third)
        self.assert_not_exact(out, **{"127.0.0.2": "refused", "127.0.0.3": "not_tried"})
        self.assertEqual((len(binds(second)), third.connections), (1, 0))

    def test_certificate_for_another_name(self):
        tls = self.certificates.server("one", "IP:127.0.0.1")
        second = self.other(9)
        with Server(self.directory([5]), tls=tls) as s, Server(second, tls=tls, address=("127.0.0.2", s.port)):
            out = self.run_driver(*self.simple(s))
        self.assert_not_exact(out, **{"127.0.0.2": "no_tls"})
        self.assertEqual(binds(second), [])

    def test_another_server_by_that_name(self):
        out = self.ask(self.directory([5]), self.other(9, number=3))
        self.assert_not_exact(out, **{"127.0.0.2": "other_server"})
        self.assertEqual(self.logons(out, 0), [5])

    def test_names_that_lead_nowhere(self):
        first = self.directory([5], hosts=(None, "not a name"))
        self.assert_not_exact(self.ask(first), **{
            f"CN=NTDS Settings,CN=DC2,{mock.SERVERS}": "no_name", "not a name": "no_name"})

    def test_answers_that_are_not_whole(self):
        def denied(search, send):
            send(result(0x65, 50, "no"))

        def cut(search, send):
            send(result(0x65, 3, "time"))

        def nothing(search, send):
            send(result(0x65))

        def closed(search, send):
            raise mock.Closed

        def endless(search, send):
            send(result(0x65), [(mock.PAGED, mock.seq(mock.integer(0), mock.octets(str(os.urandom(4)))))])

        def garbage(search, send):
            send(entry(self.USER, [("objectGUID", [b"x" * 16]), ("lastLogon", ["late"])]))
            send(result(0x65))

        def nameless(search, send):
            send(entry(self.USER, [("lastLogon", ["9"])]))
            send(result(0x65))
        for answer in (denied, cut, nothing, closed, endless, garbage, nameless):
            with self.subTest(answer=answer.__name__):
                second = self.other(9)
                plain = second.search
                second.search = lambda s, send, a=answer, p=plain: a(s, send) if s.base == BASE else p(s, send)
                out = self.ask(self.directory([5]), second)
                self.assert_not_exact(out, **{"127.0.0.2": "not_read"})
                self.assertEqual(self.logons(out, 0), [5])

    def test_list_that_cannot_be_read(self):
        for hide in ("self", "all", "service"):
            with self.subTest(hide=hide):
                d = self.directory([5], hosts=())
                if hide == "self":
                    d.service = f"CN=NTDS Settings,CN=DC9,{mock.SERVERS}"
                    d.controller("DC1", "127.0.0.2", holds=("DC=other,DC=test",))
                elif hide == "all":
                    del d.entries[mock.SERVICE]
                else:
                    full = d.root()
                    del full["dsServiceName"]
                    d.root = lambda f=full: f
                out = self.ask(d)
                self.assertNotIn("last_logon all", out)
                self.assertEqual(coverage(out) - NOT_HOSTED,
                                 {("attribute lastLogon", "note", "last_logon_controllers_unknown")})

    def test_local_socket(self):
        d, path = self.directory([5]), str(self.tmp / "lone")
        with Server(d, path=path):
            out = self.run_driver("--auth", "external", "--server", "ldapi://" + path.replace("/", "%2F"))
        self.assert_not_exact(out, **{"127.0.0.2": "local_socket"})

    def test_interrupt(self):
        second = self.other(9)
        plain = second.search
        second.search = lambda s, send: None if s.base == BASE else plain(s, send)
        with Server(self.directory([5]), tls=self.tls) as s, \
                Server(second, tls=self.tls, address=("127.0.0.2", s.port)):
            args = self.simple(s)
            args[args.index("--timeout") + 1] = "60"
            p = subprocess.Popen(self.command(*args), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
            while not searches(second, BASE):
                time.sleep(0.05)
            p.send_signal(signal.SIGINT)
            _, text = p.communicate(timeout=30)
        self.assertEqual(p.returncode, 130, text)
        self.assertEqual(list(self.output.parent.iterdir()), [])


class Usage(Case):
    """What is refused before a byte is sent."""

    def refuse(self, *args, says, directory=None):
        d = directory or Directory()
        with Server(d, tls=self.tls) as s:
            args = [a.format(port=s.port) if isinstance(a, str) else a for a in args]
            self.assert_says(self.run_driver(*args, expect=2), *says)
        self.assertEqual(d.connections, 0)

    def test_refusals(self):
        empty, garbage = self.tmp / "empty", self.tmp / "garbage"
        empty.write_text("")
        garbage.write_text("no certificate")
        newline = self.tmp / "newline"
        newline.write_text("\n")
        plain, tls = ["--server", "ldap://localhost:{port}"], ["--server", "ldaps://localhost:{port}"]
        who = ["--auth", "simple", "--user", "reader@mock.test"]
        password = ["--password-file", self.password_file]
        ca = ["--ca-file", self.certificates.ca]
        for args, says in (
                (plain + who + password, ["--auth simple", "TLS"]),
                (tls + who + password + ["--ca-file", self.tmp / "none"], ["none", "Cannot open"]),
                (tls + who + password + ["--ca-file", empty], ["empty", "is empty"]),
                (tls + who + password + ["--ca-file", garbage], ["garbage", "no certificate"]),
                (tls + who + ca, ["needs --password-file"]),
                (tls + who + ca + ["--password-file", empty], ["empty password"]),
                (tls + who + ca + ["--password-file", newline], ["empty password"]),
                (tls + who + ca + ["--password-file", self.tmp / "none"], ["Cannot open"]),
                (tls + ["--auth", "simple"] + password + ca, ["needs --user"]),
                (tls + ["--auth", "simple", "--user", "reader"] + password + ca, ["reader@DOMAIN"]),
                (tls + who + password + ca + ["--starttls"], ["--starttls"]),
                (tls + ["--auth", "external"], ["ldapi://"]),
                (plain + password, ["needs --user"]),
                (plain + ["--keytab", self.tmp / "none"], ["Cannot open"]),
                (plain + ["--keytab", garbage], ["cannot be used"]),
                (plain + ["--user", "MOCK\\reader"] + password, ["MOCK", "reader@REALM"]),
                (plain + ["--user", f"CN=reader,{BASE}"] + password, ["distinguished name"]),
                (["--server", "http://localhost:{port}"], ["http://localhost"]),
                (["--server", "ldap://localhost:3268"], ["global catalogue"]),
                (["--domain", "no such/domain"], ["no such/domain"])):
            with self.subTest(args=args):
                self.refuse(*args, says=says)


class Certificate(Case):
    def fails(self, tls, *words, ca=None, uri="ldaps://127.0.0.1:{}", **kw):
        d = Directory()
        with Server(d, tls=tls, **kw) as s:
            args = self.simple(uri.format(s.port))
            if ca:
                args[args.index("--ca-file") + 1] = ca
            if "ldap://" in uri:
                args.append("--starttls")
            self.assert_says(self.run_driver(*args, expect=3), *words)
        self.assertEqual(binds(d), [])

    def test_wrong_name(self):
        tls = self.certificates.server("other", "DNS:dc1.other.test,IP:10.1.2.3")
        self.fails(tls, "not for '127.0.0.1' but for dc1.other.test, 10.1.2.3")
        self.fails(tls, "not for '127.0.0.1'", uri="ldap://127.0.0.1:{}", at_once=False)

    def test_address_that_is_not_in_it(self):
        tls = self.certificates.server("named", "DNS:localhost")
        self.fails(tls, "not for '127.0.0.1' but for localhost", uri="ldaps://127.0.0.1:{}")

    def test_untrusted(self):
        self.fails(self.tls, "CN=Mock ca", "not trusted by", ca=self.certificates.authority("stranger"))

    def test_expired(self):
        self.fails(self.certificates.server("old", "IP:127.0.0.1", days="-1"), "expired on")

    def test_no_tls_there(self):
        self.fails(None, "does not speak TLS")


class Broken(Case):
    """Servers that end, stall, or send what is no LDAP."""

    def at_second_page(self, action):
        class Breaks(Directory):
            max_page = 3

            def search(self, search, send):
                if search.cookie:
                    action(search, send)
                else:
                    super().search(search, send)
        return Breaks()

    def sent(self, search, data, close=True):
        search.connection.raw(data)
        if close:
            raise mock.Closed

    def test_closed_in_the_middle_of_a_page(self):
        def action(search, send):
            send(entry(f"CN=one,{BASE}", [("cn", ["one"])]))
            raise mock.Closed
        self.assert_says(self.collect(self.at_second_page(action), expect=3), "closed the connection", BASE,
                         "Nothing was kept")

    def test_message_cut_in_two(self):
        whole = message(9, entry(f"CN=one,{BASE}", [("cn", ["one"])]))
        for close, words in ((True, "closed the connection"), (False, "did not answer within 2 seconds")):
            with self.subTest(close=close):
                d = self.at_second_page(lambda s, send, c=close: self.sent(s, whole[:-7], c))
                self.assert_says(self.collect(d, expect=3), words)

    def test_message_cut_in_two_on_a_plain_socket(self):
        whole = message(9, entry(f"CN=one,{BASE}", [("cn", ["one"])]))
        d, path = self.at_second_page(lambda s, send: self.sent(s, whole[:-7], False)), str(self.tmp / "cut")
        with Server(d, path=path):
            text = self.run_driver("--auth", "external", "--server", "ldapi://" + path.replace("/", "%2F"), "--timeout", "2",
                                   expect=3)
        self.assert_says(text, "did not answer within 2 seconds")

    def test_server_that_says_nothing(self):
        """In the TLS handshake and before StartTLS; another server is then tried."""
        with socket.create_server(("127.0.0.1", 0)) as mute, Server(Directory(), tls=self.tls) as s:
            address = f"127.0.0.1:{mute.getsockname()[1]}"
            self.assert_says(self.run_driver(*self.simple(f"ldaps://{address}"), expect=3), "TLS handshake within 2 seconds")
            self.assert_says(self.run_driver(*self.simple(f"ldap://{address}"), "--starttls", expect=3),
                             "did not answer within 2 seconds during StartTLS")
            self.run_driver(*self.simple(f"ldaps://{address}", s))

    def test_interrupt_in_the_handshake(self):
        with socket.create_server(("127.0.0.1", 0)) as mute:
            args = self.simple(f"ldaps://127.0.0.1:{mute.getsockname()[1]}")
            args[args.index("--timeout") + 1] = "60"
            p = subprocess.Popen(self.command(*args), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
            with mute.accept()[0] as c:
                c.recv(1)  # its hello: the handshake has begun
                p.send_signal(signal.SIGINT)
                _, text = p.communicate(timeout=30)
        self.assertEqual(p.returncode, 130, text)

    def test_malformed(self):
        good = entry(f"CN=one,{BASE}", [("cn", ["one"])])
        bodies = {
            "attribute longer than its entry": good[:2] + good[2:].replace(b"\x02cn", b"\x7fcn"),
            "attributes of another type": mock.seq(mock.octets("CN=x"), mock.integer(5), tag=0x64),
            "no attributes": mock.seq(mock.octets("CN=x"), tag=0x64),
            "no name": mock.seq(tag=0x64),
            "result without a code": mock.seq(mock.octets(""), tag=0x65),
            "answer to a bind": result(0x61),
            "damaged page control": None,
        }
        for name, body in bodies.items():
            def action(search, send, b=body):
                if b is None:
                    send(result(0x65), [(mock.PAGED, b"\x30\x7f\x02")])
                else:
                    send(b)
                    send(result(0x65))
            with self.subTest(name):
                self.collect(self.at_second_page(action), expect=3)

    def test_length_beyond_any_bound(self):
        d = self.at_second_page(lambda s, send: self.sent(s, b"\x30\x84\x7f\xff\xff\xff\x02\x01\x03", False))
        self.collect(d, expect=3)

    def test_not_ldap(self):
        for greeting in (b"HTTP/1.1 400 Bad Request\r\n\r\n", b"", b"\xff" * 4096, b"\x30\x00"):
            with self.subTest(greeting=greeting[:10]), Server(Directory(), tls=self.tls, greeting=greeting) as s:
                self.run_driver(*self.simple(s), expect=3)

    def test_endless_pages(self):
        class Same(Directory):
            def search(self, search, send):
                if search.page:
                    self.end(search, send, b"again")
                else:
                    super().search(search, send)

        class Changing(Directory):
            def search(self, search, send):
                if search.page:
                    self.end(search, send, str(len(self.log)).encode())
                else:
                    super().search(search, send)
        for kind in (Same, Changing):
            with self.subTest(kind=kind.__name__):
                d = kind()
                self.assert_says(self.collect(d, expect=3), "empty page")
                self.assertLess(len(d.log), 1100)

    def test_no_active_directory(self):
        d = Directory()
        full = d.root()
        for missing in ("defaultNamingContext", "supportedCapabilities"):
            d.root = lambda m=missing: {k: v for k, v in full.items() if k != m}
            self.assert_says(self.collect(d, expect=3), "no domain controller of Active Directory")

    def test_interrupt_while_waiting(self):
        d = self.at_second_page(lambda search, send: None)
        with Server(d, tls=self.tls) as s:
            args = self.simple(s)
            args[args.index("--timeout") + 1] = "60"
            p = subprocess.Popen(self.command(*args), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
            while not any(q.cookie for q in searches(d)):
                time.sleep(0.05)
            p.send_signal(signal.SIGINT)
            _, text = p.communicate(timeout=30)
        self.assertEqual(p.returncode, 130, text)
        self.assertEqual(list(self.output.parent.iterdir()), [])


if __name__ == "__main__":
    unittest.main()
