"""Text without markup: what is left of Markdown and HTML when a text is to be shown as words alone.

`untagged` goes before a Markdown parser, so that what stands between tags is read as Markdown too;
`unmarked` goes over single pieces after it, and takes away what the parser left as it stood. Signs of
markup go, words stay: of a link its text, of a tag nothing, of what only looks like a tag its words.
"""

import html
import re
from collections.abc import Callable
from typing import Final

_BLOCKS: Final = (
    "address|article|aside|blockquote|body|br|caption|center|dd|details|div|dl|dt|fieldset|figcaption|figure"
    "|footer|form|h[1-6]|head|header|hr|html|legend|main|nav|ol|p|pre|section|summary|table|tbody|td|tfoot|th"
    "|thead|title|tr|ul"
)
_INLINE: Final = (
    "a|abbr|acronym|audio|b|bdi|bdo|big|button|cite|code|data|del|dfn|em|font|i|iframe|img|input|ins|kbd|label"
    "|link|mark|meta|meter|object|option|output|picture|q|s|samp|script|select|small|source|span|strike|strong"
    "|style|sub|sup|svg|textarea|time|tt|u|var|video|wbr"
)
_ATTRIBUTES: Final = r"""(?:\s+[\w:.-]+\s*=\s*(?:"[^"<>]*"|'[^'<>]*'|[^\s"'<>]+))*\s*/?"""
# A code span is what it says, also when it speaks of tags.
_SPAN: Final = r"(?P<span>(?<!`)(?P<ticks>`+)(?!`)[^`\n]+(?P=ticks)(?!`))"
_COMMENT = re.compile(rf"{_SPAN}|<!--.*?(?:-->|\Z)", re.DOTALL)
_ITEM_TAG = re.compile(rf"{_SPAN}|<li(?:\s[^<>]*)?>", re.IGNORECASE)
_BLOCK_TAG = re.compile(rf"{_SPAN}|</?(?:{_BLOCKS}){_ATTRIBUTES}>|</li\s*>", re.IGNORECASE)
_INLINE_TAG = re.compile(rf"{_SPAN}|</?(?:{_INLINE}){_ATTRIBUTES}>", re.IGNORECASE)
_ADDRESS = re.compile(r"<((?:https?://|mailto:)[^<>\s]+)>")
_LIKE_TAG = re.compile(r"<(?=[a-z/!?])", re.IGNORECASE)

_LINK = re.compile(r"!?\[([^\[\]\n]*)\]\([^()\s]*(?:\s+[\"'][^\"'\n]*[\"'])?\)")
_TIMES = re.compile(r"(?<=\d)\s*\*\s*(?=\d)")
_STARS = re.compile(r"\*+(?=\S)|(?<=\S)\*+|\*{2,}")
_CELLS = re.compile(r"\s+\|\s+")
_TWO_STOPS = re.compile(r"(?<!\.)\.\.(?!\.)")  # of a cell and its row
_RULE = re.compile(r"(?:^|(?<=\s))[-=:|+]{3,}(?=\s|$)")
_UNDERSCORES = re.compile(r"(?<!\w)_+(?=\w)|(?<=[^\W_])_+(?!\w)|(?<!\w)_+(?!\w)")
_OPENING = re.compile(r"\A(?:(?:#{1,6}|[-+•‣◦▪])(?:\s+|\Z)|>+\s*)+")


def untagged(markdown: str) -> str:
    """The text without comments and tags of HTML: blocks end a paragraph, items of lists become items."""
    if "<" not in markdown:
        return markdown
    text = _COMMENT.sub(_kept(""), markdown)
    for pattern, instead in ((_ITEM_TAG, "\n- "), (_BLOCK_TAG, "\n\n"), (_INLINE_TAG, "")):
        text = pattern.sub(_kept(instead), text)
    return text


def unmarked(text: str) -> str:
    """One piece of text, on one line, with no sign left that would be read as markup."""
    bare = html.unescape(" ".join(text.split()))
    while (less := _less(bare)) != bare:  # what one sign leaves may be another
        bare = less
    return bare


def _less(text: str) -> str:
    bare = _LINK.sub(r"\1", text).replace("](", "] (")
    bare = _LIKE_TAG.sub("< ", _ADDRESS.sub(r"\1", bare)).replace("`", "").replace("~~", "")
    bare = _UNDERSCORES.sub("", _STARS.sub("", _TIMES.sub(" × ", bare)))
    bare = _TWO_STOPS.sub(".", _CELLS.sub("; ", _RULE.sub("", bare).strip("| ")))
    return _OPENING.sub("", " ".join(bare.split()))


def _kept(instead: str) -> Callable[[re.Match[str]], str]:
    """What is put in place of a match: code spans stay as they are."""
    return lambda match: match.group("span") or instead
