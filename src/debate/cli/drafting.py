"""`debate problems new` and `from-text`: where a new card is put, and what is said of it."""

import shlex
import sys
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path

import typer

from debate.cards.draft import Draft, draft, too_much, with_gaps
from debate.cards.markdown import MAX_CARD, decode, read_text, valid_id
from debate.cards.problem import MAX_FACTS, parse_problem
from debate.cards.sorting import Place as Part
from debate.cards.writing import Sheet, problem_text, slug
from debate.cli import screen
from debate.cli.asking import Asker, EndedEarly
from debate.cli.interview import Interview, reading_lines
from debate.errors import CardError, InputError
from debate.library import Library
from debate.places import PROBLEMS

INTERRUPTED = 130
_NAMES = {
    Part.CONTEXT: "context",
    Part.CHALLENGE: "challenge",
    Part.TRIED: "what was tried",
    Part.CONSTRAINTS: "constraints",
    Part.CRITERIA: "success criteria",
    Part.QUESTION: "question",
}


@dataclass(frozen=True, slots=True)
class Place:
    """Where a new card goes: the file of `--out`, or the folder of a library. `id` is "" when not given."""

    library: Library
    folder: Path
    file: Path | None
    id: str

    @classmethod
    def find(cls, library: Path | None, out: Path | None, id_: str) -> "Place":
        """The place, or InputError when there is none or something is there already."""
        opened = Library.open(library)
        if id_ and not valid_id(id_):
            raise InputError(
                f"{id_!r} is no id; expected lower-case letters, digits, '-' and '_', at most 64"
            )
        if out is not None:
            return cls(opened, out.parent, _free_file(out), id_ or (out.stem if valid_id(out.stem) else ""))
        folder = library or opened.workspace
        if folder is None:
            raise InputError(
                "no library of your own here: give --out FILE or --library DIR, or make one with "
                "`touch debate.toml`"
            )
        place = cls(opened, folder / PROBLEMS, None, id_)
        if id_ and (taken := place._taken(id_)):
            raise InputError(f"a problem {id_!r} is there already ({taken}); nothing is written over")
        return place

    def named(self, wanted: str) -> str:
        """The id given, else `wanted` or, where that is taken, `wanted-2` and so on."""
        if self.id or self.file:
            return self.id or wanted
        names = (wanted if n == 1 else f"{wanted[:60]}-{n}" for n in count(1))
        return next(name for name in names if not self._taken(name))

    def write(self, text: str, id_: str, *, kind: str = "") -> Path:
        """Write a card beside what is there, never over it; `kind` goes into the file's name (".draft")."""
        path = self.file or self.folder / f"{id_}.md"
        names = (path.with_name(f"{path.stem}{kind}{'' if n == 1 else f'-{n}'}.md") for n in count(1))
        try:
            if not self.file:
                self.folder.mkdir(exist_ok=True)
            for name in names:
                try:
                    with name.open("x", encoding="utf-8", newline="\n") as file:
                        file.write(text)
                except FileExistsError as error:
                    if not kind:
                        raise InputError(f"{name} exists already; nothing was written") from error
                else:
                    return name
        except OSError as error:
            raise InputError(f"cannot write {path}: {error.strerror}") from error
        raise AssertionError("count() never ends")

    def _taken(self, id_: str) -> Path | None:
        known = next((entry.path for entry in self.library.problems() if entry.id == id_), None)
        path = self.folder / f"{id_}.md"
        return known or (path if path.exists() else None)


def interviewed(place: Place) -> None:
    """Hold the interview and write the card, or a draft of it when the answers end too early."""
    interview = Interview(Asker(), place.library, place.id or "draft")
    screen.say("A problem card, question by question. Enter skips what may be missing.")
    try:
        interview.hold()
    except EndedEarly as end:
        screen.say("")  # the answer's line was left open
        _keep_draft(interview.sheet, place, str(end))
        raise typer.Exit(INTERRUPTED if end.interrupted else 2) from None
    sheet = _identified(interview.sheet, place)
    text = problem_text(sheet)
    try:
        card = parse_problem(text, Path(f"{sheet.id}.md"), "file")
    except CardError as error:
        path = place.write(text, sheet.id, kind=".draft")
        raise CardError(path, error.faults) from error
    path = place.write(text, sheet.id)
    screen.line(str(path))
    screen.say("\nThis is what the program reads in it:")
    for line in reading_lines(card):
        screen.say(f"  {line}")
    screen.say(f"Debate it: debate run {_shown(path)}")


def _keep_draft(sheet: Sheet, place: Place, why: str) -> None:
    if not sheet.title:
        screen.say(f"debate: {why}; nothing was answered, so nothing is kept", "yellow")
        return
    sheet = _identified(sheet, place)
    path = place.write(problem_text(with_gaps(sheet)), sheet.id, kind=".draft")
    screen.line(str(path))
    screen.say(f"debate: {why}; what was answered is kept in {path}", "yellow")
    screen.say(f"Go on in an editor; what is still to be written: debate problems check {_shown(path)}")


def _identified(sheet: Sheet, place: Place) -> Sheet:
    return replace(sheet, id=place.named(slug(sheet.title, slug(sheet.domain)) or "problem"))


def read_report(file: str) -> str:
    """The text of a file, or of standard input for "-"."""
    if file != "-":
        return read_text(Path(file))
    stream = getattr(sys.stdin, "buffer", None)
    if stream is None or sys.stdin.closed:
        raise InputError("standard input is closed; name a file, or send the text through a pipe")
    if sys.stdin.isatty():
        screen.say("Paste the text, then press Enter and Ctrl-D.")
    try:
        data: bytes = stream.read(MAX_CARD + 1)
    except KeyboardInterrupt:
        screen.say("\ndebate: interrupted; nothing was written", "yellow")
        raise typer.Exit(INTERRUPTED) from None
    except OSError as error:
        raise InputError(f"cannot read standard input: {error.strerror}") from error
    return decode(data, "standard input")


def drafted(text: str, place: Place, name: str) -> None:
    """Write the draft of a card, and say what was found and what is missing."""
    if why := too_much(text):
        raise InputError(f"this text cannot become one card: {why}")
    made = draft(text)
    if not made.placed:
        raise InputError("found no sentence in this text that tells of a case")
    if len(made.placed) > MAX_FACTS:
        found = f"found {len(made.placed)} sentences; a card has at most {MAX_FACTS} facts"
        raise InputError(f"{found}: keep what matters to the case")
    id_ = place.named(made.sheet.id if made.sheet.title or not valid_id(name) else name)
    made = replace(made, sheet=replace(made.sheet, id=id_))
    path = place.write(made.text, id_)
    screen.line(str(path))
    _report(made, path)


def _report(made: Draft, path: Path) -> None:
    for part, name in _NAMES.items():
        own = [each for each in made.placed if each.place is part]
        lines = list(dict.fromkeys(str(each.line) for each in own))
        said = f"{len(own)}, from line{'s' * (len(lines) != 1)} {', '.join(lines)}" if own else "nothing"
        screen.say(f"{name}: {said}")
    domain = (
        f"{made.sheet.domain}, for it says {', '.join(made.because[:5])}" if made.because else "not clear"
    )
    screen.say(f"domain: {domain}")
    for line in reading_lines(made.card) if made.card else ():
        screen.say(line)
    for aside in made.asides:
        screen.say(f"left out, line {aside.line} ({aside.why}): {aside.text[:70]}", "dim")
    missing = made.missing
    for number, what in missing:
        screen.say(f"to write, line {number} of the card: {what}", "yellow")
    screen.say(
        "for the judge alone, and not in the card: expected lenses, baseline and target solution", "dim"
    )
    if missing:
        screen.say(f"Write what is missing; where: debate problems check {_shown(path)}")
    else:
        screen.say(f"Read it over, then: debate run {_shown(path)}")


def _free_file(out: Path) -> Path:
    if out.suffix != ".md":
        raise InputError(f"--out {out}: expected the name of a card file, which ends in .md")
    if not out.parent.is_dir():
        raise InputError(f"--out {out}: there is no folder {out.parent}")
    if out.exists() or out.is_symlink():
        raise InputError(f"--out {out} exists already; nothing is written over")
    return out


def _shown(path: Path) -> str:
    """The path as a command takes it from the working folder."""
    here = Path.cwd()
    return shlex.quote(str(path.relative_to(here) if path.is_relative_to(here) else path))
