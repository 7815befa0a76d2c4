"""Headless Chromium on a page of ours: one for each test class, with everything that goes wrong noted."""
import base64
import os
import pathlib
import shutil
import subprocess
import tarfile
import tempfile
import time
import unittest

from selenium import webdriver
from selenium.webdriver.chrome.options import Options
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

ROOT = pathlib.Path(os.environ["SOURCE_DIR"])
MADE_PAGE = os.environ.get("MADE_PAGE", "")
PROGRAM = os.environ.get("ADHYGIENE", "")


def read_axe():
    """axe-core's script, out of its archive."""
    with tarfile.open(ROOT / "tests/third-party/axe-core-4.10.3.tgz") as archive:
        return archive.extractfile("package/axe.min.js").read().decode("utf-8")


AXE = read_axe()
SAMPLE = ["--ldif", ROOT / "tests/sample/sample.ldif.gz", "--sysvol", ROOT / "tests/sample/sysvol",
          "--policy", ROOT / "tests/sample/policy.yaml"]

# Runs before any script of the page: what the policy refused, and what went wrong.
WATCH = """
window.seen = [];
addEventListener("securitypolicyviolation", e => seen.push("policy " + e.violatedDirective + " " + e.blockedURI));
addEventListener("error", e => seen.push("error " + e.message));
addEventListener("unhandledrejection", e => seen.push("rejection " + e.reason));
"""


def start(width=1400, height=1000):
    options = Options()
    options.binary_location = shutil.which("chromium")
    # No sandbox: root has none. No network: pages must not need it.
    for argument in ("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--hide-scrollbars",
                     "--no-first-run", "--disable-background-networking", "--disable-component-update",
                     "--proxy-server=127.0.0.1:9", "--force-device-scale-factor=1", "--lang=fr", f"--window-size={width},{height}"):
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    driver = webdriver.Chrome(service=Service(shutil.which("chromedriver")), options=options)
    driver.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": WATCH})
    driver.set_script_timeout(120)
    return driver


def made(folder, kind, lang="fr", findings=None):
    path = pathlib.Path(folder) / f"{kind}-{lang}.html"
    subprocess.run([MADE_PAGE, path, kind, lang, *([str(findings)] if findings else [])], check=True)
    return path


def audit(folder, name, *options, at="2026-11-21", formats="html"):
    """Audits the shipped sample directory; its folder."""
    out = pathlib.Path(folder) / name
    subprocess.run([PROGRAM, "audit", *SAMPLE, "--at", at, "--format", formats, "--quiet", "--output", out, *options], check=True)
    return out


def sample(folder, lang="fr"):
    return audit(folder, f"sample-{lang}", "--lang", lang) / "audit.html"


def sample_again(folder, lang="fr"):
    """The same directory two months after a first audit of it."""
    before = pathlib.Path(folder) / "before"
    if not before.exists():
        audit(folder, "before", at="2026-09-20", formats="json")
    return audit(folder, f"again-{lang}", "--lang", lang, "--previous", before, formats="html,json") / "audit.html"


def beside_ads(folder):
    """The sample with what ADS would say of it."""
    path = pathlib.Path(folder) / "ads.csv"
    path.write_text("date;14/10/2026\ncontrol;level;status;count\nvuln_critical_objects;1;fail;1\nvuln_of_tomorrow;2;fail;3\n"
                    "vuln_krbtgt;;pass;\nvuln_adcs_control;1;fail;1\nvuln_functional_level;1;fail;1\n", "utf-8")
    return audit(folder, "ads", "--ads", path, formats="html,json") / "audit.html"


class BrowserCase(unittest.TestCase):
    maxDiff = None
    refusals = False  # a test that provokes them sets it

    @classmethod
    def setUpClass(cls):
        cls.tmp = tempfile.mkdtemp(prefix="adhygiene-browser-")
        cls.addClassCleanup(shutil.rmtree, cls.tmp, True)
        cls.driver = start()
        cls.addClassCleanup(cls.driver.quit)

    def tearDown(self):
        """Whatever a test did, nothing was refused and nothing went wrong."""
        self.assertEqual(self.js("return window.seen || []"), [])
        severe = [e["message"] for e in self.driver.get_log("browser") if e["level"] == "SEVERE"]
        self.assertEqual([m for m in severe if not (self.refusals and ("blocked" in m or "not be executed" in m))], [])

    def load(self, path, view=None):
        self.driver.get("about:blank")
        self.driver.get(path.as_uri() + (f"#{view}" if view else ""))
        self.wait(lambda: self.js("return document.documentElement.dataset.indexed === '1'"))

    def js(self, script, *args):
        return self.driver.execute_script(script, *args)

    def wait(self, condition, seconds=60):
        end = time.monotonic() + seconds
        while True:
            value = condition()
            if value:
                return value
            self.assertLess(time.monotonic(), end, "did not happen")
            time.sleep(0.03)

    def one(self, css):
        return self.driver.find_element(By.CSS_SELECTOR, css)

    def all(self, css):
        return self.driver.find_elements(By.CSS_SELECTOR, css)

    def texts(self, css):
        return self.js("return [...document.querySelectorAll(arguments[0])].map(e => e.textContent)", css)

    def view(self, name):
        self.one(f'.nav a[data-view="{name}"]').click()
        self.wait(lambda: self.one(f"#view-{name}").is_displayed())

    def keys(self, *keys):
        for key in keys:
            self.driver.switch_to.active_element.send_keys(key)

    def focused(self, what="textContent"):
        return self.js("return document.activeElement[arguments[0]]", what)

    def pdf(self):
        return base64.b64decode(self.driver.execute_cdp_cmd("Page.printToPDF", {"preferCSSPageSize": True, "printBackground": True})["data"])


__all__ = ["AXE", "BrowserCase", "By", "Keys", "ROOT", "audit", "beside_ads", "made", "sample", "sample_again", "start", "unittest"]
