"""A reader's way through the book: themes, keyboard, menus, without a network."""

import pytest


def test_no_flash_of_the_other_theme(open_page, book):
    opened = open_page(book / "index.html", dark=True, java_script_enabled=True, goto=False)
    opened.add_init_script(
        "new MutationObserver((_, me) => { if (document.body) { me.disconnect();"
        " window.themeAtFirst = document.documentElement.dataset.theme; } })"
        ".observe(document, { childList: true, subtree: true });"
    )
    opened.goto((book / "index.html").as_uri())
    assert opened.evaluate("window.themeAtFirst") == "dark"


def test_theme_button_is_remembered(open_page, address):
    opened = open_page(f"{address}/intro.html")
    opened.click(".theme-switch-button")
    assert opened.evaluate("document.documentElement.dataset.theme") == "dark"
    opened.reload()
    assert opened.evaluate("document.documentElement.dataset.theme") == "dark"
    opened.traffic.assert_clean()


def test_page_is_quiet_over_http(page, book, address, open_page):
    opened = open_page(f"{address}/{page.relative_to(book)}")
    opened.wait_for_load_state("networkidle")
    opened.traffic.assert_clean()
    assert all(url.startswith((address, "data:", "blob:")) for url in opened.traffic.requests)


def test_first_tab_skips_to_the_text(page, open_page):
    opened = open_page(page)
    if page.name == "search.html":  # there the first key should land in the field
        assert opened.evaluate("document.activeElement.name") == "q"
        return
    opened.keyboard.press("Tab")
    assert opened.evaluate("document.activeElement.getAttribute('href')") == "#main-content"
    # It slides in.
    opened.wait_for_function("() => document.activeElement.getBoundingClientRect().top >= 0")
    opened.keyboard.press("Enter")
    opened.wait_for_url("**#main-content")


def test_menu_opens_on_a_phone(open_page, book):
    opened = open_page(book / "intro.html", width=390, height=844)
    link = opened.locator("nav.bd-docs-nav a", has_text="What is a learning rate").first
    assert not link.is_visible()
    opened.locator(".bd-header-article .primary-toggle").click()
    link.wait_for(state="visible")
    link.click()
    opened.wait_for_url("**/chapters/01-*.html")
    opened.traffic.assert_clean()


def test_page_contents_open_on_a_phone(open_page, book):
    opened = open_page(book / "chapters" / "02-stability.html", width=390, height=844)
    link = opened.locator("#pst-page-toc-nav a").nth(1)
    assert not link.is_visible()
    opened.locator(".bd-header-article .secondary-toggle").click()
    link.wait_for(state="visible")
    opened.traffic.assert_clean()


def test_links_between_pages_work_from_a_folder(open_page, book):
    opened = open_page(book / "index.html")
    opened.click(".right-next")
    opened.wait_for_url("**/chapters/01-*.html")
    opened.click(".left-prev")
    opened.wait_for_url("**/intro.html")
    opened.traffic.assert_clean()


@pytest.mark.parametrize("name", ["intro.html", "chapters/01-what-is-a-learning-rate.html"])
def test_paper_shows_the_title_and_the_text_alone(name, book, open_page):
    opened = open_page(book / name)
    opened.emulate_media(media="print")
    assert opened.locator("h1").is_visible()
    for hidden in [".bd-sidebar-primary", ".bd-header-article", ".headerlink"]:
        assert not opened.locator(hidden).first.is_visible(), hidden


def test_page_reads_without_javascript(open_page, book):
    opened = open_page(book / "chapters" / "02-stability.html", java_script_enabled=False)
    assert opened.locator(".katex-html").first.is_visible()
    assert opened.locator("figure svg").first.is_visible()
