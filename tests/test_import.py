"""`import lrcore` must stay light: NumPy and nothing else."""

import subprocess
import sys

import pytest

ASK = """
import sys
import numpy
before = set(sys.modules)
import lrcore
new = {name.partition(".")[0] for name in set(sys.modules) - before}
print(sorted(new - set(sys.stdlib_module_names)))
"""

def said_by(program):
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    return done.stdout.strip()


def test_importing_lrcore_imports_numpy_only():
    assert said_by(ASK) == "['lrcore']"


@pytest.mark.parametrize("name", ["viz", "exam"])
def test_the_leaves_are_reached_at_first_use(name):
    program = f"import sys, lrcore; assert 'lrcore.{name}' not in sys.modules; print(lrcore.{name}.__name__)"
    assert said_by(program) == f"lrcore.{name}"
