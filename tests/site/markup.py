"""A page's HTML as a flat list of elements: enough for the checks, and no dependency."""

from dataclasses import dataclass, field
from functools import cache
from html.parser import HTMLParser

VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}


@dataclass(eq=False)
class Element:
    tag: str
    attrs: dict[str, str]
    # Not shown: a failing test that prints one element would print the whole page for each of its parents.
    parents: tuple["Element", ...] = field(repr=False)
    line: int
    text: str = ""
    children: list["Element"] = field(default_factory=list, repr=False)

    def __getitem__(self, name):
        return self.attrs.get(name, "")

    @property
    def classes(self):
        return set(self["class"].split())

    def inside(self, tag="", klass=""):
        return any((not tag or p.tag == tag) and (not klass or klass in p.classes) for p in self.parents)

    def full_text(self):
        return self.text + "".join(child.full_text() for child in self.children)


class Page(HTMLParser):
    """`Page(text).elements`; each element knows its parents and its text."""

    def __init__(self, text):
        super().__init__()
        self.elements = []
        self._open = []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        given = {name: value if value is not None else "" for name, value in attrs}
        element = Element(tag, given, tuple(self._open), self.getpos()[0])
        if self._open:
            self._open[-1].children.append(element)
        self.elements.append(element)
        if tag not in VOID:
            self._open.append(element)

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self._open.pop()

    def handle_endtag(self, tag):
        while any(element.tag == tag for element in self._open):
            if self._open.pop().tag == tag:
                break

    def handle_data(self, data):
        if self._open:
            self._open[-1].text += data

    def all(self, *tags):
        return [element for element in self.elements if element.tag in tags]


@cache  # a chapter has 40,000 elements, and a dozen tests look at each page
def read(path):
    return Page(path.read_text(encoding="utf-8"))
