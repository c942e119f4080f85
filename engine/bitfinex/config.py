"""Where the exchange is and who we are there."""

from dataclasses import dataclass, field

from engine.bitfinex.auth import Secret


@dataclass(frozen=True, slots=True, kw_only=True)
class BitfinexConfig:
    """Keys and addresses (facts sheet 1.1, 6); REST addresses end in `/v2`, sockets in `/ws/2`.

    `dms` asks the exchange to cancel all orders of the account when the private socket drops.
    """

    api_key: str = field(repr=False)
    api_secret: Secret
    ws_api_key: str = field(repr=False)
    ws_api_secret: Secret
    rest_url: str
    public_rest_url: str
    ws_auth_url: str
    ws_public_url: str
    dms: bool = False
