"""JSON schemas as servers can take them.

Third-party servers differ in what they understand of JSON Schema: some reject `$ref`, some `pattern`, most
ignore number bounds. `wire_schema` writes a schema with only what all of them take; what it drops is checked
by us afterwards anyway.
"""

from collections.abc import Mapping

_DROPPED = frozenset(
    [
        *("$defs", "$schema", "$id", "title", "default", "examples", "format", "pattern"),
        *("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"),
        *("minLength", "maxLength", "minItems", "maxItems", "uniqueItems"),
    ]
)
_DEEPEST = 32


def wire_schema(schema: Mapping[str, object]) -> dict[str, object]:
    """`schema` with references put in place and everything servers stumble over left out.

    Raises ValueError for a schema that contains itself: no server would take it either.
    """
    definitions = schema.get("$defs", {})
    assert isinstance(definitions, Mapping)
    written = _node(schema, definitions, 0)
    assert isinstance(written, dict)
    return written


def _node(node: object, definitions: Mapping[str, object], depth: int) -> object:
    if depth > _DEEPEST:
        raise ValueError("a wire schema cannot contain itself")
    if isinstance(node, list):
        return [_node(item, definitions, depth + 1) for item in node]
    if not isinstance(node, Mapping):
        return node
    if isinstance(reference := node.get("$ref"), str):
        target = definitions[reference.removeprefix("#/$defs/")]
        assert isinstance(target, Mapping)
        beside = {key: value for key, value in node.items() if key != "$ref"}
        return _node({**target, **beside}, definitions, depth + 1)
    out: dict[str, object] = {}
    for key, value in node.items():
        if key == "properties" and isinstance(value, Mapping):
            # Names of properties are data: one may be called "title" or "format".
            out[key] = {name: _node(inner, definitions, depth + 1) for name, inner in value.items()}
        elif key not in _DROPPED:
            out[key] = _node(value, definitions, depth + 1)
    return out
