"""Stage `titles`: what a language model calls a pattern, given its terms and some of its texts."""

from collections.abc import Iterator, Mapping
from contextlib import closing
from typing import ClassVar, Final

import polars as pl

from engine.generation.chunks import Written
from engine.generation.params import GenerationParams
from engine.generation.protocol import Generation
from engine.jobs.newest import NewText
from engine.jobs.params import StageParams
from engine.jobs.stage import Inputs
from store.schema import CLUSTER_TITLES

MOST_WORDS: Final = 8  # a small model writes sentences, which say less than terms do
NO_TITLE: Final = f"the model wrote no title of at most {MOST_WORDS} words"
_QUOTES: Final = "\"'“”‘’«»*#` "


class TitlesStage:
    """Writes one row per pattern; a reply is taken to its first line."""

    name: ClassVar[str] = "titles"
    reads: ClassVar[tuple[str, ...]] = ("patterns",)
    writes: ClassVar[str] = "cluster_titles"
    Params: ClassVar[type[StageParams]] = GenerationParams

    def run(self, inputs: Inputs, params: GenerationParams) -> Iterator[pl.DataFrame]:
        """The titles, chunk by chunk. Raises ModelUnavailable."""
        patterns = inputs.table("patterns")
        texts = dict(zip(patterns["cluster_id"], patterns["text"], strict=True))

        def show(row: str, generation: Generation) -> NewText:
            shown = {"pattern": texts[row], "title": read_title(generation.written)}
            return NewText.of(row, generation, shown)

        with closing(params.generate(inputs, params.prompts(texts), show=show)) as chunks:
            for chunk in chunks:
                rows = [_row(inputs.job_id, params, written) for written in chunk]
                yield pl.DataFrame(rows, schema=CLUSTER_TITLES)


def read_title(reply: str | None) -> str | None:
    """The title in a reply: its first line with words, bare of quotes; None if it is too long."""
    for line in (reply or "").splitlines():
        title = line.removeprefix("Title:").strip(_QUOTES).rstrip(".")
        if title:
            return title if len(title.split()) <= MOST_WORDS else None
    return None


def _row(job_id: str, params: GenerationParams, written: Written) -> Mapping[str, object]:
    generation = written.generation
    title = None if generation.error else read_title(generation.written)
    return {
        "cluster_id": written.row_id,
        "job_id": job_id,
        **params.made,
        "template": params.template.name,
        "title": title,
        "error": generation.error or (None if title else NO_TITLE),
    }
