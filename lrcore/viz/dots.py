"""Round markers as one element: the dots of a path are many `<use>`, and a page feels each of them.

A line with zero length and round ends is a dot, so a run of dots of one look becomes one path of such
lines. Four hundred iterates then cost one element of 4 kB instead of four hundred of 80 bytes, to move, lay
out and paint anew at every move of a slider.
"""

import re
from xml.etree import ElementTree

SVG = "{http://www.w3.org/2000/svg}"
HREF = "{http://www.w3.org/1999/xlink}href"
# matplotlib's circle: from the bottom, eight Bezier arcs.
CIRCLE = re.compile(r"M 0 (?P<radius>[\d.]+)\s+(?:C(?:\s+-?[\d.e-]+){6}\s+){8}z\s*")


def join_dots(root):
    """Replace, in matplotlib's SVG, groups of equal full circles by one path each; in place."""
    circles = {}
    for path in root.iter(f"{SVG}path"):
        match = CIRCLE.fullmatch(path.get("d", ""))
        if match and path.get("id"):
            circles[path.get("id")] = float(match["radius"])
    replaced = set()
    for group in root.iter(f"{SVG}g"):
        marker, look = one_look(group)
        if marker in circles:
            path = dotted(group, circles[marker], look)
            for child in list(group):
                group.remove(child)
            group.append(path)
            replaced.add(marker)
    drop_unused(root, replaced)


def one_look(group):
    """(marker's id, style) when the group is uses of one full marker in one colour, else (None, None)."""
    looks = {(use.get(HREF), use.get("style")) for use in group if use.tag == f"{SVG}use"}
    if len(looks) != 1 or any(child.tag != f"{SVG}use" for child in group):
        return None, None
    ((target, text),) = looks
    style = dict(part.split(": ") for part in (text or "").split("; "))
    full = style.get("stroke", style.get("fill")) == style.get("fill") != "none"
    # Where dots overlap, transparent ones add up one by one, but not as parts of one path.
    plain = set(style) <= {"fill", "stroke", "stroke-width"}
    return (target.removeprefix("#"), style) if full and plain and style.get("fill") else (None, None)


def dotted(group, radius, style):
    edge = float(style.get("stroke-width", 1)) if "stroke" in style else 0
    data = "\n".join(f"M {use.get('x')} {use.get('y')} \nL {use.get('x')} {use.get('y')} " for use in group)
    look = (
        f"fill: none; stroke: {style['fill']}; stroke-width: {2 * radius + edge:g}; stroke-linecap: round"
    )  # fmt: skip
    return ElementTree.Element(f"{SVG}path", {"d": data, "style": look})


def drop_unused(root, ids):
    """Remove the definitions of markers that nobody uses any more."""
    used = {use.get(HREF, "").removeprefix("#") for use in root.iter(f"{SVG}use")}
    for defs in root.iter(f"{SVG}defs"):
        for child in list(defs):
            if child.get("id") in ids - used:
                defs.remove(child)
