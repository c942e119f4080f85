"""Randomness that needs no memory: a number for every combination of keys."""

_MASK = (1 << 64) - 1


def scramble(*keys: int) -> int:
    """64 well-mixed bits, always the same for the same keys."""
    state = 0
    for key in keys:
        state = ((state ^ key) + 0x9E3779B97F4A7C15) & _MASK
        state = ((state ^ (state >> 30)) * 0xBF58476D1CE4E5B9) & _MASK
        state = ((state ^ (state >> 27)) * 0x94D049BB133111EB) & _MASK
        state ^= state >> 31
    return state


def uniform(*keys: int) -> float:
    """A number in [0, 1)."""
    return scramble(*keys) / 18_446_744_073_709_551_616.0


def key_of(text: str) -> int:
    """A text as a key, the same in every process."""
    return scramble(*text.encode())
