"""HTML parse mode: the real server's words and byte offsets."""

import pytest
from aiogram import Bot

from tests.contract.telegram_sandbox.phone import OLIVIA, dumped, refusal


@pytest.mark.parametrize(
    ("html", "words"),
    [
        ("<br>", 'Unsupported start tag "br" at byte offset 0'),
        ("a < b", 'Unsupported start tag "" at byte offset 2'),
        ("å <abac>", 'Unsupported start tag "abac" at byte offset 3'),
        ("😀 &lt;<x>", 'Unsupported start tag "x" at byte offset 9'),
        ("x <b", "Unclosed start tag at byte offset 2"),
        ("<a href", 'Unclosed start tag "a" at byte offset 0'),
        ('<a href="x"', "Unclosed start tag at byte offset 0"),
        ('<a ="x">y</a>', 'Empty attribute name in the tag "a" at byte offset 0'),
        (
            "<i aba>x</i>",
            'Expected equal sign in declaration of an attribute of the tag "i" at byte offset 0',
        ),
        ("<a href=x/>y</a>", "Unexpected end of name token at byte offset 8"),
        ("<span>x</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
        ("x</b>", "Unexpected end tag at byte offset 1"),
        ("<b>x</b", "Unclosed end tag at byte offset 4"),
        ("<b>x</i>", 'Unmatched end tag at byte offset 4, expected "</b>", found "</i>"'),
        (
            "<b><i>x</b></i>",
            'Unmatched end tag at byte offset 7, expected "</i>", found "</b>"',
        ),
        ("<b>x", 'Can\'t find end tag corresponding to start tag "b"'),
        ('<tg-emoji emoji-id="x">y</tg-emoji>', "Invalid custom emoji identifier specified"),
    ],
)
async def test_what_does_not_parse_is_refused(bot: Bot, html: str, words: str) -> None:
    described = await refusal(bot.send_message(OLIVIA, html, parse_mode="HTML"))
    assert described == f"Bad Request: can't parse entities: {words}"


@pytest.mark.parametrize(
    ("html", "text", "entities"),
    [
        ("&lt;&gt;&amp;&quot;&#65;&#x42;&nbsp;&", '<>&"AB&nbsp;&', []),
        ("<b>a<i>b</i></b>", "ab", [("bold", 0, 2), ("italic", 1, 1)]),
        ("😀<B>x</B>", "😀x", [("bold", 2, 1)]),
        ("<tg-spoiler>s</tg-spoiler>", "s", [("spoiler", 0, 1)]),
        ('<span class="tg-spoiler">s</span>', "s", [("spoiler", 0, 1)]),
        ("<blockquote expandable>q</blockquote>", "q", [("expandable_blockquote", 0, 1)]),
        ("<code>a<b>b</b></code>", "ab", [("code", 0, 2)]),
        ("<b></b>x", "x", []),
        ("<a href='nonsense'>x</a>", "x", []),
        ("<u>u</u><s>s</s>", "us", [("underline", 0, 1), ("strikethrough", 1, 1)]),
    ],
)
async def test_what_parses(
    bot: Bot, html: str, text: str, entities: list[tuple[str, int, int]]
) -> None:
    sent = await bot.send_message(OLIVIA, html, parse_mode="HTML")
    assert sent.text == text
    assert [(e.type, e.offset, e.length) for e in sent.entities or []] == entities


async def test_links_and_code_carry_their_details(bot: Bot) -> None:
    html = (
        '<a href="https://example.com/?a=1&amp;b">x</a>'
        '<pre><code class="language-python">y</code></pre>'
    )
    sent = await bot.send_message(OLIVIA, html, parse_mode="HTML")
    assert dumped(sent.entities) == [
        {"type": "text_link", "offset": 0, "length": 1, "url": "https://example.com/?a=1&b"},
        {"type": "pre", "offset": 1, "length": 1, "language": "python"},
    ]
