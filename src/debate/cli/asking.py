"""Asking: questions on the terminal, or put to answers that come through a pipe.

Questions are talk and go to stderr; answers are lines of stdin. An answer that cannot be used is refused with
the reason and asked for again; one that is only doubtful is told about and kept, and can be taken back.
"""

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import BinaryIO

from debate.cli import screen
from debate.errors import InputError
from debate.sanitize import plain

TAKE_BACK = "-"
_LONGEST = 1 << 16


class EndedEarly(Exception):  # noqa: N818  no error: the person has had enough
    """There will be no more answers: the input ended, or (`interrupted`) Ctrl-C was pressed."""

    def __init__(self, *, interrupted: bool) -> None:
        super().__init__("interrupted" if interrupted else "the input ended")
        self.interrupted = interrupted


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked, why, and an answer that would do."""

    ask: str
    why: str
    example: str


@dataclass(frozen=True, slots=True)
class Remark:
    """What is to be said of an answer; one that is `refused` does not count."""

    text: str
    refused: bool = False
    doubtful: bool = False


#: Looks at an answer, after those given to the question so far.
Check = Callable[[str, Sequence[str]], Remark | None]


def unchecked(_answer: str, _before: Sequence[str]) -> None:
    """Any answer will do."""


class Asker:
    """Puts questions and reads the answers."""

    def __init__(self) -> None:
        stream = getattr(sys.stdin, "buffer", None)
        if stream is None or sys.stdin.closed:
            raise InputError(
                "there is nobody to ask: standard input is closed; answer on a terminal, or through a pipe"
            )
        self._stream: BinaryIO = stream
        self._terminal = sys.stdin.isatty()
        self._explained = False

    def one(self, question: Question, check: Check = unchecked, *, needed: bool = False) -> str:
        """One line; "" where nothing is said. A doubtful answer may be given anew, or kept by Enter."""
        self._put(question)
        kept = ""
        while True:
            answer = self._line()
            if not answer and (kept or not needed):
                return kept
            if not answer:
                screen.say("  This one is needed: without it there is no case.", "yellow")
                continue
            remark = check(answer, ())
            self._tell(remark)
            if remark and remark.refused:
                continue
            if remark is None or not remark.doubtful:
                return answer
            kept = answer
            screen.say("  Write it again, or press Enter to keep it.", "dim")

    def many(
        self,
        question: Question,
        keep: Callable[[tuple[str, ...]], None],
        check: Check = unchecked,
        *,
        needed: bool = False,
    ) -> None:
        """Lines up to an empty one. `keep` gets all there are after each, so that none is lost."""
        self._put(question)
        if not self._explained:
            screen.say(
                f"  One to a line; an empty line ends. A line with only {TAKE_BACK} takes the last one back.",
                "dim",
            )
            self._explained = True
        answers: list[str] = []
        while True:
            answer = self._line()
            if not answer and (answers or not needed):
                return
            if not answer:
                screen.say("  This one is needed: without it there is no case.", "yellow")
            elif answer == TAKE_BACK:
                screen.say(
                    f"  Taken back: {answers.pop()}" if answers else "  There is nothing to take back.", "dim"
                )
            else:
                answer = answer.removeprefix("- ").removeprefix("* ").strip()
                remark = check(answer, answers)
                self._tell(remark)
                if remark is None or not remark.refused:
                    answers.append(answer)
            keep(tuple(answers))

    def agreed(self, ask: str) -> bool:
        """True for yes; anything else, and the end of the input, is no."""
        screen.say(f"\n{ask} [y/N]", "bold")
        try:
            return self._line().casefold() in ("y", "yes", "j", "ja")
        except EndedEarly as end:
            if end.interrupted:
                raise
            return False

    def _put(self, question: Question) -> None:
        screen.say(f"\n{question.ask}", "bold")
        screen.say(f"  Why: {question.why}", "dim")
        screen.say(f"  Such as: {question.example}", "dim")

    def _tell(self, remark: Remark | None) -> None:
        if remark:
            again = "; so it is not taken" if remark.refused else ""
            screen.say(f"  {remark.text}{again}", "yellow" if remark.refused or remark.doubtful else "dim")

    def _line(self) -> str:
        """The next line; EndedEarly where there is none."""
        if self._terminal:
            screen.prompt("> ")
        while True:
            try:
                data = self._stream.readline(_LONGEST)
            except KeyboardInterrupt:
                raise EndedEarly(interrupted=True) from None
            except (OSError, ValueError):
                raise EndedEarly(interrupted=False) from None
            if not data:
                raise EndedEarly(interrupted=False)
            try:
                return " ".join(plain(data.decode("utf-8-sig")).split())
            except UnicodeDecodeError:
                screen.say("  That line is not UTF-8 text; so it is not taken. Once more, please.", "yellow")
