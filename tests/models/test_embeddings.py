"""What may come back from an embeddings endpoint, and what is made of it."""

import asyncio
import json
import math
from typing import Any

import pytest

from debate.models.completions import read_completion
from debate.models.embeddings import StandIn, packed, read_vectors, written
from debate.models.wire import Ask, Manner


def body(*vectors: Any, **more: Any) -> str:
    return json.dumps({"data": [{"index": n, "embedding": v} for n, v in enumerate(vectors)], **more})


def test_vectors_come_in_the_order_of_the_texts_and_have_length_1() -> None:
    data = [{"index": 1, "embedding": [0, 2]}, {"index": 0, "embedding": [3.0, 4.0]}]
    one, other = read_vectors(json.dumps({"data": data}), 2)
    assert list(one) == pytest.approx([0.6, 0.8])
    assert list(other) == [0.0, 1.0]


def test_numbers_and_base64_say_the_same() -> None:
    assert read_vectors(body([0.5, -0.25]), 1) == read_vectors(written([packed([0.5, -0.25])]), 1)


def test_what_was_read_is_read_again_to_the_same_bits() -> None:
    first = read_vectors(body([0.1, 0.2, 0.3], [1, 0, 0]), 2)
    second = read_vectors(written([packed(vector) for vector in first]), 2)
    assert [packed(vector) for vector in first] == [packed(vector) for vector in second]


@pytest.mark.parametrize(
    ("reply", "says"),
    [
        ("not json", "no JSON"),
        ("[]", "no list of vectors"),
        ('{"data": null}', "no list of vectors"),
        (body([1, 0]), "1 vectors came back for 2 texts"),
        (body([1, 0], [1, 0], [1, 0]), "3 vectors came back for 2 texts"),
        (body([1, 0], [1, 0, 0]), "several lengths: 2, 3"),
        (body([1, 0], [1, math.nan]), "vector 2 holds a number that is none"),
        (body([1, 0], [1, math.inf]), "vector 2 holds a number that is none"),
        (body([1e200, 1e200], [1, 0]), "vector 1 holds a number that is none"),
        (body([1, 0], [0, 0]), "vector 2 is all zeros"),
        (body([1, 0], [1, "x"]), "vector 2 is no list of numbers"),
        (body([1, 0], [True, 0]), "vector 2 is no list of numbers"),
        (body([1, 0], []), "vector 2 is no list of numbers"),
        (body([1, 0], [[1, 0]]), "vector 2 is no list of numbers"),
        (body([1, 0], "!!"), "vector 2 is no list of numbers"),
        (body([1, 0], None), "vector 2 is no list of numbers"),
        (json.dumps({"data": [1, 2]}), "vector 1 is no list of numbers"),
        (json.dumps({"data": [{"index": 0, "embedding": [1]}] * 2}), "not numbered from 0 on"),
    ],
)
def test_vectors_that_cannot_be_used_are_refused_in_a_sentence(reply: str, says: str) -> None:
    with pytest.raises(ValueError, match=says.replace("(", r"\(")):
        read_vectors(reply, 2)


def test_a_stand_in_gives_each_text_its_own_vector_every_time() -> None:
    texts = [("user", "count the locks"), ("user", "count the keys"), ("user", "a")]
    once, again = (asyncio.run(StandIn().exchange(Ask(texts), Manner())) for _ in range(2))
    assert once == again
    assert len({packed(vector) for vector in read_vectors(read_completion(once.body).text, 3)}) == 3
