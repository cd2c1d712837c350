import tomllib
from pathlib import Path

from tui.keychanges import KeyFile, LabelKeys, resolve
from tui.keys import markdown_table
from tui.settings import UserSettings

README = Path(__file__).parents[2] / "README.md"


def test_the_readmes_table_of_keys_is_that_of_the_registry() -> None:
    assert markdown_table().strip() in README.read_text(encoding="utf-8")


def test_the_readmes_example_of_changed_keys_works() -> None:
    (example,) = (
        part.split("```")[0] for part in README.read_text(encoding="utf-8").split("```toml\n")[1:]
    )
    settings = UserSettings.model_validate(tomllib.loads(example))
    labels = LabelKeys(Path("task.toml"), (("1", "yes"), ("2", "no")))
    assert resolve([KeyFile(Path("config.toml"), settings.keys)], labels).moved() == {
        "label.skip": ("d",),
        "label.unsure": ("s",),
        "label.undo": ("u", "backspace"),
        "everywhere.next_screen": ("ctrl+n",),
    }
    assert settings.annotator == "ada"


def test_every_picture_that_the_readme_shows_is_there() -> None:
    shown = [part.split(")")[0] for part in README.read_text(encoding="utf-8").split("](")[1:]]
    local = [path for path in shown if not path.startswith("http")]
    assert local
    assert all((README.parent / path).exists() for path in local)
