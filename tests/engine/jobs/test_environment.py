import os
import subprocess
import sys
from pathlib import Path

import pytest

from engine.jobs.environment import child_environment

IMPORT = "import multiprocessing as m, random\nif __name__ == '__main__':\n    print(random.choice)"


@pytest.mark.parametrize("before", ["", ":", "{other}:", "{other}::.", ":{other}"])
def test_a_child_imports_nothing_from_the_current_folder(before: str, tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    (tmp_path / "random.py").write_text("raise SystemExit('the wrong module')")
    python_path = before.format(other=tmp_path / "other")
    done = subprocess.run(
        [sys.executable, "-c", IMPORT],
        cwd=tmp_path,
        env=child_environment({**os.environ, "PYTHONPATH": python_path}),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr == ""
    assert "choice" in done.stdout


def test_folders_that_are_named_in_full_stay_on_the_path() -> None:
    found = child_environment({"PYTHONPATH": "/a:relative:/b", "HOME": "/home/me"})
    assert found == {"PYTHONPATH": "/a:/b", "HOME": "/home/me", "PYTHONSAFEPATH": "1"}
