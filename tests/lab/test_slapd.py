"""EXTERNAL over ldapi against a real slapd (Samba does not offer it): the local user is who the socket says."""
import os
import pathlib
import shutil
import subprocess
import tempfile
import time
import unittest
import urllib.parse

PROGRAM = os.environ["ADHYGIENE"]
CONF = """include /etc/ldap/schema/core.schema
include /etc/ldap/schema/cosine.schema
include /etc/ldap/schema/inetorgperson.schema
include /etc/ldap/schema/nis.schema
include /etc/ldap/schema/msuser.schema
attributetype ( 1.3.6.1.4.1.99999.1 NAME 'defaultNamingContext' SYNTAX 1.3.6.1.4.1.1466.115.121.1.12 )
attributetype ( 1.3.6.1.4.1.99999.2 NAME 'supportedCapabilities' SYNTAX 1.3.6.1.4.1.1466.115.121.1.38 )
rootDSE {dir}/rootdse.ldif
modulepath /usr/lib/ldap
moduleload back_mdb
pidfile {dir}/pid
sizelimit size.pr=none size.prtotal=none
access to dn.base="" by * read
access to * by dn.exact="gidNumber=0+uidNumber=0,cn=peercred,cn=external,cn=auth" read by * none
database mdb
suffix "dc=lab,dc=test"
directory {dir}/db
maxsize 104857600
"""
# What makes a server a domain controller to a reader: AD's capability and a default naming context.
ROOT_DSE = "dn:\ndefaultNamingContext: dc=lab,dc=test\nsupportedCapabilities: 1.2.840.113556.1.4.800\n"
ENTRIES = """dn: dc=lab,dc=test
objectClass: domain
objectClass: extensibleObject
dc: lab

""" + "".join(f"""dn: cn=user{i},dc=lab,dc=test
objectClass: person
objectClass: extensibleObject
cn: user{i}
sn: x
sAMAccountName: user{i}
userAccountControl: 512

""" for i in range(2500))


class Slapd(unittest.TestCase):
    def setUp(self):
        self.dir = pathlib.Path(tempfile.mkdtemp(prefix="adhygiene-slapd-"))
        self.addCleanup(shutil.rmtree, self.dir, True)
        (self.dir / "db").mkdir()
        (self.dir / "slapd.conf").write_text(CONF.format(dir=self.dir))
        (self.dir / "rootdse.ldif").write_text(ROOT_DSE)
        (self.dir / "entries.ldif").write_text(ENTRIES)
        conf = str(self.dir / "slapd.conf")
        subprocess.run(["/usr/sbin/slapadd", "-q", "-f", conf, "-l", str(self.dir / "entries.ldif")], check=True,
                       capture_output=True)
        self.uri = "ldapi://" + urllib.parse.quote(str(self.dir / "ldapi"), safe="")
        server = subprocess.Popen(["/usr/sbin/slapd", "-d", "0", "-f", conf, "-h", self.uri], stderr=subprocess.DEVNULL)
        self.addCleanup(server.wait)
        self.addCleanup(server.terminate)
        for _ in range(200):
            if (self.dir / "ldapi").exists():
                break
            self.assertIsNone(server.poll(), "slapd ended")
            time.sleep(0.05)

    def collect(self, *auth):
        return subprocess.run([PROGRAM, "collect", "--server", self.uri, *auth, "--lang", "en", "--output",
                               str(self.dir / "x.adsnap")], capture_output=True, text=True, check=False, timeout=60)

    def test_external_reads_all_pages(self):
        p = self.collect("--auth", "external")
        self.assertEqual(p.returncode, 0, p.stderr)
        query = "select count(*) from object where dn like 'cn=user%'"
        out = subprocess.run(["sqlite3", str(self.dir / "x.adsnap"), query], capture_output=True, text=True, check=True)
        self.assertEqual(out.stdout.strip(), "2500")

    def test_external_takes_no_password(self):
        (self.dir / "pw").write_text("x")
        p = self.collect("--auth", "external", "--password-file", str(self.dir / "pw"))
        self.assertEqual(p.returncode, 2, p.stderr)
        self.assertFalse((self.dir / "x.adsnap").exists())


if __name__ == "__main__":
    unittest.main()
