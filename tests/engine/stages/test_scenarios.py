import json
from pathlib import Path

import polars as pl
import pytest

from engine.errors import JobPaused
from engine.generation.protocol import Generation, Sampling
from engine.generation.templates import Prompt, Template
from engine.jobs.settings import ScenarioSettings
from engine.stages.scenarios import ScenarioParams, ScenariosStage
from store.ids import text_digest
from store.schema import DIMENSIONS, SAMPLES
from tests import rows
from tests.fakes import FakeWriter, RecordedProgress, make_inputs, run_stage
from tests.problems import OFF, ON, brief, written

TEMPLATE = Template(name="scenario", style="chat", prompt="{text}")
NO_TEXTS = pl.DataFrame(schema={"context": pl.String, "text": pl.String})


def params(batch_rows: int = 16, **settings: object) -> ScenarioParams:
    chosen = ScenarioSettings.model_validate({"batch_rows": batch_rows, **settings})
    return ScenarioParams.asking(
        brief(), chosen, "path:m", TEMPLATE, seed=0, attempt=1, limits={"error": 0.5}
    )


def prompt_of(word: str) -> str:
    return f"- seed words: {word}"


def write(
    workspace: Path,
    monkeypatch: pytest.MonkeyPatch,
    words: list[str],
    *,
    instead: dict[str, str] | None = None,
    known: pl.DataFrame = NO_TEXTS,
    writer: FakeWriter | None = None,
    asked: ScenarioParams | None = None,
    progress: RecordedProgress | None = None,
    parts_done: int = 0,
) -> pl.DataFrame:
    """Scenarios of draws with one seed word each, which are their ids too."""
    by_prompt = {prompt_of(word): text for word, text in (instead or {}).items()}
    generator = writer or FakeWriter(instead=by_prompt)
    monkeypatch.setattr("engine.generation.params.load_generator", lambda *_, **__: generator)
    samples = [{"sample_id": word, "dataset": "invented", "text": f"seed words: {word}"}
               for word in words]  # fmt: skip
    drawn = pl.DataFrame({"sample_id": words, "dimension": "seed word", "value": words})
    tables = {"samples": rows.frame(SAMPLES, samples), "known": known,
              "dimensions": drawn.cast(DIMENSIONS)}  # fmt: skip
    inputs = make_inputs(
        workspace, tables, stage="0-scenarios", progress=progress, parts_done=parts_done
    )
    return run_stage(ScenariosStage(), inputs, asked or params()).sort("sample_id")


def test_a_scenario_is_a_query_with_its_prompts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (row,) = write(tmp_path, monkeypatch, ["fern"]).to_dicts()
    number = text_digest(prompt_of("fern"))[:8]
    assert row["text"] == f"You are assistant {number}."
    assert row["raw"] == written(number)
    assert [item["label"] for item in row["prompts"]] == [ON, ON, OFF]
    assert (row["error"], row["template"], row["sample_id"]) == (None, "scenario", "fern")


def test_what_is_no_scenario_is_a_row_with_an_error_and_what_was_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = write(
        tmp_path,
        monkeypatch,
        ["a", "b", "c"],
        instead={"a": "I cannot.", "b": written("b", on=("x",))},
    )
    errors = dict(found.select("sample_id", "error").rows())
    assert errors["a"].startswith("What was written is no scenario: it is not JSON")
    assert "it has 1 of on-topic, and 2 were asked for" in errors["b"]
    assert errors["c"] is None
    assert found["raw"].to_list()[0] == "I cannot."
    assert found["text"].is_null().to_list() == found["prompts"].is_null().to_list()


class Cutting(FakeWriter):
    def _reply(self, prompt: Prompt, seed: int) -> Generation:
        return Generation(written(1), 30, cut=True)


def test_a_scenario_that_was_cut_is_an_error_even_where_it_can_be_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (error,) = write(tmp_path, monkeypatch, ["a"], writer=Cutting())["error"]
    assert "raise max_new_tokens in [scenarios.sampling]" in error


def test_a_scenario_like_one_of_an_earlier_job_or_chunk_is_a_repeat(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = pl.DataFrame({"context": ["You are ASSISTANT old."], "text": [None]})
    known = known.cast({"text": pl.String})
    instead = {"a": written("old"), "b": written("new"), "c": written("new")}
    found = write(
        tmp_path, monkeypatch, list(instead), instead=instead, known=known, asked=params(1)
    )
    assert found.filter(pl.col("error").is_null()).height == 1
    said = "The scenario repeats another: an earlier scenario has the same context."
    assert found["error"].drop_nulls().to_list() == [said, said]


def test_what_was_resumed_knows_the_scenarios_of_its_parts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    instead = dict.fromkeys(("a", "b"), written("same"))
    whole = write(tmp_path, monkeypatch, ["a", "b"], instead=instead, asked=params(1))
    (tmp_path / "jobs/job-1/0-scenarios/parts/00001.parquet").unlink()
    again = write(tmp_path, monkeypatch, ["a", "b"], instead=instead, asked=params(1), parts_done=1)
    assert again.equals(whole)


def test_an_echo_of_an_example_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    echoed = json.loads(written(1)) | {
        "system prompt": "You sell tickets for a ferry to the outer islands."
    }
    (error,) = write(tmp_path, monkeypatch, ["a"], instead={"a": json.dumps(echoed)})["error"]
    assert error == "The scenario repeats an example: its context is that of an example."


def test_texts_are_shown_below_their_draw_as_they_come(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    progress = RecordedProgress()
    write(tmp_path, monkeypatch, ["a", "b"], instead={"b": "No."}, progress=progress)
    shown = {text.row_id: text for text in progress.texts}
    assert [name for name, _ in shown["a"].texts] == ["draw", ON, OFF, "system prompt"]
    assert shown["b"].texts[-1] == ("written", "No.")
    assert shown["b"].ended == "error"


def test_a_job_whose_first_scenarios_cannot_be_read_pauses_with_the_reasons(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = [f"w{number}" for number in range(12)]
    with pytest.raises(JobPaused, match="12 of 12 show error") as paused:
        write(tmp_path, monkeypatch, words, instead=dict.fromkeys(words, "No."))
    assert "What was written is no scenario" in str(paused.value)


def test_only_a_model_that_runs_here_is_held_to_lengths() -> None:
    here = params(longest_context=50, longest_text=40)
    assert '"maxLength": 50' in (here.schema_text or "")
    served = here.model_copy(update={"model": "openai:m@http://localhost:1/v1"})
    assert "maxLength" not in (served.schema_text or "maxLength")
    assert params(structured=False).schema_text is None


def test_what_changes_a_scenario_changes_its_id() -> None:
    ids = {
        asked.row_id("scenario", "d1")
        for asked in (
            params(),
            params(structured=False),
            params(longest_text=40),
            params(sampling=Sampling(temperature=0.2)),
            params().model_copy(update={"definitions": {ON: "x", OFF: "y"}}),
            params().model_copy(update={"problem": brief(definition="Another.").problem}),
        )
    }
    assert len(ids) == 6
