"""New databases as copies of one: to make all tables takes longer than most of what tests do."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from unittest.mock import patch

from store.database.file import DATABASE_NAME, DatabaseFile


@contextmanager
def copied_from(folder: Path) -> Iterator[None]:
    """Begin databases with a copy of the one in a folder, which is made for the first of them."""
    prepare = DatabaseFile.__init__

    def begin(file: DatabaseFile, workspace: Path, *, is_modest: bool) -> None:
        path = workspace / DATABASE_NAME
        if workspace != folder and workspace.is_dir() and not path.exists():
            if not (folder / DATABASE_NAME).exists():
                DatabaseFile(folder, is_modest=False).close()
            shutil.copyfile(folder / DATABASE_NAME, path)
        prepare(file, workspace, is_modest=is_modest)

    with patch.object(DatabaseFile, "__init__", begin):
        yield
