import shutil
from pathlib import Path

import polars as pl
import pytest

from engine.errors import JobPaused
from engine.generation.early_look import FEWEST_ROWS, EarlyLook
from engine.generation.limits import QualitySettings
from engine.generation.params import GenerationParams
from engine.generation.quality import read_look
from engine.generation.templates import load_template
from engine.jobs.parts import write_part
from store.schema import QUERIES
from tests import rows
from tests.fakes import make_inputs
from tui.services.settings import presets

ECHO = "What question did the user ask to generate the following text?"
LIMITS = QualitySettings().queries


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    """A folder with the templates of a workspace."""
    shutil.copytree(str(presets() / "templates"), tmp_path / "templates")
    return tmp_path


def look(
    workspace: Path, signs: dict[str, int], n: int = 40, *, may_pause: bool = True
) -> EarlyLook:
    """A look at n questions, the first of which have these flags; one more failed."""
    names = [f"s{place}" for place in range(n + 1)]
    flags = [[flag for flag, count in signs.items() if place < count] for place in range(n + 1)]
    part = rows.queries(names).with_columns(
        flags=pl.Series(flags, dtype=pl.List(pl.String)),
        text=pl.Series([f"{ECHO} {name}" for name in names]),
        error=pl.Series([*[None] * n, "lost"], dtype=pl.String),
    )
    inputs = make_inputs(workspace, {}, may_pause=may_pause)
    write_part(inputs.stage_dir, 0, part, QUERIES)
    template = load_template(workspace / "templates" / "papers.toml")
    params = GenerationParams(model="path:m", template=template, limits=LIMITS)
    return EarlyLook(
        inputs, params, "question", "sample_id", {name: f"seed {name}" for name in names}
    )


def test_rows_over_a_limit_pause_the_job_and_say_what_to_try(workspace: Path) -> None:
    taken = look(workspace, {"template-echo": 30})
    with pytest.raises(JobPaused) as paused:
        taken.take()
    text = str(paused.value)
    assert "30 of 40 show template-echo (75%, 95 % interval 60% to 86%; the limit is 10%)" in text
    assert f"seed s0 ▸ {ECHO} s0" in text
    assert "another template than papers (five-examples)" in text
    assert "a temperature other than 0.6" in text
    assert f"`backquery jobs resume {taken.inputs.job_id} --force`" in text


def test_rows_within_the_limits_are_reported_alone(workspace: Path) -> None:
    taken = look(workspace, {"cut": 2})
    taken.take()
    found = read_look(taken.inputs.stage_dir)
    assert found is not None
    assert not found.problem
    shares = {item.sign: item.share for item in found.shares}
    assert (shares["cut"].value, shares["cut"].n) == (0.05, 40)


def test_a_share_above_its_limit_by_chance_does_not_pause(workspace: Path) -> None:
    look(workspace, {"template-echo": 6}).take()  # 15 %, but from 7 % on


def test_few_rows_never_pause(workspace: Path) -> None:
    look(workspace, {"template-echo": 99}, FEWEST_ROWS - 1).take()
    assert read_look(workspace / "jobs" / "job-1" / "0-stage")


def test_a_job_that_was_told_to_go_on_is_only_looked_at(workspace: Path) -> None:
    taken = look(workspace, {"template-echo": 30}, may_pause=False)
    taken.take()
    assert read_look(taken.inputs.stage_dir)


def test_a_resumed_job_goes_by_what_was_seen_before(workspace: Path) -> None:
    first = look(workspace, {})
    first.take()
    look(workspace, {"template-echo": 30}).take()


def test_before_the_first_part_there_is_nothing_to_see(workspace: Path) -> None:
    params = GenerationParams(
        model="path:m",
        template=load_template(workspace / "templates" / "papers.toml"),
        limits=LIMITS,
    )
    inputs = make_inputs(workspace, {})
    EarlyLook(inputs, params, "question", "sample_id", {}).take()
    assert read_look(inputs.stage_dir) is None


def test_a_limit_of_the_user_takes_the_place_of_one_alone() -> None:
    chosen = QualitySettings.model_validate({"queries": {"cut": 1}}).queries
    assert chosen == {**LIMITS, "cut": 1}


@pytest.mark.parametrize("table", [{"queries": {"cut": 2}}, {"queries": {"ugly": 0.1}}])
def test_a_limit_is_a_share_of_a_known_sign(table: dict[str, dict[str, float]]) -> None:
    with pytest.raises(ValueError, match="validation error"):
        QualitySettings.model_validate(table)
