"""What all views of the accuracy screen are about, and how keys change it."""

from dataclasses import replace

from tests.tui.screens.accuracy.conftest import BENCH, REAL
from tui.screens.accuracy.views import Subject


def test_the_list_of_detectors_ends_or_begins_again(subject: Subject) -> None:
    last = subject.move(9)
    assert [subject.detector.detector, last.detector.detector] == ["good", "bad"]
    assert last.move(1) == last
    assert last.move(1, around=True) == subject
    assert subject.move(-1) == subject


def test_two_are_compared_once_another_one_is_marked(subject: Subject) -> None:
    assert subject.compared == ()
    marked = replace(subject, marked=subject.detector)
    assert marked.compared == ()
    names = [item.detector for item in marked.move(1).compared]
    assert names == ["good", "alike"]


def test_chosen_and_marked_detector_stay_on_a_dataset_that_has_them(subject: Subject) -> None:
    alike = subject.move(1)
    other = replace(alike, marked=subject.detector).with_datasets(subject.datasets, REAL)
    assert (other.dataset.dataset, other.detector.detector) == (REAL, "good")
    assert other.marked == other.dataset.find("good")
    assert other.next_dataset() == BENCH


def test_scores_stay_until_their_dataset_changes(subject: Subject) -> None:
    same = subject.with_datasets(subject.desk.datasets(), BENCH)
    assert same.scores == subject.scores
    fewer = replace(subject.dataset, detectors=subject.dataset.detectors[:2])
    assert subject.with_datasets((fewer,), BENCH).scores is None
    assert subject.with_datasets((fewer,), "gone").dataset == fewer
