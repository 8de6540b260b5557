"""Text from outside is shown as text, whatever it holds."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from debate.sanitize import markdown_line, markdown_text, plain

ANY_TEXT = st.text(st.characters(exclude_categories=()), max_size=80)
MARKUP = st.text(st.sampled_from("`\\<>![]()#*_-+~=|:&;/.1a \n\t"), max_size=40)
PARSER = MarkdownIt("commonmark", {"html": True}).enable("table")


def tokens(markdown: str) -> list[Token]:
    """All block and inline tokens of a Markdown text."""
    return [token for block in PARSER.parse(markdown) for token in (block, *(block.children or ()))]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\tb\nc", "a\tb\nc"),
        ("a\r\nb\rc", "a\nb\nc"),
        ("\x1b[31mred\x1b[0m", "[31mred[0m"),
        ("bell\x07 del\x7f csi\x9b nel\x85", "bell del csi nel"),
        ("a\u202eb", "a⟨U+202E⟩b"),
        ("a\u200bb\ufeff", "a⟨U+200B⟩b⟨U+FEFF⟩"),
        ("tag\U000e0041", "tag⟨U+E0041⟩"),
        ("half \ud800 pair", "half \ufffd pair"),
        ("one\u2028two", "one\ntwo"),
        ("naïve – 5 % ✅", "naïve – 5 % ✅"),
    ],
)
def test_controls_go_and_what_is_hidden_is_shown(text: str, shown: str) -> None:
    assert plain(text) == shown


@given(ANY_TEXT)
def test_plain_text_stays_as_it_is_and_can_always_be_written(text: str) -> None:
    once = plain(text)
    assert plain(once) == once
    assert once.encode("utf-8").decode("utf-8") == once
    assert not any((ord(c) < 0x20 and c not in "\n\t") or 0x7F <= ord(c) < 0xA0 for c in once)


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("under <150 ms, a < b", "under <150 ms, a < b"),
        ("<script>alert(1)</script>", r"\<script>alert(1)\</script>"),
        (r"\<b> and \\<b>", r"\<b> and \\\<b>"),
        ("![x](http://a/b.png)", r"\![x] (http://a/b.png)"),
        ("[x](http://a) and [y][z]", "[x] (http://a) and [y] [z]"),
        ("`<b>` stays, `open <b>", r"`<b>` stays, \`open \<b>"),
        ("*plain* _emphasis_ **stays**", "*plain* _emphasis_ **stays**"),
        ("# no heading", r"\# no heading"),
        ("- no list", r"\- no list"),
        ("1. no list", r"1\. no list"),
        ("```\nno fence\n```", r"\`\`\` no fence \`\`\`"),
        ("[a]: http://b", r"\[a]: http://b"),
        ("one\ntwo\n\n\nthree", "one two\n\nthree"),
        ("ends with \\", "ends with \\\\"),
        (" \n ", ""),
    ],
)
def test_markup_in_a_text_is_shown_not_obeyed(text: str, written: str) -> None:
    assert markdown_text(text) == written


@given(MARKUP | ANY_TEXT)
def test_a_text_opens_nothing_but_paragraphs_code_spans_and_emphasis(text: str) -> None:
    allowed = {"paragraph", "inline", "text", "text_special", "code_inline", "em", "strong"}
    kinds = {token.type.removesuffix("_open").removesuffix("_close") for token in tokens(markdown_text(text))}
    assert kinds <= allowed


@given(MARKUP, MARKUP)
def test_two_texts_in_one_line_do_not_open_together_what_neither_opens_alone(one: str, other: str) -> None:
    line = f"- {markdown_line(one)}: {markdown_line(other)}."
    kinds = {token.type for token in tokens(line)}
    assert not kinds & {
        "html_inline",
        "html_block",
        "image",
        "link_open",
        "heading_open",
        "fence",
        "table_open",
    }


@given(MARKUP | ANY_TEXT)
def test_a_line_is_one_line(text: str) -> None:
    assert "\n" not in markdown_line(text)
