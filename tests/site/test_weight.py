"""How much a reader downloads, as a server with gzip would send it."""

import gzip
import os
from urllib.parse import unquote, urlsplit

from published import BOOK

FIRST_VISIT = 450_000
NEXT_CHAPTER = 150_000
CHAPTERS = ["chapters/02-stability.html", "chapters/01-what-is-a-learning-rate.html"]


def visit(opened, url):
    """Read a chapter to its end and touch each figure; the addresses asked for."""
    before = len(opened.traffic.requests)
    opened.goto(url)
    for box in opened.locator("details").all():
        box.evaluate("(e) => { e.open = true; }")
    for figure in opened.locator("figure.lr-explore, .lr-live").all():
        figure.scroll_into_view_if_needed()
        figure.hover()
    opened.wait_for_load_state("networkidle")
    return opened.traffic.requests[before:]


def sent(url):
    """Bytes of a file after gzip; fonts and pictures are compressed already and sent as they are."""
    data = (BOOK / unquote(urlsplit(url).path).lstrip("/")).read_bytes()
    packed = url.split("?")[0].endswith((".woff2", ".png", ".webp", ".ico"))
    return len(data) if packed else len(gzip.compress(data, 6))


def weigh(opened, address):
    """[(chapter, {path: bytes})] for a first visit and the next chapter, each file counted once."""
    seen, weights = set(), []
    for chapter in CHAPTERS:
        urls = {u for u in visit(opened, f"{address}/{chapter}") if u.startswith(address)}
        new = {urlsplit(u).path for u in urls} - seen
        seen |= new
        weights.append((chapter, {path: sent(path) for path in sorted(new)}))
    return weights


def table(files):
    rows = sorted(files.items(), key=lambda item: -item[1])
    return "\n".join(f"{size / 1000:8.1f} kB  {os.path.basename(path)}" for path, size in rows)


def test_first_visit_and_next_chapter_stay_within_their_budget(open_page, address):
    opened = open_page(None, goto=False)
    (_, first), (_, following) = weigh(opened, address)
    assert any("_frames" in path for path in first), "no figure was touched: the measure misses the frames"
    assert sum(first.values()) <= FIRST_VISIT, table(first)
    assert sum(following.values()) <= NEXT_CHAPTER, table(following)
    opened.traffic.assert_clean()
