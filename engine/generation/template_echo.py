"""Whether a model wrote its instructions instead of following them: an echo of the template.

Small models answer "What question did the user ask to generate the following text?" to a template
that says so, or copy the question of a worked example. Larger ones keep the tags around a text.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from rapidfuzz.distance import LCSseq

from engine.generation.language import is_function_word
from engine.generation.templates import Template

_TAG: Final = re.compile(r"</?\w+>")
FEWEST_WORDS: Final = 5
SHARE: Final = 0.6
OWN_WORDS: Final = 2
SLACK: Final = 4  # words that may come in between


def echoes_template(text: str, template: Template, given: str) -> bool:
    """Whether a text is nearly part of a template, or a passage of it is, or it has its tags.

    Tags that the given text has as well, such as those of a language, are no sign.
    The longest common subsequence of words with a sentence of the template is at least SHARE of the
    shorter one, and has two content words or more that the given text does not have: a question
    on the same thing as a worked example shares its words by right. Of 200 questions of a model of
    135M parameters with the papers' template, this found 56 of 60 echoes, and nothing else.
    """
    if _tags(template).difference(_TAG.findall(given)).intersection(_TAG.findall(text)):
        return True
    words = _words(text)
    if len(words) < FEWEST_WORDS:
        return False
    known = set(_words(given))
    return any(
        _is_near(passage, sentence, known)
        for sentence in _sentences(template)
        for passage in _passages(words, len(sentence) + SLACK)
    )


@lru_cache(maxsize=64)
def _tags(template: Template) -> frozenset[str]:
    """The tags around what is put into a template, such as <answer> and </answer>."""
    return frozenset(_TAG.findall(template.system + template.prompt))


def _is_near(words: tuple[str, ...], sentence: tuple[str, ...], known: set[str]) -> bool:
    shared = LCSseq.similarity(words, sentence)
    if shared < SHARE * min(len(words), len(sentence)):
        return False
    common = set(words) & set(sentence)
    return sum(not is_function_word(word) for word in common - known) >= OWN_WORDS


def _passages(words: tuple[str, ...], size: int) -> Iterator[tuple[str, ...]]:
    for start in range(max(len(words) - size, 0) + 1):
        yield words[start : start + size]


@lru_cache(maxsize=64)
def _sentences(template: Template) -> tuple[tuple[str, ...], ...]:
    """The sentences of a template in words, without those that are too short to tell."""
    return tuple(words for words in map(_words, _pieces(template)) if len(words) >= FEWEST_WORDS)


def _pieces(template: Template) -> Iterator[str]:
    for text in (template.system, *template.prompt.split("{text}")):
        yield from re.split(r"[\n.!?:]+", text)
    for example in template.examples:
        yield example.output
        yield example.text


def _words(text: str) -> tuple[str, ...]:
    return tuple(re.findall(r"\w+", text.casefold()))
