"""What the exchange says when it says no."""

UNKNOWN = 10000
GENERIC = 10001
PARAMETERS = 10020
CONF_FAIL = 10050
AUTH_FAIL = 10100
NONCE = 10114
SUBSCRIBE_FAIL = 10300
SUBSCRIBE_DUP = 10301
SUBSCRIBE_LIMIT = 10305
UNSUBSCRIBE_FAIL = 10400
RATE_LIMIT = 11010
RECONNECT = 20051
MAINTENANCE_START = 20060
MAINTENANCE_END = 20061


class Refusal(Exception):
    """The exchange's own refusal: a code and its words (sheet, 1.3)."""

    def __init__(self, code: int, text: str) -> None:
        super().__init__(text)
        self.code = code
        self.text = text


def generic(text: str) -> Refusal:
    return Refusal(GENERIC, text)


def parameter(name: str) -> Refusal:
    return Refusal(PARAMETERS, f"{name}: invalid")
