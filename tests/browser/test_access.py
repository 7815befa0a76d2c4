"""audit.html without a mouse, and for those who do not see it as we do: keyboard, axe-core in light and
dark, forced colours never needed."""
from browser import AXE, BrowserCase, Keys, beside_ads, made, sample, unittest

# WCAG 2.2 AA and what axe calls best practice; colours again in the other theme.
RULES = {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
COLOURS = {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}
RUN = """const done = arguments[1];
axe.run(document, {runOnly: arguments[0], resultTypes: ["violations"]})
   .then(r => done(r.violations.map(v => v.id + ": " + v.nodes.slice(0, 3).map(n => n.html.slice(0, 160) + " " + n.any.map(a => a.message).join(" ")).join(" | "))))
   .catch(e => done([String(e)]));"""


class Axe(BrowserCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.page, cls.hostile = sample(cls.tmp), made(cls.tmp, "hostile")

    def check(self, path, control, views=None):
        self.load(path)
        self.js(AXE)
        for theme, rules in (("light", RULES), ("dark", COLOURS)):
            self.js("Page.setTheme(arguments[0])", theme)
            self.assertEqual(self.js("return getComputedStyle(document.documentElement).colorScheme"), theme)
            for name in views or self.js("return [...document.querySelectorAll('.nav a')].map(a => a.dataset.view)"):
                self.view(name)
                self.wait(lambda: "Lecture des données" not in self.js("return document.getElementById('view-' + arguments[0]).textContent", name))
                self.assertEqual(self.driver.execute_async_script(RUN, rules), [], f"{theme} {name}")
            # A control alone in its list, open, with a detail and a path that is followed.
            self.js("Page.go('points', arguments[0])", control)
            self.wait(lambda: self.all("li.open .grid tbody tr[data-position]"))
            self.js("const i = document.querySelector('.filters input'); i.value = arguments[0]; i.dispatchEvent(new Event('input'))", control)
            self.js("document.querySelector('li.open .grid tbody tr[data-position]').click()")
            self.js("document.querySelectorAll('li.open .node').forEach(n => n.dispatchEvent(new MouseEvent('click', {bubbles: true})))")
            self.assertEqual(self.driver.execute_async_script(RUN, rules), [], f"{theme} open control")
            self.js("document.querySelector('li.open .opener').click(); document.getElementById('clear').click()")

    def test_sample(self):
        self.check(self.page, "vuln_permissions_adminsdholder")

    def test_beside_ads(self):
        self.check(beside_ads(self.tmp), "vuln_permissions_adminsdholder", ["ads"])

    def test_evolution_waivers_deadlines(self):
        self.check(self.hostile, "vuln_b_attacks", ["synthese", "evolution", "echeances", "derogations"])

    def test_the_machine_chooses_dark(self):
        self.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [{"name": "prefers-color-scheme", "value": "dark"}]})
        try:
            self.load(self.page)
            self.assertEqual(self.js("return getComputedStyle(document.documentElement).colorScheme"), "dark")
            self.js("Page.setTheme('light')")
            self.assertEqual(self.js("return getComputedStyle(document.documentElement).colorScheme"), "light")
        finally:
            self.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": []})


class Keyboard(BrowserCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.page = sample(cls.tmp)

    def ring(self):
        """The focus can be seen: an outline, or a stroke in a drawing."""
        return self.js("const s = getComputedStyle(document.activeElement); return s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) >= 2")

    def tab_to(self, condition, most=60):
        for _ in range(most):
            self.keys(Keys.TAB)
            if self.js(f"const e = document.activeElement; return Boolean({condition})"):
                return
        self.fail(f"not reached by Tab: {condition}")

    def test_skip_link_first(self):
        self.load(self.page)
        self.keys(Keys.TAB)
        self.assertEqual(self.focused(), "Aller au contenu")
        self.assertTrue(self.ring())
        self.keys(Keys.ENTER)
        self.assertEqual(self.focused("id"), "title-synthese")

    def test_everything_without_a_mouse(self):
        self.load(self.page)
        # To the controls by the navigation.
        self.tab_to("e.dataset.view === 'points'")
        self.assertTrue(self.ring())
        self.keys(Keys.ENTER)
        self.wait(lambda: self.focused("id") == "title-points")
        # A level, then the search.
        self.tab_to("e.type === 'search'")
        self.assertTrue(self.ring())
        self.keys("inutilises")
        self.tab_to("e.dataset.level === '1'")
        self.keys(Keys.SPACE)
        self.assertEqual(self.js("return document.activeElement.getAttribute('aria-pressed')"), "true")
        self.keys(Keys.SPACE)
        # Into the list: one stop, arrows inside it.
        self.tab_to("e.classList.contains('opener')")
        self.assertTrue(self.ring())
        first = self.js("return document.activeElement.dataset.id")
        self.keys(Keys.ARROW_DOWN)
        self.assertNotEqual(self.js("return document.activeElement.dataset.id"), first)
        self.keys(Keys.HOME)
        self.assertEqual(self.js("return document.activeElement.dataset.id"), first)
        self.keys(Keys.ENTER)
        self.wait(lambda: self.all("li.open .grid tbody tr[data-position]"))
        # Into its objects.
        self.tab_to("e.tagName === 'TR'")
        self.assertTrue(self.ring())
        self.keys(Keys.ARROW_DOWN, Keys.ARROW_DOWN)
        self.assertEqual(self.js("return document.activeElement.dataset.position"), "2")
        self.keys(Keys.END)
        last = int(self.js("return document.querySelector('li.open .grid table').getAttribute('aria-rowcount')")) - 2
        self.assertEqual(self.js("return document.activeElement.dataset.position"), str(last))
        self.assertTrue(self.js("const r = document.activeElement.getBoundingClientRect(), s = document.querySelector('li.open .grid-scroll').getBoundingClientRect();"
                                "return r.top >= s.top && r.bottom <= s.bottom + 2"))
        self.keys(Keys.PAGE_UP, Keys.HOME, Keys.ENTER)
        self.assertFalse(self.js("return document.querySelector('li.open .grid-detail').hidden"))
        self.assertEqual(self.js("return document.activeElement.getAttribute('aria-selected')"), "true")
        # Escape: the detail, then the control.
        self.keys(Keys.ESCAPE)
        self.assertTrue(self.js("return document.querySelector('li.open .grid-detail').hidden"))
        self.assertEqual(self.js("return document.activeElement.tagName"), "TR")
        self.keys(Keys.ESCAPE)
        self.assertEqual(self.all("li.open"), [])
        self.assertEqual(self.js("return document.activeElement.dataset.id"), first)

    def test_sort_by_keyboard(self):
        self.load(self.page, "points/vuln_privileged_members")
        self.wait(lambda: self.all("li.open .grid tbody tr[data-position]"))
        self.tab_to("e.closest('.grid thead')")
        self.keys(Keys.ENTER)
        self.assertEqual(self.js("return document.activeElement.closest('th').getAttribute('aria-sort')"), "ascending")
        self.keys(Keys.SPACE)
        self.assertEqual(self.js("return document.activeElement.closest('th').getAttribute('aria-sort')"), "descending")

    def test_path_by_keyboard(self):
        self.load(self.page, "chemins")
        self.wait(lambda: self.all("#view-chemins .node"))
        self.tab_to("e.classList.contains('node')")
        self.assertTrue(self.all("#view-chemins .node.here"))
        self.keys(Keys.ARROW_RIGHT)
        self.assertIn("chemin", self.one("#view-chemins .graph-words").text)
        self.keys(Keys.ESCAPE)
        self.assertFalse(self.all("#view-chemins .followed"))

    def test_language_and_theme_by_keyboard(self):
        self.load(self.page)
        self.tab_to("e.dataset.lang === 'en'")
        self.keys(Keys.ENTER)
        self.assertEqual(self.js("return document.documentElement.lang"), "en")
        self.assertEqual(self.js("return document.activeElement.dataset.lang"), "en")
        self.tab_to("e.id === 'theme'")
        self.keys(Keys.ARROW_DOWN, Keys.ARROW_DOWN)
        self.assertEqual(self.js("return document.documentElement.dataset.theme"), "dark")

    def test_no_trap(self):
        """Tab leaves every section at its end."""
        self.load(self.page, "couverture")
        self.wait(lambda: self.all("#view-couverture .grid"))
        seen = set()
        for _ in range(200):
            self.keys(Keys.TAB)
            if self.js("return document.activeElement === document.body"):
                break
            seen.add(self.js("return document.activeElement.closest('.grid') !== null"))
        else:
            self.fail("Tab never came to the end")
        self.assertEqual(seen, {True, False})


if __name__ == "__main__":
    unittest.main()
