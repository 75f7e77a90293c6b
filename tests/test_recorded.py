"""Recorded runs are what the code beside them makes: complete, fairly tuned, and the same when run again."""

from functools import partial
from itertools import takewhile

import numpy as np
import pytest

from lrcore import Study
from lrcore.book import recorded
from lrcore.torch.digits import train
from lrcore.torch.recordings import RECORDINGS, Recording, __main__

# Methods that are run again to their last step, at the lowest rate, where rounding does not grow; a plateau
# acts only at a rate that reaches one. Together they are every schedule, one in each file at the least.
WHOLE = {
    "06-decay-short": "all",
    "06-decay-long": ["cosine"],
    "06-decay-plain": ["step"],
    "07-cycles": ["Noam", "restarts, doubling", "triangular2", "slanted triangular", "WSD", "plateau"],
    "07-super": ["one cycle, 250", "one cycle and momentum, 250", "one cycle of Smith, 250"],
    "07-warmup": ["40 %"],
    "07-curvature": ["sharp start, warmup"],
    "07-adam": ["Adam, waiting", "RAdam"],
    "07-large-batch": ["50, warmup 1", "250", "250, warmup 4"],
    "07-post-norm": ["post-norm, warmup", "pre-norm"],
    "08-adaptive": ["Adam, cosine", "AdamW, constant"],
}
each_file = pytest.mark.parametrize("name", sorted(RECORDINGS))


def test_every_file_has_a_recipe_and_every_recipe_a_file():
    assert sorted(p.stem for p in recorded("06-decay-long").parent.iterdir()) == sorted(RECORDINGS)
    with pytest.raises(ValueError, match="no runs are recorded as '06-decoy'; there are 06-decay-long"):
        recorded("06-decoy")


@each_file
def test_it_is_complete(name):
    path, made = recorded(name), RECORDINGS[name]
    s = Study.load(path)
    assert path.stat().st_size <= 150_000
    assert set(s.methods) == set(made.methods) and s.judge == "validation"
    for measure in s.measures:
        for method, sweep in s[measure].sweeps.items():
            rates = made.rates[method] if isinstance(made.rates, dict) else made.rates
            assert np.allclose(sweep.rates, rates) and sweep.seeds.tolist() == list(made.seeds)
            assert len(sweep.rates) >= 7 and len(sweep.seeds) >= 5
            assert sweep.losses.shape == (len(sweep.rates), len(sweep.seeds), len(sweep.k))
            finite = np.isfinite(sweep.losses)
            assert finite[..., 0].all()  # every run was begun
            assert (finite[..., -1] == (sweep.status == "finished")).all()


@each_file
def test_no_method_would_have_liked_a_rate_beyond_its_grid(name):
    s = Study.load(recorded(name))
    for method in s.methods:
        assert s["validation"][method].edge == "", f"{method} at {s.best_rate(method)}"
        assert np.isfinite(s.at_best(method, "validation")).all()


def run_again(s, made, method, rate, last):
    """A run of seed 0 up to step `last`, against the file, whose numbers have 4 digits."""
    seed, row = int(s.seeds[0]), int(np.flatnonzero(s["train"][method].rates == rate)[0])
    rows = list(takewhile(lambda r: r.k <= last, made.methods[method](rate, seed)))
    assert [r.k for r in rows] == s.k(method)[: len(rows)].tolist() and rows[-1].k <= last
    for measure in s.measures:
        there = s[measure][method].losses[row, 0, : len(rows)]
        here = [getattr(r, measure) for r in rows]
        if measure == "error":  # in percent of 400 images: one may change sides
            assert np.allclose(here, there, rtol=0, atol=0.3)
        else:
            assert np.allclose(here, there, rtol=1e-3, atol=0), (method, measure, here, there)
    return rows


@each_file
def test_every_method_starts_again_as_recorded(name):
    s, made = Study.load(recorded(name)), RECORDINGS[name]
    for method in s.methods:
        assert run_again(s, made, method, s.best_rate(method), 20)[-1].k >= 16


@each_file
def test_some_methods_end_again_as_recorded(name):
    s, made = Study.load(recorded(name)), RECORDINGS[name]
    for method in s.methods if WHOLE[name] == "all" else WHOLE[name]:
        last = s.k(method)[-1]
        rate = s.best_rate(method) if method == "plateau" else s["train"][method].rates[0]
        assert run_again(s, made, method, rate, last)[-1].k == last


# ------------------------------------------------------------------ the command


@pytest.fixture
def tiny(tmp_path, monkeypatch):
    """A folder in which the command makes "tiny", a recording of two short runs."""
    recording = Recording({"plain": partial(train, steps=2)}, [0.01], range(2), 1)
    monkeypatch.setitem(RECORDINGS, "tiny", recording)
    monkeypatch.setattr(__main__, "FOLDER", tmp_path)
    return tmp_path


def test_the_command_makes_a_file(tiny, capsys):
    assert __main__.main(["tiny"]) == 0
    assert Study.load(tiny / "tiny.json").methods == ["plain"]
    assert [path.name for path in tiny.iterdir()] == ["tiny.json"]
    assert "tiny: about 1 minutes" in capsys.readouterr().err


@pytest.mark.parametrize("names", [[], ["06-decay-longer"], ["tiny", "__init__"]])
def test_the_command_says_which_names_there_are(tiny, names, capsys):
    assert __main__.main(names) == 2 and not list(tiny.iterdir())
    said = capsys.readouterr().err
    assert "06-decay-long, 06-decay-plain" in said and all(n in said for n in names[-1:])


def test_an_interrupted_or_failed_recording_leaves_the_file_there_was(tiny, monkeypatch, capsys):
    (tiny / "tiny.json").write_text("before")

    def interrupted(self, **options):
        raise KeyboardInterrupt

    monkeypatch.setattr(Recording, "make", interrupted)
    assert __main__.main(["tiny"]) == 130 and "tiny.json is as it was" in capsys.readouterr().err
    study = Study({"train": None}, "train")
    monkeypatch.setattr(Study, "to_dict", lambda self: {"not for JSON": np.nan})
    with pytest.raises(ValueError):
        study.save(tiny / "tiny.json")
    assert [path.read_text() for path in tiny.iterdir()] == ["before"]


def test_a_folder_that_cannot_be_written_is_said_before_the_minutes_pass(tiny, monkeypatch, capsys):
    monkeypatch.setattr(Recording, "make", lambda self, **options: pytest.fail("it trained in vain"))
    monkeypatch.setattr(__main__, "FOLDER", tiny / "nowhere")
    assert __main__.main(["tiny"]) == 1 and "nowhere cannot be written" in capsys.readouterr().err
