"""What `code` prints is executed, and makes the same rates in the library it is for."""

import sys

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from promises import ANY, EXAMPLES

from lrcore.schedules import Cosine, CosineRestarts, Linear, LinearWarmup, join, shift
from lrcore.schedules.gallery import STEPS

K = np.arange(STEPS)


def run_torch(code, steps):
    """The rates that its scheduler sets, stepped as in training."""
    optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=0.123)
    names = {"optimizer": optimizer}
    exec(code, names)
    rates = []
    for _ in range(steps):
        rates.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        names["scheduler"].step()
    return np.array(rates)


def run_keras(code, steps):
    names = {}
    exec(code, names)
    return np.array([float(names["schedule"](k)) for k in range(steps)])


def run_optax(code, steps):
    import jax.numpy as jnp

    names = {}
    exec(code, names)
    return np.asarray(names["schedule"](jnp.arange(steps))) * np.ones(steps)


@pytest.mark.parametrize("schedule", EXAMPLES)
def test_torch_code_makes_the_same_rates(schedule):
    code = schedule.code("torch")
    assert "lrcore" not in code and repr(schedule) in code
    np.testing.assert_allclose(run_torch(code, STEPS), schedule(K), rtol=0, atol=1e-14)


@pytest.mark.parametrize("schedule", EXAMPLES)
def test_keras_code_makes_the_same_rates(schedule, keras_in_float32):
    code = schedule.code("keras")
    assert "lrcore" not in code and repr(schedule) in code
    np.testing.assert_allclose(run_keras(code, STEPS), schedule(K), rtol=0, atol=1e-7)


@pytest.mark.parametrize("schedule", EXAMPLES)
def test_optax_code_makes_the_same_rates(schedule, optax):
    code = schedule.code("optax")
    assert "lrcore" not in code and repr(schedule) in code
    np.testing.assert_allclose(run_optax(code, STEPS), schedule(K), rtol=0, atol=1e-14)


@given(ANY)
@settings(max_examples=60, deadline=None)
def test_the_code_of_random_schedules(schedule):
    np.testing.assert_allclose(
        run_torch(schedule.code("torch"), 60), schedule(np.arange(60)), rtol=1e-11, atol=1e-11 * schedule(0)
    )


def test_keras_code_in_an_optimizer(keras_in_float32):
    """As Keras calls it: with an integer variable for the step."""
    keras = keras_in_float32
    schedule = join([LinearWarmup(0.1, 10), Cosine(0.1, 90)], at=[10])
    names = {}
    exec(schedule.code("keras"), names)
    optimizer = keras.optimizers.SGD(learning_rate=names["schedule"])
    rates = []
    for _ in range(30):
        rates.append(float(optimizer.learning_rate))
        optimizer.iterations.assign_add(1)
    np.testing.assert_allclose(rates, schedule(np.arange(30)), rtol=0, atol=1e-7)


def test_optax_code_in_a_compiled_update(optax):
    import jax
    import jax.numpy as jnp

    schedule = join([LinearWarmup(0.1, 10), Cosine(0.1, 90)], at=[10])
    names = {}
    exec(schedule.code("optax"), names)
    optimizer = optax.sgd(names["schedule"])
    state = optimizer.init(jnp.zeros(1))
    step = jax.jit(lambda state: optimizer.update(jnp.ones(1), state))
    rates = []
    for _ in range(30):
        updates, state = step(state)
        rates.append(-float(updates[0]))
    np.testing.assert_allclose(rates, schedule(np.arange(30)), rtol=0, atol=1e-7)


def test_the_code_can_be_read():
    code = join([LinearWarmup(0.1, 10), Cosine(0.1, 90)], at=[10]).code("torch")
    body = code[code.index("def eta") :].split("\n\n")[0].rstrip()
    assert body == (
        "def eta(k):\n"
        "    if k < 10:\n"
        "        return 0.1 * min(k, 10) / 10\n"
        "    return 0.1 * (1 + math.cos(min(max(k - 10, 0), 90) * math.pi / 90)) / 2"
    )
    assert "import math" not in Linear(0.1, 10).code("torch") and max(map(len, code.splitlines())) <= 110


def test_a_piece_is_not_computed_at_times_before_its_own():
    """What a formula uses twice is computed first, at every step: the logarithm here, of 1 + a time."""
    schedule = join([LinearWarmup(0.1, 50), CosineRestarts(0.1, 10, T_mult=2)], at=[50])
    np.testing.assert_allclose(run_torch(schedule.code("torch"), STEPS), schedule(K), rtol=0, atol=1e-14)


def test_errors():
    with pytest.raises(ValueError, match="library must be one of 'torch', 'keras', 'optax', got 'jax'"):
        Linear(0.1, 10).code("jax")
    with pytest.raises(TypeError, match="not for the plain function"):
        shift(lambda k: 0.1, 0).code("optax")


def test_writing_code_imports_no_library():
    import subprocess

    program = (
        "import sys; from lrcore.schedules import Cosine;"
        "[Cosine(0.1, 9).code(name) for name in ('torch', 'keras', 'optax')];"
        "from lrcore import schedules; schedules.same_words();"
        "print({'torch', 'keras', 'optax', 'jax', 'timm', 'transformers'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"
