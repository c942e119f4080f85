"""Order flags as bits (facts sheet 4.3)."""

from enum import IntFlag


class OrderFlag(IntFlag):
    """Sum them: hidden and post-only is 4160."""

    HIDDEN = 64
    CLOSE = 512
    REDUCE_ONLY = 1024
    POST_ONLY = 4096
    OCO = 16384
