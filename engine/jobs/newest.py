"""The newest texts of a stage: newest.json, so that they can be read before their part is there.

The file is replaced as texts come, and never taken into the store: what counts are the parts.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final, Literal, Self

from pydantic import BaseModel, ConfigDict, ValidationError

from engine.generation.protocol import Generation
from engine.jobs.parts import write_text

MOST_TEXTS: Final = 30
MOST_CHARACTERS: Final = 4_000  # of each text, so that the file stays below a megabyte

Ended = Literal["end", "stop", "limit", "error"]
"""What ended a text: the model, a stop string, the limit of new tokens, or an error."""


class NewText(BaseModel):
    """One text that a model has written, below what it was given.

    `texts` are names with texts, such as seed, question and answer; the last is what was written,
    "" where nothing came. Servers do not tell a stop string from an end.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    row_id: str
    texts: tuple[tuple[str, str], ...]
    flags: tuple[str, ...]
    new_tokens: int
    ended: Ended
    error: str | None = None

    @classmethod
    def of(
        cls,
        row_id: str,
        generation: Generation,
        texts: Mapping[str, str | None],
        flags: Sequence[str] = (),
    ) -> Self:
        """What is shown of a generation; texts are cut to a length at which the file is small."""
        return cls(
            row_id=row_id,
            texts=tuple((name, (text or "")[:MOST_CHARACTERS]) for name, text in texts.items()),
            flags=tuple(flags),
            new_tokens=generation.new_tokens,
            ended=_ended(generation),
            error=generation.error,
        )


class _Newest(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    newest: tuple[NewText, ...]


def write_newest(stage_dir: Path, texts: Sequence[NewText]) -> None:
    """Put texts, newest first, in the place of those that are there. Raises OSError."""
    write_text(_path(stage_dir), _Newest(newest=tuple(texts)).model_dump_json())


def read_newest(stage_dir: Path) -> tuple[NewText, ...]:
    """The texts, newest first; none where a stage has written none, or the file is unreadable."""
    try:
        return _Newest.model_validate_json(_path(stage_dir).read_bytes()).newest
    except (FileNotFoundError, ValidationError):
        return ()


def _path(stage_dir: Path) -> Path:
    return stage_dir / "newest.json"


def _ended(generation: Generation) -> Ended:
    if generation.error is not None:
        return "error"
    if generation.cut:
        return "limit"
    return "stop" if generation.stopped else "end"
