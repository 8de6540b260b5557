"""A call is claimed by one at a time, and by nobody once its holder is dead."""

import multiprocessing
import os
import signal
from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path

import pytest

from debate.ledger.claims import Claims, FileClaims, RangeClaims

KEY, OTHER = f"c1-{'0' * 63}1", f"c1-{'0' * 63}2"
KINDS = [FileClaims, RangeClaims]


@pytest.mark.parametrize("kind", KINDS)
def test_a_claim_excludes_others_of_the_same_key_until_released(
    kind: Callable[[Path], Claims], tmp_path: Path
) -> None:
    one, two = kind(tmp_path / "locks"), kind(tmp_path / "locks")
    held = one.try_claim(KEY)
    assert held is not None
    assert [claims.try_claim(KEY) for claims in (one, two)] == [None, None]
    other = two.try_claim(OTHER)
    assert other is not None
    held.release()
    held.release()
    again = two.try_claim(KEY)
    assert again is not None
    assert one.try_claim(KEY) is None
    again.release()
    other.release()
    one.close()
    two.close()
    assert (tmp_path / "locks").stat().st_size == 0 or not list((tmp_path / "locks").iterdir())


def _hold(kind: Callable[[Path], Claims], path: Path, pipe: Connection) -> None:
    claims = kind(path)
    pipe.send(claims.try_claim(KEY) is not None)
    signal.pause()


@pytest.mark.parametrize("kind", KINDS)
def test_the_death_of_its_holder_frees_a_claim(kind: Callable[[Path], Claims], tmp_path: Path) -> None:
    here, there = multiprocessing.Pipe()
    context = multiprocessing.get_context("spawn")
    process = context.Process(target=_hold, args=(kind, tmp_path / "locks", there))
    process.start()
    assert here.recv()
    claims = kind(tmp_path / "locks")
    assert claims.try_claim(KEY) is None
    assert process.pid
    os.kill(process.pid, signal.SIGKILL)
    process.join()
    held = claims.try_claim(KEY)
    assert held is not None
    held.release()
    claims.close()
    claims.close()
