"""What the screen looks like, in each state and at both sizes."""

from collections.abc import Callable

from tests.tui.scenes import (
    NARROW,
    WIDE,
    Scene,
    Size,
    disputed,
    in_light,
    label_unknown,
    labelled,
    scenes,
    suggested,
)

MEDIUM = (120, 40)
ALL_SIZES = (NARROW, MEDIUM, WIDE)
LABELLED = ("1", "1", "enter", "s", "3", "enter", "2", "enter", "enter")


@scenes(
    Scene("label", "label", "evaluated", LABELLED, sizes=ALL_SIZES),
    Scene("label-members", "label", "evaluated", (*LABELLED, "x", "l", "j"), sizes=ALL_SIZES),
    Scene("label-list", "label", "evaluated", (*LABELLED, "h")),
    Scene("label-blind", "label", "evaluated", (*LABELLED, "B")),
    Scene("label-useful", "label", "evaluated", (*LABELLED, "o"), prepare=suggested),
    Scene(
        "label-useful-list",
        "label",
        "evaluated",
        (*LABELLED, "o", "h"),
        prepare=suggested,
        sizes=(NARROW,),
    ),
    Scene("label-useful-answer", "label", "evaluated", ("o", "A"), prepare=suggested),
    Scene("label-filter", "label", "evaluated", (*LABELLED, "f"), sizes=(NARROW,)),
    Scene("label-bulk", "label", "evaluated", (*LABELLED, "b"), sizes=(NARROW,)),
    Scene("label-one-member", "label", "evaluated", ("g", "l", "j", "3")),
    Scene("label-text-alone", "label", "evaluated", ("H", "L"), sizes=(MEDIUM, WIDE)),
    Scene("label-in-light", "label", "evaluated", LABELLED, in_light),
    Scene("map", "label", "evaluated", (*LABELLED, "M", "l")),
    Scene("map-of-predictions", "label", "evaluated", (*LABELLED, "M", "m", "z"), sizes=(NARROW,)),
    Scene("map-blind", "label", "evaluated", (*LABELLED, "B", "M"), sizes=(NARROW,)),
    Scene("suspects", "label", "evaluated", ("e",), disputed),
    Scene("suspects-none", "label", "clustered", ("e",), sizes=(NARROW,)),
    Scene("pairs", "label", "pairs clustered", ("1",), sizes=ALL_SIZES),
    Scene("pairs-unfolded", "label", "pairs clustered", ("z", "x"), sizes=(NARROW,)),
    Scene("pairs-members", "label", "pairs clustered", ("l", "j"), sizes=(NARROW,)),
    Scene("guidelines", "label", "evaluated", ("t",), sizes=(NARROW,)),
    Scene("help", "label", "evaluated", ("question_mark",), sizes=(NARROW,)),
    Scene("label-empty", "label", "imported", sizes=(NARROW,)),
    Scene("empty", "label", "made", sizes=(NARROW,)),
    Scene("all-labelled", "label", "clustered", prepare=labelled, sizes=(NARROW,)),
    Scene("label-unknown", "label", "clustered", prepare=label_unknown, sizes=(NARROW,)),
    Scene("nothing-to-undo", "label", "clustered", ("u",), sizes=(NARROW,)),
    Scene("search-refused", "label", "clustered", ("slash", *"/(/", "enter"), sizes=(NARROW,)),
    Scene("note", "label", "clustered", ("c", *"see it again"), sizes=(NARROW,)),
    Scene("unsure-clusters", "label", "clustered", ("b", "enter"), sizes=(NARROW,)),
)
def test_the_screen_looks_as_before(
    scene: Scene, size: Size, looks_the_same: Callable[[Scene, Size], bool]
) -> None:
    assert looks_the_same(scene, size)
