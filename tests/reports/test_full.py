"""Full disks: the temporary folder's and the target's. Each is a small tmpfs in a mount namespace
of its own, so that nothing of the machine is touched."""
import os
import shutil
import subprocess
import tempfile
import unittest

from made import MadeCase, write

# Mounts a tmpfs of size $1 on $2 and runs the rest there.
MOUNT = 'mount -t tmpfs -o size="$1" tmpfs "$2" && shift 2 && exec "$@"'


def namespace():
    """How to get a mount namespace: as root, or in a user namespace. None: not here."""
    for how in (["unshare", "-m"], ["unshare", "-r", "-m"]):
        with tempfile.TemporaryDirectory() as folder:
            probe = [*how, "sh", "-c", MOUNT, "sh", "64k", folder, "true"]
            if shutil.which("unshare") and subprocess.run(probe, check=False,
                                                          capture_output=True).returncode == 0:
                return how
    return None


class Full(MadeCase):
    def setUp(self):
        self.how = namespace()
        self.assertIsNotNone(
            self.how, "this test mounts a small tmpfs and may not: run it as root, or where "
            "unprivileged user namespaces are allowed")

    def write_with(self, size, mounted, folder, kind, only, env):
        prefix = [*self.how, "sh", "-c", MOUNT, "sh", size, mounted]
        return write(folder, kind, only=only, env=env, prefix=prefix)

    def test_full_temporary_folder(self):
        # Enough for nothing, for some parts, for all but the largest one.
        for kind, size in (("small", "4k"), ("small", "32k"), ("small", "64k"),
                           ("large", "64k"), ("large", "1m"), ("large", "3m")):
            with self.subTest(kind=kind, size=size), tempfile.TemporaryDirectory() as root:
                out, small = os.path.join(root, "out"), os.path.join(root, "small")
                os.mkdir(out)
                os.mkdir(small)
                done = self.write_with(size, small, out, kind, "xlsx", {"TMPDIR": small})
                self.assertEqual(done.returncode, 5, done.stderr)
                self.assertIn(small, done.stderr)
                self.assertIn("TMPDIR", done.stderr)
                self.assertEqual(os.listdir(out), [])

    def test_enough_room(self):
        """The same way of running, with room: what fails above is the size."""
        for kind in ("small", "large"):
            with tempfile.TemporaryDirectory() as root:
                out, roomy = os.path.join(root, "out"), os.path.join(root, "roomy")
                os.mkdir(out)
                os.mkdir(roomy)
                done = self.write_with("64m", roomy, out, kind, "xlsx", {"TMPDIR": roomy})
                self.assertEqual(done.returncode, 0, done.stderr)
                self.assertEqual(sorted(os.listdir(out)), ["audit.xlsx", "summary.txt"])

    def test_full_target(self):
        for only, size in (("xlsx", "4k"), ("xlsx", "16k"), ("json", "4k"), ("json", "16k")):
            with self.subTest(only=only, size=size), tempfile.TemporaryDirectory() as out:
                done = self.write_with(size, out, out, "small", only, {})
                self.assertEqual(done.returncode, 5, done.stderr)
                self.assertIn(out, done.stderr)
                self.assertRegex(done.stderr, "[Ff]ree some space")


if __name__ == "__main__":
    unittest.main()
