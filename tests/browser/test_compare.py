"""compare.html in headless Chromium: its views in both languages, its filters, axe-core in light and dark, hostile names
of facilities, two hundred of them."""
import json
import pathlib
import subprocess
import sys

from browser import AXE, PROGRAM, ROOT, BrowserCase, unittest

sys.path.insert(0, str(ROOT / "tests/cli"))
from facilities import Facility  # noqa: E402

from test_access import COLOURS, RULES, RUN  # noqa: E402

HOSTILE = '</script><img src=x onerror=seen.push("x")> "CH" & Cie'


def runs(folder):
    """Six facilities, one of them twice, with trusts; the first has a hostile name."""
    made = [Facility(i + 1, 30 + 9 * i, "2026-11-15", dormant=20 if i == 5 else 3) for i in range(6)]
    made[0].trusts.append((made[1], 3, 8))
    made[1].trusts.append((made[0], 3, 8 | 0x40))
    made[1].foreign = [made[0].sid + "-1000"]
    paths = []
    for i, f in enumerate(made):
        (folder / f"{i}.ldif").write_text(f.ldif(), "utf-8")
        (folder / f"{i}.yaml").write_text(json.dumps(f.policy(name=HOSTILE if not i else None)), "utf-8")
        for at in ["2026-11-15"] + (["2026-06-01"] if i == 1 else []):
            out = folder / f"{i}-{at}"
            subprocess.run([PROGRAM, "audit", "--ldif", folder / f"{i}.ldif", "--policy", folder / f"{i}.yaml", "--at", at,
                            "--format", "json", "--quiet", "--output", out], check=True)
            paths.append(out)
    return paths


def compare(folder, name, paths):
    out = folder / name
    subprocess.run([PROGRAM, "compare", *paths, "--lang", "fr", "--output", out, "--quiet"], check=True)
    return out / "compare.html"


class Compare(BrowserCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.folder = pathlib.Path(cls.tmp)
        cls.paths = runs(cls.folder)
        cls.page = compare(cls.folder, "six", cls.paths)

    def load(self, path, view=None):
        self.driver.get("about:blank")
        self.driver.get(path.as_uri())
        self.wait(lambda: self.js("return document.documentElement.dataset.ready === '1'"))

    def views(self):
        return self.js("return [...document.querySelectorAll('.nav a')].map(a => a.dataset.view)")

    def test_views(self):
        self.load(self.page)
        self.assertEqual(self.views(), ["summary", "map", "plan", "indicators", "outliers", "evolution", "trusts", "method"])
        for lang, words in (("fr", "Non conforme"), ("en", "Not compliant")):
            self.js("Page.setLang(arguments[0])", int(lang == "en"))
            for name in self.views():
                self.view(name)
                text = self.js("return document.getElementById('view-' + arguments[0]).textContent", name)
                self.assertGreater(len(text), 40, name)
                self.assertNotIn("undefined", text)
                if name == "map":
                    self.assertIn(words, text)
                    self.assertIn(HOSTILE, text)
        self.assertEqual(self.js("return document.querySelectorAll('#app img').length"), 0)

    def test_filters(self):
        self.load(self.page)
        self.view("map")
        rows = "return document.querySelectorAll('#view-map tbody tr').length"
        everything = self.js(rows)
        self.assertGreater(everything, 200)
        self.js("const i = document.querySelector('#view-map input'); i.value = 'krbtgt'; i.dispatchEvent(new Event('input'))")
        self.assertTrue(0 < self.js(rows) < 10)
        self.js("const i = document.querySelector('#view-map input'); i.value = ''; i.dispatchEvent(new Event('input'));"
                "const s = document.querySelector('#view-map select'); s.value = '1'; s.dispatchEvent(new Event('change'))")
        self.assertTrue(0 < self.js(rows) < everything)
        self.assertEqual(self.js("return [...new Set([...document.querySelectorAll('#view-map tbody .level')].map(e => e.textContent))]"), ["1"])
        self.view("indicators")
        first = self.js("return document.querySelector('#view-indicators tbody').textContent")
        self.js("const s = document.querySelectorAll('#view-indicators select')[1]; s.value = '0'; s.dispatchEvent(new Event('change'))")
        self.assertNotEqual(first, self.js("return document.querySelector('#view-indicators tbody').textContent"))

    def test_axe(self):
        self.load(self.page)
        self.js(AXE)
        for theme, rules in (("light", RULES), ("dark", COLOURS)):
            self.js("Page.setTheme(arguments[0])", theme)
            for name in self.views():
                self.view(name)
                self.assertEqual(self.driver.execute_async_script(RUN, rules), [], f"{theme} {name}")

    def test_two_hundred(self):
        run = json.loads((self.paths[0] / "results.json").read_text("utf-8"))
        paths = []
        for n in range(200):
            run["facility"] = {"name": f"Hôpital {n:03d}", "finess": None, "ght": None}
            run["directory"]["domains"][0]["sid"] = f"S-1-5-21-{n}-1-1"
            paths.append(self.folder / f"h{n}.json")
            paths[-1].write_text(json.dumps(run), "utf-8")
        self.load(compare(self.folder, "many", paths))
        self.view("map")
        self.assertEqual(self.js("return document.querySelectorAll('#view-map thead th').length"), 203)


if __name__ == "__main__":
    unittest.main()
