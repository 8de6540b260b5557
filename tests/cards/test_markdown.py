"""Reading Markdown: bytes to text, text to sections, front matter, ids."""

import os
import time
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from debate.cards.markdown import (
    MAX_CARD,
    MAX_LINES,
    CodeBlock,
    ListBlock,
    Paragraph,
    Quote,
    Table,
    decode,
    digest,
    front_matter,
    plain,
    read_text,
    sections,
    valid_id,
)
from debate.errors import CardError

CARD = """intro

# Title

## Part *one*

**High:** A, B
**Low relevance:** C [linked](http://x.y/z)

1. **Redis** - `GET /api/v2`
   goes on

   - inner
2. second

## Part two ##

```text
a * b
```

> quoted
> - point

| a | b |
|---|---|
| `x` | **y** |
<!-- a comment -->
"""


class TestText:
    def test_marks_line_ends_and_accents_do_not_make_another_card(self) -> None:
        plain_text = decode("Zürich\nzwei\n".encode(), "x.md")
        windows = decode("\ufeffZu\u0308rich\r\nzwei\r".encode(), "x.md")
        assert windows == plain_text
        assert digest(windows) == digest(plain_text)

    @pytest.mark.parametrize(
        ("data", "line", "words"),
        [
            ("a".encode("utf-16"), 1, "save it as UTF-8"),
            ("a".encode("utf-32"), 1, "save it as UTF-8"),
            (b"one\ntwo\x00", 2, "NUL"),
            (b"one\r\ntwo\r\n\xe9", 3, "0xe9"),
            (b"x" * (MAX_CARD + 1), 1, "1,048,576"),
            (b"\n" * MAX_LINES, MAX_LINES, "goes on after line"),
        ],
    )
    def test_what_is_not_text_is_refused_with_its_line(self, data: bytes, line: int, words: str) -> None:
        with pytest.raises(CardError, match=words) as caught:
            decode(data, "x.md")
        assert caught.value.faults[0].line == line

    def test_a_file_is_read_once_its_size_is_known(self, tmp_path: Path) -> None:
        card = tmp_path / "card.md"
        card.write_bytes(b"\xef\xbb\xbfhello\r\n")
        assert read_text(card) == "hello\n"
        with card.open("wb") as file:
            file.truncate(MAX_CARD + 1)
        with pytest.raises(CardError, match="at most"):
            read_text(card)

    def test_a_missing_file_a_folder_and_a_pipe_are_card_errors(self, tmp_path: Path) -> None:
        os.mkfifo(tmp_path / "pipe")
        for name, words in [("none.md", "No such file"), (".", "director|ordinary"), ("pipe", "ordinary")]:
            with pytest.raises(CardError, match=words):
                read_text(tmp_path / name)
        with pytest.raises(CardError, match="cannot read"):
            read_text(Path("a\0b"))


class TestSections:
    def test_headings_make_a_tree_with_lines(self) -> None:
        root = sections(CARD)
        assert [(s.title, s.level, s.line) for s in root.walk()] == [
            ("", 0, 1),
            ("Title", 1, 3),
            ("Part one", 2, 5),
            ("Part two", 2, 16),
        ]
        assert plain(root.blocks) == "intro"

    def test_each_source_line_of_a_paragraph_has_its_own_lead(self) -> None:
        (relevance, _) = next(s for s in sections(CARD).walk() if s.title == "Part one").blocks
        assert isinstance(relevance, Paragraph)
        assert [(row.lead, row.rest, row.line) for row in relevance.lines] == [
            ("High:", "A, B", 7),
            ("Low relevance:", "C linked", 8),
        ]

    def test_items_keep_number_lead_code_spans_and_what_is_inside(self) -> None:
        (_, tried) = next(s for s in sections(CARD).walk() if s.title == "Part one").blocks
        assert isinstance(tried, ListBlock)
        first, second = tried.items
        assert (first.number, first.lead, first.rest, first.line) == (1, "Redis", "`GET /api/v2` goes on", 10)
        assert (second.number, second.text, second.line) == (2, "second", 14)
        (inner,) = first.blocks
        assert isinstance(inner, ListBlock)
        assert not inner.ordered
        assert inner.items[0].text == "inner"

    def test_code_quotes_and_tables_are_blocks_and_comments_are_not(self) -> None:
        code, quote, table = next(s for s in sections(CARD).walk() if s.title == "Part two").blocks
        assert code == CodeBlock("a * b", 19)
        assert isinstance(quote, Quote)
        assert quote.text == "quoted\n\n- point"
        assert isinstance(table, Table)
        assert (table.header, table.rows[0].cells, table.rows[0].line) == (("a", "b"), ("`x`", "y"), 27)

    def test_bold_that_runs_over_a_line_end_is_the_lead_of_both_lines(self) -> None:
        (block,) = sections("**all bold\nover two** and on").blocks
        assert isinstance(block, Paragraph)
        assert [row.lead for row in block.lines] == ["all bold", "over two"]

    @pytest.mark.parametrize("text", ["a < 150ms & b", "[a, b]: c", "<b>x</b>", "x_y*z", "1 * 2 * 3"])
    def test_nothing_that_only_looks_like_markup_is_lost(self, text: str) -> None:
        assert plain(sections(text).blocks) == text

    def test_a_paragraph_of_nothing_is_no_block(self) -> None:
        assert sections("\x0b\n\n- \x0c").everything()[0].line == 3

    def test_lines_count_from_the_first_line_given(self) -> None:
        assert sections("\n# A\n\ntext", first_line=10).sections[0].blocks[0].line == 13

    @pytest.mark.parametrize(
        "text",
        [
            "#",
            "#\n",
            "[",
            "![",
            "[a](",
            "- ",
            "- a\n",
            "|",
            "|a",
            "> ",
            "*",
            "*a* ",
            "`a` ",
            "<",
            "\\",
            ":",
            "\t",
            "word ",
        ],
    )
    def test_a_card_full_of_one_mark_is_read_within_seconds(self, text: str) -> None:
        rows = (text * MAX_CARD)[:MAX_CARD].split("\n")[: MAX_LINES - 1]
        began = time.process_time()
        sections("\n".join(rows))
        sections("\n\n".join("\n".join(rows)[n : n + 8000] for n in range(0, len("\n".join(rows)), 8000)))
        assert time.process_time() - began < 10  # about one on a quiet machine

    @settings(deadline=None)
    @example("```")
    @given(st.text(alphabet=st.sampled_from("ab \n#-*_`|[]()<>!1.\\&\t=~:"), max_size=300))
    def test_any_text_gives_sections_whose_lines_are_in_the_text(self, text: str) -> None:
        for section in sections(text).walk():
            assert 1 <= section.line <= text.count("\n") + 1
            assert all(section.line <= block.line <= text.count("\n") + 1 for block in section.blocks)


class TestFrontMatter:
    def test_values_stay_strings_and_the_body_knows_its_line(self) -> None:
        data, body, line = front_matter(
            "---\nid: 012\non: no\nat: 12:30:45\ntags: [a, 1.0]\n---\n\n# T\n", "x.md"
        )
        assert data == {"id": "012", "on": "no", "at": "12:30:45", "tags": ["a", "1.0"]}
        assert (body, line) == ("\n# T\n", 7)
        assert sections(body, line).sections[0].line == 8

    @pytest.mark.parametrize("text", ["", "# T\n", "--- \ntext", "----\n"])
    def test_a_card_without_it_is_all_body(self, text: str) -> None:
        assert front_matter(text, "x.md") == ({}, text, 1)

    @pytest.mark.parametrize("text", ["---\n---\nbody", "---\n# comment\n---\nbody"])
    def test_empty_front_matter_is_an_empty_mapping(self, text: str) -> None:
        data, body, _ = front_matter(text, "x.md")
        assert (data, body) == ({}, "body")

    @pytest.mark.parametrize(
        ("source", "line", "words"),
        [
            ("a: 1\na: 2", 3, "'a' stands here twice"),
            ("a: &x [1]\nb: *x", 2, "aliases"),
            ("b: 1\n\na: [", 5, "not valid YAML"),
            ("- a\n- b", 2, "not a mapping"),
            ("? [a]\n: b", 2, "a key must be a word"),
            ("a: " + "[" * 50, 2, "nested more than"),
            ("a: \x07", 1, "not valid YAML"),
            ("a: " + "x" * (1 << 16), 1, "65,536"),
            ("a: {b: 1, b: 2}", 2, "twice"),
        ],
    )
    def test_what_yaml_would_hide_is_an_error_with_its_line(self, source: str, line: int, words: str) -> None:
        with pytest.raises(CardError, match=words) as caught:
            front_matter(f"---\n{source}\n---\n", "x.md")
        assert caught.value.faults[0].line == line

    def test_front_matter_must_be_closed(self) -> None:
        with pytest.raises(CardError, match="never closed"):
            front_matter("---\nid: a\n", "x.md")

    @settings(deadline=None)
    @given(st.text(alphabet=st.sampled_from("ab: \n-[]{}&*!|>'\"%@`?,#\\01~"), max_size=120))
    def test_any_front_matter_gives_strings_or_a_card_error(self, source: str) -> None:
        data: dict[str, object] = {}
        with suppress(CardError):
            data, _, _ = front_matter(f"---\n{source}\n---\n", "x.md")
        assert all(isinstance(key, str) for key in data)


@pytest.mark.parametrize(
    ("text", "good"),
    [
        ("code_performance-stuck", True),
        ("a", True),
        ("a" * 64, True),
        ("a" * 65, False),
        ("", False),
        ("..", False),
        ("a/b", False),
        ("a\n", False),
        ("A", False),
        ("-a", False),
        ("a-", False),
        ("nul", False),
        ("com1", False),
        ("\uff41", False),
        ("a.md", False),
    ],
)
def test_an_id_is_a_safe_file_name(text: str, good: bool) -> None:
    assert valid_id(text) is good
