"""Each page with code offers its generated notebook: Binder, Colab, download."""

import json
import re

import pytest
import yaml
from markup import read
from published import ROOT

SITE = yaml.safe_load((ROOT / "_config.yml").read_text(encoding="utf-8"))
REPOSITORY = SITE["repository"]["url"].removeprefix("https://github.com/")
BRANCH = SITE["repository"]["branch"]


def links(page):
    return [a["href"] for a in read(page).all("a") if a.inside(klass="article-header-buttons")]


def only(found, what):
    assert len(found) == 1, f"{len(found)} {what} links"
    return found[0]


def test_buttons_open_the_generated_notebook(code_page, book):
    name = f"notebooks/{code_page.relative_to(book).with_suffix('.ipynb')}"
    found = links(code_page)
    binder = only([href for href in found if "mybinder.org" in href], "Binder")
    colab = only([href for href in found if "colab." in href], "Colab")
    download = only([href for href in found if href.endswith(".ipynb") and "://" not in href], "download")
    assert binder == f"https://mybinder.org/v2/gh/{REPOSITORY}/{BRANCH}?urlpath=lab/tree/{name}"
    assert colab == f"https://colab.research.google.com/github/{REPOSITORY}/blob/{BRANCH}/{name}"
    assert (ROOT / name).is_file(), f"{name} is not in the repository"
    shipped = (code_page.parent / download).resolve()
    assert shipped == book / name
    assert shipped.read_bytes() == (ROOT / name).read_bytes(), "the download is not the repository's notebook"


def test_pages_without_code_offer_no_notebook(page):
    if "cell_input" not in page.read_text(encoding="utf-8"):
        assert [href for href in links(page) if re.search(r"ipynb|binder|colab", href)] == []


@pytest.mark.parametrize("folder", ["_sources", "jupyter_execute"])
def test_no_second_copies_of_sources(book, folder):
    assert not (book / folder).exists()


def marked_solutions():
    """Lines that stand in a solved sheet and not in the student's notebook of it."""
    for sheet in sorted((ROOT / "exercises").glob("*.md")):
        student = ROOT / "notebooks" / "exercises" / f"{sheet.stem}.ipynb"
        cells = json.loads(student.read_text(encoding="utf-8"))["cells"]
        shown = {line.strip() for cell in cells for line in "".join(cell["source"]).splitlines()}
        text = sheet.read_text(encoding="utf-8")
        solved = re.findall(r"^```\{code-cell\}[^\n]*\n(.*?)^```", text, re.S | re.M)
        lines = {line.split("# SOLUTION")[0].strip() for cell in solved for line in cell.splitlines()}
        lines = {line for line in lines if not line.startswith(("#", ":")) and len(line) > 8}
        yield sheet.stem, sorted(lines - shown)


def test_sheets_show_no_solution(book):
    checked = 0
    for name, solutions in marked_solutions():
        assert solutions, f"{name}: no marked solution found in the source"
        page = read(book / "exercises" / f"{name}.html")
        code = "\n".join(pre.full_text() for pre in page.all("pre"))
        for line in solutions:
            assert line not in code, f"{name} shows a solution: {line}"
            checked += 1
        assert "SOLUTION" not in code
    assert checked
