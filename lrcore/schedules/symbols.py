"""The arithmetic of schedules on symbols: what comes out is the text of a formula."""

from collections import Counter
from numbers import Real

from . import arithmetic

CHOICE, COMPARISON, SUM, TERM, SIGN, POWER, ATOM = range(7)  # how tightly a text holds together

FUNCTIONS = ("cos", "floor", "log", "maximum", "minimum", "sqrt")
CALLS = {
    "torch": {f: f"math.{f}" for f in FUNCTIONS} | {"minimum": "min", "maximum": "max", "pi": "math.pi"},
    "keras": {f: f"ops.{f}" for f in FUNCTIONS} | {"pi": "math.pi"},
    "optax": {f: f"jnp.{f}" for f in FUNCTIONS} | {"pi": "jnp.pi"},
}
WHERE = {
    "torch": "{1} if {0} else {2}",
    "keras": "ops.where({0}, {1}, {2})",
    "optax": "jnp.where({0}, {1}, {2})",
}
TAKE = {
    "torch": "{0}[int({1})]",
    "keras": 'ops.take(ops.array({0}), ops.cast({1}, "int32"))',
    "optax": "jnp.take(jnp.array({0}), ({1}).astype(int))",
}


class Symbol:
    """A text with holes, what goes into them, and how tightly text and holes hold together."""

    def __init__(self, text, arguments=(), level=ATOM, holes=()):
        self.text, self.arguments, self.level, self.holes = text, arguments, level, holes

    def __add__(self, other):
        return self if _is(other, 0) else Symbol("{} + {}", (self, other), SUM, (SUM, SUM))

    def __radd__(self, other):
        return self if _is(other, 0) else Symbol("{} + {}", (other, self), SUM, (SUM, SUM))

    def __sub__(self, other):
        return self if _is(other, 0) else Symbol("{} - {}", (self, other), SUM, (SUM, TERM))

    def __rsub__(self, other):
        return Symbol("{} - {}", (other, self), SUM, (SUM, TERM))

    def __mul__(self, other):
        return self if _is(other, 1) else Symbol("{} * {}", (self, other), TERM, (TERM, TERM))

    def __rmul__(self, other):
        return self if _is(other, 1) else Symbol("{} * {}", (other, self), TERM, (TERM, TERM))

    def __truediv__(self, other):
        return self if _is(other, 1) else Symbol("{} / {}", (self, other), TERM, (TERM, SIGN))

    def __rtruediv__(self, other):
        return Symbol("{} / {}", (other, self), TERM, (TERM, SIGN))

    def __pow__(self, other):
        return self if _is(other, 1) else Symbol("{}**{}", (self, other), POWER, (ATOM, SIGN))

    def __rpow__(self, other):
        return Symbol("{}**{}", (other, self), POWER, (ATOM, SIGN))

    def __lt__(self, other):
        return Symbol("{} < {}", (self, other), COMPARISON, (SUM, SUM))

    def __gt__(self, other):
        return Symbol("{} > {}", (self, other), COMPARISON, (SUM, SUM))

    def __le__(self, other):
        return Symbol("{} <= {}", (self, other), COMPARISON, (SUM, SUM))

    def __ge__(self, other):
        return Symbol("{} >= {}", (self, other), COMPARISON, (SUM, SUM))


class Symbols:
    """What `arithmetic` has, for the text of one library; ``k`` is the step."""

    def __init__(self, library):
        self._calls, self._where, self._take = CALLS[library], WHERE[library], TAKE[library]
        self.k, self.pi = Symbol("k"), Symbol(self._calls["pi"])

    def __getattr__(self, name):
        if name not in FUNCTIONS:
            raise AttributeError(name)

        def call(*arguments):
            if all(isinstance(a, Real) for a in arguments):
                return float(getattr(arithmetic, name)(*arguments))
            holes = ", ".join(["{}"] * len(arguments))
            return Symbol(f"{self._calls[name]}({holes})", arguments, ATOM, (CHOICE,) * len(arguments))

        return call

    def where(self, test, yes, no):
        inline = self._where.startswith("{")
        level, holes = (CHOICE, (COMPARISON, COMPARISON, CHOICE)) if inline else (ATOM, (CHOICE,) * 3)
        return Symbol(self._where, (test, yes, no), level, holes)

    def take(self, values, index):
        return Symbol(self._take, (Symbol(repr(list(values))), index), ATOM, (ATOM, CHOICE))

    def select(self, t, at, pieces):
        """A chain of choices. Times are kept >= 0, since all pieces may be computed at every step."""
        starts = (0, *at)
        own = [self.maximum(t - start, 0) if start else t for start in starts]
        eta = pieces[-1](own[-1])
        for i in reversed(range(len(at))):
            eta = self.where(t < at[i], pieces[i](own[i]), eta)
        return eta


def statements(result):
    """Lines of code that compute a symbol and return it; what is used twice has a line of its own."""
    uses, order = Counter(), []
    _visit(result, uses, order)
    names, lines = {}, []
    for symbol in order:
        nested_choice = symbol.text in WHERE.values() and symbol.level == ATOM and symbol is not result
        if uses[id(symbol)] > 1 or nested_choice:
            text = _text(symbol, names)
            names[id(symbol)] = f"x{len(names) + 1}"
            lines.append(f"{names[id(symbol)]} = {text}")
    while isinstance(result, Symbol) and result.level == CHOICE and id(result) not in names:
        test, yes, result = result.arguments
        lines += [f"if {_text(test, names)}:", f"    return {_text(yes, names)}"]
    return [*lines, f"return {_text(result, names)}"]


def _visit(symbol, uses, order):
    """Count how often each compound symbol is used; `order` has the parts before the whole."""
    if isinstance(symbol, Symbol) and symbol.arguments:
        uses[id(symbol)] += 1
        if uses[id(symbol)] == 1:
            for argument in symbol.arguments:
                _visit(argument, uses, order)
            order.append(symbol)


def _text(symbol, names):
    if not isinstance(symbol, Symbol):
        return repr(symbol)
    if id(symbol) in names:
        return names[id(symbol)]
    parts = []
    for argument, hole in zip(symbol.arguments, symbol.holes, strict=True):
        text = _text(argument, names)
        parts.append(f"({text})" if _level(argument, names) < hole else text)
    return symbol.text.format(*parts) if symbol.arguments else symbol.text


def _level(symbol, names):
    if isinstance(symbol, Symbol):
        return ATOM if id(symbol) in names else symbol.level
    return ATOM if symbol >= 0 else SIGN


def _is(value, number):
    return isinstance(value, Real) and value == number
