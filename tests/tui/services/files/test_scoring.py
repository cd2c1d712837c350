"""Scoring lines: one strict line of JSON for each, whatever it holds."""

import io
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.models.classifier_folder import save_classifier
from engine.training.bases import load_base
from tests import rows
from tests.fakes import checkpoint_at
from tests.pairs import ARCHITECTURES
from tests.tiny import tiny_bert
from tui.services.errors import ServiceError
from tui.services.files.line_stream import TextLine
from tui.services.files.scoring import FieldNames, parse_line, render_line, score_file
from tui.services.workspace import Workspace

Score = Callable[..., list[dict[str, Any]]]


def read_strictly(line: str) -> dict[str, Any]:
    """Read a line as a reader would that knows JSON and nothing else."""

    def refuse(name: str) -> None:
        raise AssertionError(f"{name} is not JSON")

    assert len(line.splitlines()) == 1
    line.encode()
    found = json.loads(line, parse_constant=refuse)
    json.dumps(found, ensure_ascii=False).encode()
    assert isinstance(found, dict)
    return found


@pytest.fixture(scope="module")
def scored(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """A workspace with a tiny detector."""
    folder = tmp_path_factory.mktemp("scored") / "workspace"
    workspace = Workspace.create(folder, task="health-advice", preset="embedded")
    tiny_bert(folder / "detectors" / "d0", rows.LABELS)
    with workspace.database() as database:
        rows.ingest(database, folder, "detectors", rows.detectors("d0"))
    return workspace


@pytest.fixture(scope="module", params=ARCHITECTURES)
def scored_pairs(
    tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> Workspace:
    """A workspace with a tiny detector for pairs."""
    folder = tmp_path_factory.mktemp("pairs") / "workspace"
    workspace = Workspace.create(folder, task="health-advice", preset="embedded")
    model, tokenizer = load_base(
        checkpoint_at(tiny_bert(folder.parent / "base")), rows.LABELS, 0, request.param
    )
    save_classifier(folder / "detectors" / "d0", model, tokenizer, {})
    with workspace.database() as database:
        rows.ingest(database, folder, "detectors", rows.detectors("d0"))
    return workspace


@pytest.fixture
def score(scored: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Score:
    def run(data: bytes, name: str = "lines.txt", **options: Any) -> list[dict[str, Any]]:
        written: list[str] = []
        path = Path("-") if name == "-" else tmp_path / name
        if name == "-":
            monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))
        else:
            path.write_bytes(data)
        score_file(scored, "d0", path, FieldNames(), written.append, **options)
        return [read_strictly(line) for line in written]

    return run


ODD = [
    (b'{"text": "Drink water.", "score": NaN, "most": Infinity, "all": 1e999}', None),
    (b'{"text": "Drink water. \\ud83d", "\\udc00": "\\ud800"}', None),
    (b"Caf\xe9 is fine.", None),
    (b'{"text": "a", "text": "Drink water."}', None),
    (b"Drink\x00 water.", None),
    (b"A\x0bB\x0cC\xc2\x85D\xe2\x80\xa8E", None),
    (b"", "empty text"),
    (b" \xc2\xa0 ", "empty text"),
    (b'{"text": 5}', "no text in the field 'text'"),
    (b'{"text": ["a"]}', "no text in the field 'text'"),
    (b"{}", "no text in the field 'text'"),
    (b'{"text": "a"', "not JSON: Expecting ',' delimiter at column 13"),
    (b'{"text": "a", "number": ' + b"9" * 5_000 + b"}", "a number in it has too many digits"),
    (b'{"text": "a", "deep": ' + b"[" * 9_999 + b"]" * 9_999 + b"}", "nested too deeply"),
]


@pytest.mark.parametrize("name", ["lines.txt", "-"])
def test_each_line_gets_a_label_or_an_error_in_the_order_of_the_lines(
    score: Score, name: str
) -> None:
    found = score(b"\n".join(line for line, _ in ODD) + b"\r\nlast", name)
    assert [row.get("error") for row in found] == [*(error for _, error in ODD), None]
    for row in found:
        assert (row["label"] is None) == (row["probabilities"] is None) == ("error" in row)
    first, second, third, *_ = found
    assert first["score"] is first["most"] is first["all"] is None
    assert (second["text"], second["\ufffd"]) == ("Drink water. \ufffd", "\ufffd")
    assert third["text"] == "Caf\ufffd is fine."


def test_a_file_of_json_lines_holds_objects_only(score: Score) -> None:
    found = score(b'\xef\xbb\xbf{"text": "a"}\n[1]\n"x"\ntext\n', "LINES.JSONL")
    assert [row.get("error") for row in found] == [
        None,
        "not a JSON object",
        "not a JSON object",
        "not JSON: Expecting value at column 1",
    ]


def test_a_lines_own_error_does_not_keep_it_from_being_scored(score: Score) -> None:
    (found,) = score(b'{"text": "Rest.", "error": null, "label": "mine", "id": 7}')
    assert "error" not in found
    assert found["label"] in rows.LABELS
    assert found["id"] == 7


def test_what_cannot_take_utf_8_gets_escapes(score: Score) -> None:
    (found,) = score("Drink 😀 é".encode(), ascii_only=True)
    assert found["text"] == "Drink 😀 é"
    assert render_line({"text": "😀 é"}, ascii_only=True) == '{"text": "\\ud83d\\ude00 \\u00e9"}'


def test_pairs_are_scored_by_both_fields_and_a_line_that_lacks_one_names_it(
    scored_pairs: Workspace, tmp_path: Path
) -> None:
    lines = [
        {"context": "Talk of trains.", "text": "Rest.", "id": 1},
        {"context": "Talk of water.", "text": "Rest."},
        {"text": "Rest."},
        {"context": 7, "text": "Rest."},
        {"context": " ", "text": "Rest."},
        {"context": "Talk of water."},
    ]
    path = tmp_path / "pairs.jsonl"
    path.write_text("\n".join(map(json.dumps, lines)))
    written: list[str] = []
    score_file(scored_pairs, "d0", path, FieldNames(), written.append)
    first, second, *failed = map(read_strictly, written)
    assert first["probabilities"] != second["probabilities"]
    assert (first["id"], first["context"]) == (1, "Talk of trains.")
    assert [row["error"] for row in failed] == [
        "no text in the field 'context'",
        "no text in the field 'context'",
        "empty text in the field 'context'",
        "no text in the field 'text'",
    ]


def test_fields_of_pairs_may_have_other_names_and_a_plain_line_has_no_context(
    scored_pairs: Workspace, tmp_path: Path
) -> None:
    path = tmp_path / "pairs.txt"
    path.write_text('{"system": "Talk of trains.", "user": "Rest."}\nRest.\n')
    written: list[str] = []
    score_file(scored_pairs, "d0", path, FieldNames("user", "system"), written.append)
    found, plain = map(read_strictly, written)
    assert found["label"] in rows.LABELS
    assert plain["error"] == "no text in the field 'system'"


def test_a_folder_a_missing_file_and_a_closed_input_are_refused_by_name(
    scored: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", None)
    for path, reason in (
        (tmp_path, "Is a directory"),
        (tmp_path / "absent.txt", "No such file"),
        (Path("-"), "Standard input is closed"),
    ):
        with pytest.raises(ServiceError, match=reason):
            score_file(scored, "d0", path, FieldNames(), print)


_VALUES = st.recursive(
    st.none() | st.floats() | st.integers() | st.text(st.characters()),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)


@given(st.dictionaries(st.sampled_from(["text", "error", "id"]), _VALUES) | st.text())
def test_any_line_is_read_and_written_as_strict_json(held: object) -> None:
    line = held if isinstance(held, str) else json.dumps(held)
    parsed = parse_line(TextLine(line), "text", only_objects=False)
    assert (parsed.text is None) != (parsed.error is None)
    for ascii_only in (True, False):
        written = render_line(parsed.fields, ascii_only=ascii_only)
        assert written.isascii() or not ascii_only
        read_strictly(written)
    if parsed.text is not None:
        parsed.text.encode()
