"""Labels as they are shown."""

from types import SimpleNamespace

from tui.frame.snapshot import Labels


def test_every_label_has_a_glyph_of_its_own_and_a_strange_one_a_hollow_one() -> None:
    task = [
        SimpleNamespace(name=name, key=key, definition="", examples=())
        for name, key in ("a1", "b2", "c3")
    ]
    labels = Labels.of(task)
    assert len({view.glyph for view in labels.views}) == 3
    assert labels.named("unheard-of").glyph == "○"
    assert labels.keyed("2") == labels.named("b")
    assert labels.keyed("9") is None
