"""audit.html of the sample: filters, search, controls, paths, languages, paper; and of a run whose every
text is an attack."""
import json
import pathlib
import re
import subprocess

from browser import BrowserCase, By, Keys, audit, beside_ads, made, sample, sample_again, unittest

# The attacks of made_page.c, in its order.
ATTACKS = [
    "<script>window.pwned=1</script>", '"><img src=x onerror=window.pwned=2>', "</script><script>window.pwned=3</script>",
    "<!--<script>", "]]></script><svg/onload=window.pwned=4>", "javascript:window.pwned=5",
    "' onfocus='window.pwned=6' autofocus='", "{{constructor.constructor('window.pwned=7')()}}", "${window.pwned=8}",
    "\\u003cscript\\u003ewindow.pwned=9\\u003c/script\\u003e", "&lt;img src=x onerror=window.pwned=10&gt;",
    "a\u2028b\u2029window.pwned=11", "__proto__", "constructor", "<style>*{display:none}</style>",
    "<base href=//evil.example/>", "admin\u202egnp.exe", '"};window.pwned=12;//',
    '<iframe srcdoc="<script>parent.pwned=13</script>">', "%1 %2 <b>bold</b>", "name, with \\ comma", "😀 zoé ‘’‛ `",
]
SHOWN = "ul.controls > li:not([hidden])"


class Sample(BrowserCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.page = sample(cls.tmp)
        cls.results = json.loads((audit(cls.tmp, "json", formats="json") / "results.json").read_text("utf-8"))

    def controls(self, **want):
        return [c for c in self.results["controls"] if all(c[k] == v for k, v in want.items())]

    def shown_ids(self):
        return set(self.js("return [...document.querySelectorAll(arguments[0])].map(e => e.querySelector('.opener').dataset.id)", SHOWN))

    def choose(self, label, value):
        self.js("""const l = [...document.querySelectorAll('.filters label')].find(l => l.firstChild.textContent === arguments[0]);
            const s = l.querySelector('select'); s.value = arguments[1]; s.dispatchEvent(new Event('change'));""", label, value)

    def type_search(self, words):
        box = self.one('.filters input[type="search"]')
        box.clear()
        box.send_keys(words)

    def test_summary_says_what_results_say(self):
        self.load(self.page)
        self.assertEqual(self.texts(".figure strong"), [str(self.results["level"])])
        blocking = {c["id"] for c in self.controls(failed_level=1) if c["id"].startswith("vuln_") and c["status"] in ("fail", "waived")}
        self.assertEqual(len(self.all("#view-synthese .steps > li")), len(blocking))
        links = self.js("return [...document.querySelectorAll('#view-synthese .steps a')].map(a => decodeURIComponent(a.hash.split('/')[1]))")
        self.assertEqual(set(links), blocking)
        numbers = [int(re.sub(r"\D", "", t)) for t in self.texts("#view-synthese .legend .number")]
        self.assertEqual(sum(numbers), len(self.results["controls"]))
        self.assertEqual(numbers[0], len(self.controls(status="fail")))
        self.assertIn("CH des Trois-Rivières", self.one(".subject").text)
        self.assertIn("Niveau 1 sur 5", self.one(".hero").text)

    def test_beside_ads(self):
        page = beside_ads(self.tmp)
        ads = json.loads((page.parent / "results.json").read_text("utf-8"))["ads"]
        self.load(page, "ads")
        self.assertEqual(self.texts("#view-ads strong")[0], "1\u00a0point non conforme selon ADS est sans constat ici\u00a0: à vérifier en premier.")
        self.assertEqual(self.texts('.nav a[data-view="ads"] .count'), ["4"])
        self.assertEqual(self.texts("#view-ads code"), [p["id"] for p in ads["points"]])
        first = self.texts("#view-ads tbody tr:first-child > *")
        self.assertEqual([first[0], first[2], first[3]], ["Non conforme selon ADS seulement", "Non conforme 11 objet", "Conforme"])
        self.assertIn("antérieur de 38 jour(s)", first[4])
        self.js("[...document.querySelectorAll('.tools button')].find(b => b.textContent === 'EN').click()")
        self.assertIn("Not compliant for ADS only", self.one("#view-ads").text)
        self.one("#view-ads tbody a").click()
        self.wait(lambda: self.one("#view-points").is_displayed())
        self.load(self.page)
        self.assertEqual(self.all('.nav a[data-view="ads"]'), [])

    def test_every_number_of_the_families(self):
        self.load(self.page, "indicateurs")
        for family, numbers in self.results["indicators"].items():
            cells = self.js("return [...document.getElementById('family-' + arguments[0]).parentNode.querySelector('table').tBodies[0].rows]"
                            ".map(r => r.cells[1].textContent)", family)
            shown = [re.sub(r"[^\d—ON]", "", c)[:8] for c in cells]
            want = [str(v) if v is not None else "—" for v in numbers.values()]
            yes_no = {"domain_complexity", "complete"}
            want = [("O" if v == "1" else "N") if k in yes_no and v != "—" else v for k, v in zip(numbers, want)]
            self.assertEqual(shown, want, family)

    def test_tier_matrix(self):
        self.load(self.page, "indicateurs")
        table = next(t for t in self.results["tables"] if t["name"] == "matrix")
        rows = self.wait(lambda: self.js("""const t = [...document.querySelectorAll('#view-indicateurs table')].find(t => t.caption && t.caption.textContent.startsWith('Qui contrôle quoi'));
            return t && [...t.tBodies[0].rows].map(r => [...r.cells].slice(1).map(c => c.textContent))"""))
        self.assertEqual(rows, [["—" if v is None else str(v) for v in row[1:]] for row in table["rows"]])

    def test_filters(self):
        self.load(self.page, "points")
        everything = {c["id"] for c in self.results["controls"]}
        self.assertEqual(self.shown_ids(), everything)
        self.one('[data-level="2"]').click()
        self.assertEqual(self.one('[data-level="2"]').get_attribute("aria-pressed"), "true")
        second = {c["id"] for c in self.results["controls"] if (c["failed_level"] or c["levels"][0]) == 2}
        self.assertEqual(self.shown_ids(), second)
        self.one('[data-level="3"]').click()
        both = {c["id"] for c in self.results["controls"] if (c["failed_level"] or c["levels"][0]) in (2, 3)}
        self.assertEqual(self.shown_ids(), both)
        self.choose("État", "unknown")
        self.assertEqual(self.shown_ids(), {c["id"] for c in self.controls(status="unknown")} & both)
        self.one("#clear").click()
        self.assertEqual(self.shown_ids(), everything)
        self.choose("Thème", "dns")
        self.assertEqual(self.shown_ids(), {c["id"] for c in self.controls(area="dns")})
        self.one("#clear").click()
        self.choose("Famille", "4")
        shown = self.shown_ids()
        self.assertTrue(0 < len(shown) < len(everything))
        self.assertIn("hyg_mfa_privileged" if "hyg_mfa_privileged" in everything else next(iter(shown)), shown)
        self.assertIn(f"{len(shown)} sur 241", self.one("#view-points").text)

    def test_search(self):
        self.load(self.page, "points")
        self.type_search("krbtgt")
        shown = self.shown_ids()
        self.assertIn("vuln_krbtgt", shown)
        self.assertNotIn("vuln_guest", shown)
        # Case and accents do not matter; every word must be found.
        self.type_search("PREAUTHENTIFICATION privilegies")
        self.assertIn("vuln_kerberos_properties_preauth_priv", self.shown_ids())
        # An account that only findings name.
        self.type_search("svc-impression")
        want = {c["id"] for c in self.results["controls"] if "svc-impression" in json.dumps(c["objects"])}
        self.assertEqual(self.shown_ids(), want)
        self.assertTrue(self.one(f"{SHOWN} .name > .small:last-child").is_displayed())
        self.type_search("nothing is called like this")
        self.assertEqual(self.shown_ids(), set())
        self.assertIn("Rien ne correspond", self.one("#view-points").text)

    def test_a_control_opens(self):
        self.load(self.page, "points")
        wanted = next(c for c in self.results["controls"] if c["id"] == "vuln_user_accounts_dormant")
        button = self.one('[data-id="vuln_user_accounts_dormant"]')
        self.js("arguments[0].scrollIntoView({block: 'center'})", button)
        button.click()
        item = button.find_element(By.XPATH, "./ancestor::li")
        table = self.wait(lambda: item.find_elements(By.CSS_SELECTOR, ".grid table"))[0]
        self.assertEqual(button.get_attribute("aria-expanded"), "true")
        self.assertEqual(table.get_attribute("aria-rowcount"), str(len(wanted["objects"]) + 1))
        for word in ("Pourquoi", "Correction", "Comment c’est mesuré", "vuln_user_accounts_dormant", "Références"):
            self.assertIn(word, item.text)
        # Only what is in sight is in the document.
        self.assertLess(len(item.find_elements(By.CSS_SELECTOR, "tbody tr")), 60)
        # Sorted by name, both ways, against Python's own sorting.
        names = sorted(o["name"].lower() for o in wanted["objects"])
        head = table.find_element(By.CSS_SELECTOR, "thead button")
        head.click()
        first = "#view-points li.open tbody tr[data-position='0'] td"
        self.assertEqual(self.texts(first)[0].lower(), names[0])
        self.assertEqual(table.find_element(By.CSS_SELECTOR, "th").get_attribute("aria-sort"), "ascending")
        head.click()
        self.assertEqual(self.texts(first)[0].lower(), names[-1])
        # Searched, then opened: every evidence is there.
        target = wanted["objects"][300]
        item.find_element(By.CSS_SELECTOR, ".grid input").send_keys(target["dn"].split(",")[0][3:] if not target["name"] else target["name"])
        count = int(table.get_attribute("aria-rowcount")) - 1
        self.assertEqual(count, sum(target["name"].lower() in json.dumps([o["name"], o["dn"], o["sid"], o["evidence"]]).lower()
                                    for o in wanted["objects"]))
        row = next(r for r in item.find_elements(By.CSS_SELECTOR, "tbody tr[data-position]") if r.text.startswith(target["name"]))
        row.click()
        detail = item.find_element(By.CSS_SELECTOR, ".grid-detail")
        for value in (target["dn"], target["sid"], target["guid"]):
            self.assertIn(value, detail.text)
        # Closed again.
        button.send_keys(Keys.ESCAPE)
        self.assertEqual(button.get_attribute("aria-expanded"), "false")

    def test_objects_are_those_of_results(self):
        """Every object of every control, unpacked again from the page, against results.json."""
        self.load(self.page)
        rows = self.driver.execute_async_script("""const done = arguments[0];
            (async () => { const out = {};
            for (const c of Controls.all) out[c.id] = (await Objects.read(c.part, c.objects)).map(r =>
                [Objects.dnOf(r), r.sid, r.guid, r.domain, r.name, r.kind, r.level, r.waived, r.evidence]);
            done(out); })();""")
        self.assertEqual(set(rows), {c["id"] for c in self.results["controls"]})
        for c in self.results["controls"]:
            want = [[o["dn"], o["sid"] or "", o["guid"] or "", o["domain"] or "", o["name"] or "", o["kind"], o["level"], o["waived"],
                     [[k, v if isinstance(v, list) else [v]] for k, v in o["evidence"].items()]] for o in c["objects"]]
            self.assertEqual(rows[c["id"]], want, c["id"])

    def test_a_path_is_followed(self):
        self.load(self.page, "chemins")
        self.wait(lambda: self.all("#view-chemins .node"))
        names = self.texts("#view-chemins .node title")
        self.assertTrue(any(n.startswith("svc-dpi —") for n in names), names)
        paths = {p for c in self.results["controls"] for o in c["objects"] for p in (lambda v: v if isinstance(v, list) else [v])(o["evidence"].get("path", []))}
        ends = {p.split(" > ")[-1] for p in paths if " > " in p}
        drawn = {n.rsplit(" — ", 1)[0] for n in names if "Cible" in n.rsplit(" — ", 1)[1]}
        self.assertEqual(drawn, ends)
        # By mouse.
        node = next(n for n in self.all("#view-chemins .node") if n.find_element(By.CSS_SELECTOR, "title").get_attribute("textContent").startswith("svc-dpi —"))
        self.js("arguments[0].scrollIntoView({block: 'center'}); arguments[0].dispatchEvent(new MouseEvent('click', {bubbles: true}))", node)
        words = self.one("#view-chemins .graph-words").text
        self.assertIn("svc-dpi → peut répliquer les secrets de → ch-troisrivieres", words)
        self.assertTrue(self.all("#view-chemins .edge.on"))
        self.assertTrue(self.all("#view-chemins .node:not(.on)"))
        # By keyboard: to the right until the end of the way.
        self.assertIn("svc-dpi", self.js("return document.activeElement.querySelector('title').textContent"))
        for _ in range(6):
            before = self.js("return document.activeElement.querySelector('title').textContent")
            self.keys(Keys.ARROW_RIGHT)
            if self.js("return document.activeElement.querySelector('title').textContent") == before:
                break
        self.assertIn("Cible", before)
        self.keys(Keys.ARROW_LEFT)
        self.assertNotEqual(self.js("return document.activeElement.querySelector('title').textContent"), before)
        self.keys(Keys.ESCAPE)
        self.assertFalse(self.all("#view-chemins .followed"))
        # One start only.
        self.js("const s = document.getElementById('path-from'); s.selectedIndex = [...s.options].findIndex(o => o.text.startsWith('svc-impression'));"
                "s.dispatchEvent(new Event('change'))")
        self.assertEqual({n.rsplit(" — ", 1)[0] for n in self.texts("#view-chemins .node title") if "Départ" in n}, {"svc-impression"})

    def test_language(self):
        self.load(self.page, "points")
        self.one('[data-id="vuln_dont_expire_priv"]').click()
        self.one('[data-lang="en"]').click()
        self.assertEqual(self.js("return document.documentElement.lang"), "en")
        self.assertIn("Active Directory security", self.one("h1").text)
        self.assertEqual(self.focused("lang"), "en")
        item = self.one('[data-id="vuln_dont_expire_priv"]').find_element(By.XPATH, "./ancestor::li")
        self.wait(lambda: item.find_elements(By.CSS_SELECTOR, ".grid table"))
        self.assertIn("How it is measured", item.text)
        self.assertIn("Not compliant", item.text)
        french = re.compile(r"\b(Niveau|Conforme|Synthèse|Échéance|Objets|Correction|Pourquoi|État|Thème|Rechercher)\b")
        for name in self.js("return [...document.querySelectorAll('.nav a')].map(a => a.dataset.view)"):
            self.view(name)
            words = self.js("""const copy = document.getElementById('app').cloneNode(true);
                copy.querySelectorAll('bdi, [lang=fr]').forEach(e => e.remove()); return copy.textContent""")
            self.assertIsNone(french.search(words), f"{name}: {french.search(words)}")
        self.one('[data-lang="fr"]').click()
        self.assertIn("Sécurité de l’annuaire", self.one("h1").text)

    def test_english_first(self):
        self.load(sample(self.tmp, "en"))
        self.assertEqual(self.js("return document.documentElement.lang"), "en")
        self.assertIn("Level 1 of 5", self.one(".hero").text)
        self.assertIn("Active Directory security", self.driver.title)

    def test_links_lead_to_controls(self):
        self.load(self.page)
        link = self.one("#view-synthese .steps a")
        control = self.js("return decodeURIComponent(arguments[0].hash.split('/')[1])", link)
        link.click()
        self.wait(lambda: self.one(f'[data-id="{control}"]').is_displayed())
        self.assertEqual(self.one(f'[data-id="{control}"]').get_attribute("aria-expanded"), "true")
        self.assertEqual(self.js("return document.activeElement.dataset.id"), control)
        self.driver.back()
        self.wait(lambda: self.one("#view-synthese").is_displayed())

    def test_paper(self):
        self.load(self.page, "points/vuln_dont_expire_priv")
        self.wait(lambda: self.all("li.open .grid tbody td"))
        path = pathlib.Path(self.tmp) / "page.pdf"
        path.write_bytes(self.pdf())
        text = subprocess.run(["pdftotext", "-layout", path, "-"], check=True, capture_output=True, text=True).stdout
        info = subprocess.run(["pdfinfo", path], check=True, capture_output=True, text=True).stdout
        self.assertRegex(info, r"Page size:\s+59[45]\.\d+ x 84[12]\.\d+ pts \(A4\)")
        pages = text.split("\f")[:-1]
        self.assertGreater(len(pages), 5)
        self.assertEqual([], [i for i, p in enumerate(pages) if "CH des Trois-Rivières — ch-troisrivieres.example" not in p], "head on every sheet")
        self.assertIn(f"{len(pages)} / {len(pages)}", pages[-1])
        opened = next(c for c in self.results["controls"] if c["id"] == "vuln_dont_expire_priv")
        for wanted in ["Ce qui sépare du niveau 2", "Comment c’est mesuré", "Couverture", *(o["name"] for o in opened["objects"])]:
            self.assertIn(wanted, text)
        self.assertNotIn("Effacer les filtres", text)

    def test_two_months_later(self):
        """What the page says of a second audit is what results.json of both say."""
        page = sample_again(self.tmp)
        self.load(page, "evolution")
        now = json.loads((page.parent / "results.json").read_text("utf-8"))["controls"]
        before = json.loads((pathlib.Path(self.tmp) / "before/results.json").read_text("utf-8"))
        old = {c["id"]: c["status"] for c in before["controls"]}
        worse = {c["id"] for c in now if c["status"] == "fail" and old[c["id"]] != "fail"}
        lost = {c["id"] for c in now if c["status"] == "unknown" and old[c["id"]] != "unknown"}
        e = self.js("return Page.data.evolution.controls.map(c => [c.control === null ? c.before.id : Controls.all[c.control].id, c.change, c.added, c.remaining, c.fixed.count, c.lost.count])")
        self.assertEqual({i for i, change, *_ in e if change == "worse"}, worse)
        self.assertEqual({i for i, change, *_ in e if change == "lost"}, lost)
        by_id = {c["id"]: c for c in now}
        for i, change, added, remaining, *_ in e:
            if change == "none" and by_id[i]["status"] == "fail":
                self.assertEqual(added + remaining, len(by_id[i]["objects"]), i)
        self.assertGreater(len(worse), 0)
        # The same policy and catalogue: everything compares, what the policy changes too.
        self.assertEqual([i for i, change, *_ in e if change == "incomparable"], [])
        self.view("points")
        self.choose("Depuis le dernier audit", "worse")
        self.assertEqual(self.shown_ids(), worse)

    def test_no_network_and_nothing_inline(self):
        html = self.page.read_text("utf-8")
        self.assertEqual(re.findall(r"<(?:link|img|iframe|object|embed|base)\b", html), [])
        self.assertEqual(re.findall(r"<[a-z][^>]*\s(?:on\w+|style|src|href)=", html.split("<script")[0]), [])
        policy = re.search(r'Content-Security-Policy" content="([^"]+)"', html)[1]
        self.assertTrue(policy.startswith("default-src 'none'; style-src 'sha256-"), policy)
        self.assertNotIn("unsafe", policy)
        self.assertNotIn("http", policy)
        self.load(self.page)
        self.assertEqual(self.js("return performance.getEntriesByType('resource').length"), 0)

    def test_same_bytes(self):
        other = pathlib.Path(self.tmp) / "again"
        from browser import PROGRAM, SAMPLE
        subprocess.run([PROGRAM, "audit", *SAMPLE, "--at", "2026-11-21", "--format", "html", "--lang", "fr", "--quiet", "--output", other],
                       check=True, env={"LC_ALL": "C", "TZ": "Asia/Tokyo", "PATH": "/usr/bin:/bin"})
        self.assertEqual((other / "audit.html").read_bytes(), self.page.read_bytes())


class Hostile(BrowserCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.page = made(cls.tmp, "hostile")

    def tearDown(self):
        self.assertIsNone(self.js("return window.pwned"))
        self.assertEqual(self.all("#app img, #app iframe, #app base, #app script, #app style, #app object, #app [onerror], #app [onload], #app [onfocus]"), [])
        super().tearDown()

    def test_every_view_in_both_languages(self):
        self.load(self.page)
        for lang in ("fr", "en"):
            self.one(f'[data-lang="{lang}"]').click()
            for name in self.js("return [...document.querySelectorAll('.nav a')].map(a => a.dataset.view)"):
                self.view(name)
                self.wait(lambda: "Lecture des données" not in self.one(f"#view-{name}").text)
        self.assertEqual(self.js("return [...document.scripts].filter(s => !s.type).map(s => s.textContent.length > 100)"), [True] * 8)
        self.assertIn(ATTACKS[2], self.driver.title)

    def test_names_are_shown_verbatim(self):
        self.load(self.page, "points/vuln_b_attacks")
        self.wait(lambda: self.all("li.open .grid tbody tr[data-position]"))
        self.assertEqual(self.one("li.open .grid table").get_attribute("aria-rowcount"), "45")
        names = {}
        for _ in range(60):
            for position, name in self.js("return [...document.querySelectorAll('li.open .grid')[0].querySelectorAll('tr[data-position]')]"
                                          ".map(r => [Number(r.dataset.position), r.cells[0].textContent])"):
                names[position] = name
            if len(names) == 44:
                break
            self.js("document.querySelector('li.open .grid-scroll').scrollTop += 200")
            self.wait(lambda: self.driver.execute_async_script("requestAnimationFrame(() => requestAnimationFrame(arguments[0].bind(null, true)))"))
        self.assertEqual([names[i] for i in range(44)], (ATTACKS * 2)[:44])

    def test_details_paths_and_followup(self):
        self.load(self.page, "points/vuln_b_attacks")
        self.wait(lambda: self.all("li.open .grid tbody tr[data-position]"))
        for position in range(3):
            self.js("document.querySelector(`li.open .grid tr[data-position='${arguments[0]}']`).click()", position)
            detail = self.js("return document.querySelector('li.open .grid-detail').textContent")
            self.assertIn(f"CN={ATTACKS[position]},OU={ATTACKS[position + 3]}", detail)
            self.assertIn(ATTACKS[position + 1], detail)
            self.assertTrue(any(t.startswith(f"{ATTACKS[position]} —") for t in self.texts("li.open .grid-detail .node title")))
        for css in ("li.open .node", "#view-chemins .node"):
            if css.startswith("#"):
                self.view("chemins")
                self.wait(lambda: self.all("#view-chemins .node"))
            self.js("document.querySelectorAll(arguments[0]).forEach(n => n.dispatchEvent(new MouseEvent('click', {bubbles: true})))", css)
        starts = {t.rsplit(" — ", 1)[0] for t in self.texts("#view-chemins .node title")}
        self.assertLessEqual({a for a in ATTACKS[:10]}, starts)

    def test_an_injected_script_is_refused(self):
        self.load(self.page)
        self.js("""const s = document.createElement('script');
            try { s.textContent = 'window.pwned = 99'; } catch (e) { window.typed = true; }
            try { s.append(document.createTextNode('window.pwned = 98')); document.body.append(s); } catch (e) { }
            s.remove();""")
        self.js("const a = document.createElement('a'); a.setAttribute('style', 'color: red'); document.body.append(a); a.remove();")
        self.js("try { document.body.insertAdjacentHTML('beforeend', '<img src=x onerror=window.pwned=97>'); } catch (e) { window.refused = true; }")
        self.wait(lambda: any("style-src" in s for s in self.js("return window.seen")))
        self.assertIsNone(self.js("return window.pwned"))
        self.assertTrue(self.js("return window.typed && window.refused"))
        seen = self.js("const s = window.seen; window.seen = []; return s")
        self.assertTrue(any("trusted-types" in s for s in seen) and any("style-src" in s for s in seen), seen)
        self.refusals = True

    def test_a_script_in_the_file_is_refused(self):
        """The page with a script that somebody added: it does not run, the others do."""
        path = pathlib.Path(self.tmp) / "added.html"
        path.write_text(self.page.read_text("utf-8").replace("</body>", "<script>window.pwned = 96</script></body>"), "utf-8")
        self.load(path)
        self.assertIsNone(self.js("return window.pwned"))
        seen = self.js("const s = window.seen; window.seen = []; return s")
        self.assertTrue(any("script-src-elem" in s for s in seen), seen)
        self.refusals = True

    def test_evolution(self):
        self.load(self.page, "evolution")
        words = self.one("#view-evolution").text
        for wanted in ("N’est plus évalué", "ce n’est pas un progrès", "Devenu non conforme", "20/01/2027", "en baisse"):
            self.assertIn(wanted, words)
        self.assertEqual(len(self.all("#view-evolution .chart")), 4)
        # Only the level's words are judged: totals shrink, too, where controls were disabled.
        self.assertEqual(self.all("#view-evolution .chart:not(:first-child) .good, #view-evolution .chart:not(:first-child) .bad"), [])
        self.view("points")
        self.js("document.querySelector('[data-id=vuln_b_attacks]').click()")
        self.wait(lambda: len(self.all("li.open .grid")) == 3)
        panel = self.js("return document.querySelector('li.open .panel').textContent")
        for wanted in ("15 nouveaux", "14 revenus", "3 corrigés", "2 qui ne sont plus évalués", ATTACKS[2], "<b>risque</b>"):
            self.assertIn(wanted, panel)

    def test_deadlines_and_waivers(self):
        self.load(self.page, "echeances")
        self.wait(lambda: self.all("#view-echeances tbody tr[data-position]"))
        self.assertEqual(len(self.all("#view-echeances tbody tr[data-position]")), 2)
        self.view("derogations")
        words = self.one("#view-derogations").text
        for wanted in ("Expirée", "Expire sous 60 jours", "Active"):
            self.assertIn(wanted, words)


class Doubt(BrowserCase):
    def test_level_with_what_is_unknown_and_accepted(self):
        self.load(made(self.tmp, "doubt"))
        words = self.one(".hero").text
        self.assertIn("Niveau 3 au mieux, 1 si les points non évalués échouent", words)
        self.assertIn("Niveau 4 sans compter les risques acceptés", words)
        self.assertIn("Niveau 3 sur 5 au mieux", words)
        self.assertEqual(self.texts(".figure-0 strong"), ["≤ 3"])
        self.assertEqual(self.all(".hero .meaning"), [])
        card = self.one("#view-synthese .two .card")
        self.assertIn("Ce qui sépare du niveau 4", card.text)
        # An accepted risk holds the level; so might what is unknown at level 3 or worse, not beyond.
        self.assertEqual(self.js("return [...arguments[0].querySelectorAll('.steps a')].map(a => a.hash)", card), ["#points/vuln_a_waived"])
        self.assertEqual(self.js("return [...arguments[0].querySelectorAll('details a')].map(a => a.hash)", card), ["#points/vuln_b_unknown"])
        self.one('[data-lang="en"]').click()
        self.assertIn("Level 3 at best, 1 if what was not assessed fails", self.one(".hero").text)


class Plain(BrowserCase):
    def test_level_five(self):
        self.load(made(self.tmp, "plain"))
        self.assertIn("Niveau 5 sur 5", self.one(".hero").text)
        self.assertEqual(self.texts(".figure-5 strong"), ["5"])
        self.assertIn("état de l’art", self.one(".hero .meaning").text)
        self.assertIn("Rester au niveau 5", self.one("#view-synthese").text)
        self.assertEqual(self.all('.nav a[data-view="evolution"], .nav a[data-view="chemins"]'), [])
        for name in self.js("return [...document.querySelectorAll('.nav a')].map(a => a.dataset.view)"):
            self.view(name)


if __name__ == "__main__":
    unittest.main()
