#!/usr/bin/env python3
"""Opens a batch's report in headless Chromium and uses it as people do: sorts, filters, opens rows, by mouse and by
keys, without an error in the console and within the time that is promised.

    python3 report_page.py                             a page of 2,000 rows of its own, 12 kB of pictures in each
    python3 report_page.py REPORT.html [SHOT.png]      a finished report; further screenshots lie beside SHOT.png
    python3 report_page.py --generate N OUT.html [PNG…]  only makes such a page, of N rows, for trying by hand

Needs Chromium, its driver and Selenium (Debian: chromium, chromium-driver, python3-selenium).
"""

import sys
import tempfile
import time
from pathlib import Path

from selenium import webdriver
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import WebDriverWait

import report_data

PATIENCE = 30
# Seconds from navigation to the first rows on the screen, and for how many rows that is promised.
LIMIT, LIMIT_ROWS = 3.0, 2000
RANKS = {"failed": 0, "stopped": 1, "missing": 2, "done": 3}
faults = []


def expect(condition, what):
    if not condition:
        faults.append(what)


def browser(*arguments):
    options = webdriver.ChromeOptions()
    for argument in ["--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--window-size=1440,1000", *arguments]:
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    return webdriver.Chrome(options=options)


def key(row, column):
    """What a row is sorted by; None comes last."""
    if column == "outcome":
        return RANKS[row["outcome"]]
    if column == "triangles":
        return row["trianglesBefore"]
    if column == "size":
        return max(row["sizeMm"]) if row["sizeMm"] else None
    if column == "volume":
        return row["volumeMm3"]
    if column == "solid":
        return row["isSolid"]
    if column == "repairs":
        return None if row["repairs"] is None else sum(entry["count"] for entry in row["repairs"])
    if column == "walls":
        walls = row["walls"]
        if not walls:
            return None
        return float("inf") if walls["leastThicknessMm"] is None else walls["leastThicknessMm"]
    if column == "deviation":
        return row["reduction"] and row["reduction"]["deviationMm"]
    if column == "hollowing":
        hollow = row["hollowing"]
        if not hollow or not hollow.get("volumeBeforeMm3", 0) > 0:
            return None
        return 1 - hollow["volumeAfterMm3"] / hollow["volumeBeforeMm3"]
    if column == "seconds":
        return row.get("seconds")
    raise KeyError(column)


def isMonotone(keys, direction):
    """Known ones in order, then those that have none."""
    known = [key for key in keys if key is not None]
    if keys[: len(known)] != known:
        return False
    return all(a <= b if direction > 0 else a >= b for a, b in zip(known, known[1:]))


def searched(row):
    """What the filter looks at."""
    errors = [f"error {error['code']}: {error['message']}" for error in row["errors"]]
    return "\n".join([row["name"], row["input"] or "", row["outcome"], *errors, *row["warnings"]]).lower()


def kindHolds(kind, row):
    walls = row["walls"] or {}
    return {
        "all": lambda: True,
        "failed": lambda: row["outcome"] == "failed",
        "stopped": lambda: row["outcome"] == "stopped",
        "missing": lambda: row["outcome"] == "missing",
        "repaired": lambda: bool(row["repairs"]),
        "thin": lambda: bool(walls.get("hasThinWalls") or walls.get("hasPossibleThinWalls")),
        "warnings": lambda: bool(row["warnings"]),
    }[kind]()


class ReportPage:
    def __init__(self, path, *arguments):
        self.driver = browser(*arguments)
        self.path = Path(path).absolute()
        self.data = report_data.read(self.path)
        self.rows = {row["name"]: row for row in self.data["rows"]}
        self.begin = time.perf_counter()
        self.driver.get(self.path.as_uri())

    def script(self, text, *arguments):
        return self.driver.execute_script(text, *arguments)

    def find(self, css):
        return self.driver.find_element(By.CSS_SELECTOR, css)

    def all(self, css):
        return self.driver.find_elements(By.CSS_SELECTOR, css)

    def until(self, condition, what):
        try:
            return WebDriverWait(self.driver, PATIENCE, 0.05).until(lambda _: condition())
        except Exception:
            raise AssertionError(f"not within {PATIENCE} s: {what}")

    def keys(self, *keys):
        ActionChains(self.driver).send_keys(*keys).perform()

    def focused(self):
        return self.script("return document.activeElement.className + '#' + document.activeElement.id")

    def shoot(self, path):
        time.sleep(0.6)
        self.driver.save_screenshot(str(path))

    def names(self):
        """The names of the rows that are made, in the table's order."""
        return self.script("return [...document.querySelectorAll('.row .name')].map((one) => one.textContent)")

    def shownCount(self):
        return int(self.find("#table").get_attribute("aria-rowcount")) - 1

    def untilMade(self):
        """Small reports are made whole in idle moments; of large ones there is what is near the screen."""
        if self.shownCount() <= 3000:
            self.until(lambda: not self.all("tbody[data-blank]"), "all rows to be made")

    def isShown(self):
        marks = "return performance.getEntriesByName('report-shown').map((one) => one.startTime)"
        return next(iter(self.script(marks)), None)

    # What is tested

    def opens(self):
        """The time from navigation to the first rows on the screen."""
        milliseconds = self.until(self.isShown, "the first rows")
        wall = time.perf_counter() - self.begin
        seconds = milliseconds / 1000
        size = self.path.stat().st_size / 1e6
        print(f"{len(self.rows)} rows, {size:.1f} MB: shown after {seconds:.2f} s ({wall:.2f} s seen from outside)")
        if len(self.rows) <= LIMIT_ROWS:
            expect(seconds < LIMIT, f"shown after {seconds:.2f} s; at most {LIMIT} s are promised")
        self.untilMade()
        print(f"all that is made at once is there after {time.perf_counter() - self.begin:.2f} s")

    def counts(self):
        total = len(self.data["rows"])
        expect(self.shownCount() == total, f"{self.shownCount()} rows instead of {total}")
        if total <= 3000:
            names = self.names()
            expect(sorted(names) == sorted(self.rows), "the rows' names are not those of the data")
        figures = [element.text.replace(",", "") for element in self.all("#totals .figure")]
        totals = self.data["totals"]
        wanted = [str(totals[name]) for name in ("files", "done", "failed", "stopped", "missing")]
        expect(figures[:5] == wanted, f"the totals are {figures[:5]} instead of {wanted}")

    def isByName(self, names):
        return self.script(
            """
            const collator = new Intl.Collator("en", { numeric: true });
            return arguments[0].every((name, i, all) => i === 0 || collator.compare(all[i - 1], name) <= 0);
            """,
            names,
        )

    def failuresFirst(self):
        names = self.names()
        ranks = [RANKS[self.rows[name]["outcome"]] for name in names]
        expect(ranks == sorted(ranks), "failures are not first")
        for rank in set(ranks):
            group = [name for name, own in zip(names, ranks) if own == rank]
            expect(self.isByName(group), f"those of rank {rank} are not sorted by name")

    def sorts(self):
        columns = self.script(
            "return [...document.querySelectorAll('#headings th:has(button)')].map((one) => one.dataset.column)")
        for column in columns:
            for _ in range(2):
                self.script("arguments[0].click()", self.find(f"[data-column={column}] button"))
                direction = self.find(f"[data-column={column}]").get_attribute("aria-sort")
                expect(direction in ("ascending", "descending"), f"{column}: aria-sort is {direction}")
                expect(len(self.all("[aria-sort]")) == 1, f"{column}: more than one column says that it sorts")
                self.untilMade()
                names = self.names()
                if column == "name":
                    isSorted = self.isByName(names if direction == "ascending" else names[::-1])
                else:
                    keys = [key(self.rows[name], column) for name in names]
                    isSorted = isMonotone(keys, 1 if direction == "ascending" else -1)
                expect(isSorted, f"sorting by {column}, {direction}, does not sort")
                expect(self.shownCount() == len(self.rows), f"sorting by {column} loses rows")
        # Back to how it was.
        self.script("arguments[0].click()", self.find("[data-column=outcome] button"))
        if self.find("[data-column=outcome]").get_attribute("aria-sort") != "ascending":
            self.script("arguments[0].click()", self.find("[data-column=outcome] button"))
        self.failuresFirst()
        return columns

    def filters(self):
        box = self.find("#filter")
        name = self.data["rows"][len(self.rows) // 2]["name"]
        words = name.split("/")[-1].lower().split()
        wanted = sum(all(word in searched(row) for word in words) for row in self.rows.values())
        box.send_keys(" ".join(words))
        expect(name in self.names(), f"the filter does not find {name!r}")
        expect(self.shownCount() == wanted, f"{words} shows {self.shownCount()} rows instead of {wanted}")
        self.script("arguments[0].value = ''; arguments[0].dispatchEvent(new Event('input'))", box)
        box.send_keys("no such model anywhere")
        isSaid = self.find("#nothing").is_displayed() and not self.find("#table").is_displayed()
        expect(isSaid, "nothing is found, and no word of it")
        self.find("#everything").click()
        expect(self.shownCount() == len(self.rows), "Show all does not show all")
        for chip in self.all(".chip"):
            kind = chip.get_attribute("data-kind")
            wanted = sum(kindHolds(kind, row) for row in self.rows.values())
            chip.click()
            shown = 0 if self.find("#nothing").is_displayed() else self.shownCount()
            expect(shown == wanted, f"the chip {kind} shows {shown} rows instead of {wanted}")
            expect(chip.get_attribute("aria-pressed") == "true", f"the chip {kind} is not pressed")
            expect(f"{wanted:,}" in chip.text, f"the chip {kind} says {chip.text!r} instead of {wanted}")
        self.find("[data-kind=all]").click()

    def usesKeys(self):
        self.script("document.activeElement.blur(); scrollTo(0, 0)")
        self.keys("/")
        expect(self.focused().endswith("#filter"), f"/ goes to {self.focused()}")
        for _ in range(40):
            self.keys(Keys.TAB)
            if self.focused().startswith("sort"):
                break
        expect(self.focused().startswith("sort"), "Tab never reaches the headings")
        for _ in range(20):
            self.keys(Keys.TAB)
            if self.focused().startswith("open"):
                break
        expect(self.focused().startswith("open"), "Tab never reaches a model")
        first = self.script("return document.activeElement.textContent")
        down = min(60, self.shownCount() - 1)
        self.keys(*[Keys.ARROW_DOWN] * down)
        here = self.script("return document.activeElement.closest('tr')?.getAttribute('aria-rowindex')")
        expect(here == str(down + 2), f"{down} times down leads to row {here}")
        self.keys(*[Keys.ARROW_UP] * down)
        expect(self.script("return document.activeElement.textContent") == first, "as often up does not lead back")
        self.keys(Keys.ENTER)
        expect(len(self.all("tr.opened")) == 1, "Enter does not open a row")
        expanded, controls = self.script(
            "return ['aria-expanded', 'aria-controls'].map((name) => document.activeElement.getAttribute(name))")
        expect(expanded == "true", "an opened row does not say so")
        expect(controls and self.all(f"#{controls}"), "an opened row does not name its details")
        self.keys(Keys.ENTER)
        expect(not self.all("tr.opened"), "Enter does not close a row")

    def showsPictures(self):
        if not self.all(".picture"):
            expect(not any(row["pictures"] for row in self.data["rows"]), "there are pictures, and none is shown")
            return
        row = self.script("return document.querySelector('.picture').closest('tr')")
        self.script("arguments[0].scrollIntoView({ block: 'center' })", row)
        self.script("arguments[0].querySelector('.open').click()", row)
        large = self.find("tr.opened .picture.large")
        isThere = lambda: self.script("return arguments[0].querySelector('img').naturalWidth", large) > 0
        self.until(isThere, "a large picture")
        self.script("arguments[0].focus()", large)
        self.keys(Keys.ENTER)
        dialog = self.find("#viewer")
        expect(dialog.get_property("open"), "Enter on a picture does not show it")
        image = self.find("#viewer-image")
        self.until(lambda: self.script("return arguments[0].naturalWidth", image) > 0, "the picture in the dialog")
        source = image.get_property("src")
        self.keys(Keys.ARROW_RIGHT)
        isOnly = sum(len(row["pictures"]) for row in self.data["rows"]) == 1
        expect(isOnly or image.get_property("src") != source, "→ does not go on")
        self.keys(Keys.ARROW_LEFT)
        expect(image.get_property("src") == source, "← does not go back")
        self.keys(Keys.ESCAPE)
        expect(not dialog.get_property("open"), "Escape does not close the dialog")
        expect(self.focused().startswith("picture"), f"after the dialog the focus is on {self.focused()}")
        self.script("arguments[0].querySelector('.open').click()", row)
        self.find(".row .picture").click()
        expect(dialog.get_property("open"), "a click on a picture does not show it")
        self.find("#viewer-close").click()
        # Pictures far below cost nothing as yet.
        pictures = self.script("return [...document.querySelectorAll('.row img')].map((one) => one.src !== '')")
        if len(pictures) > 500:
            expect(sum(pictures) < len(pictures) / 2, f"{sum(pictures)} of {len(pictures)} pictures are decoded already")

    def fills(self):
        """No cell is without a word, and every link stays in the report's folder."""
        empty = self.script(
            """
            return [...document.querySelectorAll(".row > td")]
              .filter((cell) => !cell.querySelector("img") && !cell.textContent.trim()).length;
            """
        )
        expect(empty == 0, f"{empty} cells are empty")
        expect(not self.all(".row .empty:not([title])"), "a dash does not say why it is one")
        folder = self.path.parent.as_uri() + "/"
        links = self.script("return [...document.querySelectorAll('a[href]')].map((one) => one.href)")
        away = [link for link in links if not link.startswith(folder)]
        expect(not away, f"links lead elsewhere: {away[:3]}")
        entries = self.script("return performance.getEntriesByType('resource').map((one) => one.name)")
        fetched = [name for name in entries if not name.startswith("data:")]
        expect(not fetched, f"the page fetches {fetched[:3]}")
        expect(self.script("return globalThis.injected === undefined"), "a name became a script")
        expect(not self.all("#table :is(script, iframe, object, style, link, svg)"), "a name became an element")

    def scrolls(self):
        """To the end at once: what comes into view is there soon."""
        self.script("scrollTo(0, document.documentElement.scrollHeight)")
        begin = time.perf_counter()
        isMade = """
            return [...document.querySelectorAll("tr.blank")].every((one) => {
              const { top, bottom } = one.getBoundingClientRect();
              return top > innerHeight || bottom < 0;
            });
            """
        self.until(lambda: self.script(isMade), "rows at the end")
        print(f"at the end: rows after {time.perf_counter() - begin:.2f} s")
        self.script("scrollTo(0, 0)")

    def narrow(self, shot):
        for width in (1920, 1280, 1024, 768, 400):
            self.driver.set_window_size(width, 1000)
            time.sleep(0.4)
            excess = self.script("return document.documentElement.scrollWidth - innerWidth")
            expect(excess <= 0, f"at a width of {width} the page is {excess} pixels too wide")
            if shot and width in (400, 1024, 1920):
                self.shoot(shot.with_stem(f"{shot.stem}-{width}"))
        self.driver.set_window_size(1440, 1000)

    def consoleFaults(self):
        entries = [entry for entry in self.driver.get_log("browser") if entry["level"] in ("SEVERE", "WARNING")]
        return [f"console: {entry['message']}" for entry in entries]


def test(path, shot=None):
    page = ReportPage(path)
    try:
        page.opens()
        if shot:
            page.shoot(shot)
        page.counts()
        page.failuresFirst()
        print("sorted by", ", ".join(page.sorts()))
        page.filters()
        page.usesKeys()
        page.showsPictures()
        page.fills()
        page.scrolls()
        page.narrow(shot)
    except Exception as fault:
        faults.append(repr(fault))
        if shot:
            page.driver.save_screenshot(str(shot.with_stem(shot.stem + "-fault")))
    finally:
        faults.extend(page.consoleFaults())
        page.driver.quit()


def darkShots(path, shot):
    page = ReportPage(path, "--blink-settings=preferredColorScheme=0")
    try:
        page.until(page.isShown, "the first rows in dark colours")
        page.shoot(shot.with_stem(shot.stem + "-dark"))
        page.script("document.querySelectorAll('.row.is-done .open')[0]?.click()")
        page.script("document.querySelector('tr.opened')?.scrollIntoView({block: 'center'})")
        page.shoot(shot.with_stem(shot.stem + "-dark-opened"))
    finally:
        page.driver.quit()


def hostile():
    """Names that would be markup, addresses or a screen's worth of text, and a report of nothing."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "hostile.html")
        report_data.write(path, report_data.hostileReport())
        test(path)
        report_data.write(path, report_data.emptyReport())
        page = ReportPage(path)
        page.until(page.isShown, "a report without files")
        faults.extend(page.consoleFaults())
        page.driver.quit()


def withoutScripts():
    """Without JavaScript the page says where the figures are; cut off, it says that it is."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "report.html")
        report_data.write(path, report_data.report(20))
        driver = browser()
        try:
            driver.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
            driver.get(path.as_uri())
            words = driver.find_element(By.TAG_NAME, "body").text
            expect("report.csv" in words, f"without JavaScript the page says {words!r}")
            driver.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})
            path.write_bytes(path.read_bytes()[:-60_000])
            driver.get(path.as_uri())
            words = driver.find_element(By.ID, "reading").text
            expect("cannot be read" in words, f"a page that is cut off says {words!r}")
        finally:
            driver.quit()


def main(arguments):
    if arguments[:1] == ["--generate"]:
        report_data.write(Path(arguments[2]), report_data.report(int(arguments[1]), pictures=arguments[3:]))
        return
    if arguments:
        path, shot = Path(arguments[0]), Path(arguments[1]).absolute() if len(arguments) > 1 else None
        test(path, shot)
        if shot:
            darkShots(path, shot)
    else:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, "report.html")
            report_data.write(path, report_data.report(LIMIT_ROWS))
            test(path)
        hostile()
        withoutScripts()
    for fault in faults[:40]:
        print("FAULT", fault)
    print("all is as it must be" if not faults else f"{len(faults)} faults")
    sys.exit(1 if faults else 0)


main(sys.argv[1:])
