"""What is configured for a workspace, all of it read and checked before anything is opened.

It is apart from `tui.services.workspace` because the app needs it for its first paint, and the
libraries of the store only afterwards.
"""

import os
from dataclasses import dataclass, replace
from pathlib import Path

from tui.keys.changes import KeyFile, LabelKeys, resolve
from tui.keys.errors import KeysUnfit
from tui.keys.keymap import Keymap
from tui.services.errors import NotAWorkspace, SettingsInvalid
from tui.services.settings import Settings, Task, read_settings, read_user_settings, user_file


@dataclass(frozen=True, slots=True)
class Configuration:
    """The configuration of the workspace in a folder.

    `key_files` are where keys may have been changed, the one that wins last; `label_keys` are
    those of the task.
    """

    path: Path
    settings: Settings
    task: Task
    key_files: tuple[KeyFile, ...]
    label_keys: LabelKeys

    @classmethod
    def open(cls, path: Path) -> "Configuration":
        """Read the files of a workspace folder. Raises NotAWorkspace or SettingsInvalid.

        Keys are checked by `keymap`, since only the app needs them.
        """
        if not (path / "workspace.toml").is_file():
            raise NotAWorkspace(
                f"{path} is not a workspace: it has no workspace.toml. Make one with "
                f"`backquery init DIR`, or name another with -w."
            )
        path = resolve_folder(path)
        return Configuration.read(path, path / "workspace.toml", path / "task.toml")

    @staticmethod
    def read(path: Path, settings_file: Path, task_file: Path) -> "Configuration":
        """Read the configuration that a workspace at `path` has, or would have by these files."""
        settings = read_settings(settings_file, Settings)
        task = read_settings(task_file, Task)
        own_file = user_file(os.environ)
        own = read_user_settings(own_file)
        own_choices = {"annotator": own.annotator, "theme": own.theme}
        settings = settings.model_copy(
            update={
                name: value
                for name, value in own_choices.items()
                if value and name not in settings.model_fields_set
            }
        )
        files = ((own_file, own.keys), (path / "workspace.toml", settings.keys))
        key_files = tuple(KeyFile(file, keys) for file, keys in files if file is not None)
        labels = tuple((label.key, label.name) for label in task.label)
        return Configuration(path, settings, task, key_files, LabelKeys(task_file, labels))

    def of_annotator(self, name: str) -> "Configuration":
        """The same for another annotator."""
        return replace(self, settings=self.settings.model_copy(update={"annotator": name}))

    def keymap(self) -> Keymap:
        """The keys of the app in this workspace. Raises SettingsInvalid if they cannot be used."""
        try:
            return resolve(self.key_files, self.label_keys)
        except KeysUnfit as error:
            raise SettingsInvalid(str(error)) from error


def resolve_folder(path: Path) -> Path:
    """A workspace's path in full. Raises NotAWorkspace where DuckDB cannot work in it.

    It takes a backslash for a slash, and puts its write-ahead log elsewhere where the path has a
    question mark.
    """
    path = Path(os.path.realpath(path))
    if any(0xDC80 <= ord(letter) <= 0xDCFF for letter in str(path)):
        problem = "bytes that are not UTF-8"
    elif "?" in str(path):
        problem = "a question mark"
    elif "\\" in str(path):
        problem = "a backslash"
    else:
        return path
    raise NotAWorkspace(
        f"A database cannot be kept in {path}: the path has {problem}. Rename the folder."
    )
