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
    Scene("label-list", "label", "evaluated", (*LABELLED, "h"), sizes=ALL_SIZES),
    Scene("label-blind", "label", "evaluated", (*LABELLED, "B"), sizes=ALL_SIZES),
    Scene(
        "label-useful", "label", "evaluated", (*LABELLED, "o"), prepare=suggested, sizes=ALL_SIZES
    ),
    Scene("label-useful-list", "label", "evaluated", (*LABELLED, "o", "h"), prepare=suggested),
    Scene(
        "label-useful-answer", "label", "evaluated", ("o", "A"), prepare=suggested, sizes=ALL_SIZES
    ),
    Scene("label-filter", "label", "evaluated", (*LABELLED, "f")),
    Scene("label-bulk", "label", "evaluated", (*LABELLED, "b")),
    Scene("label-one-member", "label", "evaluated", ("g", "l", "j", "3"), sizes=ALL_SIZES),
    Scene("label-text-alone", "label", "evaluated", ("H", "L"), sizes=(MEDIUM, WIDE)),
    Scene("label-in-light", "label", "evaluated", LABELLED, in_light),
    Scene("map", "label", "evaluated", (*LABELLED, "M", "l"), sizes=ALL_SIZES),
    Scene("map-of-predictions", "label", "evaluated", (*LABELLED, "M", "m", "z")),
    Scene("map-blind", "label", "evaluated", (*LABELLED, "B", "M")),
    Scene("suspects", "label", "evaluated", ("e",), disputed, sizes=ALL_SIZES),
    Scene("suspects-none", "label", "clustered", ("e",)),
    Scene("pairs", "label", "pairs clustered", ("1",), sizes=ALL_SIZES),
    Scene("pairs-unfolded", "label", "pairs clustered", ("z", "x")),
    Scene("pairs-members", "label", "pairs clustered", ("l", "j")),
    Scene("guidelines", "label", "evaluated", ("t",)),
    Scene("help", "label", "evaluated", ("question_mark",)),
    Scene("label-empty", "label", "imported"),
    Scene("empty", "label", "made"),
    Scene("all-labelled", "label", "clustered", prepare=labelled),
    Scene("label-unknown", "label", "clustered", prepare=label_unknown),
    Scene("nothing-to-undo", "label", "clustered", ("u",)),
    Scene("search-refused", "label", "clustered", ("slash", *"/(/", "enter")),
    Scene("note", "label", "clustered", ("c", *"see it again")),
    Scene("unsure-clusters", "label", "clustered", ("b", "enter")),
)
def test_the_screen_looks_as_before(
    scene: Scene, size: Size, looks_the_same: Callable[[Scene, Size], bool]
) -> None:
    assert looks_the_same(scene, size)
