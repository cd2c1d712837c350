import os
from pathlib import Path

import pytest

from store.database.owner import APP, Ownership
from tui.cli import COMMANDS, GIVE_WAY
from tui.services.priority import NICENESS, give_way


@pytest.mark.parametrize(("role", "expected"), [(APP, [NICENESS]), ("a command", [])])
def test_a_command_steps_back_only_where_the_app_has_the_workspace(
    role: str, expected: list[int], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found: list[int] = []
    monkeypatch.setattr(os, "nice", found.append)
    give_way(tmp_path)
    with Ownership(tmp_path, role, 0):
        give_way(tmp_path)
    assert found == expected


def test_what_steps_back_is_a_command_that_opens_no_app_and_starts_no_job() -> None:
    assert set(COMMANDS) > GIVE_WAY
    assert GIVE_WAY.isdisjoint({"run", "train", "evaluate", "compare", "demo", "jobs", "try"})
    assert GIVE_WAY.isdisjoint({"label", "audit"})
