"""What can be seen in the HTML of each page without a browser."""

import re
from collections import Counter

from markup import read


def test_page_has_one_h1_a_language_and_a_title(page):
    parsed = read(page)
    assert len(parsed.all("h1")) == 1, [h1.full_text() for h1 in parsed.all("h1")]
    assert parsed.all("html")[0]["lang"] == "en"
    titles = [title.full_text().strip() for title in parsed.all("title") if not title.inside("svg")]
    assert len(titles) == 1 and titles[0]


def test_index_is_the_first_page(book):
    assert (book / "index.html").read_bytes() == (book / "intro.html").read_bytes()


def test_ids_are_unique(page):
    counts = Counter(element["id"] for element in read(page).elements if element["id"])
    assert [name for name, count in counts.items() if count > 1] == []


def is_picture(element):
    hidden = element["aria-hidden"] == "true" or any(p["aria-hidden"] == "true" for p in element.parents)
    return (
        element.tag in {"img", "svg", "canvas", "object", "video"}
        and not hidden
        and not element.inside("svg")
    )


def alternative(element):
    if element.tag == "img":
        return element["alt"].strip()
    titles = [child.full_text().strip() for child in element.children if child.tag == "title"]
    return element["aria-label"].strip() or next(iter(titles), "")


def test_pictures_have_an_alternative_text(page):
    for element in filter(is_picture, read(page).elements):
        where = f"line {element.line}: <{element.tag} {element.attrs}>"[:300]
        text = alternative(element)
        assert text, f"no alternative text, {where}"
        # myst-nb falls back to the name of the file, which tells a reader nothing.
        assert not re.fullmatch(r"\S*[/\\]?\S+\.(png|svg|jpe?g|webp)", text), f"a file name, {where}"
        if element.inside("figure"):
            assert len(text.split()) >= 5, f"too short to stand for a figure, {where}"
            assert element.tag != "svg" or element["role"] == "img", where


def test_explorers_describe_themselves(page):
    parsed = read(page)
    for explorer in (e for e in parsed.elements if "lr-live" in e["class"].split()):
        still = [picture for picture in parsed.all("svg", "img") if explorer in picture.parents]
        assert still, f"line {explorer.line}: nothing to see without JavaScript"
        for picture in still:
            assert len(alternative(picture).split()) >= 5, f"line {picture.line}: {picture.attrs}"


def test_policy_stands_before_anything_is_loaded(page):
    head = [e for e in read(page).elements if e.inside("head")]
    policies = [i for i, e in enumerate(head) if e["http-equiv"] == "Content-Security-Policy"]
    loading = [i for i, e in enumerate(head) if e["src"] or e["href"] or e.tag in {"script", "style"}]
    assert len(policies) == 1
    assert policies[0] < min(loading)
    assert "default-src 'self'" in head[policies[0]]["content"]
    assert "http" not in head[policies[0]]["content"]


def test_nothing_is_loaded_from_another_host(page):
    for element in read(page).elements:
        loads = element["src"] or element["srcset"] or element["poster"] or element["data"]
        if element.tag == "link":
            loads = element["href"]
        assert not re.match(r"(https?:)?//", loads), f"line {element.line}: <{element.tag} {element.attrs}>"


def test_no_trace_of_scripts_that_the_book_does_without(page):
    text = page.read_text(encoding="utf-8").lower()
    for word in ["mathjax", "thebe", "fontawesome.js", "unpkg.com", "jsdelivr"]:
        assert word not in text, word


def test_no_failed_cell(page):
    text = page.read_text(encoding="utf-8")
    assert "output traceback" not in text and "output stderr" not in text


def test_policy_is_kept_by_stylesheets(book):
    for path in book.rglob("*.css"):
        css = path.read_text(encoding="utf-8")
        assert re.findall(r"url\(\s*[\"']?(?:https?:)?//[^)]*|@import\s+[\"']https?:[^\"']*", css) == [], path
