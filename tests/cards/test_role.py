"""Role cards: declared variables and placeholders are one set, and data is never a template."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from debate.cards.role import GIVEN, RoleCard, parse_role
from debate.errors import CardError, DebateError, Fault

PATH = Path("agents/scribe.md")


def role(body: str = "{{problem}} {{plan}}", variables: str = "[problem, plan]", more: str = "") -> str:
    return f"---\nrole: scribe\ntitle: Merges\nvariables: {variables}\n{more}---\n{body}\n"


def parsed(text: str) -> RoleCard:
    return parse_role(text, PATH, "file")


def faults(text: str) -> list[tuple[int, str]]:
    with pytest.raises(CardError) as caught:
        parsed(text)
    return [(fault.line, fault.message) for fault in caught.value.faults]


def faults_if_any(text: str) -> list[Fault] | None:
    """None for a card, its faults for what is none; any other error is the test's."""
    try:
        parsed(text)
    except CardError as error:
        return list(error.faults)
    return None


class TestParsing:
    def test_a_card_has_what_its_front_matter_says(self) -> None:
        card = parsed(role(more="sampling:\n  temperature: 0.7\n  max_tokens: 900\n"))
        assert (card.id, card.role, card.title) == ("scribe", "scribe", "Merges")
        assert card.variables == ("problem", "plan")
        assert dict(card.sampling) == {"temperature": 0.7, "max_tokens": 900}
        assert isinstance(card.sampling["max_tokens"], int)
        assert card.body == "{{problem}} {{plan}}\n"

    def test_a_stated_id_comes_before_the_name_of_the_file(self) -> None:
        assert parsed(role(more="id: harsh-critic\n")).id == "harsh-critic"

    def test_a_card_may_have_no_variables(self) -> None:
        assert parsed(role("Be brief.", "[]")).render() == "Be brief.\n"

    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            (role("{{problem}} {{plan}}\n{{lens}}"), (7, "{{lens}} is used but not declared in 'variables'")),
            (role("{{problem}}"), (4, "'plan' is declared but unused; {{plan}} stands nowhere")),
            (role("{{problem}} {{plan}} {{Plan}}"), (6, "'{{Plan}}' is not a placeholder; write {{name}}")),
            (role("{{problem}} {{plan}} {{"), (6, "'{{' is not a placeholder; write {{name}}")),
            (role("{{problem}} {{plan}} {{{plan}}}"), (6, "'{{' is not a placeholder; write {{name}}")),
            (role(variables="[problem, plan, plan]"), (4, "'plan' is declared twice")),
            (
                role(variables="problem"),
                (4, "'variables' is not a list of names; write variables: [one, another]"),
            ),
            (role(more="sampling: {heat: 1}\n"), (5, "unknown sampling setting 'heat'; expected one of ")),
            (
                role(more="sampling: {temperature: hot}\n"),
                (5, "temperature is 'hot'; expected a number from 0 to 2"),
            ),
            (
                role(more="sampling: {temperature: 9}\n"),
                (5, "temperature is '9'; expected a number from 0 to 2"),
            ),
            (role(more="sampling: {top_p: nan}\n"), (5, "top_p is 'nan'; expected a number from 0 to 1")),
            (role(more="sampling: {max_tokens: 1.5}\n"), (5, "max_tokens is '1.5'; expected a whole number")),
            (role(more="sampling: [1]\n"), (5, "'sampling' is not a mapping")),
            (role(more="tittle: x\n"), (5, "unknown key 'tittle'; expected title")),
            (role(more="id: ../x\n"), (5, "'../x' cannot be an id")),
            (role("", "[]"), (6, "the card has no prompt")),
            (role().replace("role: scribe\n", ""), (1, "the front matter has no 'role'")),
            ("Just text.\n", (1, "the card has no front matter")),
        ],
    )
    def test_what_is_wrong_is_said_at_its_line(self, text: str, expected: tuple[int, str]) -> None:
        line, start = expected
        found = faults(text)
        assert any(at == line and message.startswith(start) for at, message in found), found

    def test_every_fault_of_a_file_is_listed_at_once(self) -> None:
        text = role("{{problm}}\n{{lens}}", more="sampling: {heat: 1}\n")
        assert [line for line, _ in faults(text)] == [4, 4, 5, 7, 8]
        assert "{{problm}} is used but not declared in 'variables'; meant {{problem}}?" in [
            m for _, m in faults(text)
        ]

    @given(st.text(max_size=200))
    def test_any_body_gives_a_card_or_a_card_error(self, body: str) -> None:
        assert faults_if_any(role(body)) != []

    def test_every_built_in_role_can_be_read(self, repo: Path) -> None:
        paths = sorted(path for path in (repo / "agents").glob("*.md") if path.name != "README.md")
        assert paths
        assert [parse_role(p.read_text(encoding="utf-8"), p, "built-in").id for p in paths] == [
            p.stem for p in paths
        ]


class TestRendering:
    def test_every_placeholder_is_replaced_wherever_it_stands(self) -> None:
        card = parsed(role("{{a}}-{{ b }}-{{a}}", "[a, b]"))
        assert card.render(a="1", b="2") == "1-2-1\n"

    @given(st.text(), st.text())
    def test_values_are_data_and_never_looked_at_again(self, problem: str, plan: str) -> None:
        card = parsed(role("<{{problem}}|{{plan}}>"))
        assert card.render(problem=problem, plan=plan) == f"<{problem}|{plan}>\n"

    def test_a_value_that_looks_like_a_placeholder_stays(self) -> None:
        card = parsed(role())
        assert card.render(problem=r"{{plan}} \1", plan="{{problem}}") == "{{plan}} \\1 {{problem}}\n"

    @pytest.mark.parametrize(
        ("values", "reason"),
        [
            ({"problem": "x"}, "no value for 'plan'"),
            ({"problem": "x", "plan": "y", "lens": "z"}, "'lens' is no variable of it"),
            ({}, "no value for 'problem'; no value for 'plan'"),
        ],
    )
    def test_missing_and_extra_values_are_errors_that_name_the_card(
        self, values: dict[str, str], reason: str
    ) -> None:
        with pytest.raises(DebateError, match=reason) as caught:
            parsed(role()).render(**values)
        assert "scribe" in str(caught.value)
        assert str(PATH) in str(caught.value)


@pytest.mark.parametrize("id_", sorted(GIVEN))
def test_a_role_of_the_debate_declares_exactly_what_it_is_given(id_: str) -> None:
    text = role(body="{{problem}} {{own}}", variables="[problem, own]")
    with pytest.raises(CardError, match=f"the role '{id_}' is given"):
        parse_role(text, Path(f"agents/{id_}.md"), "file")
