"""Which language a text is in, by its script and its function words: light, and often silent.

It tells only scripts and six languages apart, and says nothing of a text with few function words.
"""

import re
import unicodedata
from collections import Counter
from typing import Final

MOST_CHARACTERS: Final = 1_000  # more tell no more
FEWEST_LETTERS: Final = 12
FEWEST_WORDS: Final = 4  # function words of one language
LEAD: Final = 2  # so many times those of the language that comes second

_LATIN: Final = "latin"
_EAST_ASIAN: Final = {"cjk", "hiragana", "katakana"}  # mixed in one text

_WORDS: Final = {
    language: frozenset(words.split())
    for language, words in {
        "english": "the of and to in is are was were be been for that with on as by this these it "
        "its from at or not an have has had do does did can could should would will may i you "
        "your my we they their he she his her what when where why who how which if than there",
        "german": "der die das und ist sind war in den dem des ein eine einen einem zu von mit "
        "auf für nicht auch sich es ich sie wir ihr er wie was wann wo warum wer kann können "
        "soll sollte wird werden wurde bei nach aus oder wenn als dass haben hat am im zur zum",
        "french": "le la les de des du et est sont un une dans pour que qui ne pas sur avec par "
        "ce cette ces il elle ils je vous nous mon votre leur au aux en plus ou où quand comment "
        "pourquoi quel quelle être avoir a ont été peut doit sans si son sa ses",
        "spanish": "el la los las de del y es son un una en para que no por con se lo su sus al "
        "como más o pero este esta estos hay ser fue han ha está yo me mi usted tu qué cuándo "
        "dónde cómo quién puede debe si sin sobre entre muy",
        "italian": "il lo la gli le di del della dei delle e è sono un una in per che non con si "
        "da dal alla al nel nella come più o ma questo questa ha hanno essere stato io mi mio tu "
        "lei cosa quando dove perché chi può deve se su sul tra",
        "portuguese": "o a os as de do da dos das e é são um uma em no na nos nas para que não "
        "por com se ao à como mais ou mas este esta isso foi ser tem eu meu minha você seu sua "
        "quando onde quem qual pode deve sem sobre entre muito",
    }.items()
}

# Those that other languages have too, or that are too rare to tell English by.
_MORE: Final = (
    "a me us our no so any some many much more most few about into up out over after before "
    "because between both each other such only just also very too one two s t"
)
_ENGLISH: Final = _WORDS["english"] | frozenset(_MORE.split())


def is_other_language(text: str, given: str) -> bool:
    """Whether a text is known to be in another language than the text that was given."""
    ours, theirs = find_script(text), find_script(given)
    if ours is None or theirs is None:
        return False
    if ours != theirs:
        return True
    one, other = find_language(text), find_language(given)
    return one is not None and other is not None and one != other


def find_script(text: str) -> str | None:
    """The script of more than half of the letters: "latin", "cyrillic"; None for few letters."""
    letters = [character for character in text[:MOST_CHARACTERS] if character.isalpha()]
    if len(letters) < FEWEST_LETTERS:
        return None
    counts = Counter(map(_script, letters))
    script, count = counts.most_common(1)[0]
    return script if 2 * count > len(letters) else None


def find_language(text: str) -> str | None:
    """The language of a text in Latin letters; None where that can't be told."""
    words = re.findall(r"[^\W\d_]+", text[:MOST_CHARACTERS].casefold())
    found = sorted(
        ((sum(word in known for word in words), name) for name, known in _WORDS.items()),
        reverse=True,
    )
    (most, language), (second, _) = found[:2]
    return language if most >= FEWEST_WORDS and most >= LEAD * second else None


def is_function_word(word: str) -> bool:
    """Whether a word, in lower case, is one that English sentences are held together by."""
    return word in _ENGLISH


def _script(letter: str) -> str:
    name = unicodedata.name(letter, "").partition(" ")[0].casefold()
    return "cjk" if name in _EAST_ASIAN else name
