"""What `queries`, `answers` and `judge` share: prompts in, generations out, in planned chunks.

A local model loses at most the chunk that was running when it was killed: one batch, or one for
each candidate. Replies of a server cost money, so each is appended to a journal and synced as it
comes, and never asked for again: neither when the job goes on, nor by another job that asks in the
same way.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from engine.generation.protocol import Generation, Generator, OutOfMemory, Sampling
from engine.generation.templates import Prompt, Template
from engine.jobs.journal import Journal, open_journal
from engine.jobs.plan import Chunk, Plan
from engine.jobs.stage import Inputs
from store.ids import row_id, text_digest


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
    texts: Mapping[str, str],
    generator: Generator,
    template: Template,
    sampling: Sampling,
    *,
    seed: int,
    batch_rows: int,
    way: str,
    candidates: int = 1,
    whole: bool = False,
) -> Iterator[list[Written]]:
    """Yield the rows of each chunk that has no part yet, in the plan's order.

    `texts` maps row ids to what fills the template; `way` is a digest of all else that a reply
    depends on. Each chunk is written `candidates` times under different seeds, the first as if it
    were the only time. A chunk that does not fit in memory is halved in the plan before it is tried
    again; a single row that does not fit gets an error. With `whole`, so does a prompt that is
    longer than the model reads.
    """
    row_ids = list(texts)
    prompts = {row: template.fill(texts[row], whole=whole) for row in row_ids}
    rendered = {row: generator.render(prompts[row]) for row in row_ids}
    lengths = generator.count_tokens([rendered[row] for row in row_ids])
    plan = Plan.load_or_make(inputs.stage_dir, row_ids, lengths, batch_rows, seed)
    digests = {row: text_digest(rendered[row]) for row in row_ids}
    journal = None
    if generator.remote:
        asked = {
            _name(row, candidate): digests[row]
            for row in row_ids
            for candidate in range(candidates)
        }
        journal = open_journal(inputs, way, asked)
    number = inputs.parts_done
    inputs.progress.start(total=len(row_ids), done=plan.rows_before(number))
    while number < len(plan):
        chunk = plan.chunk(number)
        try:
            found = [
                _generate_chunk(
                    chunk, candidate, prompts, generator, template.stop, sampling, journal
                )
                for candidate in range(candidates)
            ]
        except OutOfMemory as error:
            plan.halve_from(number)
            inputs.progress.note(f"{error}; going on with half the batch")
            continue
        yield [
            Written(row, digests[row], tuple(written[row] for written in found))
            for row in chunk.row_ids
        ]
        generations = [row for written in found for row in written.values()]
        tokens = sum(row.new_tokens for row in generations)
        for unsent in {row.unsent for row in generations} - {""}:
            inputs.progress.tell_unsent(unsent)
        inputs.progress.advance(len(chunk.row_ids), tokens)
        number += 1


def _generate_chunk(
    chunk: Chunk,
    candidate: int,
    prompts: Mapping[str, Prompt],
    generator: Generator,
    stop: Sequence[str],
    sampling: Sampling,
    journal: Journal | None,
) -> dict[str, Generation]:
    """The rows of one candidate of a chunk. Raises OutOfMemory if it can be halved."""
    replies = journal.replies if journal else {}
    names = {row: _name(row, candidate) for row in chunk.row_ids}
    found = {row: replies[name] for row, name in names.items() if name in replies}
    due = [row for row in chunk.row_ids if row not in found]
    if not due:
        return found
    batch, seed = [prompts[row] for row in due], _candidate_seed(chunk, candidate)
    try:
        for index, generation in generator.generate(batch, stop, sampling, seed):
            if journal:
                journal.append(names[due[index]], generation)
            found[due[index]] = generation
    except OutOfMemory as error:
        if len(chunk.row_ids) > 1:
            raise
        lost = f"does not fit in memory: {error}"
        found[chunk.row_ids[0]] = Generation(None, 0, cut=False, error=lost)
    return found


def _name(row_id: str, candidate: int) -> str:
    """What a journal calls a row's candidate."""
    return f"{row_id}#{candidate}" if candidate else row_id


def _candidate_seed(chunk: Chunk, candidate: int) -> int:
    if candidate == 0:
        return chunk.seed
    return int(row_id("candidate", chunk.seed, candidate)[:12], 16)
