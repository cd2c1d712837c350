"""Splitting a cluster of the workspace."""

from store.clusters import list_clusters
from store.database.connection import Database
from tui.services.splitting import PreparedSplit


def test_a_cluster_is_split_by_the_directions_of_its_members(database: Database) -> None:
    largest = list_clusters(database)[0]
    with database.write() as cursor:
        cursor.execute(
            """UPDATE predictions SET embedding = [0.0, 1.0, 0.0] WHERE item_id IN
            (SELECT answer_id FROM members WHERE cluster_id = ? AND rank % 3 = 0)""",
            [largest.cluster_id],
        )
    with PreparedSplit(database, largest.cluster_id) as prepared:
        parts = prepared.split(2, annotator="ada", seed=0)
    sizes = {item.cluster_id: item.size for item in list_clusters(database)}
    assert largest.cluster_id not in sizes
    assert sum(sizes[part] for part in parts) == largest.size
    assert sizes[parts[0]] >= sizes[parts[1]]


def test_a_split_that_was_only_prepared_changes_nothing(database: Database) -> None:
    before = list_clusters(database)
    with PreparedSplit(database, before[0].cluster_id):
        pass
    assert list_clusters(database) == before
