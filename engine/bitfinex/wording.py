"""The exchange's refusals, and a word for a person where its own say too little (4.6)."""

_PAPER = "a paper-trading key trades test symbols only, such as tTESTBTC:TESTUSD"
_EXPLAINED = {
    "trading: invalid symbol (paper)": _PAPER,
    "action: disabled": f"this key may not do that here; {_PAPER}",
    "symbol: invalid": (
        "no such symbol for this wallet or key; one is tBTCUSD, tAAVE:USD or, on paper, "
        "tTESTBTC:TESTUSD"
    ),
}


def explained(words: str) -> str:
    """The exchange's own words first, then what they mean where that is known."""
    for known, meaning in _EXPLAINED.items():
        if known in words:
            return f"{words} ({meaning})"
    return words
