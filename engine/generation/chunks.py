"""What `queries`, `answers` and `judge` share: prompts in, generations out, in planned chunks.

A local model loses at most the chunk that was running when it was killed: one batch, or one for
each candidate. Replies of a server cost money, so each is appended to a journal and synced as it
comes, and never asked for again: neither when the job goes on, nor by another job that asks in the
same way.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass

from engine.generation.protocol import (
    Generation,
    Generator,
    OutOfMemory,
    Request,
    Sampling,
    ServedGenerator,
)
from engine.generation.templates import Prompt
from engine.jobs.journal import open_journal
from engine.jobs.newest import NewText
from engine.jobs.plan import Chunk, Plan
from engine.jobs.stage import Inputs
from store.ids import row_id, text_digest

Show = Callable[[str, Generation], NewText]
"""How a stage shows what was written for a row."""


@dataclass(frozen=True, slots=True)
class Written:
    """One row that a model wrote, with the digest of the exact prompt it was given.

    `generations` are its candidates in the order they were written, one unless more were asked for.
    """

    row_id: str
    prompt_digest: str
    generations: tuple[Generation, ...]

    @property
    def generation(self) -> Generation:
        """The first candidate."""
        return self.generations[0]


def generate_in_chunks(
    inputs: Inputs,
    prompts: Mapping[str, Prompt],
    generator: Generator,
    stop: Sequence[str],
    sampling: Sampling,
    *,
    seed: int,
    batch_rows: int,
    way: str,
    show: Show,
    candidates: int = 1,
) -> Iterator[list[Written]]:
    """Yield the rows of each chunk that has no part yet, in the plan's order.

    `prompts` are by the ids of their rows; `way` is a digest of all else that a reply depends on;
    `show` makes what is shown of a text as soon as it has ended. Each chunk is written `candidates`
    times under different seeds, the first as if it were the only time. A chunk that does not fit in
    memory is halved in the plan before it is tried again; a single row that does not fit gets an
    error, and so does a whole prompt that is longer than the model reads.
    """
    row_ids = list(prompts)
    rendered = {row: generator.render(prompts[row]) for row in row_ids}
    lengths = generator.count_tokens([rendered[row] for row in row_ids])
    plan = Plan.load_or_make(inputs.stage_dir, row_ids, lengths, batch_rows, seed)
    digests = {row: text_digest(rendered[row]) for row in row_ids}
    inputs.progress.start(total=len(row_ids), done=plan.rows_before(inputs.parts_done))
    asked = _Asked(plan, prompts, digests, stop, sampling, candidates, show)
    is_served = isinstance(generator, ServedGenerator)
    at_once = 0 if is_served else min(batch_rows, len(row_ids))
    inputs.progress.expect(candidates, sampling.max_new_tokens, at_once)
    if isinstance(generator, ServedGenerator):
        written = _write_by_server(inputs, asked, generator, way)
    else:
        written = _write_in_batches(inputs, asked, generator)
    for rows in written:
        yield rows
        generations = [generation for row in rows for generation in row.generations]
        for unsent in {generation.unsent for generation in generations} - {""}:
            inputs.progress.tell_unsent(unsent)
        inputs.progress.advance(len(rows))


@dataclass(frozen=True, slots=True)
class _Asked:
    """All that a stage asks for: in which order, and how."""

    plan: Plan
    prompts: Mapping[str, Prompt]
    digests: Mapping[str, str]
    stop: Sequence[str]
    sampling: Sampling
    candidates: int
    show: Show

    def names(self, chunk: Chunk) -> list[tuple[str, ...]]:
        """What a journal calls the candidates of each row of a chunk."""
        return [
            tuple(_name(row, candidate) for candidate in range(self.candidates))
            for row in chunk.row_ids
        ]

    def requests(self, chunk: Chunk) -> Iterator[Request]:
        """The requests of a chunk; the seed of each follows from its place in it."""
        for candidate in range(self.candidates):
            seed = _candidate_seed(chunk, candidate)
            for place, row in enumerate(chunk.row_ids):
                name = _name(row, candidate)
                yield Request(name, self.prompts[row], (seed + place) % 2**31)

    def written(self, chunk: Chunk, found: Mapping[str, Generation]) -> list[Written]:
        """The rows of a chunk, all of whose replies were found."""
        return [
            Written(row, self.digests[row], tuple(found[name] for name in names))
            for row, names in zip(chunk.row_ids, self.names(chunk), strict=True)
        ]


def _write_by_server(
    inputs: Inputs, asked: _Asked, generator: ServedGenerator, way: str
) -> Iterator[list[Written]]:
    """The rows of each chunk, as soon as all its replies are there; requests flow across chunks."""
    plan, number = asked.plan, inputs.parts_done
    chunks = [plan.chunk(place) for place in range(number, len(plan))]
    digests = {
        name: asked.digests[row]
        for chunk in chunks
        for row, names in zip(chunk.row_ids, asked.names(chunk), strict=True)
        for name in names
    }
    journal = open_journal(inputs, way, digests)
    found = {name: reply for name, reply in journal.replies.items() if name in digests}
    due = [
        request
        for chunk in chunks
        for request in asked.requests(chunk)
        if request.name not in found
    ]
    with closing(generator.flow(due, asked.stop, asked.sampling, journal.append)) as replies:
        for chunk in chunks:
            missing = {name for names in asked.names(chunk) for name in names} - found.keys()
            while missing:
                name, reply = next(replies)
                found[name] = reply
                missing.discard(name)
                inputs.progress.decoded(reply.new_tokens)
                inputs.progress.wrote(asked.show(_row(name), reply))
            yield asked.written(chunk, found)


def _write_in_batches(
    inputs: Inputs, asked: _Asked, generator: Generator
) -> Iterator[list[Written]]:
    """The rows of each chunk, one batch for each candidate."""
    plan, number = asked.plan, inputs.parts_done
    while number < len(plan):
        chunk = plan.chunk(number)
        found = {}
        try:
            for name, generation in _generate_chunk(chunk, asked, generator):
                found[name] = generation
                inputs.progress.wrote(asked.show(_row(name), generation))
        except OutOfMemory as error:
            plan.halve_from(number)
            inputs.progress.dropped()
            inputs.progress.note(f"{error}; going on with half the batch")
            continue
        yield asked.written(chunk, found)
        number += 1


def _generate_chunk(
    chunk: Chunk, asked: _Asked, generator: Generator
) -> Iterator[tuple[str, Generation]]:
    """Names and generations of a chunk. Raises OutOfMemory if it can be halved."""
    batch = [asked.prompts[row] for row in chunk.row_ids]
    for candidate in range(asked.candidates):
        seed = _candidate_seed(chunk, candidate)
        try:
            for place, found in generator.generate(batch, asked.stop, asked.sampling, seed):
                yield _name(chunk.row_ids[place], candidate), found
        except OutOfMemory as error:
            if len(chunk.row_ids) > 1:
                raise
            lost = f"does not fit in memory: {error}"
            yield _name(chunk.row_ids[0], candidate), Generation(None, 0, cut=False, error=lost)


def _name(row_id: str, candidate: int) -> str:
    """What a journal calls a row's candidate."""
    return f"{row_id}#{candidate}" if candidate else row_id


def _row(name: str) -> str:
    """The row that a candidate is of."""
    return name.partition("#")[0]


def _candidate_seed(chunk: Chunk, candidate: int) -> int:
    if candidate == 0:
        return chunk.seed
    return int(row_id("candidate", chunk.seed, candidate)[:12], 16)
