import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import BaseModel

from engine.training.hyperparameters import StageSettings
from store.recipes import Recipe, Source
from tests.documents import DOCS, PAGES
from tests.illustrations import PICTURES
from tui.cli import COMMANDS
from tui.keys.changes import KeyFile, LabelKeys, resolve
from tui.services.settings import Settings, UserSettings
from tui.services.workspace import Workspace

ROOT = DOCS.parent
HAND_WRITTEN = ("README.md", "CHANGELOG.md", "CONTRIBUTING.md")
DOCUMENTS = [*(ROOT / name for name in HAND_WRITTEN), *sorted(DOCS.glob("*.md"))]
MANUAL = DOCS / "manual.md"

_LINK = re.compile(r"\]\(([^)\s]+)\)")
_FILE = re.compile(r"\b(?:tui|engine|store|tests)/[\w/-]+\.\w+")
_CODE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)


def _read(document: Path) -> str:
    return document.read_text(encoding="utf-8")


def _links(document: Path) -> list[str]:
    """Where a document leads within the project, as it is written there."""
    found = _LINK.findall(_CODE.sub("", _read(document)))
    return [link for link in found if not link.startswith(("http://", "https://"))]


def _anchors(document: Path) -> set[str]:
    """The names that GitHub gives to a document's headings."""
    headings = re.findall(r"^#+ (.+)$", _CODE.sub("", _read(document)), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("name", PAGES)
def test_generated_pages_are_as_make_documents_writes_them(name: str) -> None:
    assert _read(DOCS / name) == PAGES[name]()


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_link_and_picture_leads_somewhere(document: Path) -> None:
    for link in _links(document):
        path, _, anchor = link.partition("#")
        target = document.parent / path if path else document
        assert target.exists(), link
        assert not anchor or anchor in _anchors(target), link


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_file_of_the_project_that_is_named_is_there(document: Path) -> None:
    assert not [path for path in _FILE.findall(_read(document)) if not (ROOT / path).exists()]


def test_the_pictures_that_are_taken_are_those_that_are_shown() -> None:
    shown = {
        Path(link).name
        for document in DOCUMENTS
        for link in _links(document)
        if link.endswith(".svg")
    }
    assert shown == {path.name for path in (DOCS / "pictures").iterdir()}
    assert shown == {f"{picture.name}.svg" for picture in PICTURES}


def test_the_readme_can_be_read_in_a_few_minutes() -> None:
    assert len(_read(ROOT / "README.md").splitlines()) <= 130


def test_the_manuals_example_of_changed_keys_works() -> None:
    settings = UserSettings.model_validate(tomllib.loads(_example("[keys.")))
    labels = LabelKeys(Path("task.toml"), (("1", "yes"), ("2", "no")))
    assert resolve([KeyFile(Path("config.toml"), settings.keys)], labels).moved() == {
        "label.skip": ("d",),
        "label.unsure": ("s",),
        "label.undo": ("u", "backspace"),
        "everywhere.next_screen": ("ctrl+n",),
    }
    assert settings.annotator == "ada"


def test_the_manuals_example_of_settings_works(tmp_path: Path) -> None:
    tables = tomllib.loads(_example("[labelling]"))
    workspace = Workspace.create(tmp_path / "work", task="health-advice", preset="paper")
    file = workspace.path / "workspace.toml"
    file.write_text(f"{file.read_text()}\n{_example('[labelling]')}")
    settings = Workspace.open(workspace.path).settings
    assert settings.labelling.model_dump() == tables["labelling"]
    assert settings.audit.model_dump() == tables["audit"]


def test_the_manuals_example_of_a_recipe_works() -> None:
    recipe = Recipe.model_validate(tomllib.loads(_example("[[stage]]")))
    assert [StageSettings.model_validate(stage.training) for stage in recipe.stage]


def _example(word: str) -> str:
    """The TOML example of the manual that has a word."""
    blocks = _read(MANUAL).split("```toml\n")[1:]
    (found,) = (block for block in (part.split("```")[0] for part in blocks) if word in block)
    return found


def test_the_manual_names_every_setting() -> None:
    text = _read(MANUAL)
    names = {*_settings(Settings), *Source.model_fields, *StageSettings.model_fields}
    assert not [name for name in sorted(names) if f"`{name}`" not in text]


def _settings(model: type[BaseModel]) -> Iterator[str]:
    for name, field in model.model_fields.items():
        if isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel):
            yield from _settings(field.annotation)
        else:
            yield name


def test_the_manual_names_every_command() -> None:
    text = _read(MANUAL)
    assert not [name for name in COMMANDS if not re.search(rf"`(backquery )?{name}\b", text)]
