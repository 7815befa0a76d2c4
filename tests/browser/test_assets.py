"""What a page is made of, read as text: no browser needed."""
import base64
import hashlib
import json
import pathlib
import re
import shutil
import subprocess
import tempfile
import unittest

from browser import MADE_PAGE, ROOT

ASSETS = ROOT / "reports/assets"


class Assets(unittest.TestCase):
    def test_nothing_ends_its_element(self):
        for asset in ASSETS.iterdir():
            raw = asset.read_bytes()
            self.assertNotIn(b"\r", raw, asset.name)
            if asset.suffix in (".js", ".css"):
                self.assertNotRegex(raw.decode("utf-8"), r"(?i)</(script|style)|<!--|url\((?!#)|@import|https?://(?!www\.w3\.org/2000/svg)", asset.name)

    def test_no_markup_is_ever_assigned(self):
        for asset in ASSETS.glob("*.js"):
            self.assertNotRegex(asset.read_text("utf-8"),
                                r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\b|new Function|DOMParser|fetch\(|XMLHttpRequest|\bimport\(",
                                asset.name)

    def test_every_text_asked_for_exists_in_both_languages(self):
        """Names in quotes behind text( and textN(, and those that begin with html_."""
        rows = "".join(p.read_text("utf-8") for p in (ROOT / "reports").glob("texts*.def"))
        known = set(re.findall(r"^TEXT\((\w+),", rows, re.M))
        page = set(re.findall(r"PAGE_TEXT\((\w+)\)", (ROOT / "reports/html_audit_texts.def").read_text("utf-8")))
        shell = set(re.findall(r"\bTEXT_(\w+),", (ROOT / "reports/html_shell.c").read_text("utf-8")))
        self.assertLessEqual(page | shell, known)
        for asset in ("shell.js", "table.js", "graph.js", "objects.js", "audit.js", "audit_controls.js", "audit_views.js"):
            source = (ASSETS / asset).read_text("utf-8")
            asked = set(re.findall(r'\btextN?\("(\w+)"', source)) | set(re.findall(r'"(html_\w+)"', source))
            self.assertLessEqual(asked, page | shell, asset)
            for start in re.findall(r"\btextN?\(`(\w+)\$\{", source):
                self.assertTrue(any(name.startswith(start) for name in page | shell), f"{asset}: {start}")


class Written(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.tmp = pathlib.Path(tempfile.mkdtemp(prefix="adhygiene-assets-"))
        cls.addClassCleanup(shutil.rmtree, cls.tmp, True)
        subprocess.run([MADE_PAGE, cls.tmp / "page.html", "hostile", "fr"], check=True)
        cls.html = (cls.tmp / "page.html").read_bytes().decode("utf-8")

    def test_policy_names_what_is_inside(self):
        policy = re.search(r'Content-Security-Policy" content="([^"]+)"', self.html)[1]
        for element in ("style", "script"):
            inside = re.findall(rf"<{element}>(.*?)</{element}>", self.html, re.S)
            digests = ["'sha256-" + base64.b64encode(hashlib.sha256(i.encode()).digest()).decode() + "'" for i in inside]
            named = re.search(rf"{element}-src ([^;]+)", policy)[1].split()
            self.assertEqual(named, digests)
        self.assertGreater(len(inside), 5)

    def test_data_is_json_without_markup(self):
        blocks = re.findall(r'<script type="application/json" id="([\w-]+)">(.*?)</script>', self.html, re.S)
        self.assertEqual([name for name, _ in blocks], ["data", *(f"part-{i}" for i in range(len(blocks) - 1))])
        for name, block in blocks:
            self.assertNotRegex(block, "[<>&\u2028\u2029]", name)
            json.loads(block)
        # Every element of the file is one of ours: nothing of the data stands outside the blocks.
        rest = re.sub(r"<(script|style)[^>]*>.*?</\1>", "", self.html, flags=re.S)
        self.assertNotIn("pwned", rest)

    def test_what_the_first_block_promises_is_there(self):
        blocks = dict(re.findall(r'<script type="application/json" id="([\w-]+)">(.*?)</script>', self.html, re.S))
        data = json.loads(blocks["data"])
        lists = [(c["part"], c["objects"]) for c in data["controls"]] + [(data["deadlines"]["part"], data["deadlines"]["count"])]
        lists += [(e[k]["part"], e[k]["count"]) for e in data["evolution"]["controls"] for k in ("fixed", "lost")]
        taken = {data["coverage"]["part"], data["privileged"]["part"], *(t["part"] for t in data["tables"])}
        for part, count in lists:
            for i in range(-(-count // 2000)):
                self.assertNotIn(part + i, taken)
                taken.add(part + i)
        self.assertEqual(taken, set(range(len(blocks) - 1)))
        self.assertEqual(len(json.loads(blocks[f"part-{data['coverage']['part']}"])), data["coverage"]["count"])


if __name__ == "__main__":
    unittest.main()
