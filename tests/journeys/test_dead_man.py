"""The dead-man switch: said plainly, and what it did is told when the link is back."""

from bot.app import build
from bot.settings import load_settings
from tests.eventually import eventually_asked
from tests.journeys.people import Person
from tests.stage import OLIVIA, Stage


async def test_what_the_switch_cancelled_is_told_after_the_reconnect(scene: Stage) -> None:
    olivia = Person(scene, OLIVIA)
    async with build(load_settings({**scene.environ, "BITFINEX_DMS": "true"}, None)):
        await olivia.hears("Exchange link up")
        await olivia.asks("/status", "all orders, protective stops too, are cancelled")
        card = await olivia.places("/buy tBTCUSD 0.01 limit 20000")
        assert len(await scene.orders_at_exchange()) == 1
        await scene.control("drop")
        await olivia.hears("Exchange link lost", after=card.id)
        await olivia.hears("Buy 0.01 BTC, limit 20,000", "Cancelled", after=card.id)
        (order,) = await scene.orders_at_exchange()
        assert order[13] == "CANCELED"


async def test_exits_the_switch_cancelled_are_sent_anew(scene: Stage) -> None:
    olivia = Person(scene, OLIVIA)
    async with build(load_settings({**scene.environ, "BITFINEX_DMS": "true"}, None)):
        await olivia.hears("Exchange link up")
        card = await olivia.asks("/bracket buy tBTCUSD 0.01 sl 29000 tp 33000", "Stop loss")
        await olivia.taps(card, "Confirm buy")
        await olivia.sees(card, "Filled")

        async def at_work() -> int:
            orders = await scene.orders_at_exchange()
            return sum(order[13] == "ACTIVE" for order in orders)

        async def both() -> bool:
            return await at_work() == 2

        await eventually_asked(both)
        await scene.control("drop")
        await olivia.hears("Exchange link lost", after=card.id)
        await olivia.hears("Exchange link up", after=card.id)
        await eventually_asked(both)
        await olivia.asks("/brackets", "Exits stand for 0.00998 BTC")
