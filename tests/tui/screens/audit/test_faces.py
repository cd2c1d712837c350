"""Which views a task has, and which keys do nothing over them."""

from tui.frame.task_words import SINGLE_TEXTS, TaskWords
from tui.screens.audit.faces import idle_keys, views_of

PAIRS = TaskWords(True, ("draw", "context", "text"), "scenario", "prompt", "written", "written as")


def test_only_pairs_have_a_view_by_dimension() -> None:
    assert [name for name, _ in views_of(SINGLE_TEXTS)] == ["blind", "board", "agreement", "curve"]
    assert "dimensions" in dict(views_of(PAIRS))


def test_a_context_is_unfolded_only_where_a_text_of_a_pair_is_shown() -> None:
    assert "context" in idle_keys("blind", has_chosen=False, is_pair=False)
    assert "context" not in idle_keys("blind", has_chosen=False, is_pair=True)
    assert "context" in idle_keys("dimensions", has_chosen=False, is_pair=True)
