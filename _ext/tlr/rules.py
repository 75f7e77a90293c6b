"""`{rule} lrcore.directions.Adam`: the formula of a docstring as a display, so that a rule has one source.

`:label:` numbers it as an equation; `:part: 2` takes the second formula of the docstring.
"""

from __future__ import annotations

import inspect
from pydoc import locate

from docutils.parsers.rst import directives
from sphinx.application import Sphinx
from sphinx.directives.patches import MathDirective

from lrcore.book import formula


class Rule(MathDirective):
    has_content = False
    required_arguments = 1
    optional_arguments = 0
    option_spec = MathDirective.option_spec | {"part": directives.positive_int}

    def run(self):
        name = self.arguments.pop()
        try:
            self.content = formula(name, self.options.get("part", 1)).splitlines()
        except ValueError as error:
            raise self.error(str(error)) from error
        self.env.note_dependency(inspect.getsourcefile(locate(name)))  # an edited docstring is an edited page
        return super().run()


def setup(app: Sphinx) -> None:
    app.add_directive("rule", Rule)
