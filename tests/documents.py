"""The generated pages of the documentation: `python -m tests.documents` writes them."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from tests.json_page import json_page
from tests.json_schemas import RESULTS, file_name, schema_of
from tui.keys.help import markdown_table

DOCS: Final = Path(__file__).parents[1] / "docs"


def keys_page() -> str:
    """The page of all keys, from their registry."""
    return f"""# Keys

<!-- Written by `make documents` from tui/keys/. -->

These are the keys as they come. `?` shows those of your workspace, with the labels of its task;
[the manual](manual.md#keys) says how to change them. The name is that of an action in `[keys.…]`.

{markdown_table()}"""


PAGES: Final[Mapping[str, Callable[[], str]]] = {"keys.md": keys_page, "json.md": json_page}
"""What writes each generated page, by its file in docs/."""


def main() -> None:
    """Write every generated page, and the schemas of `--json`, which tests hold it to."""
    for name, page in PAGES.items():
        (DOCS / name).write_text(page(), encoding="utf-8")
    for command in RESULTS:
        text = json.dumps(schema_of(command), indent=1, ensure_ascii=False)
        (DOCS / "schemas" / file_name(command)).write_text(f"{text}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
