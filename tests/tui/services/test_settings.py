import os
from pathlib import Path

import pytest

from tui.services.errors import NotAWorkspace, SettingsInvalid
from tui.services.settings import Settings, Task, login_name, presets, read_settings, user_file
from tui.services.workspace import Workspace

PRESETS = sorted(Path(str(presets())).glob("*.toml"))
TASKS = sorted(Path(str(presets() / "tasks")).glob("*.toml"))
TASK = Path(str(presets() / "tasks" / "health-advice.toml"))


@pytest.mark.parametrize("path", PRESETS, ids=lambda path: path.stem)
def test_shipped_presets_can_be_used_and_are_named_like_their_files(path: Path) -> None:
    assert read_settings(path, Settings).preset == path.stem


def test_the_papers_preset_has_the_parameters_of_appendix_b() -> None:
    paper = read_settings(Path(str(presets() / "paper.toml")), Settings)
    for sampling in (paper.queries.sampling, paper.answers.sampling):
        assert sampling.model_dump() == {
            "min_new_tokens": 5,
            "max_new_tokens": 250,
            "temperature": 0.6,
            "no_repeat_ngram_size": 5,
        }
    detector = paper.detector
    assert (detector.learning_rate, detector.batch_size, detector.epochs) == (2e-5, 16, 5)
    assert (detector.weight_decay, paper.clusters.k, paper.clusters.scope) == (0.01, 20, "dataset")


def test_the_task_has_three_labels_of_which_one_is_positive() -> None:
    task = read_settings(TASK, Task)
    assert task.labels == ("health-advice", "health-content", "general-content")
    assert task.positives == {"health-advice"}


@pytest.mark.parametrize("path", TASKS, ids=lambda path: path.stem)
def test_shipped_tasks_can_be_used_and_are_named_like_their_files(path: Path) -> None:
    task = read_settings(path, Task)
    assert task.name == path.stem
    assert len(task.positives) == 1
    assert all(label.examples for label in task.label)


@pytest.mark.parametrize(
    ("name", "context", "text", "labels"),
    [
        ("off-topic", "system prompt", "user prompt", ("off-topic", "on-topic")),
        ("prompt-leak", "system prompt", "answer", ("leak", "no-leak")),
    ],
)
def test_tasks_of_pairs_name_both_sides_and_their_positive_label_first(
    name: str, context: str, text: str, labels: tuple[str, str]
) -> None:
    task = read_settings(TASK.with_stem(name), Task)
    assert (task.is_pair, task.context, task.text, task.labels) == (True, context, text, labels)
    assert task.positives == {labels[0]}


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ('key = "2"', 'key = "1"', "same name or the same key"),
        ('key = "2"', 'key = "F1"', "key"),
        ("positive = true", "positive = false", "at least one positive"),
        ("positive = true", "positve = true", "positve"),
        ('name = "health-content"', 'name = "../x"', "name"),
    ],
)
def test_a_task_that_contradicts_itself_is_refused_with_the_reason(
    old: str, new: str, problem: str, tmp_path: Path
) -> None:
    path = tmp_path / "task.toml"
    path.write_text(TASK.read_text().replace(old, new, 1))
    with pytest.raises(SettingsInvalid, match=f"(?s)task.toml.*{problem}"):
        read_settings(path, Task)


OFF_TOPIC = Path(str(presets() / "tasks" / "off-topic.toml"))


def test_what_is_off_topic_is_to_be_refused_and_any_other_reply_is_on_topic() -> None:
    assert read_settings(OFF_TOPIC, Task).refusal_means == ("off-topic", "on-topic")
    assert read_settings(TASK, Task).refusal_means is None


@pytest.mark.parametrize(
    ("path", "old", "new"),
    [
        (OFF_TOPIC, "positive = false", "positive = false\nrefused = true"),
        (OFF_TOPIC, "positive = false", "positive = true\nrefused = true"),
        (TASK, "positive = true", "positive = true\nrefused = true"),
    ],
)
def test_only_one_positive_label_of_pairs_is_refused(
    path: Path, old: str, new: str, tmp_path: Path
) -> None:
    third = '[[label]]\nname = "other"\nkey = "9"\npositive = false\ndefinition = ""\n'
    changed = path.read_text().replace(old, new, 1) + third
    (tmp_path / "task.toml").write_text(changed)
    with pytest.raises(SettingsInvalid, match="only one label can be refused"):
        read_settings(tmp_path / "task.toml", Task)


@pytest.mark.parametrize("device", ["auto", "cpu", "cuda", "cuda:1", "cuda:0,1", "cuda:2,10"])
def test_a_device_is_the_processor_a_gpu_or_several(device: str) -> None:
    paper = read_settings(Path(str(presets() / "paper.toml")), Settings).model_dump()
    assert Settings.model_validate({**paper, "device": device}).device == device


@pytest.mark.parametrize(
    "device", ["cuda:0,0", "cuda:0,00", "cuda:", "cuda:0,", "gpu", "cpu:1", "cuda:a"]
)
def test_any_other_device_is_refused(device: str) -> None:
    paper = read_settings(Path(str(presets() / "paper.toml")), Settings).model_dump()
    with pytest.raises(ValueError, match="device"):
        Settings.model_validate({**paper, "device": device})


def made(tmp_path: Path, *, tables: str = "", own: str = "") -> Workspace:
    """Make a workspace with more in its workspace.toml, and a user's own file."""
    workspace = Workspace.create(tmp_path / "workspace", task="health-advice", preset="embedded")
    path = workspace.path / "workspace.toml"
    path.write_text(tables + path.read_text(encoding="utf-8"), encoding="utf-8")
    own_file = user_file(os.environ)
    assert own_file is not None
    own_file.parent.mkdir(parents=True)
    own_file.write_text(own, encoding="utf-8")
    return Workspace.open(workspace.path)


@pytest.fixture
def _own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "own"))


@pytest.mark.usefixtures("_own_folder")
def test_the_workspace_wins_over_the_persons_own_file(tmp_path: Path) -> None:
    own = 'annotator = "me"\n[keys.label]\nskip = "z"\nundo = ["u", "Backspace"]\n'
    workspace = made(tmp_path, tables='keys.label.skip = "a"\n', own=own)
    assert workspace.keymap().moved() == {"label.skip": ("a",), "label.undo": ("u", "backspace")}
    assert workspace.settings.annotator == "me"
    path = workspace.path / "workspace.toml"
    path.write_text('annotator = "us"\n' + path.read_text(encoding="utf-8"), encoding="utf-8")
    assert Workspace.open(workspace.path).settings.annotator == "us"


@pytest.mark.usefixtures("_own_folder")
@pytest.mark.parametrize(
    ("own", "says"),
    [
        ('anotator = "me"', "anotator"),
        ('[keys]\nskip = "z"', r"keys\.skip"),
        ("[keys.label]\nskip = []", r"keys\.label\.skip"),
        ("[keys.label]\nskip = 3", r"keys\.label\.skip"),
        ("keys = ", "cannot be read"),
    ],
)
def test_what_is_wrong_in_the_persons_own_file_is_named_with_its_place(
    own: str, says: str, tmp_path: Path
) -> None:
    with pytest.raises(SettingsInvalid, match=rf"(?s)own/backquery/config\.toml.*{says}"):
        made(tmp_path, own=own)


def test_the_persons_own_file_lies_where_the_specification_says() -> None:
    assert user_file({"XDG_CONFIG_HOME": "/conf"}) == Path("/conf/backquery/config.toml")
    default = Path.home() / ".config/backquery/config.toml"
    assert user_file({}) == user_file({"XDG_CONFIG_HOME": "relative"}) == default


def test_a_task_with_the_key_of_an_action_is_refused_before_anything_is_made(
    tmp_path: Path,
) -> None:
    task = tmp_path / "mine.toml"
    task.write_text(TASK.read_text().replace('key = "2"', 'key = "u"'))
    with pytest.raises(SettingsInvalid, match=r"mine\.toml .*'u' .* means something else"):
        Workspace.create(tmp_path / "new", task=str(task), preset="embedded")
    assert not (tmp_path / "new").exists()


def test_a_wrong_setting_is_named_with_its_place(tmp_path: Path) -> None:
    path = tmp_path / "workspace.toml"
    path.write_text(PRESETS[0].read_text().replace("k = 20", 'k = "many"'))
    with pytest.raises(SettingsInvalid, match=r"clusters\.k"):
        read_settings(path, Settings)


@pytest.mark.parametrize(
    ("candidates", "temperature", "problem"),
    [
        (0, "0.3", r"queries\.candidates"),
        (17, "0.3", r"queries\.candidates"),
        (2, "0", "queries: .*at temperature 0 all candidates are the same"),
    ],
)
def test_candidates_that_cannot_differ_or_are_too_many_are_refused(
    candidates: int, temperature: str, problem: str, tmp_path: Path
) -> None:
    text = Path(str(presets() / "embedded.toml")).read_text()
    chosen = text.replace("candidates = 1 ", f"candidates = {candidates} ", 1)
    path = tmp_path / "workspace.toml"
    path.write_text(chosen.replace("temperature = 0.3", f"temperature = {temperature}", 1))
    with pytest.raises(SettingsInvalid, match=problem):
        read_settings(path, Settings)


def test_one_candidate_may_be_written_at_temperature_0(tmp_path: Path) -> None:
    text = Path(str(presets() / "embedded.toml")).read_text()
    path = tmp_path / "workspace.toml"
    path.write_text(text.replace("temperature = 0.3", "temperature = 0", 1))
    assert read_settings(path, Settings).queries.candidates == 1


def test_a_workspace_is_never_made_over_something_else(tmp_path: Path) -> None:
    (tmp_path / "thesis.tex").write_text("mine")
    with pytest.raises(NotAWorkspace, match="not empty"):
        Workspace.create(tmp_path, task="health-advice", preset="embedded")
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.tex"]


def test_an_unknown_task_or_preset_is_refused_before_anything_is_made(tmp_path: Path) -> None:
    for task, preset in (("nonsense", "embedded"), ("health-advice", "nonsense")):
        with pytest.raises(NotAWorkspace, match="nonsense"):
            Workspace.create(tmp_path / "new", task=task, preset=preset)
    assert not (tmp_path / "new").exists()


def test_a_user_without_a_name_is_called_by_number(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown() -> str:
        raise KeyError("getpwuid(): uid not found: 54321")

    monkeypatch.setattr("getpass.getuser", unknown)
    monkeypatch.setattr(os, "getuid", lambda: 54321)
    assert login_name() == "user 54321"


def test_a_user_without_a_home_has_no_file_of_their_own(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def homeless() -> Path:
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.setattr(Path, "home", homeless)
    monkeypatch.delenv("XDG_CONFIG_HOME")
    assert user_file({}) is None
    workspace = Workspace.create(tmp_path / "ws", task="health-advice", preset="embedded")
    assert workspace.keymap()


@pytest.mark.parametrize("content", [b"preset = 'caf\xe9'", b"\xff\xfe", None])
def test_a_configuration_that_is_no_text_is_refused_by_name(
    content: bytes | None, tmp_path: Path
) -> None:
    workspace = Workspace.create(tmp_path / "ws", task="health-advice", preset="embedded")
    file = workspace.path / "task.toml"
    file.unlink()
    if content is None:
        file.mkdir()
    else:
        file.write_bytes(content)
    with pytest.raises(SettingsInvalid, match=r"task\.toml cannot be read"):
        Workspace.open(workspace.path)


@pytest.mark.parametrize("name", ["caf\udce9", "a?", "a\\b"])
def test_a_path_in_which_no_database_can_be_kept_is_refused(name: str, tmp_path: Path) -> None:
    with pytest.raises(NotAWorkspace, match="Rename the folder"):
        Workspace.create(tmp_path / name, task="health-advice", preset="embedded")
    assert list(tmp_path.iterdir()) == []
