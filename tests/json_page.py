"""The page of the documentation that lists what `--json` prints, from the schemas."""

from collections.abc import Iterator

from tests.json_schemas import RESULTS, Schema, schema_of

TOP = """# What `--json` prints

<!-- Written by `make documents` from the types of the results. -->

Every command that reads prints JSON with `--json`, on standard output; messages go to standard
error. Shares are from 0 to 1. `intervals` holds the 95 % interval of each figure beside it, as
`[low, high]`, and null for a figure that is undefined. The schemas are in
[`schemas/`](schemas): a release that changes one says so in the changelog. In the tables, `[]` is
every item of an array and `*` every key of an object.
"""


def json_page() -> str:
    """The page, one section per command."""
    return "\n".join([TOP, *(_section(command) for command in RESULTS)])


def _section(command: str) -> str:
    schema = schema_of(command)
    rows: dict[str, tuple[str, str]] = {}
    for path, kind, about in _rows("", schema, schema):
        rows.setdefault(path, (kind, about))  # of two kinds of result, most keys are the same
    kind, about = rows.pop("")
    lines = [f"## `{command}`\n", f"{kind.capitalize()}. {about}".rstrip(), ""]
    lines += ["| Key | Type | What it is |", "| --- | --- | --- |"]
    lines += [f"| `{path}` | {kind} | {about} |" for path, (kind, about) in rows.items()]
    return "\n".join(lines) + "\n"


def _rows(path: str, schema: Schema, root: Schema) -> Iterator[tuple[str, str, str]]:
    """Every key below a path: (path, type, what it is); `[]` is any item, `*` any key."""
    schema, may_be_null = _resolve(schema, root)
    if "anyOf" in schema and all("properties" in choice for choice in schema["anyOf"]):
        for choice in schema["anyOf"]:
            yield from _rows(path, choice, root)
        return
    items, others = schema.get("items"), schema.get("additionalProperties")
    null = ", or null" if may_be_null else ""
    yield path, _name(schema) + null, _about(schema)
    for name, inner in schema.get("properties", {}).items():
        yield from _rows(f"{path}.{name}" if path else name, inner, root)
    if isinstance(items, dict) and _has_keys(items, root):
        yield from _rows(f"{path}[]", items, root)
    if isinstance(others, dict):
        yield from _rows(f"{path}.*", others, root)


def _resolve(schema: Schema, root: Schema) -> tuple[Schema, bool]:
    """The schema without its reference, and whether null is one of its choices."""
    choices = schema.get("anyOf", [])
    left = [item for item in choices if item != {"type": "null"}]
    if len(left) == 1:
        return _resolve(left[0], root)[0], True
    if "$ref" in schema:
        return root["$defs"][schema["$ref"].removeprefix("#/$defs/")], False
    return schema, False


def _has_keys(schema: Schema, root: Schema) -> bool:
    found, _ = _resolve(schema, root)
    return "properties" in found or isinstance(found.get("items"), dict)


def _name(schema: Schema) -> str:
    if "enum" in schema:
        return ", ".join(f"`{value}`" for value in schema["enum"])
    if "anyOf" in schema:
        return " or ".join(_name(item) for item in schema["anyOf"])
    kind = str(schema.get("type", schema.get("const", "any")))
    if kind == "array" and isinstance(schema.get("items"), dict) and "type" in schema["items"]:
        kind = f"array of {schema['items']['type']}"
    if "minimum" in schema and "maximum" in schema:
        kind += f", {schema['minimum']} to {schema['maximum']}"
    return kind


def _about(schema: Schema) -> str:
    return " ".join(schema.get("description", "").split()).replace("|", "\\|")
