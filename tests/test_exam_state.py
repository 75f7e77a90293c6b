"""What a paper remembers: hints, the report, the saved file, and the code for the page."""

import json
import random
import re
import zlib
from pathlib import Path

import pytest
from docutils.nodes import make_id
from exam_demo import demo, labels

from lrcore.exam import Exam, links
from lrcore.exam.codes import DIGITS, read_code, write_code
from lrcore.exam.reading import Unreadable

ROOT = Path(__file__).resolve().parent.parent


def answered():
    """The demonstration with a right, a half, a wrong, a self-marked and no answer."""
    paper = demo()
    paper.check("q1", 1 / paper.tables["q1"]["sealed"]["key"])  # upside down: 1 of 2
    paper.check("q2", labels(paper, "q2", "right")[0])
    paper.check("q5", list(reversed(paper.tables["q5"]["sealed"]["order"])))
    text = "Cosine annealing takes large steps first and small ones late."
    paper.check("q6", {"text": text, "points": [2]})
    return paper


# --- hints and the report ---


def test_a_hint_costs_nothing_and_is_reported(capsys):
    paper = demo()
    paper.hint("q1")
    printed = capsys.readouterr().out
    a = paper.questions["q1"].values["a"]
    assert printed.splitlines() == ["q1 · hint", f"  Write a fraction: {a}/8.", f"  写成分数 {a}/8。"]
    paper.check("q1", f"{a}/8")
    assert paper.verdicts["q1"].marks == 2 == paper.total
    capsys.readouterr()
    paper.report()
    lines = capsys.readouterr().out.splitlines()
    assert "  q1     2 of 2  right         Doubling (hint)" in lines
    assert sum("(hint)" in line for line in lines) == 1


def test_a_question_without_a_hint_says_so(capsys):
    paper = Exam("02", seed=1)
    paper.tables["q1"]["shown"]["hint"] = None
    paper.hint("q1")
    assert capsys.readouterr().out == "q1 · there is no hint\n" and not paper.hints
    with pytest.raises(ValueError, match="has the questions"):
        paper.hint("q99")


def test_the_report_of_a_paper(capsys):
    paper = answered()
    capsys.readouterr()
    paper.report()
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "Paper mock-9 · Demonstration · seed 1"
    assert "  q1     1 of 2  partly right  Doubling" in lines
    assert "  q3     0 of 3  not answered  Several" in lines
    assert "Total 5 of 17 marks (29 %)" in lines
    assert "You gave 2 of these to yourself, by the mark scheme." in lines
    place = lines.index("  chapter 02, “A kink”: q3, q4, q5")
    assert lines[place + 1] == "    ../chapters/02-stability.ipynb#A-kink"
    assert (ROOT / "notebooks/exercises" / lines[place + 1].strip().split("#")[0]).resolve().exists()


def test_a_text_that_waits_for_its_marks_is_said_to(capsys):
    paper = demo()
    paper.check("q6", "Cosine annealing takes large steps first.")
    assert capsys.readouterr().out.startswith("q6 · 1 of 4 marks · to be marked\n")


# --- links ---


def test_anchors_are_those_of_sphinx():
    headings = ["½ of it", "Don’t stop", "2 × 2: naïve", "— dash —", "η₀ first", "1. One"]
    for page in (ROOT / "chapters").glob("*.md"):
        headings += re.findall(r"^#{2,4} (.+?)\s*$", page.read_text(), re.MULTILINE)
    assert len(headings) > 30
    for heading in headings:
        assert links.anchor(heading) == make_id(heading), heading


class Distribution:
    def __init__(self, noted):
        self.noted = noted

    def read_text(self, name):
        return self.noted


@pytest.mark.parametrize(
    "noted, link",
    [
        (
            {"url": "https://example.org/a/b.git", "vcs_info": {"vcs": "git", "requested_revision": "main"}},
            "https://example.org/a/b/tree/main/notebooks/chapters",
        ),
        (
            {"url": "https://example.org/a/b", "vcs_info": {}},
            "https://example.org/a/b/tree/HEAD/notebooks/chapters",
        ),
        ({"url": "file:///somewhere", "dir_info": {"editable": True}}, ""),
        (None, ""),
    ],
)
def test_without_the_book_a_link_leads_to_where_pip_got_lrcore(monkeypatch, noted, link):
    monkeypatch.setattr(links, "chapter_file", lambda chapter: None)
    text = None if noted is None else json.dumps(noted)
    monkeypatch.setattr(links.metadata, "distribution", lambda name: Distribution(text))
    assert links.notebook_link("02", "A kink") == link and links.page_link("02", "A kink") is None


# --- saving ---


def test_saved_and_resumed(tmp_path, capsys):
    paper, path = answered(), tmp_path / "my marks.json"
    paper.hint("q3")
    paper.save(path)
    paper.check("q3", "A")
    paper.save(path)  # over an earlier state of the same paper
    again = resumed(path)
    assert (again.verdicts, again.hints, again.seed) == (paper.verdicts, {"q3"}, 1)
    capsys.readouterr()
    for each in (paper, again):
        each.report()
        each.code()
    printed = capsys.readouterr().out
    assert printed[: len(printed) // 2] == printed[len(printed) // 2 :]
    assert [file.name for file in tmp_path.iterdir()] == ["my marks.json"]


def resumed(path, monkey=None):
    from unittest import mock

    with mock.patch("lrcore.exam.grading.load", lambda name: demo().sheet):
        return Exam.resume(path)


def test_a_sheet_of_the_book_is_resumed(tmp_path):
    paper = Exam("02", seed=3)
    paper.check("q1", 17)
    paper.save(tmp_path / "02.json")
    assert Exam.resume(str(tmp_path / "02.json")).verdicts == paper.verdicts


def saved(tmp_path):
    path = tmp_path / "marks.json"
    answered().save(path)
    return path, json.loads(path.read_text())


DAMAGES = [
    lambda state: state["verdicts"]["q1"].update(marks=3),
    lambda state: state["verdicts"]["q1"].update(marks=-1),
    lambda state: state["verdicts"]["q1"].update(marks=True),
    lambda state: state["verdicts"]["q1"].update(marks="1"),
    lambda state: state["verdicts"]["q1"].update(marks=float("nan")),
    lambda state: state["verdicts"]["q1"].update(claimed=2),
    lambda state: state["verdicts"]["q1"].update(code=None),
    lambda state: state["verdicts"]["q1"].update(surplus=1),
    lambda state: state["verdicts"]["q1"].pop("feedback"),
    lambda state: state.update(verdicts=[]),
    lambda state: state["verdicts"].update(q1=[]),
    lambda state: state.update(hints="q1"),
    lambda state: state.update(hints=[1]),
    lambda state: state.update(seed="1"),
    lambda state: state.update(seed=True),
    lambda state: state.update(sheet=1),
    lambda state: state.update(format="other"),
    lambda state: state.pop("format"),
]


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_file_is_told_and_kept(tmp_path, damage):
    path, state = saved(tmp_path)
    damage(state)
    path.write_text(json.dumps(state))
    before = path.read_bytes()
    with pytest.raises(ValueError, match="left as it is"):
        resumed(path)
    with pytest.raises(ValueError, match="left as it is"):
        answered().save(path)
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    "content", [b"", b"{", b"[]", b"null", b"\xff\xfe\x00", b"a,b\n1,2\n", b"[" * 100_000]
)
def test_a_foreign_file_is_told_and_kept(tmp_path, content):
    path = tmp_path / "data.json"
    path.write_bytes(content)
    for use in (resumed, answered().save):
        with pytest.raises(ValueError, match="left as it is"):
            use(path)
    assert path.read_bytes() == content


def test_every_truncation_of_a_file_is_noticed(tmp_path):
    path, _ = saved(tmp_path)
    whole = path.read_bytes()
    for length in range(0, len(whole) - 1, 7):
        path.write_bytes(whole[:length])
        with pytest.raises(ValueError, match="left as it is"):
            resumed(path)


def test_other_papers_are_not_overwritten(tmp_path):
    path, _ = saved(tmp_path)
    before = path.read_bytes()
    with pytest.raises(ValueError, match="choose another name"):
        demo(seed=2).save(path)
    with pytest.raises(ValueError, match="choose another name"):
        Exam("01", seed=1).save(path)
    assert path.read_bytes() == before


def test_another_edition_a_missing_file_and_an_unknown_sheet(tmp_path):
    path, state = saved(tmp_path)
    state["verdicts"]["q1"]["out_of"] = 5
    path.write_text(json.dumps(state))
    with pytest.raises(ValueError, match="another edition"):
        resumed(path)
    with pytest.raises(ValueError, match="there is no file"):
        Exam.resume(tmp_path / "nothing.json")
    with pytest.raises(ValueError, match="cannot be resumed: there is no sheet 'mock-9'"):
        path.write_text(json.dumps({**state, "verdicts": {}}))
        Exam.resume(path)
    with pytest.raises(ValueError, match="cannot be read"):
        Exam.resume(tmp_path)


def test_a_write_that_fails_leaves_the_old_file(tmp_path, monkeypatch):
    path, _ = saved(tmp_path)
    before = path.read_bytes()

    def full(*_):
        raise OSError("no space left")

    monkeypatch.setattr("lrcore.exam.saving.os.replace", full)
    with pytest.raises(OSError, match="no space"):
        answered().save(path)
    assert path.read_bytes() == before and len(list(tmp_path.iterdir())) == 1


# --- the code ---


def test_the_code_carries_the_marks(capsys):
    paper = answered()
    capsys.readouterr()
    paper.code()
    text = capsys.readouterr().out.strip()
    possible = [2, 1, 3, 3, 2, 4, 2]
    assert read_code(text, "mock-9", 1, possible) == [1, 1, None, None, 0, 3, None]
    assert len(text) <= 40


@pytest.mark.parametrize("sheet", ["01", "02"])
def test_codes_of_the_sheets_are_short(sheet, capsys):
    Exam(sheet, seed=12).code()
    assert len(capsys.readouterr().out.strip()) <= 40


def test_codes_any_marks():
    chance = random.Random(1)
    for _ in range(500):
        possible = [chance.randint(1, 9) for _ in range(chance.randint(1, 25))]
        marks = [chance.choice([None, chance.randint(0, 10 * most) / 10]) for most in possible]
        text = write_code("2025-q4", 3, possible, marks)
        assert read_code(text, "2025-q4", 3, possible) == marks
        assert set(text.split(".")[2]) <= {*DIGITS, "-"}


def test_the_code_is_what_its_description_says():
    """Decoded here once more from the description: mixed radix, base 32, CRC-32 of the text."""
    possible, marks = [2, 4, 1], [1.5, None, 1]
    sheet, seed, digits = write_code("07", 2, possible, marks).split(".")
    digits = digits.replace("-", "")
    payload, check = digits[:-4], digits[-4:]
    assert int(payload.translate(str.maketrans(DIGITS, "0123456789abcdefghijklmnopqrstuv")), 32) == (
        (1 + 15) + 22 * (0 + 42 * (1 + 10))
    )
    crc = zlib.crc32(f"07.2.{payload}.2,4,1".encode()) & 0xFFFFF
    assert check == "".join(DIGITS[crc >> shift & 31] for shift in (15, 10, 5, 0))


def test_a_code_is_read_as_people_type_it():
    text = write_code("01", 1, [2] * 20, [2.0, None] * 10)
    sloppy = text.replace("-", " ").lower().replace("0", "o").replace("1", "l")
    sloppy = "01.1." + sloppy.split(".", 2)[2]
    assert read_code(f"  {sloppy}\n", "01", 1, [2] * 20) == [2.0, None] * 10


def test_a_slip_of_the_pen_is_noticed():
    possible = [2, 3, 1, 5]
    text = write_code("01", 1, possible, [2, 1.5, None, 0])
    digits = [i for i, c in enumerate(text) if i > 4 and c != "-"]
    for i in digits:
        for other in DIGITS:
            if other != text[i]:
                with pytest.raises(Unreadable) as refused:
                    read_code(text[:i] + other + text[i + 1 :], "01", 1, possible)
                assert refused.value.code == "checksum" and refused.value.feedback.endswith(".")
    for i, j in zip(digits, digits[1:], strict=False):  # two neighbours exchanged
        if text[i] != text[j]:
            swapped = list(text)
            swapped[i], swapped[j] = text[j], text[i]
            with pytest.raises(Unreadable):
                read_code("".join(swapped), "01", 1, possible)


@pytest.mark.parametrize(
    "change, code",
    [
        (lambda text: text[:-1], "not-a-code"),
        (lambda text: text + "0", "not-a-code"),
        (lambda text: text.replace(".", ","), "not-a-code"),
        (lambda text: "", "not-a-code"),
        (lambda text: None, "not-a-code"),
        (lambda text: text[:-1] + "U", "not-a-code"),
        (lambda text: text[:-1] + "é", "not-a-code"),
        (lambda text: "02" + text[2:], "other-sheet"),
        (lambda text: text.replace(".1.", ".2."), "other-seed"),
    ],
)
def test_what_is_no_code_of_this_paper(change, code):
    text = write_code("01", 1, [2, 3], [2, None])
    with pytest.raises(Unreadable) as refused:
        read_code(change(text), "01", 1, [2, 3])
    assert refused.value.code == code


def test_a_code_of_another_edition_is_refused():
    text = write_code("01", 1, [2, 3], [2, None])
    for possible in ([3, 2], [2, 3, 1], [2]):
        with pytest.raises(Unreadable):
            read_code(text, "01", 1, possible)
