"""Each rule trips, is seen in /risk, survives a restart, and is lifted."""

from tests.eventually import eventually_asked
from tests.journeys.people import Person
from tests.journeys.rulings import trades
from tests.stage import OLIVIA, Stage, service_on

FLAGS, REDUCE_ONLY = 12, 1024
PAPER_MONEY = "TESTUSD,TESTUSDT,TESTBTC"


def _admin(scene: Stage) -> Person:
    return Person(scene, OLIVIA)


async def _set(admin: Person, words: str) -> None:
    card = await admin.asks(f"/limits {words}", "Change this limit?")
    await admin.taps(card, "Confirm change")
    await admin.sees(card, "Changed")


async def _knows_equity(admin: Person) -> None:
    await admin.asks("/risk", "EQUITY UNKNOWN")
    await _set(admin, f"equity ignores {PAPER_MONEY}")
    await _sees_equity(admin)


async def _sees_equity(admin: Person) -> None:
    async def known() -> bool:
        return "unknown" not in (await admin.asks("/risk", "Today")).text

    await eventually_asked(known, patience=15.0)


async def test_a_symbol_is_locked_and_unlocked(scene: Stage) -> None:
    async with service_on(scene):
        admin = _admin(scene)
        await trades(admin, "/buy tBTCUSD 0.01 margin", "Confirm buy")
        await admin.hears("Position opened tBTCUSD")
        take = "/sell tBTCUSD 0.01 margin limit 35000"
        assert "reduce-only" not in (await admin.asks(take, "Expires in")).text
        asked = await admin.asks("/lock", "Lock which symbol?")
        await admin.taps(asked, "tBTCUSD")
        await admin.sees(asked, "Lock tBTCUSD", "for how long?")
        await admin.taps(asked, "1 h")
        await admin.sees(asked, "tBTCUSD is locked")
        await admin.asks("/buy tBTCUSD 0.01", "Not sent", "locked")
        card = await admin.asks(
            take, "reduce-only", "because nothing may be opened now (locks): it may only close"
        )
        await admin.taps(card, "Confirm sell")
        await admin.sees(card, "Working")
        flags = [row[FLAGS] for row in await scene.orders_at_exchange()]
        assert flags.count(REDUCE_ONLY) == 1
    async with service_on(scene):
        panel = await admin.asks("/locks", "1 locked symbol", "Locked by")
        await admin.taps(panel, "Unlock tBTCUSD")
        card = await admin.sees(panel, "Unlock tBTCUSD?")
        await admin.taps(card, "Unlock tBTCUSD")
        await admin.sees(card, "Unlocked")
        await admin.asks("/buy tBTCUSD 0.01", "Expires in")
        await admin.asks("/lock btcusd 1h too wild", "tBTCUSD is locked", "too wild")
        await scene.passes(3601)
        await admin.hears("Unlocked tBTCUSD", "time is over")
        await admin.asks("/buy tBTCUSD 0.01", "Expires in")


async def test_a_withdrawal_trips_nothing(scene: Stage) -> None:
    async with service_on(scene):
        admin = _admin(scene)
        await _knows_equity(admin)
        await _set(admin, "max drawdown 5")
        await scene.control("movement", currency="USD", amount="-60000")
        await admin.hears("60,000 USD was withdrawn", "the peak were moved with it")
        await admin.asks("/risk", "Open for entries", "Drawdown", "0 % of 5 %")


async def test_a_size_becomes_a_bracket(scene: Stage) -> None:
    async with service_on(scene):
        admin = _admin(scene)
        await _knows_equity(admin)
        asked = await admin.asks("/size", "Size an order in what?")
        await admin.taps(asked, "tBTCUSD")
        await admin.sees(asked, "How much of equity")
        await admin.taps(asked, "1%")
        await admin.sees(asked, "Where is the stop?")
        advised = await admin.asks("/size tBTCUSD 0.1% stop 29000", "At risk")
        await admin.taps(advised, "Buy this size")
        await admin.hears("Stop loss: 29,000", "Risk: all", "Expires in", after=advised.id)


async def test_pause_from_the_panel(scene: Stage) -> None:
    async with service_on(scene):
        admin = _admin(scene)
        panel = await admin.asks("/risk", "Open for entries")
        await admin.taps(panel, "Pause")
        await admin.hears("Trading is paused", after=panel.id)
        await admin.taps(panel, "Refresh")
        blocked = await admin.sees(panel, "Entries are blocked", "Paused by")
        assert "Resume" in blocked.buttons
