"""What of a model's labels becomes decisions, where labels are learned."""

from store.classifications import TextDraw
from tests.learned import labels_of
from tests.tui.audited import MODEL, classify_answers, label_clusters
from tests.tui.filled import use_spread
from tui.services.jobs.annotation import AnnotationRequest, take_as_decisions
from tui.services.workspace import Workspace


def test_answers_that_get_learned_labels_by_what_is_decided_now_are_not_taken(
    clustered_workspace: Workspace,
) -> None:
    workspace = use_spread(clustered_workspace, "learned")
    request = AnnotationRequest((MODEL,), TextDraw("answers"))
    with workspace.database() as database:
        label_clusters(database, "ada", clusters=8)
        classified = classify_answers(database)
        assert take_as_decisions(workspace, database, MODEL, request) == 0
        assert labels_of(database).keys() == set(classified)
