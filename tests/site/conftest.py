"""Tests over the pages of the built book."""

import sys

import pytest
from published import BOOK, MISSING, ROOT, serve

# The extension is no installed package; its own tests import it from where it lies.
sys.path.insert(0, str(ROOT / "_ext"))


def names(pattern="**/*.html"):
    """Pages of the book, relative to its folder, without `index.html`, a copy of the first page."""
    folders = {"_static", "_frames", "notebooks"}
    paths = sorted(path.relative_to(BOOK) for path in BOOK.glob(pattern) if path != BOOK / "index.html")
    return [str(path) for path in paths if not folders & set(path.parts)]


def pytest_generate_tests(metafunc):
    """`page` runs over all pages, `figure_page` over those with a slider or an explorer.

    With no book there is still one test, which fails: a suite that finds nothing to do must not be green.
    """
    for fixture, wanted in {
        "page": lambda text: True,
        "figure_page": lambda text: 'class="lr-explore"' in text,
        "code_page": lambda text: "cell_input" in text,
    }.items():
        if fixture in metafunc.fixturenames:
            found = [name for name in names() if wanted((BOOK / name).read_text(encoding="utf-8"))]
            metafunc.parametrize(fixture, found or [None], indirect=True)


def existing(request):
    if not BOOK.is_dir():
        pytest.fail(MISSING)
    if request.param is None:
        pytest.fail(f"the book at {BOOK} has no page for this test")
    return BOOK / request.param


page = pytest.fixture(existing)
figure_page = pytest.fixture(existing, name="figure_page")
code_page = pytest.fixture(existing, name="code_page")


@pytest.fixture(scope="session")
def book():
    if not BOOK.is_dir():
        pytest.fail(MISSING)
    return BOOK


@pytest.fixture(scope="session")
def address(book):
    with serve() as url:
        yield url
