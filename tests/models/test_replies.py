"""Finding the one object in what a model wrote; never guessing."""

import json
import time
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from debate.models.faults import FaultKind as F
from debate.models.replies import ReplyError, read_object

WANTED = frozenset({"a"})
PLAIN = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**9), 10**9)
    | st.floats(-1e9, 1e9)
    | st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text('abcxyz{}"`', max_size=5), inner, max_size=4)
    ),
    max_leaves=12,
)
OBJECTS = st.dictionaries(st.text("bcxyz{}", max_size=5), PLAIN, max_size=4).map(
    lambda value: {"a": 1, **value}
)


@given(
    OBJECTS,
    st.sampled_from(["", "\n", "Sure:\n", "```json\n", "a {set} of\n"]),
    st.sampled_from(["", "\n```", "\n\nDone.", " {x}"]),
)
def test_an_object_is_found_whatever_stands_around_it(
    value: dict[str, object], before: str, after: str
) -> None:
    found = read_object(before + json.dumps(value) + after, WANTED)
    assert found.value == value
    assert found.repaired == bool(before.strip() or after.strip())


@given(OBJECTS, st.data())
def test_an_object_cut_anywhere_is_never_taken_for_one(value: dict[str, object], data: st.DataObject) -> None:
    text = json.dumps(value)
    cut = text[: data.draw(st.integers(1, len(text) - 1))]
    with pytest.raises(ReplyError) as fault:
        read_object(cut, WANTED)
    assert fault.value.kind in {F.TRUNCATED, F.NOT_JSON}


@given(st.text(st.characters(codec=None), max_size=200))
def test_any_text_gives_an_object_or_a_fault(text: str) -> None:
    with suppress(ReplyError):
        assert isinstance(read_object(text).value, dict)


CASES: list[tuple[str, F]] = [
    ("", F.EMPTY),
    ("   \n", F.EMPTY),
    ("no object", F.NOT_JSON),
    ("[1, 2]", F.NOT_JSON),
    ("{'a': 1}", F.NOT_JSON),
    ('{"a": 1,}', F.NOT_JSON),
    ('{"b": [{"a": 1}, {"a": 2},]}', F.NOT_JSON),
    ('{"b": 1}', F.WRONG_SHAPE),
    ('{"b": {"a": 1}}', F.WRONG_SHAPE),
    ('{"a": 1} {"a": 2}', F.TWO_OBJECTS),
    ('{"a": 1}\n{"a": 1', F.TRUNCATED),
    ('{"a": "unfinished', F.TRUNCATED),
    ('{"a": {"a": 1}', F.TRUNCATED),
    ('{"a": NaN}', F.NOT_FINITE),
    ('{"a": -Infinity}', F.NOT_FINITE),
    ('{"a": 1e400}', F.NOT_FINITE),
    ('{"a": ' + "9" * 5000 + "}", F.NOT_FINITE),
    ('{"a": ' + "[" * 200_000, F.TOO_DEEP),
    ('{"a": ' + "[" * 100 + "]" * 100 + "}", F.TOO_DEEP),
    ('{"a": "' + "x" * 3_000_000 + '"}', F.TOO_LARGE),
]


@pytest.mark.parametrize(("text", "kind"), CASES, ids=lambda value: str(value)[:30])
def test_what_would_need_a_guess_is_a_fault(text: str, kind: F) -> None:
    with pytest.raises(ReplyError) as fault:
        read_object(text, WANTED)
    assert fault.value.kind is kind


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('{"a": 1} and again {"a": 1}', {"a": 1}),
        ('for example {"b": 1}, so: {"a": 1}', {"a": 1}),
        ('{"a": "two\nlines\tand \x07"}', {"a": "two\nlines\tand \x07"}),
        ('{"a": "\\ud800 \\u0000"}', {"a": "\ufffd \ufffd"}),
        ('{"a": "\\ud83d\\ude00"}', {"a": "😀"}),
        ('\ufeff{"a": 1}', {"a": 1}),
    ],
)
def test_what_costs_nothing_to_mend_is_mended(text: str, value: dict[str, object]) -> None:
    assert read_object(text, WANTED).value == value


@pytest.mark.parametrize(
    "text", ['{"' * 500_000, '{"a":' * 100_000, "{ " * 500_000, '{"a": "' + '{"a": "' * 100_000]
)
def test_no_text_takes_long(text: str) -> None:
    began = time.monotonic()
    with pytest.raises(ReplyError):
        read_object(text, WANTED)
    assert time.monotonic() - began < 10
