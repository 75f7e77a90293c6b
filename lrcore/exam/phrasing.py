"""Phrasing lint: what examiners read too often in free text, and what to write instead.

It costs no marks. A phrase is made of whole words, in any case; a word that ends in * may have any ending.
"""

import re

# (phrase, advice), looked for in every free text; a question adds its own under `lint`
PHRASES = (
    ("rate is too much", "A rate is “too high”, not “too much”."),
    ("rate is too big", "A rate is “too high”; “big” is for things."),
    ("rate is too fast", "A rate is “too high”; the descent is fast."),
    ("rate is too slow", "A rate is “too low”; the descent is slow."),
    ("vibrat*", "A loss “oscillates”; a string vibrates."),
    ("shak*", "A loss “oscillates”; it does not shake."),
    ("going up means overfitting", "A training loss that rises shows divergence, not overfitting."),
    ("the best optimi*", "Hedge: “generally an effective default”. No optimizer is best everywhere."),
    ("should be decay", "Write “should decay” or “a decay should be applied”."),
    ("help the speed", "Write “accelerates convergence”."),
    ("speed is fast", "Write “converges fast”; a speed is high."),
    ("more faster", "Write “faster”."),
    ("more better", "Write “better”, and say in what."),
    ("can not converge", "Write “does not converge”; “cannot” is one word and a stronger claim."),
    ("good", "“Good” is vague: name what is lower, faster or more stable."),
    ("bad", "“Bad” is vague: name what goes wrong."),
    ("thing*", "“Thing” is vague: name it."),
    ("stuff", "“Stuff” is vague: name it."),
    ("a lot", "“A lot” is vague: by how much, or compared with what?"),
    ("somehow", "“Somehow” explains nothing: say how."),
    ("works well", "“Works well” is vague: name the measure."),
    ("always", "“Always” needs a proof: hedge, or name the assumption."),
    ("prove*", "An experiment suggests or shows; only a proof proves."),
)
# A negation with up to two words between it and what follows.
BLANK = "[ \\t\\r\\n]+"
NEGATED = f"(?:\\b(?:not|no|never|without|cannot)|n['’]t)(?:{BLANK}[\\w-]+){{0,2}}{BLANK}$"


def pattern(phrases) -> str:
    r"""A regular expression, the same in Python and JavaScript, for any of these phrases.

    >>> pattern(["step decay", "exponential*"])
    '\\b(?:step[ \\t\\r\\n]+decay|exponential\\w*)\\b'
    """
    words = [[_word(word) for word in phrase.split()] for phrase in phrases]
    return f"\\b(?:{'|'.join(BLANK.join(each) for each in words)})\\b"


def _word(word: str) -> str:
    escaped = re.sub(r"([\\^$.|?*+()[\]{}/])", r"\\\1", word.removesuffix("*"))
    return escaped + (r"\w*" if word.endswith("*") else "")
