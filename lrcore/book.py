"""Whether the book is being built: figures are then set for a page instead of a kernel."""

import os

BOOK_VARIABLE = "LRCORE_BOOK"


def in_book():
    """True while the book is being built: the Sphinx extension sets LRCORE_BOOK=1 for its kernels."""
    return os.environ.get(BOOK_VARIABLE) == "1"
