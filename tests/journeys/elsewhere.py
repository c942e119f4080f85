"""The same account used from elsewhere: signed calls by a key of its own (facts sheet 2)."""

import hashlib
import hmac
import itertools
import json
import time

from tests.journeys.people import OTHER_KEY, OTHER_SECRET
from tests.stage import Stage

_nonces = itertools.count(time.time_ns() // 1000)


async def call(stage: Stage, path: str, **fields: object) -> object:
    """POST to a private endpoint of the exchange."""
    nonce, body = str(next(_nonces)), json.dumps(fields)
    text = f"/api/v2/{path}{nonce}{body}"
    headers = {
        "bfx-apikey": OTHER_KEY,
        "bfx-nonce": nonce,
        "bfx-signature": hmac.new(OTHER_SECRET.encode(), text.encode(), hashlib.sha384).hexdigest(),
        "content-type": "application/json",
    }
    async with stage.http.post(
        f"{stage.simulator.rest_url}/{path}", data=body, headers=headers
    ) as answer:
        assert answer.status == 200, await answer.text()
        told: object = await answer.json()
        return told


async def place(stage: Stage, amount: str, price: str, symbol: str = "tBTCUSD") -> None:
    """A resting limit order by hand."""
    await call(
        stage,
        "auth/w/order/submit",
        type="EXCHANGE LIMIT",
        symbol=symbol,
        amount=amount,
        price=price,
    )


async def cancel(stage: Stage, order_id: object) -> None:
    """Cancel one order by hand."""
    await call(stage, "auth/w/order/cancel", id=order_id)


async def cancel_everything(stage: Stage) -> None:
    """Cancel all that is open, if anything is."""
    if (await stage.exchange())["orders"]:
        await call(stage, "auth/w/order/cancel/multi", all=1)
