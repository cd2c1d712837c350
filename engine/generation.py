"""What the stages `queries` and `answers` share: prompts in, generations out, in planned chunks.

A local model loses at most the batch that was running when it was killed. Replies of a server
cost money, so each is appended to `rows.jsonl` and synced as it comes, and never asked for again.
"""

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from engine.models.generator import Generation, Generator, OutOfMemory, Sampling
from engine.plan import Chunk, Plan
from engine.stage import Inputs
from engine.templates import Prompt, Template
from store.schema import text_digest

JOURNAL_NAME = "rows.jsonl"


@dataclass(frozen=True, slots=True)
class Written:
    """One row that a model wrote, with the digest of the exact prompt it was given."""

    row_id: str
    prompt_digest: str
    generation: Generation


class Journal:
    """The replies of a server, one JSON line each; a last line cut by a crash is ignored."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.replies: dict[str, Generation] = {}
        whole = 0
        if path.exists():
            for line in path.read_bytes().splitlines(keepends=True):
                if not line.endswith(b"\n"):
                    break
                whole += len(line)
                row = json.loads(line)
                answered = row.pop("row_id")
                self.replies[answered] = Generation(**row)
            os.truncate(path, whole)

    def append(self, row_id: str, generation: Generation) -> None:
        """Keep a reply; it is on the disk when this returns."""
        with self._path.open("a", encoding="utf-8") as file:
            file.write(json.dumps({"row_id": row_id, **asdict(generation)}) + "\n")
            file.flush()
            os.fsync(file.fileno())
        self.replies[row_id] = generation


def generate_in_chunks(
    inputs: Inputs,
    texts: Mapping[str, str],
    generator: Generator,
    template: Template,
    sampling: Sampling,
    *,
    seed: int,
    batch_rows: int,
) -> Iterator[list[Written]]:
    """Yield the rows of each chunk that has no part yet, in the plan's order.

    `texts` maps row ids to what fills the template. A chunk that does not fit in memory is
    halved in the plan before it is tried again; a single row that does not fit gets an error.
    """
    row_ids = list(texts)
    prompts = {row: template.fill(texts[row]) for row in row_ids}
    rendered = {row: generator.render(prompts[row]) for row in row_ids}
    lengths = generator.count_tokens([rendered[row] for row in row_ids])
    plan = Plan.load_or_make(inputs.stage_dir, row_ids, lengths, batch_rows, seed)
    journal = Journal(inputs.stage_dir / JOURNAL_NAME) if generator.remote else None
    number = inputs.parts_done
    inputs.progress.start(total=len(row_ids), done=plan.rows_before(number))
    while number < len(plan):
        chunk = plan.chunk(number)
        try:
            found = _generate_chunk(chunk, prompts, generator, template.stop, sampling, journal)
        except OutOfMemory as error:
            if len(chunk.row_ids) > 1:
                plan.halve_from(number)
                inputs.progress.note(f"{error}; going on with half the batch")
                continue
            lost = Generation(None, 0, cut=False, error=f"does not fit in memory: {error}")
            found = {chunk.row_ids[0]: lost}
        yield [Written(row, text_digest(rendered[row]), found[row]) for row in chunk.row_ids]
        tokens = sum(generation.new_tokens for generation in found.values())
        inputs.progress.advance(len(chunk.row_ids), tokens)
        number += 1


def _generate_chunk(
    chunk: Chunk,
    prompts: Mapping[str, Prompt],
    generator: Generator,
    stop: Sequence[str],
    sampling: Sampling,
    journal: Journal | None,
) -> dict[str, Generation]:
    replies = journal.replies if journal else {}
    found = {row: replies[row] for row in chunk.row_ids if row in replies}
    due = [row for row in chunk.row_ids if row not in found]
    if not due:
        return found
    batch = [prompts[row] for row in due]
    for index, generation in generator.generate(batch, stop, sampling, chunk.seed):
        if journal:
            journal.append(due[index], generation)
        found[due[index]] = generation
    return found
