"""Whether texts answer their prompts: BERTScore against the prompt, above that against others.

BERTScore gives unrelated texts a high score, so a text has to match its own prompt better than
each of a few others. With `OTHERS` of them, one that has nothing to do with its prompt does so once
in ten times. Of 225 answers of a model of 135M parameters 87 % did, and 96 % with one other prompt,
above which an unrelated text is every second time.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from store.ids import row_id

if TYPE_CHECKING:
    from engine.models.bertscore import BertScorer

OTHERS: Final = 9


@dataclass(frozen=True, slots=True)
class PromptMatch:
    """The F1 of a text against its prompt, and the highest against other prompts.

    There is no floor where no other prompt is known.
    """

    f1: float
    floor: float | None

    @property
    def does_answer(self) -> bool:
        """Whether the text is nearer to its prompt than to each of the others."""
        return self.floor is not None and self.f1 > self.floor


def draw_others(prompt: str, prompts: Sequence[str]) -> list[str]:
    """Up to `OTHERS` other prompts, the same ones each time, in no order."""
    others = {other for other in prompts if other.strip() != prompt.strip()}
    return sorted(others, key=lambda other: row_id("other prompt", prompt, other))[:OTHERS]


def match_prompts(
    scorer: "BertScorer", pairs: Sequence[tuple[str, str]], prompts: Sequence[str]
) -> Iterator[PromptMatch]:
    """How well each text matches: `pairs` are of prompt and text, `prompts` are of other rows."""
    compared = [(text, [prompt, *draw_others(prompt, prompts)]) for prompt, text in pairs]
    embedded = scorer.embed(name for text, with_ in compared for name in (text, *with_))
    matches = iter(
        scorer.match(
            [(embedded[text], embedded[name]) for text, with_ in compared for name in with_]
        )
    )
    for _, with_ in compared:
        own, *others = (next(matches).f1 for _ in with_)
        yield PromptMatch(own, max(others, default=None))
