import tomllib

from tui.services.files.toml_names import replace_names

TEXT = """# the old one is "old"
name = "old"  # the task's own name

[[label]]
name = 'old'
definition = "old"

[[label]]
name="other" """


def test_only_the_names_that_are_wanted_change_and_comments_and_quotes_stay() -> None:
    wanted = tomllib.loads(TEXT)
    wanted["label"][0]["name"] = "new"
    found = replace_names(TEXT, "old", "new", wanted)
    assert found == TEXT.replace("name = 'old'", "name = 'new'")


def test_names_in_lists_and_inline_tables_change_too() -> None:
    text = 'label = [{name = "old", labels = ["a", "old"]}]'
    wanted = {"label": [{"name": "new", "labels": ["a", "new"]}]}
    assert replace_names(text, "old", "new", wanted) == text.replace("old", "new")


def test_what_cannot_be_written_by_changing_names_is_none() -> None:
    assert replace_names('name = "\\u006fld"', "old", "new", {"name": "new"}) is None
