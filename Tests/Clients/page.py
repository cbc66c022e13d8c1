#!/usr/bin/env python3
"""Clicks through the page in headless Chromium: the whole flow, by mouse and by keys, without an error in the console.

    python3 page.py path/to/facet screenshot.png [model.stl]

Needs Chromium, its driver and Selenium (Debian: chromium, chromium-driver, python3-selenium). Without a model it takes
one of its own that needs repair. Screenshots of other moments and schemes lie beside the one that is asked for.
"""

import os
import struct
import sys
import tempfile
import time
from pathlib import Path

from selenium import webdriver
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import Select, WebDriverWait

from harness import Server, finish, torus

PATIENCE = 60
# The corners of a cube's twelve triangles, facing outward.
SQUARES = ["0264", "1573", "0451", "2376", "0132", "4675"]
CUBE = [
    [tuple(int(number) >> axis & 1 for axis in (2, 1, 0)) for number in (square[0], square[i], square[i + 1])]
    for square in SQUARES
    for i in (1, 2)
]
# Software rendering, for machines without a graphics card.
WEBGL = ["--use-angle=swiftshader", "--enable-unsafe-swiftshader"]


def browser(downloads, *arguments):
    options = webdriver.ChromeOptions()
    for argument in ["--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--window-size=1440,1400", *arguments]:
        options.add_argument(argument)
    options.add_experimental_option("prefs", {"download.default_directory": str(downloads)})
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    return webdriver.Chrome(options=options)


class Page:
    def __init__(self, driver, server):
        self.driver, self.server = driver, server

    def find(self, css):
        return self.driver.find_element(By.CSS_SELECTOR, css)

    def until(self, condition, what):
        try:
            return WebDriverWait(self.driver, PATIENCE, 0.1).until(lambda _: condition())
        except Exception:
            raise AssertionError(f"not within {PATIENCE} s: {what}; the page says {self.find('main').text!r}")

    def text(self, css):
        return self.find(css).text

    def show(self, css):
        self.driver.execute_script("arguments[0].scrollIntoView({block: 'center'})", self.find(css))

    def click(self, css):
        self.show(css)
        self.find(css).click()

    def fill(self, css, value):
        field = self.find(css)
        field.clear()
        field.send_keys(value)

    def signIn(self):
        self.driver.get(self.server.url)
        self.fill("#user", self.server.credentials["userName"])
        self.fill("#password", "wrong")
        self.find("#password").send_keys(Keys.ENTER)
        self.until(lambda: "Error 12" in self.text("#sign-in-errors"), "a refusal of a wrong password")
        # The browser itself notes every refusal; this one was wanted.
        self.expected = [entry for entry in self.driver.get_log("browser") if "/token" in entry["message"]]
        self.fill("#password", self.server.credentials["password"])
        self.find("#password").send_keys(Keys.ENTER)
        self.until(lambda: self.find("#bench").is_displayed(), "the bench after signing in")

    def versions(self):
        return len(self.driver.find_elements(By.CSS_SELECTOR, ".version"))

    def operations(self):
        return len(self.driver.find_elements(By.CSS_SELECTOR, ".operations > li"))

    def isIdle(self):
        return not self.driver.find_elements(By.CSS_SELECTOR, "[data-state=running]")

    def open(self, tool):
        if not self.find(f"#tool-{tool}").get_property("open"):
            self.click(f"#tool-{tool} summary")

    def run(self, tool, **fields):
        """Fills a form in and waits for what it makes."""
        self.open(tool)
        for name, value in fields.items():
            field = self.find(f"#{tool}-{name}")
            if field.tag_name == "select":
                Select(field).select_by_value(value)
            else:
                self.fill(f"#{tool}-{name}", value)
        before = self.operations()
        self.click(f"#tool-{tool} button")
        refusal = lambda: self.text(f"#tool-{tool} [role=alert]")
        self.until(lambda: self.operations() > before or refusal(), f"{tool} to start")
        self.until(self.isIdle, f"{tool} to end")

    def makes(self, tool, **fields):
        """Runs a tool that makes a version."""
        before = self.versions()
        self.run(tool, **fields)
        refusal = self.text(f"#tool-{tool} [role=alert]")
        expect(not refusal, f"{tool}: {refusal}")
        self.until(lambda: self.versions() == before + 1 and self.isIdle(), f"a version by {tool}")

    def pixels(self):
        """How much of the 3D view is drawn, and how many colours it has."""
        return self.driver.execute_async_script(
            """
            const done = arguments[0];
            requestAnimationFrame(() => requestAnimationFrame(() => {
              const view = document.getElementById("view");
              const copy = document.createElement("canvas");
              copy.width = 150;
              copy.height = 100;
              const context = copy.getContext("2d", { willReadFrequently: true });
              // A drawing is only there in the frame that it was made in.
              view.dispatchEvent(new KeyboardEvent("keydown", { key: "0" }));
              requestAnimationFrame(() => {
                context.drawImage(view, 0, 0, 150, 100);
                const { data } = context.getImageData(0, 0, 150, 100);
                const colors = new Set();
                let drawn = 0;
                for (let i = 0; i < data.length; i += 4) {
                  if (data[i + 3] < 128) continue;
                  drawn++;
                  colors.add((data[i] >> 4) * 256 + (data[i + 1] >> 4) * 16 + (data[i + 2] >> 4));
                }
                done([drawn / 15000, colors.size]);
              });
            }));
            """
        )

    def wholeFlow(self, model, large, downloads, screenshot):
        self.signIn()
        self.find("#files").send_keys(str(model))
        self.until(lambda: self.versions() == 1 and self.isIdle(), "the import")
        self.until(lambda: "Not printable" in self.text("#report"), "the verdict about a broken part")
        self.until(lambda: self.find(".thumbnail").get_property("naturalWidth") > 0, "the thumbnail")
        self.until(lambda: self.pixels()[0] > 0.02, "something in the 3D view")
        self.driver.save_screenshot(str(screenshot.with_stem(screenshot.stem + "-broken")))

        self.click("#repair-now")
        self.until(lambda: self.versions() == 2 and self.isIdle(), "the repair")
        self.until(lambda: self.text("#report-title").endswith("Printable"), "the verdict about the repaired part")
        self.until(lambda: self.pixels()[0] > 0.02, "the repaired part in the 3D view")

        self.run("wall-thickness-analysis", minimalWallThicknessMm="99")
        refusal = self.text("#tool-wall-thickness-analysis [role=alert]")
        expect("Error 300 Wrong minimal wall thickness." in refusal, f"the refusal of a limit of 99 mm is {refusal!r}")
        self.expected += [entry for entry in self.driver.get_log("browser") if "400" in entry["message"]]
        plain = self.pixels()[1]
        self.run("wall-thickness-analysis", minimalWallThicknessMm="10", accuracyWallThickness="1")
        self.click("#walls")
        self.until(lambda: self.find("#legend").is_displayed(), "the legend")
        self.until(lambda: self.pixels()[1] > 0 and self.text("#view-message") == "", "the thickness colours")
        expect(self.pixels()[1] != plain, "the thickness colours look like the plain part")
        self.keys()
        self.driver.execute_script("scrollTo(0, 0)")
        time.sleep(0.5)
        self.driver.save_screenshot(str(screenshot))

        self.makes("scale", scaleToSizeMm="20")
        self.makes("reduce-triangles", accuracyMm="0.1")
        self.click(".versions li:nth-child(2) button")
        self.makes("hollowing", wallThicknessMm="2")
        self.makes("shrinkwrap-repair", accuracy="Rough")
        self.makes("repair", operation="geometrical-repair")
        self.run("thumbnail", width="320", height="240")
        self.until(lambda: self.find(".drawn").get_property("naturalWidth") == 320, "a picture of 320 pixels")
        self.run("export", exportToFormat="obj")
        self.click(".operations li:first-child .outcome button")
        self.until(lambda: list(downloads.glob("*.obj")), "the exported file")
        self.click("#download")
        self.until(lambda: list(downloads.glob("*.stl")), "the model's file")
        self.driver.save_screenshot(str(screenshot.with_stem(screenshot.stem + "-end")))

        # Large enough to go up in pieces.
        before = self.versions()
        # The browser notes so many requests only.
        self.driver.execute_script("performance.clearResourceTimings()")
        self.find("#files").send_keys(str(large))
        self.until(lambda: self.versions() == before + 1 and self.isIdle(), "the import of a large file")
        self.until(lambda: self.text("#report-title").endswith("Printable"), "the verdict about a large file")
        sent = self.driver.execute_script(
            "return performance.getEntriesByType('resource').filter((one) => one.name.includes('/chunk/')).length")
        expect(sent >= 2, f"a file of 10 MB went up in {sent} chunks")

        self.drop()
        self.make(screenshot)

        before = self.versions()
        self.driver.refresh()
        self.until(lambda: self.versions() == before, "everything after a reload")
        self.until(lambda: self.pixels()[0] > 0.02, "the 3D view after a reload")
        self.driver.set_window_size(420, 1000)
        time.sleep(0.5)
        width = self.driver.execute_script("return document.documentElement.scrollWidth - innerWidth")
        expect(width <= 0, f"on a narrow screen the page is {width} pixels too wide")
        self.driver.save_screenshot(str(screenshot.with_stem(screenshot.stem + "-narrow")))
        self.click("#sign-out")
        self.until(lambda: self.find("#sign-in").is_displayed(), "signing out")

    def drop(self):
        """Two files dropped on the page at once, in inches."""
        before = self.versions()
        self.click("input[value=inch]")
        box = "solid box\n" + "".join(
            "facet normal 0 0 0\nouter loop\n" + "".join(f"vertex {x} {y} {z}\n" for x, y, z in corners)
            + "endloop\nendfacet\n"
            for corners in CUBE
        ) + "endsolid box\n"
        self.driver.execute_script(
            """
            const carried = new DataTransfer();
            for (const name of ["one.stl", "two <b>.stl"]) carried.items.add(new File([arguments[0]], name));
            for (const kind of ["dragover", "drop"]) {
              document.body.dispatchEvent(new DragEvent(kind, { dataTransfer: carried, bubbles: true, cancelable: true }));
            }
            """,
            box,
        )
        self.until(lambda: self.versions() == before + 2 and self.isIdle(), "the import of two dropped files")
        self.until(lambda: "25.4 × 25.4 × 25.4 mm" in self.text("#report"), "an inch being 25.4 mm")
        names = [element.text for element in self.driver.find_elements(By.CSS_SELECTOR, ".part-name")]
        expect("two <b>.stl" in names, f"the dropped files are called {names}")

    def make(self, screenshot):
        """A part by its description, and what is said of one that cannot be made."""
        self.fill("#make-prompt", "A nice thing")
        self.fill("#make-key", "wrong")
        self.click("#make button")
        self.until(lambda: "revoked key" in self.text("#made"), "the refusal of a wrong key")
        self.expected += [entry for entry in self.driver.get_log("browser") if "/v1/" in entry["message"]]
        self.fill("#make-key", self.server.key["key"])
        self.click("#make button")
        if "FACET_GENERATION" not in os.environ:
            self.until(lambda: "server-side error" in self.text("#made"), "what is said without CadQuery")
            print("SKIPPED: FACET_GENERATION names no environment, so no part is made on the page")
            return
        self.until(lambda: "not specific enough" in self.text("#made"), "what is missing in a vague description")
        before = self.versions()
        self.fill("#make-prompt", "A 40x20x10mm box with a 5mm through-hole centered on the top face")
        self.click("#make button")
        self.until(lambda: self.versions() == before + 1 and self.isIdle(), "the part that was described")
        self.until(lambda: "40 × 20 × 10 mm" in self.text("#report"), "the size of what was made")
        self.until(lambda: self.text("#report-title").endswith("Printable"), "the verdict about what was made")
        self.show("#make")
        self.driver.save_screenshot(str(screenshot.with_stem(screenshot.stem + "-made")))

    def keys(self):
        """The 3D view turns by keys, and everything can be reached by Tab."""
        self.find("#view").send_keys(Keys.ARROW_LEFT * 3, "+")
        self.find("#view").send_keys(Keys.SHIFT, Keys.ARROW_UP, Keys.SHIFT)
        self.driver.execute_script("document.activeElement.blur()")
        self.driver.execute_script("scrollTo(0, 0)")
        seen = []
        for _ in range(60):
            ActionChains(self.driver).send_keys(Keys.TAB).perform()
            seen.append(self.driver.execute_script("return document.activeElement.id"))
        for id in ("files", "view", "walls", "wall-thickness-analysis-minimalWallThicknessMm"):
            expect(id in seen, f"Tab never reaches #{id}")
        self.driver.execute_script("document.activeElement.blur()")

    def consoleFaults(self):
        expected = [entry["message"] for entry in self.expected]
        entries = [entry for entry in self.driver.get_log("browser") if entry["level"] in ("SEVERE", "WARNING")]
        # Drivers of software rendering tell of their own slowness.
        entries = [entry for entry in entries if "GPU stall" not in entry["message"]]
        return [f"console: {entry['message']}" for entry in entries if entry["message"] not in expected]


def withoutWebGL(server, model, downloads):
    driver = browser(downloads, "--disable-gpu", "--disable-3d-apis")
    try:
        page = Page(driver, server)
        page.signIn()
        page.find("#files").send_keys(str(model))
        page.until(lambda: "no WebGL" in page.text("#view-message"), "the words for a browser without WebGL")
        page.until(lambda: page.versions() == 1 and page.isIdle(), "the import without WebGL")
        page.until(lambda: "Not printable" in page.text("#report"), "the verdict without WebGL")
    finally:
        driver.quit()


def expect(condition, what):
    if not condition:
        faults.append(what)


def broken(data):
    """The model without its last forty facets."""
    count = struct.unpack("<I", data[80:84])[0] - 40
    return data[:80] + struct.pack("<I", count) + data[84 : 84 + 50 * count]


faults = []
screenshot = Path(sys.argv[2]).absolute()
server = Server(sys.argv[1])
with tempfile.TemporaryDirectory() as folder:
    if len(sys.argv) > 3:
        model = Path(sys.argv[3]).absolute()
    else:
        model = Path(folder, "ring.stl")
        model.write_bytes(broken(torus(3000)))
    large = Path(folder, "large.stl")
    large.write_bytes(torus(210_000))
    try:
        driver = browser(folder, *WEBGL)
        page = Page(driver, server)
        try:
            page.wholeFlow(model, large, Path(folder), screenshot)
        except Exception as fault:
            faults.append(f"{fault!r}")
            driver.save_screenshot(str(screenshot.with_stem(screenshot.stem + "-fault")))
        faults += page.consoleFaults()
        driver.quit()
        withoutWebGL(server, model, folder)
        driver = browser(folder, *WEBGL, "--blink-settings=preferredColorScheme=0")
        page = Page(driver, server)
        page.signIn()
        page.find("#files").send_keys(str(model))
        page.until(lambda: page.versions() == 1 and page.isIdle(), "the import in dark colours")
        time.sleep(1)
        driver.save_screenshot(str(screenshot.with_stem(screenshot.stem + "-dark")))
        driver.quit()
    finally:
        server.close()
finish(faults)
