"""The search field finds words of the text over http, and titles from a folder."""

import re

from markup import read


def results(opened, query_url):
    opened.goto(query_url)
    opened.wait_for_function(
        "() => /finished|did not match/.test(document.querySelector('#search-results').textContent)"
    )
    return opened.locator("#search-results li a").evaluate_all("(links) => links.map((a) => a.href)")


def words_of_the_text(book, name):
    """Long words of a page's paragraphs that stand in no heading: a search of titles would find those."""
    pages = [read(path) for path in book.rglob("*.html")]
    headings = " ".join(h.full_text() for page in pages for h in page.all("h1", "h2", "h3", "h4"))
    text = " ".join(p.text for p in read(book / name).all("p") if p.inside("article"))
    return sorted(set(re.findall(r"\b[a-z]{9,}\b", text)) - set(re.findall(r"\w+", headings.lower())))


def test_search_finds_words_of_the_text(open_page, book, address):
    opened = open_page(None, goto=False)
    words = words_of_the_text(book, "chapters/02-stability.html")
    for word in [words[0], words[len(words) // 2], words[-1]]:
        found = results(opened, f"{address}/search.html?q={word}")
        assert any("chapters/02-stability" in href for href in found), (word, found)
    assert results(opened, f"{address}/search.html?q=zwieback") == []
    opened.traffic.assert_clean()


def test_search_dialog_leads_to_results(open_page, address):
    opened = open_page(f"{address}/chapters/01-what-is-a-learning-rate.html")
    opened.keyboard.press("Control+k")
    opened.keyboard.type("descent lemma")
    opened.keyboard.press("Enter")
    opened.wait_for_url("**/search.html?q=*")
    opened.wait_for_selector("#search-results li a")
    opened.locator("#search-results li a[href*='02-stability']").first.click()
    opened.wait_for_url("**/chapters/02-stability*")
    opened.traffic.assert_clean()


def test_titles_are_found_from_a_folder(open_page, book):
    opened = open_page(None, goto=False)
    found = results(opened, (book / "search.html").as_uri() + "?q=stability")
    assert any("chapters/02-stability" in href for href in found), found


def test_frames_are_not_searched(book):
    """Path data of figures in the index made it ten times as large."""
    index = (book / "searchindex.js").read_text(encoding="utf-8")
    text = sum(len(page.read_text(encoding="utf-8")) for page in book.rglob("*.html"))
    assert len(index) < 0.25 * text
    assert "lrframes" not in index.lower()
