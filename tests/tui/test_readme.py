from pathlib import Path

from tui.keys import markdown_table

README = Path(__file__).parents[2] / "README.md"


def test_the_readmes_table_of_keys_is_that_of_the_registry() -> None:
    assert markdown_table().strip() in README.read_text(encoding="utf-8")


def test_every_picture_that_the_readme_shows_is_there() -> None:
    shown = [part.split(")")[0] for part in README.read_text(encoding="utf-8").split("](")[1:]]
    local = [path for path in shown if not path.startswith("http")]
    assert local
    assert all((README.parent / path).exists() for path in local)
