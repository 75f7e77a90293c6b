"""Chinese words in an English page say that they are Chinese.

Screen readers change their voice, and browsers take Chinese rather than Japanese forms of the characters.
"""

from __future__ import annotations

import re

# Ideographs, and the punctuation, digits and spaces between them.
CHINESE = re.compile(
    r"[\u4e00-\u9fff\u3400-\u4dbf](?:[^<>&A-Za-z]*[\u4e00-\u9fff\u3400-\u4dbf])*[\u3001\u3002\uff01-\uff1f]?"
)
FOREIGN = re.compile(r"(<(svg|math|script|style|textarea|lr-paper|lr-question)\b.*?</\2>)", re.S)
TEXT = re.compile(r"(?<=>)[^<]+")


def mark_chinese(html: str) -> str:
    """Wrap runs of Chinese in the text of `html`; drawings, formulas and scripts keep theirs, quizzes say it.

    >>> mark_chinese("<p>rate 学习率，步长。 <svg><text>率</text></svg></p>")
    '<p>rate <span lang="zh">学习率，步长。</span> <svg><text>率</text></svg></p>'
    """
    pieces = FOREIGN.split(html)
    # split gives text, element, its name, text, …
    for index in range(0, len(pieces), 3):
        pieces[index] = TEXT.sub(
            lambda text: CHINESE.sub(r'<span lang="zh">\g<0></span>', text[0]), pieces[index]
        )
    del pieces[2::3]
    return "".join(pieces)
