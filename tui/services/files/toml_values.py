"""Changing one value in a TOML file that people write: comments, order and spaces stay."""

import json
import re
import tomllib
from collections.abc import Sequence
from typing import Any, Final

_VALUE: Final = r"""("(?:[^"\\\n]|\\.)*"|'[^'\n]*'|[^\s#,\[\]{}"']+)"""


def set_value(text: str, tables: Sequence[str], key: str, value: str | float) -> str | None:
    """The text with a key of a table set; None if that can't be done without rewriting it.

    A key that is not there yet is put first in its table, and a table that is not, last.
    """
    wanted = _with_value(tomllib.loads(text), tables, key, value)
    return next((changed for changed in _changes(text, tables, key, value)
                 if _reads_as(changed, wanted)), None)  # fmt: skip


def _changes(text: str, tables: Sequence[str], key: str, value: str | float) -> list[str]:
    """Texts with the value in each place where it may belong."""
    written = json.dumps(value, ensure_ascii=False)
    changed = [text] + [
        f"{text[: found.start(1)]}{written}{text[found.end(1) :]}"
        for found in re.finditer(rf"(?<![\w-]){re.escape(key)}\s*=\s*{_VALUE}", text)
    ]
    header = r"\s*\.\s*".join(map(re.escape, tables))
    changed += [
        f"{text[: found.end()]}\n{key} = {written}{text[found.end() :]}"
        for found in re.finditer(rf"^[ \t]*\[\s*{header}\s*\][^\n]*", text, re.MULTILINE)
    ]
    return [*changed, f"{text.rstrip()}\n\n[{'.'.join(tables)}]\n{key} = {written}\n"]


def _with_value(found: dict[str, Any], tables: Sequence[str], key: str, value: object) -> Any:
    if not tables:
        return found | {key: value}
    first, *rest = tables
    return found | {first: _with_value(found.get(first, {}), rest, key, value)}


def _reads_as(text: str, wanted: object) -> bool:
    try:
        return tomllib.loads(text) == wanted
    except tomllib.TOMLDecodeError:
        return False
