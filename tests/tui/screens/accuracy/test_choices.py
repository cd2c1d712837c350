"""What a key makes of the chosen detector beside others, and what it says."""

from dataclasses import replace

from tui.keys.keymap import Keymap
from tui.screens.accuracy.choices import mark, overlay
from tui.screens.accuracy.views import OVERLAID, Subject

KEYMAP = Keymap()


def test_a_mark_is_put_on_the_chosen_detector_and_taken_away_again(subject: Subject) -> None:
    marked = mark(subject, KEYMAP)
    assert marked.subject.marked == subject.detector
    assert "Marked good." in marked.text
    again = mark(marked.subject, KEYMAP)
    assert (again.subject, again.text) == (subject, "The mark is taken away.")


def test_another_mark_takes_the_place_of_the_first(subject: Subject) -> None:
    other = mark(mark(subject, KEYMAP).subject.move(1), KEYMAP).subject
    assert other.marked is not None
    assert other.marked.detector == "alike"


def test_without_another_detector_nothing_is_marked(subject: Subject) -> None:
    alone = replace(
        subject, dataset=replace(subject.dataset, detectors=subject.dataset.detectors[:1])
    )
    refused = mark(alone, KEYMAP)
    assert refused.is_refused
    assert refused.subject == alone


def test_as_many_curves_are_laid_over_as_there_are_signs(subject: Subject) -> None:
    drawn = overlay(subject, KEYMAP).subject
    assert drawn.overlaid == (subject.detector,)
    assert overlay(drawn, KEYMAP).subject.overlaid == ()
    full = replace(subject, overlaid=(subject.dataset.detectors[1],) * len(OVERLAID))
    refused = overlay(full, KEYMAP)
    assert refused.is_refused
    assert refused.subject == full
