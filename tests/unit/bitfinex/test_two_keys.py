"""A key for REST and another for the socket: each with its own nonces, never mixed."""

import json
import random
from dataclasses import replace

from engine.bitfinex.auth import Secret
from engine.bitfinex.exchange import BitfinexExchange
from engine.model.report import LinkUp
from tests.unit.bitfinex.answering import always, answering
from tests.unit.bitfinex.doubles import (
    FastClock,
    Told,
    background,
    config,
    eventually,
    playing,
    welcome,
)


async def test_each_door_gets_its_own_key() -> None:
    told = Told()
    async with playing(welcome) as stage, answering(always(200, [])) as (url, questions):
        both = replace(
            config(ws=stage.url, rest=url), ws_api_key="key2", ws_api_secret=Secret("secret2")
        )
        async with (
            BitfinexExchange(both, clock=FastClock(), chance=random.Random(1)) as found,
            background(found.run(told.absorb)),
        ):
            await eventually(lambda: told.count(LinkUp) == 1)
            await found.account()
            await found.records.wallets()
            await found.requests.cancel([])
        (greeting,) = [m for m in stage.received if isinstance(m, dict) and m["event"] == "auth"]
        assert greeting["apiKey"] == "key2"
        assert set(questions.keys) == {"key1"}
        assert "secret" not in json.dumps(stage.received)
