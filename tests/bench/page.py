"""What a reader waits for: bytes, time to a usable page, and slider moves to paint. `make bench` prints it.

These depend on the machine, so nothing here passes or fails; tests/site/test_weight.py holds the budget.
"""

import statistics
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

TESTS = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(TESTS), str(TESTS / "site")]

from conftest import chromium_executable  # noqa: E402
from published import BOOK, MISSING, serve  # noqa: E402
from test_weight import CHAPTERS, table, weigh  # noqa: E402

# The change happens in a frame's callback; the message arrives once that frame is styled, laid out, painted.
MOVE = """async (slider) => {
  const times = [];
  const last = Number(slider.max);
  for (let round = 0; round < 60; round++) {
    times.push(await new Promise((done) => requestAnimationFrame(() => {
      const start = performance.now();
      slider.value = (Number(slider.value) + 1) % (last + 1);
      slider.dispatchEvent(new Event("input", { bubbles: true }));
      const channel = new MessageChannel();
      channel.port1.onmessage = () => done(performance.now() - start);
      channel.port2.postMessage(0);
    })));
  }
  return times;
}"""
READY = "() => performance.getEntriesByType('navigation')[0].loadEventEnd"


def weights(browser, address):
    page = browser.new_page()
    page.traffic = type("Traffic", (), {"requests": []})
    page.on("request", lambda request: page.traffic.requests.append(request.url))
    for chapter, files in weigh(page, address):
        total = sum(files.values()) / 1000
        print(f"\n{chapter}: {total:.0f} kB gzip in {len(files)} new files; the largest:")
        print("\n".join(table(files).splitlines()[:12]))
    page.close()


def sliders(browser, address):
    print("\nslider move to paint, ms: median, worst of 60")
    for chapter in CHAPTERS:
        page = browser.new_page()
        page.goto(f"{address}/{chapter}")
        page.wait_for_load_state("networkidle")
        print(f"{chapter}: load event after {page.evaluate(READY):.0f} ms")
        for number, figure in enumerate(page.locator("figure.lr-explore, .lr-live").all()):
            figure.scroll_into_view_if_needed()
            figure.hover()
            page.wait_for_load_state("networkidle")
            for slider in figure.locator("input[type=range]").all():
                times = slider.evaluate(MOVE)[5:]  # the first ones wait for the frames' file
                print(f"  figure {number}: {statistics.median(times):5.1f} {max(times):6.1f}")
        page.close()


def main():
    if not BOOK.is_dir():
        sys.exit(MISSING)
    with serve() as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_executable(), args=["--no-sandbox"])
        weights(browser, address)
        sliders(browser, address)
        browser.close()


if __name__ == "__main__":
    main()
