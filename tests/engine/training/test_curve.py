"""The learning curve: what is read while it is written, and what a resume forgets."""

from pathlib import Path

from engine.training.curve import CurveFile, CurvePoint, CurveReader, read_curve, read_kept_curve


def point(step: int) -> CurvePoint:
    return CurvePoint(0, 0, step, rows=4, loss=None, learning_rate=1e-3, seconds=step / 2)


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_steps_are_written_some_at_a_time_and_all_when_asked(tmp_path: Path) -> None:
    clock, path = Clock(), tmp_path / "curve.jsonl"
    curve = CurveFile(path, clock)
    assert read_curve(path) == []
    curve.keep(0)
    curve.add(point(1), 0.5)
    clock.now = 1.0
    assert read_curve(path) == []
    curve.add(point(2), 0.25)
    assert [found.step for found in read_curve(path)] == [1]
    curve.validated(0.75)
    curve.flush()
    found = read_curve(path)
    assert [(item.loss, item.validation_loss) for item in found] == [(0.5, None), (0.25, 0.75)]
    assert curve.points == 2


def test_a_resumed_training_has_each_step_once(tmp_path: Path) -> None:
    path = tmp_path / "curve.jsonl"
    curve = CurveFile(path)
    curve.keep(0)
    for step in (1, 2, 3):
        curve.add(point(step), 1.0)
    curve.flush()
    with path.open("a") as file:
        file.write('{"stage": 0, "ep')  # killed while writing
    assert [found.step for found in read_curve(path)] == [1, 2, 3]
    again = CurveFile(path)
    again.keep(2)
    again.add(point(3), 2.0)
    again.flush()
    assert [(found.step, found.loss) for found in read_curve(path)] == [
        (1, 1.0),
        (2, 1.0),
        (3, 2.0),
    ]


def test_a_loss_that_is_no_number_is_null(tmp_path: Path) -> None:
    curve = CurveFile(tmp_path / "curve.jsonl")
    curve.keep(0)
    curve.add(point(1), float("nan"))
    curve.flush()
    assert read_curve(curve.path)[0].loss is None


def test_a_reader_takes_what_came_since_and_begins_anew_after_a_resume(tmp_path: Path) -> None:
    path = tmp_path / "curve.jsonl"
    reader = CurveReader(path)
    assert reader.read() == []
    curve = CurveFile(path)
    curve.keep(0)
    for step in (1, 2, 3):
        curve.add(point(step), 1.0)
        curve.flush()
        assert [found.step for found in reader.read()] == list(range(1, step + 1))
    line = path.read_bytes().splitlines(keepends=True)[-1]
    with path.open("ab") as file:
        file.write(line[:10])
    assert len(reader.read()) == 3
    with path.open("ab") as file:
        file.write(line[10:])
    assert len(reader.read()) == 4
    again = CurveFile(path)
    again.keep(1)
    again.add(point(2), 9.0)
    again.flush()
    assert [(found.step, found.loss) for found in reader.read()] == [(1, 1.0), (2, 9.0)]


def test_a_kept_curve_that_is_broken_is_none(tmp_path: Path) -> None:
    path = tmp_path / "curve.json"
    assert read_kept_curve(path) == []
    for content in ("[{", "7", '[{"stage": 0, "more": 1}]'):
        path.write_text(content)
        assert read_kept_curve(path) == []
