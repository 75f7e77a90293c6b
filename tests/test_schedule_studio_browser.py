"""The schedule studio on a page from file://: controls, addresses, words of libraries, copies, a phone."""

import gzip
import re
from urllib.parse import quote

import numpy as np
import pytest
from live_figures import (
    assert_accessible,
    keys_that_leave,
    listen_to_announcements,
    read,
    write_page,
)

from lrcore.schedules import same_words
from lrcore.viz import live
from lrcore.viz.schedule_studio import STATE, configuration, explorer
from lrcore.viz.studio_address import parse
from lrcore.viz.studio_families import FAMILIES, WARMUPS, compose


@pytest.fixture
def figure(open_page, tmp_path, monkeypatch):
    """`figure(state=..., hash=..., theme=..., width=...)` -> page with a studio that owns its address."""
    monkeypatch.setenv("LRCORE_BOOK", "1")

    def open_(state=STATE, hash="", theme="light", width=900, studios=1, **options):
        path = write_page(
            tmp_path / "studio.html", "schedule_studio", explorer(state, "T = 100") * studios, theme
        )
        url = path.resolve().as_uri() + (f"#studio={hash}" if hash else "")
        return open_page(url, width=width, height=1000, **options)

    return open_


def knob(page, name):
    """The host of the visible control of that name."""
    return page.locator(f".lr-studio-knob[data-name={name}]:visible")


def slide(page, name, *keys):
    knob(page, name).locator("input[type=range]").focus()
    for key in keys:
        page.keyboard.press(key)


def type_into(page, name, words):
    box = knob(page, name).locator("input[type=text]")
    box.fill(words)
    box.press("Enter")


def address(page):
    """The state that the link says, as Python reads it."""
    return parse(page.evaluate("document.querySelector('lr-schedule-studio').link().split('#studio=')[1]"))


def curves(page, which="linear"):
    """[(steps, rates)] of the drawn curves, from their pixels and the range of the frame, and its top."""
    paths, last, width, height, (low, high) = page.evaluate(
        "(i) => { const a = document.querySelector('lr-schedule-studio').axes[i];"
        " const paths = [...a.curves.querySelectorAll('[data-curve]')].map((e) => e.getAttribute('d'));"
        " return [paths, a.last, a.width, a.height, a.range]; }", int(which == "log"),
    )  # fmt: skip
    found = []
    for d in paths:
        x, y = np.array([pair.split() for pair in d.strip("M").split("L")], float).T
        value = low + (high - low) * (1 - y / height)
        found.append((x * last / width, 10**value if which == "log" else value))
    return found, high


def assert_drawn(page):
    """Every curve on the page is the schedule of lrcore that the link stands for."""
    state, (found, top) = address(page), curves(page)
    T = state["T"]
    assert len(found) == len(state["schedules"])
    for record, (steps, rates) in zip(state["schedules"], found, strict=True):
        eta = compose(record, T)(np.arange(T + 1))
        assert rates.max() == pytest.approx(eta.max(), abs=0.003 * top)
        if T <= 200:
            whole = np.round(steps).astype(int)
            assert abs(steps - whole).max() < 0.2 and np.array_equal(whole, np.arange(T + 1))
            np.testing.assert_allclose(rates, eta[whole], atol=0.003 * top)


def test_first_view_shows_warmup_and_cosine_against_steps(figure):
    page = figure()
    assert_drawn(page)
    assert read(page, "verdict") == (
        "Robbins–Monro: not satisfied. Continued for ever, Ση converges and Ση² converges: 0 from some step "
        "on: only finitely many terms."
    )
    assert "Total travel Ση = 5 in 100 steps, as much as 50 steps at the highest rate." in read(
        page, "travel"
    )
    assert "1 % where h = 0.921." in read(page, "travel")  # ln 100 / 5
    rows = page.locator("[data-el=rows] tr").all()
    assert [[cell.inner_text().strip() for cell in row.locator("th, td").all()] for row in rows] == [
        ["cosine, 0.1, warmup 10", "0.0587", "5", "0.371"],
        ["step decay, 0.1", "0.05", "5.38", "0.395"],
    ]
    assert page.locator(".lr-live-caption").inner_text() == "T = 100"
    assert page.locator("[data-el=note]").is_hidden() and page.locator("[data-el=trouble]").is_hidden()
    page.traffic.assert_clean()


def test_the_log_axis_shows_the_same_rates(figure):
    page = figure("T:100/main:exponential,0.1,0.5,10")
    ((steps, rates),), _ = curves(page, "log")
    np.testing.assert_allclose(rates, 0.1 * 0.5 ** (np.round(steps) / 10), rtol=0.02)


@pytest.mark.parametrize("name", list(FAMILIES))
def test_every_control_of_a_family_by_keyboard(figure, name):
    """Each slider to its ends and each choice to its last: drawn is what lrcore has for the same state."""
    page = figure("T:100/main:cosine,0.1;warmup:linear,10")
    knob(page, "main").locator("select").select_option(name)
    assert_drawn(page)
    family = FAMILIES[name]
    names = [c.name for c in family.controls if c.kind in ("number", "log", "count")]
    names += ["eta0"] if family.peak else []
    names += ["W", "start"] if family.warmup else []
    names += ["floor"] if family.floor != "no" else []
    names += ["T0"] if family.restarts else []
    for one in names:
        seen = set()
        for keys in (["End"], ["Home"], ["ArrowRight", "ArrowRight"]):
            slide(page, one, *keys)
            assert_drawn(page)
            seen.add(page.locator("[data-el=linear]").inner_html())
        assert len(seen) > 1 or (name, one) == ("cyclic", "gamma"), one  # which only exp_range uses
    for control in family.controls:
        for option in control.options:
            knob(page, control.name).locator("select").select_option(option)
            assert_drawn(page)
    for warmup in ["none", *WARMUPS] if family.warmup else []:
        knob(page, "warmup").locator("select").select_option(warmup)
        assert_drawn(page)
    slide(page, "T", "End")
    assert_drawn(page)
    slide(page, "T", "Home")
    assert_drawn(page)
    assert address(page)["T"] in (1, 2)
    page.traffic.assert_clean()


def test_what_is_typed_is_taken_exactly(figure):
    page = figure()
    type_into(page, "eta0", "0.0317")
    type_into(page, "T", "120")
    assert_drawn(page)
    type_into(page, "T", "4321")
    assert address(page)["schedules"][0]["eta0"] == 0.0317 and address(page)["T"] == 4321
    knob(page, "main").locator("select").select_option("multistep")
    type_into(page, "milestones", "900, 100 2500")
    assert address(page)["schedules"][0]["p"]["milestones"] == (100, 900, 2500)
    assert knob(page, "milestones").locator("input").input_value() == "100, 900, 2500"
    assert_drawn(page)


@pytest.mark.parametrize(
    ("name", "words", "says"),
    [
        ("eta0", "fast", "Eta0 must be a number in [0.000001, 10], got “fast”; 0.1 stays."),
        ("eta0", "-1", "Eta0 must be in [0.000001, 10], got “-1”; 0.1 stays."),
        ("T", "3.5", "T must be a whole number in [1, 10000], got “3.5”; 100 stays."),
        ("W", "", "W must be a number in [0, 10000], got “”; 10 stays."),
    ],
)
def test_nonsense_typed_is_refused_with_a_sentence(figure, name, words, says):
    page = figure()
    type_into(page, name, words)
    assert read(page, "note") == says
    assert knob(page, name).locator("input[type=text]").input_value() == says.split("; ")[1].split()[0]
    assert_drawn(page)


def test_what_no_longer_fits_is_mended_and_said(figure):
    page = figure()
    type_into(page, "T", "8")
    assert read(page, "note") == "The warmup is shorter than the horizon; W = 7."
    assert read(page, "kOut") == "8 of 8"
    page.locator("[data-el=reset]").click()
    assert page.locator("[data-el=note]").is_hidden() and address(page) == parse(STATE)
    knob(page, "warmup").locator("select").select_option("exponential")
    assert "cannot start at 0; start = 0.001" in read(page, "note")
    assert_drawn(page)


def test_six_schedules_each_with_a_colour_and_a_dash(figure):
    page = figure()
    for name in ["linear", "wsd", "one_cycle", "inverse_time"]:
        page.locator("[data-el=add]").click()
        knob(page, "main").locator("select").select_option(name)
    assert_drawn(page)
    assert page.locator("[data-el=add]").is_disabled()
    looks = page.evaluate(
        "[...document.querySelectorAll('[data-el=linear] [data-curve]')]"
        ".map(e => [getComputedStyle(e).stroke, getComputedStyle(e).strokeDasharray])"
    )
    assert len({stroke for stroke, _ in looks}) == len({dash for _, dash in looks}) == 6
    swatches = page.evaluate(
        "[...document.querySelectorAll('[data-el=rows] [data-curve]')]"
        ".map(e => [getComputedStyle(e).stroke, getComputedStyle(e).strokeDasharray])"
    )
    assert swatches == looks
    page.locator("[data-el=rows] input").nth(5).check()
    assert "satisfied" in read(page, "verdict") and "k^-1" in read(page, "verdict")
    assert read(page, "verdict").startswith("Robbins–Monro: satisfied.")
    for _ in range(5):
        page.locator("[data-el=remove]").click()
    assert page.locator("[data-el=remove]").is_disabled() and page.locator("[data-el=rows] tr").count() == 1
    assert_drawn(page)


def test_a_family_keeps_what_it_shares_with_the_one_before(figure):
    page = figure("T:100/main:step,0.2,25,0.3")
    knob(page, "main").locator("select").select_option("exponential")
    record = address(page)["schedules"][0]
    assert (record["eta0"], record["p"]) == (0.2, {"gamma": 0.3, "every": 25})


# ------------------------------------------------------------------ reading


def test_the_rate_at_a_step_by_keyboard_and_by_pointer(figure):
    page = figure()
    page.locator("[data-el=k]").focus()
    for _ in range(10):
        page.keyboard.press("ArrowRight")
    eta = [s(60) for s in (compose(r, 100) for r in parse(STATE)["schedules"])]
    assert read(page, "at") == "η at k = 60" and read(page, "kOut") == "60 of 100"
    cells = page.locator("[data-el=rows] td:nth-child(2)")
    assert cells.all_inner_texts() == [f"{each:.3g}" for each in eta]
    assert page.locator("[data-el=k]").get_attribute("aria-valuetext") == f"60 of 100, rate {eta[0]:.3g}"
    box = page.locator("[data-el=linear]").bounding_box()
    left, right = box["x"] + 50, box["x"] + box["width"] - 16
    page.mouse.move(left + 0.2 * (right - left), box["y"] + 60)
    assert read(page, "at") == "η at k = 20" and read(page, "kOut") == "60 of 100"
    page.mouse.move(2, 2)
    assert read(page, "at") == "η at k = 60"
    page.mouse.click(left + 0.9 * (right - left), box["y"] + 60)
    assert read(page, "kOut") == "90 of 100"


def test_a_finger_reads_and_the_page_scrolls(figure):
    page = figure(width=390, has_touch=True, is_mobile=True)
    box = page.locator("[data-el=linear]").bounding_box()
    page.touchscreen.tap(box["x"] + 50 + 0.5 * (box["width"] - 66), box["y"] + 40)
    assert read(page, "kOut") == "50 of 100"
    page.touchscreen.tap(box["x"] + 50 + 0.25 * (box["width"] - 66), box["y"] + 40)
    assert read(page, "kOut") == "25 of 100"
    touch = page.locator("[data-el=linear]").evaluate("e => getComputedStyle(e).touchAction")
    assert touch == "pan-y pinch-zoom"


def test_the_first_chart_stays_in_sight_on_a_phone(figure):
    page = figure(width=390)
    slide(page, "T0", "ArrowRight")
    box = page.locator("[data-el=linear]").bounding_box()
    below = knob(page, "T0").locator("input[type=range]").bounding_box()
    assert box["y"] >= 0 and box["y"] + box["height"] <= below["y"]


# ------------------------------------------------------------------ the words of five libraries


def test_the_same_words_are_drawn_together(figure):
    page = figure()
    page.locator("[data-el=view] input[value=words]").check()
    ours = same_words(0.1, 10, 100)
    names = page.locator("[data-el=rows] th").all_inner_texts()
    assert [name.strip() for name in names] == list(ours)
    found, top = curves(page)
    for schedule, (steps, rates) in zip(ours.values(), found, strict=True):
        np.testing.assert_allclose(rates, schedule(np.round(steps).astype(int)), atol=0.003 * top)
    assert steps[-1] == pytest.approx(150, abs=0.1)
    assert "at step 55: Keras 0.0578, timm 0.0422" in read(page, "travel")
    assert "at step 150: torch 0.0587, optax 0." in read(page, "travel")
    for i, word in enumerate(
        ["SequentialLR", "warmup_cosine_decay", "CosineDecay", "warmup_t=10", "warmup_prefix"]
    ):
        page.locator("[data-el=rows] input").nth(i).check()
        assert word in read(page, "code")
    type_into(page, "W", "0")
    assert read(page, "note") == "The warmup has 1 to T − 1 steps; W = 1."
    assert address(page)["view"] == "words"
    page.traffic.assert_clean()


# ------------------------------------------------------------------ the address


def test_the_address_follows_and_a_shared_link_restores(figure, open_page):
    page = figure()
    knob(page, "main").locator("select").select_option("wsd")
    type_into(page, "decay", "33")
    page.wait_for_function("location.hash.includes('wsd,0.1,33')")
    assert page.evaluate("location.hash") == "#studio=T:100/main:wsd,0.1,33;warmup:linear/main:step"
    state = address(page)
    again = open_page(page.url, width=900)
    assert address(again) == state and again.locator("[data-el=trouble]").is_hidden()
    assert_drawn(again)
    assert again.evaluate("scrollY") > 0  # the reader of a link sees the figure


def test_a_page_that_is_only_read_keeps_its_address(figure):
    page = figure()
    page.wait_for_timeout(600)
    assert page.evaluate("location.hash") == ""


def test_links_within_the_page_change_nothing(figure):
    page = figure()
    type_into(page, "eta0", "0.2")
    page.evaluate("location.hash = '#section'")
    page.wait_for_timeout(50)
    assert address(page)["schedules"][0]["eta0"] == 0.2
    page.traffic.assert_clean()


PASTED = [
    "",
    "////",
    "T:-5/main:cosine",
    "T:100/main:sine,0.1",
    "T:100/main:cosine,1e999;warmup:linear,-3",
    "T:1/main:one_cycle,0.1;warmup:exponential,10",
    "<script>alert(1)</script>/main:<img src=x onerror=alert(1)>",
    "T:100/main:step,0.1,0,0,0/main:wsd,NaN,1e9",
    "%E0%A4%A",
    "T:100;on:6;k:99999;view:both/" + "main:cosine;floor:99/" * 12,
    "main:cosine;warmup:linear,10;" * 400,
    quote("η=0.1 please"),
]


def test_nonsense_in_the_address_gives_a_message_and_a_figure(figure):
    page = figure()
    page.on("dialog", lambda dialog: pytest.fail("a script of the address ran"))
    for words in PASTED:
        page.evaluate("(words) => { location.hash = '#studio=' + words; }", words)
        page.wait_for_function("!document.querySelector('[data-el=trouble]').hidden")
        message = read(page, "trouble")
        assert message.startswith("In the address: ") and len(message) < 1200, words
        assert_drawn(page)
        assert page.locator("lr-schedule-studio :is(script, img)").count() == 0
        page.locator("[data-el=reset]").click()
        assert page.locator("[data-el=trouble]").is_hidden()
    page.traffic.assert_clean()


@pytest.mark.parametrize("words", PASTED[2:8])
def test_nonsense_may_be_there_from_the_start(figure, words):
    page = figure(hash=words)
    assert read(page, "trouble").startswith("In the address: ")
    assert_drawn(page)
    page.traffic.assert_clean()


def test_one_studio_of_a_page_owns_the_address(figure):
    page = figure(hash="T:50/main:linear,0.3", studios=2)
    rows = [page.locator("[data-el=rows]").nth(i).inner_text() for i in (0, 1)]
    assert "linear, 0.3" in rows[0] and "cosine, 0.1, warmup 10" in rows[1]
    assert (
        page.locator("[data-el=link]").nth(0).is_visible()
        and page.locator("[data-el=link]").nth(1).is_hidden()
    )


def test_a_notebook_keeps_its_own_address(open_page, tmp_path):
    path = write_page(tmp_path / "notebook.html", "schedule_studio", explorer(STATE, None))
    page = open_page(path.resolve().as_uri() + "#studio=T:50/main:linear,0.3", width=900)
    assert address(page) == parse(STATE) and page.locator("[data-el=link]").is_hidden()
    type_into(page, "eta0", "0.2")
    page.wait_for_timeout(500)
    assert page.evaluate("location.hash") == "#studio=T:50/main:linear,0.3"
    assert configuration(STATE)["address"] is False


# ------------------------------------------------------------------ copies


def test_link_and_code_are_copied(figure):
    page = figure(permissions=["clipboard-read", "clipboard-write"])
    page.locator("[data-el=link]").click()
    page.wait_for_function("document.querySelector('[data-el=link]').textContent === 'Copied'")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert re.fullmatch(r"file:///.*#studio=T:100/main:cosine;warmup:linear/main:step", copied)
    schedule = compose(parse(STATE)["schedules"][0], 100)
    for library in ("torch", "keras", "optax"):
        page.locator(f"[data-el=program] input[value={library}]").check()
        page.locator("[data-el=copy]").click()
        page.wait_for_function("document.querySelector('[data-el=copy]').textContent === 'Copied'")
        assert page.evaluate("navigator.clipboard.readText()") == schedule.code(library)
        page.wait_for_function("document.querySelector('[data-el=copy]').textContent === 'Copy code'")
    page.locator("[data-el=program] input[value=lrcore]").check()
    assert read(page, "code").strip() == (
        "from lrcore.schedules import Cosine, LinearWarmup, join\n\n"
        "schedule = join([LinearWarmup(eta0=0.1, T=10), Cosine(eta0=0.1, T=90)], at=[10])"
    )


def test_copying_works_without_a_clipboard(figure):
    """Older browsers and pages on plain http have none."""
    page = figure()
    page.evaluate(
        "Object.defineProperty(navigator, 'clipboard', { value: undefined }); window.taken = [];"
        "document.addEventListener('copy', () => taken.push(document.activeElement.value))"
    )
    page.locator("[data-el=link]").click()
    page.wait_for_function("taken.length === 1")
    assert page.evaluate("taken[0]").endswith("#studio=T:100/main:cosine;warmup:linear/main:step")
    assert page.evaluate("document.activeElement.dataset.el") == "link"


# ------------------------------------------------------------------ manners


def test_keys_stay_inside(figure):
    page = figure()
    assert keys_that_leave(page, {"k": ["ArrowRight", "Tab"]}) == ["Tab"]
    assert read(page, "kOut") == "51 of 100"


def test_everything_is_reached_by_tab(figure):
    page = figure()
    page.locator("[data-el=k]").focus()
    seen = set()
    for _ in range(40):
        seen.add(page.evaluate(
            "() => { const e = document.activeElement; return e.dataset.el || e.name?.split('-').pop()"
            " || e.closest('[data-name]')?.dataset.name; }"
        ))  # fmt: skip
        page.keyboard.press("Tab")
    everything = {"k", "row", "add", "remove", "reset", "link", "view", "program", "copy", "code"}
    assert everything | {"main", "eta0", "warmup", "W", "start", "floor", "T0", "T"} <= seen


def test_it_speaks_once_the_reader_pauses(figure):
    page = figure()
    listen_to_announcements(page)
    page.wait_for_timeout(900)
    assert page.evaluate("said") == []
    slide(page, "eta0", *["ArrowRight"] * 10)
    page.wait_for_function("said.length > 0")
    assert len(page.evaluate("said")) == 1 and "Total travel Ση = 50" in page.evaluate("said[0]")


def test_small_enough_to_send():
    """All its own scripts and styles and the element itself, after gzip."""
    files = sorted(live.FOLDER.glob("schedule_studio*"))
    assert len(files) == 8
    sizes = [len(gzip.compress(file.read_bytes())) for file in files]
    assert sum(sizes) + len(gzip.compress(explorer(STATE, None).encode())) <= 30_000


@pytest.mark.parametrize("width", [360, 390, 1280])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_accessible_and_in_its_place(figure, theme, width):
    state = "T:100/main:cyclic;floor:0.001/main:cosine;warmup:linear;restart:25,2/main:multistep/main:noam"
    page = figure(state, "T:1/main:sine", theme=theme, width=width, dark=theme == "dark")
    page.locator("[data-el=reset]").click()
    for i in range(4 if (theme, width) == ("light", 390) else 1):
        page.locator("[data-el=rows] input").nth(i).check()
        assert_accessible(page, width)
    page.locator("[data-el=view] input[value=words]").check()
    type_into(page, "W", "0")
    assert_accessible(page, width)


def test_without_scripts_the_drawing_stands(figure):
    page = figure(java_script_enabled=False)
    assert page.locator("lr-schedule-studio .lr-live-still svg[role=img]").is_visible()
