"""diff.html in headless Chromium: what it says is what diff.json says, and it works by keyboard."""
import copy
import json
import os
import pathlib
import subprocess

from browser import AXE, PROGRAM, SAMPLE, BrowserCase, Keys, unittest

HOSTILE = "<img src=x onerror=\"window.seen.push('xss')\"></script><script>window.seen.push('xss')</script>"
RUN = """const done = arguments[0];
axe.run(document, {runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"], resultTypes: ["violations"]})
   .then(r => done(r.violations.map(v => v.id + ": " + v.nodes.slice(0, 3).map(n => n.html.slice(0, 160)).join(" | "))))
   .catch(e => done([String(e)]));"""


class Diff(BrowserCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        folder = pathlib.Path(cls.tmp)
        subprocess.run([PROGRAM, "audit", *SAMPLE, "--format", "json", "--quiet", "--output", folder / "old"], check=True)
        run = json.loads((folder / "old/results.json").read_text())
        whole = [c for c in run["controls"] if c["status"] == "fail" and not c["unknown"] and not c["reason"] and len(c["objects"]) > 3]
        cls.fixed, cls.added, cls.lost = whole[:3]
        cls.by_id = {c["id"]: c for c in run["controls"]}
        run["directory"]["evaluated_at"] = "2027-01-20T00:00:00Z"
        cls.kept = copy.deepcopy(cls.fixed["objects"]), copy.deepcopy(cls.lost["objects"])
        cls.fixed.update(objects=[], count=0, waived=0, failed_level=None, status="pass")
        new = copy.deepcopy(cls.added["objects"][0])
        new.update(name=HOSTILE, dn=f"CN={HOSTILE},DC=x", guid="0f0e0d0c-0b0a-0908-0706-0123456789ab", sid=None, waived=False)
        cls.added["objects"].append(new)
        cls.added["count"] += 1
        cls.lost.update(objects=[], count=0, waived=0, failed_level=None, status="unknown", unknown=1, reason="not_read_whole")
        (folder / "new.json").write_text(json.dumps(run))
        subprocess.run([PROGRAM, "diff", folder / "old", folder / "new.json", "--output", folder / "out", "--lang", "fr", "--quiet"], check=True)
        cls.page = folder / "out/diff.html"
        cls.result = json.loads((folder / "out/diff.json").read_text())

    def load(self, path, view=None):
        self.driver.get("about:blank")
        self.driver.get(path.as_uri() + (f"#{view}" if view else ""))
        self.wait(lambda: self.js("return document.documentElement.dataset.ready === '1'"))

    def test_figures_are_those_of_the_json(self):
        self.load(self.page)
        words = self.one("#view-resume").text
        for n in ("new", "fixed", "lost"):
            self.assertIn(str(self.result["totals"]["findings"][n]), words)
        self.assertIn("Points qui ne sont plus évalués (ce n’est pas un progrès)", words)
        self.assertIn("Points corrigés", words)
        changed = [c for c in self.result["controls"] if c["change"] != "none" or c["new"] or c["back"] or c["fixed"] or c["lost"]]
        self.view("points")
        self.assertEqual(len(self.all("ul.controls > li")), len(changed))
        self.one('[data-lang="en"]').click()
        self.view("resume")
        self.assertIn("Controls that are no longer assessed (this is no progress)", self.one("#view-resume").text)

    def test_a_control_opens_to_its_findings(self):
        self.load(self.page, f"points/{self.added['id']}")
        rows = self.wait(lambda: self.all("li.open .grid tbody tr[data-position]"))
        self.assertEqual(len(rows), 1)
        self.assertIn(HOSTILE, rows[0].text)  # text, and nothing of it ran (tearDown)
        self.load(self.page, "points")
        self.one(f"#c-{self.fixed['id']} .opener").send_keys(Keys.ENTER)
        self.wait(lambda: self.all(f"#c-{self.fixed['id']} .grid tbody tr[data-position]"))
        self.assertIn("Corrigé", self.one(f"#c-{self.fixed['id']} .grid").text)
        names = self.texts(f"#c-{self.fixed['id']} .grid tbody tr[data-position] td:nth-child(2)")
        self.assertIn(self.kept[0][0]["name"] or "", names)

    def test_search_and_filter(self):
        self.load(self.page, "points")
        shown = "return [...document.querySelectorAll('ul.controls > li')].filter(e => !e.hidden).map(e => e.id)"
        self.one(".filters input").send_keys(self.lost["id"])
        self.assertEqual(self.js(shown), [f"c-{self.lost['id']}"])
        self.one(".filters input").clear()
        self.one(".filters input").send_keys(" ")
        self.js("const s = document.querySelector('.filters select'); s.value = 'better'; s.dispatchEvent(new Event('change'))")
        self.assertEqual(self.js(shown), [f"c-{c['id']}" for c in self.result["controls"] if c["change"] == "better"])

    def test_axe_finds_nothing(self):
        self.load(self.page)
        self.js(AXE)
        for theme in ("light", "dark"):
            self.js("Page.setTheme(arguments[0])", theme)
            for name in ("resume", "points", "indicateurs"):
                self.view(name)
                self.assertEqual(self.driver.execute_async_script(RUN), [], f"{theme} {name}")
        self.load(self.page, f"points/{self.fixed['id']}")
        self.wait(lambda: self.all("li.open .grid tbody tr[data-position]"))
        self.js(AXE)
        self.assertEqual(self.driver.execute_async_script(RUN), [], "open")

    def test_it_prints(self):
        self.load(self.page)
        out = os.path.join(self.tmp, "page.pdf")
        with open(out, "wb") as f:
            f.write(self.pdf())
        words = subprocess.run(["pdftotext", out, "-"], capture_output=True, text=True, check=True).stdout
        self.assertIn("Évolution de l’annuaire Active Directory", words)
        self.assertIn("ce n’est pas un progrès", words)


if __name__ == "__main__":
    unittest.main()
