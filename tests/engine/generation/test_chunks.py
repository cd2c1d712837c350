import json
from pathlib import Path

import pytest

from engine.generation.chunks import Written, generate_in_chunks
from engine.generation.protocol import Sampling
from engine.generation.templates import Template
from engine.jobs.newest import NewText
from engine.jobs.parts import parts_dir
from tests.fakes import FakeGenerator, FakeServer, RecordedProgress, make_inputs

TEMPLATE = Template(name="t", style="completion", prompt="Say {text}", stop=("\n",))
JOURNAL_NAME = "replies-w.jsonl"
TEXTS = {f"r{number}": "word " * (number + 1) for number in range(5)}


def run(
    workspace: Path,
    generator: FakeGenerator,
    *,
    batch_rows: int = 2,
    parts_done: int = 0,
    progress: RecordedProgress | None = None,
    candidates: int = 1,
) -> list[list[Written]]:
    inputs = make_inputs(workspace, {}, parts_done=parts_done, progress=progress)
    return list(
        generate_in_chunks(
            inputs,
            {row: TEMPLATE.fill(text) for row, text in TEXTS.items()},
            generator,
            TEMPLATE.stop,
            Sampling(),
            seed=1,
            batch_rows=batch_rows,
            way="w",
            show=lambda row, generation: NewText.of(row, generation, {"text": generation.text}),
            candidates=candidates,
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
    dying = FakeServer(dies_at=paid)
    with pytest.raises(KeyboardInterrupt):
        run(tmp_path, dying, batch_rows=5)
    kept = (tmp_path / "jobs/job-1/0-stage" / JOURNAL_NAME).read_text().splitlines()
    assert [json.loads(line)["row_id"] for line in kept] == ["r0", "r1", "r2", "r3"]
    generator = FakeServer()
    chunks = run(tmp_path, generator, batch_rows=5)
    assert generator.asked == [[paid]]
    assert len(texts(chunks)) == 5


def test_requests_to_a_server_flow_across_chunks_and_parts_stay_in_order(tmp_path: Path) -> None:
    server = FakeServer()
    chunks = run(tmp_path, server, batch_rows=2)
    assert [len(batch) for batch in server.asked] == [5]
    assert [[row.row_id for row in chunk] for chunk in chunks] == [
        ["r4", "r3"],
        ["r2", "r1"],
        ["r0"],
    ]


def test_a_resumed_server_run_asks_each_row_under_the_seed_it_would_have_had(
    tmp_path: Path,
) -> None:
    whole = texts(run(tmp_path / "whole", FakeServer(), batch_rows=3))
    with pytest.raises(KeyboardInterrupt):
        run(tmp_path, FakeServer(dies_at=TEMPLATE.fill(TEXTS["r3"]).user), batch_rows=3)
    assert texts(run(tmp_path, FakeServer(), batch_rows=3)) == whole


def test_a_journal_line_cut_by_a_crash_is_asked_for_again(tmp_path: Path) -> None:
    run(tmp_path, FakeServer(), batch_rows=5)
    journal = tmp_path / "jobs/job-1/0-stage" / JOURNAL_NAME
    journal.write_bytes(journal.read_bytes()[:-9])
    generator = FakeServer()
    run(tmp_path, generator, batch_rows=5)
    assert generator.asked == [[TEMPLATE.fill(TEXTS["r4"]).user]]
    assert journal.read_text().count("\n") == 5


def test_the_first_candidate_is_what_would_be_written_alone_and_the_others_differ(
    tmp_path: Path,
) -> None:
    alone = texts(run(tmp_path / "alone", FakeGenerator()))
    chunks = run(tmp_path / "several", FakeGenerator(), candidates=3)
    assert texts(chunks) == alone
    for row in (row for chunk in chunks for row in chunk):
        assert len({generation.text for generation in row.generations}) == 3


def test_a_candidate_that_does_not_fit_halves_its_chunk_or_fails_alone(tmp_path: Path) -> None:
    generator = FakeGenerator(largest=2, runs_out_at=1)
    chunks = run(tmp_path, generator, batch_rows=2, candidates=2)
    assert [len(chunk) for chunk in chunks] == [1, 1, 1, 1, 1]
    generator = FakeGenerator(runs_out_at=1)
    chunks = run(tmp_path / "single", generator, batch_rows=1, candidates=2)
    errors = [[written.error for written in row.generations] for chunk in chunks for row in chunk]
    assert errors[0][0] is None
    assert "does not fit in memory" in (errors[0][1] or "")
    assert errors[1:] == [[None, None]] * 4


def test_candidates_of_a_server_are_kept_apart_and_never_asked_for_again(tmp_path: Path) -> None:
    paid = TEMPLATE.fill(TEXTS["r4"]).user
    with pytest.raises(KeyboardInterrupt):
        run(tmp_path, FakeServer(dies_at=paid), batch_rows=5, candidates=2)
    first = FakeServer()
    chunks = run(tmp_path, first, batch_rows=5, candidates=2)
    assert [len(batch) for batch in first.asked] == [6]
    again = FakeServer()
    assert run(tmp_path, again, batch_rows=5, candidates=2) == chunks
    assert again.asked == []


def test_a_local_model_keeps_no_journal(tmp_path: Path) -> None:
    run(tmp_path, FakeGenerator())
    stage = tmp_path / "jobs/job-1/0-stage"
    assert not (stage / JOURNAL_NAME).exists()
    assert not parts_dir(stage).exists()


def test_each_text_is_shown_once_it_is_written_and_those_of_a_server_bring_their_tokens(
    tmp_path: Path,
) -> None:
    local, served = RecordedProgress(), RecordedProgress()
    run(tmp_path / "local", FakeGenerator(), progress=local, candidates=2)
    run(tmp_path / "served", FakeServer(), progress=served)
    assert sorted(text.row_id for text in local.texts) == sorted([*TEXTS, *TEXTS])
    assert sorted(text.row_id for text in served.texts) == sorted(TEXTS)
    assert (local.texts_per_row, local.tokens) == (2, 0)  # a local model counts as it decodes
    assert (served.texts_per_row, served.tokens) == (1, 3 * len(TEXTS))


def test_texts_of_a_batch_that_did_not_fit_do_not_count(tmp_path: Path) -> None:
    progress = RecordedProgress()
    run(tmp_path, FakeGenerator(runs_out_at=1), progress=progress, candidates=2)
    assert sorted(text.row_id for text in progress.texts) == sorted([*TEXTS, *TEXTS])
