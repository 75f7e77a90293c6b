"""Objects that misbehave when a grader looks at them."""


class Evil:
    """Raises from everything that Python might call."""

    def __getattribute__(self, name):
        raise RuntimeError(name)

    __float__ = __eq__ = __hash__ = __repr__ = __str__ = __bool__ = __len__ = __iter__ = __getattribute__


class Shy(float):
    """A float that lies about everything but its type."""

    def __float__(self):
        raise ValueError("not today")

    __eq__ = __lt__ = __le__ = __sub__ = __rsub__ = lambda self, other: True
    __hash__ = None


class Rude:
    """Raises from what a grader may look at, but can be printed by the test."""

    __float__ = __index__ = __len__ = __iter__ = __array__ = __call__ = lambda self, *_: 1 / 0
    dtype = shape = property(__float__)
