"""Orders kept under a name."""

from collections.abc import Sequence

from bot.telegram.render.text import bold, code, esc, lines


def listed(named: Sequence[tuple[str, str]], place: str = "") -> str:
    """Names with their order lines."""
    rows = [f"\n{bold(name)}\n{code(said)}" for name, said in named]
    return lines([f"{bold('Templates')}{place}", *rows])


def none_kept() -> str:
    """How to begin."""
    example = code("/template save dip buy tBTCUSD 0.01 limit 30000")
    return lines(["No templates yet. Keep an order under a name:", example])


def saved(name: str, said: str) -> str:
    """It is kept."""
    use = code(f"/template use {name}")
    return lines([f"{bold('Kept')} as {esc(name)}. Use it with {use}", code(said)])


def deleted(name: str, said: str) -> str:
    """It is kept no longer; what it was can be copied."""
    return lines([f"{bold('Deleted')}: {esc(name)}. It was", code(said)])


def imported(names: Sequence[str], replaced: Sequence[str]) -> str:
    """What came in."""
    count = "1 template" if len(names) == 1 else f"{len(names)} templates"
    rows = [f"{bold(f'{count} kept')}: {esc(', '.join(names))}."]
    if replaced:
        rows.append(f"Replaced what had these names before: {esc(', '.join(replaced))}.")
    return lines(rows)


def not_imported(reason: str) -> str:
    """Refused whole."""
    return lines([f"{bold('Not imported')}.", esc(reason)])


def how_to_import() -> str:
    """Where the file is waited for."""
    return lines(
        [
            "Reply to this message with the file that /template export gave, or with its text.",
            "A name that is taken already gets the new order. A damaged file changes nothing.",
        ]
    )


def exported(text: str) -> str:
    """A small file, as text to copy."""
    return f'<pre><code class="language-json">{esc(text)}</code></pre>'
