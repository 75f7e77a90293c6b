"""Names of a package that are imported at their first use: so many files would make `import lrcore` slow."""

import sys
from importlib import import_module


def exports(package, homes, modules=()):
    """``__all__``, ``__getattr__`` and ``__dir__`` of `package`.

    `homes` is a dict from a module of the package to the names that it defines, separated by blanks;
    `modules` are found as themselves. A module must not bear the name of what it defines: it would hide it
    as soon as it is imported.

    >>> names, get, _ = exports("lrcore.problems", {"boyd_exp": "BoydExp"}, modules=["huber"])
    >>> names, get("BoydExp").__name__, get("huber").__name__
    (['BoydExp', 'huber'], 'BoydExp', 'lrcore.problems.huber')
    """
    home = {name: module for module, names in homes.items() for name in names.split()}
    every = sorted([*home, *modules])

    def get(name):
        if name in modules:
            return import_module(f"{package}.{name}")
        if name not in home:
            raise AttributeError(f"module {package!r} has no attribute {name!r}; it has {', '.join(every)}")
        value = getattr(import_module(f"{package}.{home[name]}"), name)
        setattr(sys.modules[package], name, value)
        return value

    return every, get, lambda: sorted({*vars(sys.modules[package]), *every})
