import tomllib
from pathlib import Path

from tui.keys.changes import KeyFile, LabelKeys, resolve
from tui.keys.help import markdown_table
from tui.services.settings import UserSettings
from tui.services.workspace import Workspace

README = Path(__file__).parents[2] / "README.md"


def test_the_readmes_table_of_keys_is_that_of_the_registry() -> None:
    assert markdown_table().strip() in README.read_text(encoding="utf-8")


def test_the_readmes_example_of_changed_keys_works() -> None:
    settings = UserSettings.model_validate(tomllib.loads(_example("[keys.")))
    labels = LabelKeys(Path("task.toml"), (("1", "yes"), ("2", "no")))
    assert resolve([KeyFile(Path("config.toml"), settings.keys)], labels).moved() == {
        "label.skip": ("d",),
        "label.unsure": ("s",),
        "label.undo": ("u", "backspace"),
        "everywhere.next_screen": ("ctrl+n",),
    }
    assert settings.annotator == "ada"


def test_the_readmes_example_of_settings_works(clustered_workspace: Workspace) -> None:
    tables = tomllib.loads(_example("[labelling]"))
    file = clustered_workspace.path / "workspace.toml"
    file.write_text(f"{file.read_text()}\n{_example('[labelling]')}")
    settings = Workspace.open(clustered_workspace.path).settings
    assert settings.labelling.model_dump() == tables["labelling"]
    assert settings.audit.model_dump() == tables["audit"]


def _example(word: str) -> str:
    blocks = README.read_text(encoding="utf-8").split("```toml\n")[1:]
    (found,) = (block for block in (part.split("```")[0] for part in blocks) if word in block)
    return found


def test_every_picture_that_the_readme_shows_is_there() -> None:
    shown = [part.split(")")[0] for part in README.read_text(encoding="utf-8").split("](")[1:]]
    local = [path for path in shown if not path.startswith("http")]
    assert local
    assert all((README.parent / path).exists() for path in local)
