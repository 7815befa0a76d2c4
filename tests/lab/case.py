"""What the tests over the lab share: running the program, and reading what it wrote."""
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import unittest

import lab as labs

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from results_schema import checked  # noqa: E402

PROGRAM = os.environ["ADHYGIENE"]
SMB_SERVICES = "ldap, cldap, kdc, rpc, s3fs, winbindd"
WRAPPER = "/usr/lib/x86_64-linux-gnu/libnss_wrapper.so"
TREE = os.environ["LAB_TREE"]  # provisioned, filled, stopped: to clone from


class LabCase(unittest.TestCase):
    """Each test class gets a folder of its own; self.lab is the domain that the fixture runs."""
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        cls.tmp = pathlib.Path(tempfile.mkdtemp(prefix="adhygiene-lab-"))
        cls.addClassCleanup(shutil.rmtree, cls.tmp, True)  # after the domains that stand in it were stopped
        cls.lab = labs.Lab(os.environ["LAB_RUN"]) if "LAB_RUN" in os.environ else None

    def known_controls(self):
        return {line.split()[0] for line in self.program("controls", "--lang", "en", expect=0).stdout.splitlines()}

    def clone(self, name, prepare=None, **kw):
        """A domain of this test's own, running until its end. prepare(lab): while it is stopped."""
        lab = labs.Lab(self.tmp / name, **kw).clone_from(TREE)
        if prepare:
            prepare(lab)
        self.addCleanup(lab.stop)
        return lab.start()

    def program(self, *args, expect, env=None, stdin=None, timeout=120, **kw):
        """Runs the program; fails the test when the exit code is another than expected."""
        p = subprocess.run([PROGRAM, *map(str, args)], capture_output=True, text=True, env=env or (self.lab.env() if self.lab else None),
                           input=stdin, timeout=timeout, check=False, **kw)
        self.assertEqual(p.returncode, expect, f"{args}\nstdout: {p.stdout}\nstderr: {p.stderr}")
        return p

    def audit(self, *args, expect=0, output=None, **kw):
        """audit --lang en; returns results.json, or the finished process when expect is an error."""
        output = output or tempfile.mkdtemp(dir=self.tmp)
        p = self.program("audit", *args, "--lang", "en", "--output", output, expect=expect, **kw)
        if expect not in (0, 1):
            return p
        return checked(pathlib.Path(output, "results.json").read_text("utf-8"))

    def simple(self, user=labs.ADMIN, password=labs.ADMIN_PASSWORD, lab=None, uri=None):
        lab = lab or self.lab
        return ["--server", uri or f"ldaps://{lab.address}", "--ca-file", lab.ca, "--auth", "simple", "--user",
                f"{user}@{labs.DNS}", "--password-file", lab.password_file(password)]

    def assert_says(self, text, *words):
        for w in words:
            self.assertIn(w.lower(), text.lower())


class SmbCase(LabCase):
    """With SYSVOL over SMB."""
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.tmp.chmod(0o755)  # smbd reads as the account that logged on

    def env(self, lab=None, **more):
        """The controller's name resolves to its address, and temporary files go where they can be counted."""
        lab = lab or self.lab
        hosts, folder = self.tmp / f"hosts-{lab.address}", self.tmp / "temporary"
        hosts.write_text(f"{lab.address} {labs.FQDN} {labs.HOST}\n")
        folder.mkdir(exist_ok=True)
        return lab.env(LD_PRELOAD=WRAPPER, NSS_WRAPPER_HOSTS=str(hosts),
                       NSS_WRAPPER_DISABLE_DEEPBIND="1", TMPDIR=str(folder),
                       ASAN_OPTIONS="verify_asan_link_order=0", **more)

    def collect(self, *args, env=None, lab=None):
        out = self.tmp / "out.adsnap"
        out.unlink(missing_ok=True)
        p = self.program("collect", *args, "--output", out, "--lang", "en", expect=0, env=env or self.env(lab))
        self.assertEqual(list((self.tmp / "temporary").iterdir()), [], "files were left behind")
        return out, p


def verdicts(results):
    """What must not depend on how the directory was reached."""
    return {c["id"]: (c["status"], c["count"], c["unknown"], c["examined"], sorted(o["dn"] for o in c["objects"]))
            for c in results["controls"]}


def control(results, name):
    return next(c for c in results["controls"] if c["id"] == name)


def in_namespace(script, *args, **kw):
    """A shell script in a mount namespace of its own (root), for small file systems and resolvers."""
    return subprocess.run(["unshare", "-m", "sh", "-euc", script, "sh", *map(str, args)], capture_output=True, text=True,
                          check=False, **kw)


def interrupt(process):
    process.send_signal(signal.SIGINT)


# What these controls find is what the reader may not see: a lesser reader rightly finds more.
OF_THE_READER = {"vuln_critical_objects", "vuln_sd_failed_sd_read_on_priv", "warning_password_policy_pso_missing",
                 "warning_sd_failed_sd_read", "warning_dump_error_rp", "warning_dump_error_vuln_rp"}
