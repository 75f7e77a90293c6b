"""A reader opens a generated chapter in JupyterLab, runs it, and moves a slider by keyboard."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
CHAPTER = ROOT / "notebooks" / "chapters" / "01-what-is-a-learning-rate.ipynb"


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    """Address of a JupyterLab whose only file is the chapter."""
    folder = tmp_path_factory.mktemp("lab")
    shutil.copy(CHAPTER, folder)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {key: value for key, value in os.environ.items() if key != "LRCORE_BOOK"}
    for name in ("CONFIG", "DATA", "RUNTIME"):  # a user's own settings must not matter
        environment[f"JUPYTER_{name}_DIR"] = str(folder.parent / name.lower())
    command = [
        sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root", "--ip=127.0.0.1",
        f"--port={port}", f"--ServerApp.root_dir={folder}", "--IdentityProvider.token=",
    ]  # fmt: skip
    log = (folder.parent / "lab.log").open("w")
    server = subprocess.Popen(command, env=environment, stdout=log, stderr=subprocess.STDOUT)
    address = f"http://127.0.0.1:{port}"
    deadline = time.monotonic() + 60
    while True:
        try:
            urllib.request.urlopen(f"{address}/api", timeout=2)
            break
        except (urllib.error.URLError, OSError):
            if server.poll() is not None or time.monotonic() > deadline:
                server.kill()
                pytest.fail("JupyterLab did not start:\n" + Path(log.name).read_text()[-2000:])
            time.sleep(0.2)
    yield address
    server.terminate()
    server.wait(10)


def test_slider_by_keyboard_changes_the_plot(lab, browser):
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    try:
        page.goto(f"{lab}/lab/tree/{CHAPTER.name}?reset")
        page.wait_for_selector(".jp-Notebook", timeout=60_000)
        page.wait_for_selector(".jp-NotebookPanel-toolbar >> text=Python 3", timeout=60_000)
        page.click("text=Run >> nth=0")
        page.click("text=Run All Cells")
        slider = page.locator(".jupyter-widgets [role=slider]").first
        slider.wait_for(state="attached", timeout=90_000)
        slider.scroll_into_view_if_needed()
        picture = page.locator(".jupyter-widgets .lr-drawing").first
        before, value = _drawn(picture), slider.get_attribute("aria-valuenow")
        slider.focus()
        page.keyboard.press("ArrowRight")
        page.wait_for_function(
            "([s, v]) => s.getAttribute('aria-valuenow') !== v", arg=[slider.element_handle(), value]
        )
        deadline = time.monotonic() + 90  # the kernel first finishes the cells that wait in its queue
        while _drawn(picture) == before:
            assert time.monotonic() < deadline, "the slider moved and the plot did not"
            time.sleep(0.1)
    finally:
        page.close()


def _drawn(picture) -> str:
    return picture.evaluate("node => node.outerHTML")
