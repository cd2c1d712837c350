import json
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from engine.generation import JOURNAL_NAME, Written, generate_in_chunks
from engine.models.generator import Generation, OutOfMemory, Sampling
from engine.parts import parts_dir
from engine.templates import Prompt, Template
from tests.fakes import RecordedProgress, make_inputs

TEMPLATE = Template(name="t", style="completion", prompt="Say {text}", stop=("\n",))
TEXTS = {f"r{number}": "word " * (number + 1) for number in range(5)}


class FakeGenerator:
    """Repeats the prompt with the seed; remembers what it was asked."""

    def __init__(self, *, remote: bool = False, largest: int = 99, dies_at: str = "") -> None:
        self.remote = remote
        self.asked: list[list[str]] = []
        self._largest, self._dies_at = largest, dies_at

    def render(self, prompt: Prompt) -> str:
        return prompt.user

    def count_tokens(self, rendered: Sequence[str]) -> list[int]:
        return [len(text.split()) for text in rendered]

    def generate(
        self, prompts: Sequence[Prompt], stop: Sequence[str], sampling: Sampling, seed: int
    ) -> Iterator[tuple[int, Generation]]:
        self.asked.append([prompt.user for prompt in prompts])
        if len(prompts) > self._largest:
            raise OutOfMemory(f"{len(prompts)} rows do not fit")
        for index, prompt in reversed(list(enumerate(prompts))):
            if prompt.user == self._dies_at:
                raise KeyboardInterrupt
            yield index, Generation(f"{seed} {prompt.user}", 3, cut=False)


def run(
    workspace: Path,
    generator: FakeGenerator,
    *,
    batch_rows: int = 2,
    parts_done: int = 0,
    progress: RecordedProgress | None = None,
) -> list[list[Written]]:
    inputs = make_inputs(workspace, {}, parts_done=parts_done, progress=progress)
    return list(
        generate_in_chunks(
            inputs, TEXTS, generator, TEMPLATE, Sampling(), seed=1, batch_rows=batch_rows
        )
    )


def texts(chunks: list[list[Written]]) -> dict[str, str | None]:
    return {row.row_id: row.generation.text for chunk in chunks for row in chunk}


def test_every_row_is_written_once_in_chunks_of_like_length(tmp_path: Path) -> None:
    chunks = run(tmp_path, FakeGenerator())
    assert [[row.row_id for row in chunk] for chunk in chunks] == [
        ["r4", "r3"],
        ["r2", "r1"],
        ["r0"],
    ]
    assert all(len(row.prompt_digest) == 64 for chunk in chunks for row in chunk)


def test_a_resumed_run_does_only_the_chunks_without_a_part_and_writes_the_same(
    tmp_path: Path,
) -> None:
    whole = texts(run(tmp_path / "whole", FakeGenerator()))
    started = FakeGenerator()
    run(tmp_path / "resumed", started)
    generator, progress = FakeGenerator(), RecordedProgress()
    rest = run(tmp_path / "resumed", generator, parts_done=2, batch_rows=99, progress=progress)
    assert generator.asked == [[TEMPLATE.fill(TEXTS["r0"]).user]]
    assert texts(rest) == {"r0": whole["r0"]}
    assert (progress.total, progress.done) == (5, 5)


def test_a_batch_that_does_not_fit_is_halved_and_the_job_goes_on(tmp_path: Path) -> None:
    progress = RecordedProgress()
    chunks = run(tmp_path, FakeGenerator(largest=2), batch_rows=5, progress=progress)
    assert sorted(texts(chunks)) == sorted(TEXTS)
    assert max(len(chunk) for chunk in chunks) <= 2
    assert any("half the batch" in note for note in progress.notes)


def test_a_single_row_that_does_not_fit_becomes_an_error_not_the_end(tmp_path: Path) -> None:
    chunks = run(tmp_path, FakeGenerator(largest=0), batch_rows=2)
    errors = [row.generation.error for chunk in chunks for row in chunk]
    assert len(errors) == 5
    assert all(error and "does not fit in memory" in error for error in errors)


def test_replies_of_a_server_are_kept_and_never_asked_for_again(tmp_path: Path) -> None:
    paid = TEMPLATE.fill(TEXTS["r4"]).user
    dying = FakeGenerator(remote=True, dies_at=paid)
    with pytest.raises(KeyboardInterrupt):
        run(tmp_path, dying, batch_rows=5)
    kept = (tmp_path / "jobs/job-1/0-stage" / JOURNAL_NAME).read_text().splitlines()
    assert [json.loads(line)["row_id"] for line in kept] == ["r0", "r1", "r2", "r3"]
    generator = FakeGenerator(remote=True)
    chunks = run(tmp_path, generator, batch_rows=5)
    assert generator.asked == [[paid]]
    assert len(texts(chunks)) == 5


def test_a_journal_line_cut_by_a_crash_is_asked_for_again(tmp_path: Path) -> None:
    run(tmp_path, FakeGenerator(remote=True), batch_rows=5)
    journal = tmp_path / "jobs/job-1/0-stage" / JOURNAL_NAME
    journal.write_bytes(journal.read_bytes()[:-9])
    generator = FakeGenerator(remote=True)
    run(tmp_path, generator, batch_rows=5)
    assert generator.asked == [[TEMPLATE.fill(TEXTS["r4"]).user]]
    assert journal.read_text().count("\n") == 5


def test_a_local_model_keeps_no_journal(tmp_path: Path) -> None:
    run(tmp_path, FakeGenerator())
    stage = tmp_path / "jobs/job-1/0-stage"
    assert not (stage / JOURNAL_NAME).exists()
    assert not parts_dir(stage).exists()
