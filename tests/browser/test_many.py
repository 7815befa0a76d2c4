"""audit.html with 100,000 findings: what stays in the document, what is found, that it is all there. How
fast it is bench/page measures."""
import re

from browser import BrowserCase, made, unittest

FINDINGS = 100000
BIG = "vuln_control_100"  # two fifths of them


class Many(BrowserCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.page = made(cls.tmp, "many", findings=FINDINGS)

    def open_big(self):
        self.load(self.page, f"points/{BIG}")
        self.wait(lambda: self.all("li.open .grid table"))

    def test_small_file_and_document(self):
        self.assertLess(self.page.stat().st_size, 200 * FINDINGS)
        self.open_big()
        self.assertEqual(self.one("li.open .grid table").get_attribute("aria-rowcount"), str(FINDINGS * 2 // 5 + 1))
        self.assertLess(self.js("return document.querySelectorAll('#app *').length"), 12000)

    def test_an_account_is_found_among_all(self):
        self.load(self.page, "points")
        for name in ("compte-000007", "compte-055555", "compte-099999"):
            self.js("const i = document.querySelector('.filters input'); i.value = arguments[0]; i.dispatchEvent(new Event('input'))", name)
            self.assertEqual(len(self.all("ul.controls > li:not([hidden])")), 1, name)

    def test_used_before_it_is_whole(self):
        """The scripts stand before the findings: the page can be used while they are still read."""
        html = self.page.read_text("utf-8")
        self.assertLess(html.index("Page.start({"), html.index('id="part-0"'))
        blocks = [len(b) for b in re.findall(r'id="part-\d+">([^<]*)<', html)]
        self.assertLess(max(blocks), 600000)

    def test_scrolls_from_end_to_end(self):
        self.open_big()
        rows = FINDINGS * 2 // 5
        for share in (0, .25, .5, .75, 1):
            self.js("const s = document.querySelector('li.open .grid-scroll'); s.scrollTop = (s.scrollHeight - s.clientHeight) * arguments[0]", share)
            self.wait(lambda: self.driver.execute_async_script("requestAnimationFrame(() => requestAnimationFrame(arguments[0].bind(null, true)))"))
            positions = self.js("return [...document.querySelectorAll('li.open tr[data-position]')].map(r => Number(r.dataset.position))")
            self.assertEqual(positions, list(range(positions[0], positions[0] + len(positions))))
            self.assertLess(len(positions), 60)
            self.assertTrue(positions[0] - 2 <= share * (rows - 13) <= positions[-1] + 2, (share, positions[0], positions[-1]))
        self.assertEqual(positions[-1], rows - 1)

    def test_sorted_and_searched(self):
        self.open_big()
        head = next(h for h in self.all("li.open .grid thead button") if h.text.startswith("Jours"))
        head.click()
        column = self.js("return [...document.querySelectorAll('li.open .grid thead button')].indexOf(arguments[0])", head)
        days = [int(d) for d in self.js("return [...document.querySelectorAll('li.open tr[data-position]')].map(r => r.cells[arguments[0]].textContent)", column)]
        self.assertEqual(days, sorted(days))
        self.assertEqual(days[0], 0)
        self.js("const i = document.querySelector('li.open .grid input'); i.value = 'pso-services'; i.dispatchEvent(new Event('input'))")
        # Every third of them, whatever the number of the first.
        found = int(self.one("li.open .grid table").get_attribute("aria-rowcount")) - 1
        self.assertAlmostEqual(found, FINDINGS * 2 // 15, delta=1)


if __name__ == "__main__":
    unittest.main()
