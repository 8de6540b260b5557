"""Fixtures of the judge's tests."""

import pytest

from tests.judging.cases import TRIALS, Trial


@pytest.fixture(params=TRIALS)
def trial(request: pytest.FixtureRequest) -> Trial:
    """Each of the made-up cases in turn."""
    return TRIALS[request.param]
