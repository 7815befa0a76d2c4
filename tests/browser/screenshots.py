"""screenshots.py FOLDER: pictures of the sample's page for people to look at (scripts/screenshots)."""
import base64
import pathlib
import shutil
import sys
import tempfile
import time

from browser import sample_again, start

VIEWS = ["synthese", "points", "evolution", "indicateurs", "chemins", "echeances", "derogations", "couverture", "methode"]
OPENED = "vuln_permissions_adminsdholder"


def picture(driver, path, tallest=2600):
    height = min(driver.execute_script("return document.documentElement.scrollHeight"), tallest)
    shot = driver.execute_cdp_cmd("Page.captureScreenshot", {"captureBeyondViewport": True, "clip": {
        "x": 0, "y": 0, "width": 1400, "height": height, "scale": 1}})
    path.write_bytes(base64.b64decode(shot["data"]))
    print(path)


def wait(driver, script):
    end = time.monotonic() + 60
    while not driver.execute_script(script):
        if time.monotonic() > end:
            raise SystemExit(f"did not happen: {script}")
        time.sleep(0.05)


def pictures(driver, page, folder, lang):
    driver.get(page.as_uri())
    wait(driver, "return document.documentElement.dataset.indexed === '1'")
    for view in VIEWS:
        if not driver.execute_script("const a = document.querySelector(`.nav a[data-view='${arguments[0]}']`); a?.click(); return Boolean(a)", view):
            continue
        time.sleep(0.6)  # what is drawn in turns
        driver.execute_script("document.activeElement.blur()")
        picture(driver, folder / f"{lang}-{view}.png", 1800 if view == "points" else 2600)
    driver.execute_script("Page.go('points', arguments[0])", OPENED)
    wait(driver, "return document.querySelector('li.open .graph')")
    driver.execute_script("document.querySelector('li.open .grid tr[data-position]').click(); document.activeElement.blur(); window.scrollBy(0, -80)")
    driver.save_screenshot(str(folder / f"{lang}-control.png"))
    driver.execute_script("Page.setTheme('dark')")
    driver.save_screenshot(str(folder / f"{lang}-control-dark.png"))
    driver.execute_script("document.querySelector('.nav a').click()")
    time.sleep(0.3)
    driver.execute_script("document.activeElement.blur()")
    picture(driver, folder / f"{lang}-synthese-dark.png")
    driver.execute_script("Page.setTheme('auto')")
    paper = driver.execute_cdp_cmd("Page.printToPDF", {"preferCSSPageSize": True, "printBackground": True})
    (folder / f"{lang}-paper.pdf").write_bytes(base64.b64decode(paper["data"]))
    print(folder / f"{lang}-paper.pdf")


def main():
    folder = pathlib.Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    work = tempfile.mkdtemp(prefix="adhygiene-screenshots-")
    driver = start(1400, 1300)
    try:
        for lang in ("fr", "en"):
            pictures(driver, sample_again(work, lang), folder, lang)
    finally:
        driver.quit()
        shutil.rmtree(work)


if __name__ == "__main__":
    main()
