"""An early look at what a stage writes: its first part, before hours go into the others.

A job whose rows are over a limit pauses. Resumed, it does so again unless it was told to go on.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import polars as pl

from engine.errors import JobPaused
from engine.generation.params import GenerationParams
from engine.generation.quality import (
    LOOK_NAME,
    SIGNS,
    Look,
    Row,
    SignShare,
    measure_quality,
    read_look,
    signs_of,
)
from engine.generation.templates import alike_templates
from engine.jobs.parts import parts_from, read_parquet, write_text
from engine.jobs.stage import Inputs

FEWEST_ROWS: Final = 10  # fewer tell too little, and to go on with them costs little
EXAMPLES: Final = 3
EXAMPLE_CHARACTERS: Final = 120


@dataclass(slots=True)
class EarlyLook:
    """Looks once at the first part of a stage, when it is there; without limits, never.

    `noun` is what a row is, `parent` the column of what it was made from, `given` those texts. Rows
    with an error are looked at only where a stage `counts_errors`.
    """

    inputs: Inputs
    params: GenerationParams
    noun: str
    parent: str
    given: Mapping[str, str]
    counts_errors: bool = False
    is_taken: bool = False

    def take(self) -> None:
        """Report the quality of the first part. Raises JobPaused where it is over a limit."""
        part = next(parts_from(self.inputs.stage_dir, 0), None)
        if self.is_taken or not self.params.limits or part is None:
            return
        look = read_look(self.inputs.stage_dir) or self._look_at(part)
        self.is_taken = True
        if look.problem and self.inputs.may_pause:
            raise JobPaused(look.problem)

    def _look_at(self, part: Path) -> Look:
        frame = read_parquet(part)
        if not self.counts_errors:
            frame = frame.filter(pl.col("error").is_null())
        rows = [
            Row(text or "", tuple(flags)) if error is None else Row(error, ("error",))
            for text, flags, error in frame.select("text", "flags", "error").rows()
        ]
        shares = measure_quality(rows, (*SIGNS, "error") if self.counts_errors else SIGNS)
        over = [item for item in shares if self._is_over(item)]
        seeds = [self.given.get(parent, "") for parent in frame[self.parent]]
        look = Look(shares=shares, problem=self._describe(over, rows, seeds) if over else "")
        write_text(self.inputs.stage_dir / LOOK_NAME, look.model_dump_json(indent=1))
        return look

    def _is_over(self, item: SignShare) -> bool:
        """Whether a share is over its limit, and not by chance alone."""
        return item.share.n >= FEWEST_ROWS and item.share.low > self._limit(item)

    def _limit(self, item: SignShare) -> float:
        return self.params.limits.get(item.sign, 1)

    def _describe(self, over: list[SignShare], rows: list[Row], seeds: list[str]) -> str:
        """What is over its limit, examples of it, and what to try."""
        found = "; ".join(self._describe_share(item) for item in over)
        wrong = {item.sign for item in over}
        examples = [
            f"  {_cut(seed)} ▸ {_cut(row.text)}"
            for row, signs, seed in zip(rows, signs_of(rows), seeds, strict=True)
            if signs & wrong
        ]
        first = f"the first {self.noun}s are not as they should be: {found}."
        return "\n".join([first, *examples[:EXAMPLES], self._advice()])

    def _describe_share(self, item: SignShare) -> str:
        share = item.share
        return (
            f"{item.rows} of {share.n} show {item.sign} ({share.value:.0%}, 95 % interval "
            f"{share.low:.0%} to {share.high:.0%}; the limit is {self._limit(item):.0%})"
        )

    def _advice(self) -> str:
        template, temperature = self.params.template, self.params.sampling.temperature
        others = alike_templates(self.inputs.workspace / "templates", template)
        other = f"another template than {template.name} ({', '.join(others) or 'write one'})"
        tries = (
            " `backquery try` compares ways on the same seeds." if self.noun == "question" else ""
        )
        return (
            f"Try {other}, another model, or a temperature other than {temperature:g}.{tries} "
            f"`backquery jobs resume {self.inputs.job_id} --force` goes on as it is; the limits "
            "are in [quality] of workspace.toml."
        )


def _cut(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= EXAMPLE_CHARACTERS else f"{line[: EXAMPLE_CHARACTERS - 1]}…"
