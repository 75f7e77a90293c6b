"""Fixtures of the browser tests: one headless Chromium per test process, pages without a network.

Hypothesis tries the same examples every time, so that a test that passes once does not fail for somebody who
changed something else. New ones: pytest --hypothesis-profile=default.
"""

import os
import shutil
from dataclasses import dataclass, field
from pathlib import Path

import hypothesis
import pytest

hypothesis.settings.register_profile("same examples", derandomize=True)
hypothesis.settings.load_profile("same examples")

# Debian and Ubuntu, snap, and Google's own package call the same program differently.
CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")

CHROMIUM_ARGS = [
    "--no-sandbox",  # containers run the tests as root
    "--disable-gpu",
    "--disable-background-networking",  # otherwise Chromium itself calls home during the tests
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--force-color-profile=srgb",  # screenshots compare between machines
]


def chromium_executable():
    """Path of the Chromium that the tests drive: the variable CHROMIUM, else the first name on PATH."""
    named = os.environ.get("CHROMIUM")
    if named:
        found = shutil.which(named)
        if found is None:
            raise FileNotFoundError(f"CHROMIUM={named!r} is not an executable file")
        return found
    for name in CHROMIUM_NAMES:
        found = shutil.which(name)
        if found is not None:
            return found
    raise FileNotFoundError(
        "the browser tests need Chromium: install it (apt-get install chromium) or set the variable"
        " CHROMIUM to the path of a Chromium or Chrome executable"
    )


@pytest.fixture(scope="session")
def browser():
    """A headless Chromium, started once per test process."""
    from playwright.sync_api import sync_playwright

    executable = chromium_executable()
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=executable, args=CHROMIUM_ARGS)
        yield chromium
        chromium.close()


@dataclass
class Traffic:
    """What a page said and asked for: console errors, uncaught exceptions, requests to other hosts."""

    errors: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)
    foreign: list[str] = field(default_factory=list)

    def assert_clean(self):
        assert not self.errors, "console errors:\n" + "\n".join(self.errors)
        assert not self.foreign, "requests to another host:\n" + "\n".join(self.foreign)


def is_local(url):
    return url.startswith(("file:", "data:", "blob:", "about:", "http://127.0.0.1", "http://localhost"))


@pytest.fixture
def open_page(browser):
    """`open_page(path_or_url, width=1280, height=900, dark=False)` -> page; `page.traffic` records trouble.

    A path is opened as file://. Requests to any other host are aborted and recorded in
    `page.traffic.foreign`; console errors and uncaught exceptions in `page.traffic.errors`. Keyword
    arguments beyond these go to `browser.new_context`. Contexts are closed after the test.
    """
    contexts = []

    def open_(target, *, width=1280, height=900, dark=False, goto=True, **options):
        options.setdefault("color_scheme", "dark" if dark else "light")
        context = browser.new_context(viewport={"width": width, "height": height}, **options)
        contexts.append(context)
        page = context.new_page()
        traffic = page.traffic = Traffic()

        def gate(route):
            url = route.request.url
            traffic.requests.append(url)
            if is_local(url):
                route.continue_()
            else:
                traffic.foreign.append(url)
                route.abort()

        context.route("**/*", gate)
        page.on("pageerror", lambda error: traffic.errors.append(str(error)))
        page.on("console", lambda m: traffic.errors.append(m.text) if m.type == "error" else None)
        if goto:
            url = target if "://" in str(target) else Path(target).resolve().as_uri()
            page.goto(url)
        return page

    yield open_
    for context in contexts:
        context.close()
