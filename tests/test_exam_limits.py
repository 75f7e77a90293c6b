"""A function that never returns, or claims all the memory, gets a message instead of a dead kernel."""

import resource
import signal
import threading
import time

import numpy as np
import pytest
from exam_demo import DEMO, demo

from lrcore.exam import limits

PAPER = demo()


@pytest.fixture(autouse=True)
def short(monkeypatch):
    monkeypatch.setattr(limits, "SECONDS", 0.5)
    before = (signal.getsignal(signal.SIGALRM), resource.getrlimit(resource.RLIMIT_AS))
    yield
    assert signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0), "the timer still runs"
    assert (signal.getsignal(signal.SIGALRM), resource.getrlimit(resource.RLIMIT_AS)) == before


def endless(until=10.0):
    """True for so long that it is endless for the grader; without a limit a test fails, and does not hang."""
    start = time.monotonic()
    while time.monotonic() < start + until:
        yield True


def loops(x, loops):
    for _ in endless():
        pass


def catches_exceptions(x, loops):
    for _ in endless():
        try:
            time.sleep(0.01)
        except Exception:
            continue


def catches_everything(x, loops):
    for _ in endless():
        try:
            time.sleep(0.01)
        except:  # noqa: E722
            continue


def sleeps(x, loops):
    time.sleep(10)


@pytest.mark.parametrize("answer", [loops, catches_exceptions, catches_everything, sleeps])
def test_what_never_returns_is_stopped(answer):
    verdict = PAPER.grade("q7", answer)
    assert (verdict.marks, verdict.code) == (0, "too-slow")
    assert verdict.feedback == (
        "twice did not finish within 0.5 seconds: an endless loop, or far too much work."
    )
    assert PAPER.grade("q7", lambda x, loops: x + x).code == "right", "the next answer is graded as ever"


def test_all_calls_together_have_the_time():
    def slow(x, loops):
        time.sleep(0.3)
        return x + x

    assert PAPER.grade("q7", slow).code == "too-slow"


def test_a_property_that_is_never_decided_is_not_held():
    def hangs_on_nine(x, loops):
        for _ in endless() if loops == 9 else ():
            pass
        return x + x

    verdict = PAPER.grade("q7", hangs_on_nine)
    assert (verdict.marks, verdict.code) == (1, "not-linear")


def too_large(x, loops):
    return np.ones(10**13)


def list_too_large(x, loops):
    return [0] * 10**12


def raises_it(x, loops):
    raise MemoryError


def grows(x, loops):
    kept = []
    while True:
        kept.append(bytearray(1 << 24))


@pytest.mark.parametrize("answer", [too_large, list_too_large, raises_it, grows])
def test_what_eats_the_memory_is_told(answer, monkeypatch):
    monkeypatch.setattr(limits, "SECONDS", 10)
    monkeypatch.setattr(limits, "BYTES", 1 << 28)
    verdict = PAPER.grade("q7", answer)
    assert (verdict.marks, verdict.code) == (0, "too-large")
    assert verdict.feedback.startswith("twice ran out of memory")


def test_in_another_thread_nothing_is_limited_but_all_is_graded():
    found = []
    thread = threading.Thread(target=lambda: found.append(PAPER.grade("q7", lambda x, loops: x + x).code))
    thread.start()
    thread.join()
    assert found == ["right"]


def test_somebody_elses_timer_goes_on():
    fired = []
    before = signal.signal(signal.SIGALRM, lambda *_: fired.append(True))
    try:
        signal.setitimer(signal.ITIMER_REAL, 0.05)
        assert PAPER.grade("q7", lambda x, loops: x + x).code == "right"
        time.sleep(0.1)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
    assert fired == [True]


def test_a_long_print_is_cut(capsys):
    def talks(x, loops):
        print("x" * 10**6)
        return x + x

    assert PAPER.grade("q7", talks).code == "right" and "q7" in DEMO
    assert len(capsys.readouterr().out) < 10**5
