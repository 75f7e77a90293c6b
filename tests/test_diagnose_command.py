"""python -m lrcore diagnose: what it reads, what it says, and how it refuses."""

import json
import subprocess
import sys

import numpy as np
import pytest

from lrcore.__main__ import main
from lrcore.analysis import diagnose
from lrcore.analysis.diagnosis import read_losses

LOSSES = np.round(
    2 * np.exp(-np.arange(200) / 15) + 1 + 0.1 * np.random.default_rng(0).standard_normal(200), 6
)
ONE = "\n".join(["loss", *map(str, LOSSES)]) + "\n"


@pytest.fixture
def said(tmp_path, capsys):
    """said(text, *options) -> (exit code, stdout, stderr) of the command on a file with that content."""

    def run(content, *options):
        path = tmp_path / "losses.csv"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        code = main(["diagnose", str(path), *options])
        return code, *capsys.readouterr()

    return run


def table(delimiter=",", header=True, names=("step", "train_loss", "lr")):
    rows = [delimiter.join(names)] if header else []
    return "\n".join([*rows, *(f"{k}{delimiter}{x}{delimiter}0.1" for k, x in enumerate(LOSSES))])


def test_the_module_runs_as_a_command(tmp_path):
    (tmp_path / "losses.csv").write_text(ONE)
    command = [sys.executable, "-m", "lrcore", "diagnose", "losses.csv", "--rate", "0.1"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0 and done.stderr == ""
    assert done.stdout == f"{diagnose(LOSSES, rate=0.1)}\n"
    assert done.stdout.startswith("noise-limited plateau: ") and "0.0333" in done.stdout
    done = subprocess.run([*command[:4], "no.csv"], cwd=tmp_path, capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (
        2,
        "",
    ) and done.stderr == "lrcore: no.csv: No such file or directory\n"


def test_json_holds_verdict_and_evidence(said):
    code, out, err = said(ONE, "--json")
    assert (code, err) == (0, "") and json.loads(out) == diagnose(LOSSES).to_dict()


@pytest.mark.parametrize(
    "content, options",
    [
        (ONE, []),
        (ONE.replace("\n", "\r\n"), []),
        ("\ufeff" + ONE, []),
        ("\ufeff" + ONE.partition("\n")[2], []),
        ("\n\n" + ONE + "\n \n\n", []),
        (ONE.partition("\n")[2], []),
        (ONE.replace("loss", "valeur"), []),
        (ONE.replace("loss", '"my, loss"'), []),
        (table(), []),
        (table(), ["--column", "train_loss"]),
        (table(), ["--column", "2"]),
        (table(";"), []),
        (table("\t"), []),
        (table(header=False), ["--column", "2"]),
        (table(names=("step", "Loss", "val_loss")), []),
        (table(names=("step", "my value", "val_loss")), ["--column", "my value"]),
        (table().replace("0.1\n", "first of May\n"), []),
    ],
)
def test_files_that_are_read(said, tmp_path, content, options):
    code, out, err = said(content, *options)
    assert (code, err) == (0, "") and out == f"{diagnose(LOSSES)}\n"
    assert np.array_equal(read_losses(tmp_path / "losses.csv", *options[1:]), LOSSES)


def test_a_first_line_of_numbers_beside_text_is_data(tmp_path):
    path = tmp_path / "dated.csv"
    path.write_text("monday,3\ntuesday,2\n")
    assert read_losses(path, "2").tolist() == [3.0, 2.0]


def test_nan_at_the_end_is_a_verdict_and_one_row_is_none(said):
    assert said(ONE + "nan\nNaN\n")[1].startswith("diverging: from number 200 on")
    code, out, _ = said("loss\n0.3\n")
    assert code == 0 and out.startswith("not decided: 1 losses are too few")


def lines(*changed):
    """The table with some lines replaced: (number counted from 1, text)."""
    rows = table().split("\n")
    for number, text in changed:
        rows[number - 1] = text
    return "\n".join(rows)


@pytest.mark.parametrize(
    "content, options, words",
    [
        ("", [], "the file is empty"),
        ("\n  \n", [], "the file is empty"),
        ("loss\n", [], "a header and no data"),
        (table(), ["--column", "loss"], "no column 'loss'; the columns are 'step', 'train_loss', 'lr'"),
        (table(), ["--column", "4"], "no column '4'"),
        (
            table(header=False),
            [],
            "which column holds the losses? Say --column; the columns are numbers 1 to 3",
        ),
        (table(header=False), ["--column", "loss"], "numbers 1 to 3, there is no header"),
        (table(names=("step", "a_loss", "b_loss")), [], "which column holds the losses?"),
        (table(names=("step", "error", "lr")), [], "the columns are 'step', 'error', 'lr'"),
        (lines((17, "15,,0.1")), [], "line 17: column 'train_loss' is empty"),
        (lines((17, "15,low,0.1")), [], "line 17: column 'train_loss' holds 'low', not a number"),
        (lines((17, "15,0.1.2,0.1")), [], "line 17: column 'train_loss' holds '0.1.2'"),
        (lines((17, "15")), [], "line 17 has 1 cells, and no column 'train_loss'"),
        ("\n\n" + lines((17, "15,low,0.1")), [], "line 19: column 'train_loss' holds 'low'"),
        (lines((17, "15,nan,0.1")), [], "losses[15] is nan but later ones are finite"),
        (table(";").replace("0.", "0,"), [], "not a number such as 0.25"),
        ("loss\n" + "é\n" * 3, [], "holds 'é', not a number"),
        (ONE.encode("utf-16"), [], "not text in UTF-8 (byte 0xff): save it as CSV in UTF-8"),
        ("Verlust für loss\n1\n".encode("latin-1"), [], "not text in UTF-8 (byte 0xfc)"),
        (b"\x89PNG\r\n\x1a\n", [], "not text in UTF-8 (byte 0x89)"),
        (ONE, ["--rate", "-1"], "rate must be in (0, inf)"),
        (ONE, ["--rate", "nan"], "rate must be finite"),
    ],
)
def test_files_that_are_refused(said, content, options, words):
    code, out, err = said(content, *options)
    assert (code, out) == (2, "") and err.startswith("lrcore: ") and words in err
    assert err.count("\n") == 1 and "Traceback" not in err


def test_a_folder_is_no_file(tmp_path, capsys):
    assert main(["diagnose", str(tmp_path)]) == 2
    assert "Is a directory" in capsys.readouterr().err


@pytest.mark.parametrize(
    "arguments", [[], ["diagnose"], ["cure", "x.csv"], ["diagnose", "x.csv", "--rate", "fast"]]
)
def test_a_wrong_command_line_is_told(arguments, capsys):
    with pytest.raises(SystemExit) as end:
        main(arguments)
    assert end.value.code == 2 and "usage: python -m lrcore" in capsys.readouterr().err


def test_a_million_rows(said):
    k = np.arange(1_000_000)
    losses = np.exp(-k / 1e4) + 1 + 0.3 * np.random.default_rng(0).standard_normal(len(k))
    content = "step,loss\n" + "\n".join(
        f"{i},{x:.4f}" for i, x in zip(k.tolist(), losses.tolist(), strict=True)
    )
    code, out, _ = said(content)
    assert code == 0 and out.startswith("noise-limited plateau")
