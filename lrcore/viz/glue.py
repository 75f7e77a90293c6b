"""Hand a number from a cell to the prose, as `myst_nb.glue` does, without needing myst_nb."""


def glue(name, text):
    """Make `text` available to the prose of the page as ``{glue:text}`name` ``.

    The value is formatted where it is computed, because the prose cannot know how many digits are earned:
    ``viz.glue("gap", f"{gap:.3f}")``.

    Parameters
    ----------
    name : str
        A name that is unique on the page.
    text : str
        The formatted value.

    Raises
    ------
    TypeError
        If `text` is not a string (with the advice to format it), or `name` is not.
    ValueError
        If `name` or `text` is blank.

    Examples
    --------
    >>> glue("gap", 0.123)
    Traceback (most recent call last):
    ...
    TypeError: viz.glue('gap', ...): the value must be formatted text, got float; write for example ...
    """
    if not isinstance(name, str):
        raise TypeError(f"viz.glue: the name must be a string, got {type(name).__name__}")
    if not isinstance(text, str):
        raise TypeError(
            f"viz.glue({name!r}, ...): the value must be formatted text, got {type(text).__name__};"
            f' write for example viz.glue({name!r}, f"{{value:.3f}}")'
        )
    if not name.strip() or not text.strip():
        raise ValueError(f"viz.glue({name!r}, {text!r}): neither the name nor the text may be blank")
    from IPython.display import display

    # text/plain is what IPython would show for the string itself: with quotes, which {glue:text} takes off
    # and {glue} does not.
    display(
        {"text/plain": repr(text)},
        metadata={"scrapbook": {"name": name, "mime_prefix": ""}},
        raw=True,
    )
