"""What the projections remember."""

from dataclasses import replace
from decimal import Decimal

from engine.model.change import OrderChange
from engine.model.event import (
    AmendFailed,
    AmendRequested,
    CancelFailed,
    CancelRequested,
    ExchangeLinkLost,
    ExchangeReconciled,
    OrderAdopted,
    OrderChanged,
    OrderClosed,
    OrderRejected,
    OrderResubmitted,
    PositionIgnored,
    ServiceStarted,
    ServiceStopped,
    TradingPaused,
    TradingResumed,
)
from engine.model.ids import CommandId, OrderId, OrderKey
from engine.model.order import OrderStatus, Origin
from engine.ports import Journal, Memory
from tests.contract.journal.made import (
    BTC,
    ETH,
    accepted,
    balance,
    balance_changed,
    closed,
    filled,
    moment,
    order,
    position,
    position_changed,
    position_found,
    settled,
    submitted,
)


async def test_an_empty_journal_remembers_nothing(journal: Journal) -> None:
    assert await journal.remember() == Memory()


async def test_the_last_state_appended_is_the_one_remembered(journal: Journal) -> None:
    await journal.append([submitted(1, at=9), accepted(1, at=5)])
    await journal.append([submitted(2)])

    memory = await journal.remember()

    assert list(memory.orders) == [accepted(1, at=5).order, order(2)]
    assert await journal.order(OrderKey(1)) == accepted(1, at=5).order
    assert await journal.order(OrderKey(3)) is None


async def test_open_and_lost_orders_are_all_remembered_but_only_the_newest_closed(
    journal: Journal,
) -> None:
    lost = replace(closed(9001), order=order(9001, OrderStatus.LOST))
    await journal.append([submitted(9000), lost])
    await journal.append([closed(key, at=key) for key in range(1, 521)])

    memory = await journal.remember()

    keys = [known.key for known in memory.orders]
    assert keys == [*range(21, 521), 9000, 9001]
    assert await journal.order(OrderKey(1)) == closed(1, at=1).order


async def test_an_order_is_found_by_the_exchanges_id_however_old(journal: Journal) -> None:
    old = replace(closed(1).order, order_id=OrderId(77))
    await journal.append([replace(closed(1), order=old), submitted(2)])

    assert await journal.order_named(OrderId(77)) == old
    assert await journal.order_named(OrderId(78)) is None


async def test_an_order_found_open_again_is_no_longer_closed(journal: Journal) -> None:
    lost = replace(closed(1), order=order(1, OrderStatus.LOST))
    await journal.append([submitted(1), lost, accepted(1, at=3)])

    assert list((await journal.remember()).orders) == [accepted(1, at=3).order]


async def test_trades_are_remembered_and_whether_their_fee_is_known(journal: Journal) -> None:
    await journal.append([filled(1, 11), filled(1, 12), settled(1, 12)])
    await journal.append([filled(1, 13)])
    await journal.append([settled(1, 13)])

    memory = await journal.remember()

    assert memory.trade_ids == {11, 12, 13}
    assert memory.settled_ids == {12, 13}
    assert memory.traded == {1: Decimal("0.03")}

    await journal.append([filled(2, 14), closed(1)])

    assert (await journal.remember()).traded == {2: Decimal("0.01")}


async def test_only_the_newest_trades_are_remembered(journal: Journal) -> None:
    await journal.append([filled(1, trade_id, at=trade_id) for trade_id in range(1, 5004)])

    memory = await journal.remember()

    assert memory.trade_ids == set(range(4, 5004))


async def test_balances_and_positions_as_they_became(journal: Journal) -> None:
    await journal.append(
        [
            balance_changed("USD", "100.10"),
            balance_changed("USD", "90.00000001"),
            balance_changed("BTC", "0"),
            position_changed("1", ETH),
            position_changed("0.5"),
            position_changed("-0.25"),
        ]
    )
    await journal.append([position_changed("0", ETH)])

    memory = await journal.remember()

    assert list(memory.balances) == [balance("BTC", "0"), balance("USD", "90.00000001")]
    assert list(memory.positions) == [position("-0.25", BTC)]


async def test_a_position_closed_and_opened_in_one_breath_is_open(journal: Journal) -> None:
    await journal.append([position_changed("1"), position_changed("0"), position_changed("2")])
    assert list((await journal.remember()).positions) == [position("2")]

    await journal.append([position_changed("3"), position_changed("0")])
    assert list((await journal.remember()).positions) == []


async def test_a_pause_lasts_until_trading_is_resumed(journal: Journal) -> None:
    paused = TradingPaused(at=moment(), actor_id="tg:1", name="Ada", reason="lunch")
    resumed = TradingResumed(at=moment(1), actor_id="tg:1", name="Ada")

    await journal.append([paused])
    assert (await journal.remember()).paused == paused
    await journal.append([resumed])
    assert (await journal.remember()).paused is None
    await journal.append([paused, resumed, replace(paused, reason="again")])
    assert (await journal.remember()).paused == replace(paused, reason="again")


async def test_the_exchange_was_last_heard_at_its_newest_word(journal: Journal) -> None:
    again = OrderResubmitted(at=moment(95), order=order(1))
    await journal.append([submitted(1, at=90), again, ExchangeLinkLost(at=moment(99), reason="")])
    assert (await journal.remember()).last_at is None

    await journal.append([accepted(1, at=20)])
    await journal.append([balance_changed("USD", "1", at=10)])
    assert (await journal.remember()).last_at == moment(20)
    await journal.append([ExchangeReconciled(at=moment(30))])
    assert (await journal.remember()).last_at == moment(30)


async def test_the_highest_key_we_gave_ignores_orders_made_elsewhere(journal: Journal) -> None:
    foreign = replace(accepted(1), order=order(99, OrderStatus.WORKING, origin=Origin.ELSEWHERE))
    await journal.append([submitted(7), submitted(5), foreign])

    assert (await journal.remember()).last_key == 7


async def test_a_service_that_never_said_goodbye_is_noticed(journal: Journal) -> None:
    started, stopped = ServiceStarted(at=moment(), version="1"), ServiceStopped(at=moment())

    await journal.append([started])
    assert not (await journal.remember()).stopped_well
    await journal.append([submitted(1), stopped, submitted(2)])
    assert (await journal.remember()).stopped_well
    await journal.append([stopped, started])
    assert not (await journal.remember()).stopped_well


async def test_the_order_a_command_made(journal: Journal) -> None:
    command = CommandId("tg:1001:7")
    await journal.append([submitted(3, command=command)], claim=command)
    await journal.append([replace(accepted(3), order=order(3, command=command, changed=4))])

    assert await journal.order_of(command) == order(3, command=command, changed=4)
    assert await journal.order_of(CommandId("tg:1001:8")) is None


async def test_an_orders_life_tells_of_its_cancellations_too(journal: Journal) -> None:
    def asked(*keys: int) -> CancelRequested:
        return CancelRequested(
            at=moment(), actor_id="tg:1", keys=tuple(OrderKey(key) for key in keys)
        )

    failed = CancelFailed(at=moment(), key=OrderKey(1), reason="not found")
    await journal.append([submitted(1), submitted(2)])
    await journal.append([asked(1, 2), asked(2), asked(1), asked()])
    await journal.append([failed, balance_changed("USD", "1"), closed(1)])

    life = [entry.event for entry in await journal.life(OrderKey(1))]

    assert life == [submitted(1), asked(1, 2), asked(1), failed, closed(1)]
    assert list(await journal.life(OrderKey(77))) == []


async def test_whose_a_position_is_is_remembered_until_it_closes(journal: Journal) -> None:
    await journal.append([position_changed("1"), position_found("1")])
    await journal.append([position_changed("2", ETH), position_found("2", ETH)])
    await journal.append([PositionIgnored(at=moment(), actor_id="tg:1", symbol=ETH)])
    told = (await journal.remember()).standings
    assert told == {BTC: Origin.ELSEWHERE, ETH: Origin.IGNORED}

    await journal.append([position_changed("0", ETH), position_changed("3", ETH)])
    assert (await journal.remember()).standings == {BTC: Origin.ELSEWHERE}


async def test_a_change_that_was_asked_for_is_part_of_an_orders_life(journal: Journal) -> None:
    asked = AmendRequested(
        at=moment(1), actor_id="tg:1", key=OrderKey(1), change=OrderChange(price=Decimal("29999"))
    )
    failed = AmendFailed(at=moment(2), key=OrderKey(1), reason="no")
    await journal.append([submitted(1), asked, failed])
    assert [entry.event for entry in await journal.life(OrderKey(1))][1:] == [asked, failed]


async def test_what_people_decide_is_no_word_of_the_exchange(journal: Journal) -> None:
    await journal.append([accepted(1, at=5)])
    ours = replace(order(1, OrderStatus.WORKING), origin=Origin.ADOPTED)
    await journal.append([OrderAdopted(at=moment(9), order=ours, actor_id="tg:1")])
    assert (await journal.remember()).last_at == moment(5)


async def test_a_change_that_nobody_has_answered_is_remembered(journal: Journal) -> None:
    def asked(key: int, price: int, at: float = 1) -> AmendRequested:
        change = OrderChange(price=Decimal(price))
        return AmendRequested(at=moment(at), actor_id="tg:1", key=OrderKey(key), change=change)

    def changed(key: int, price: int) -> OrderChanged:
        became = accepted(key, at=2).order
        terms = replace(became.terms, price=Decimal(price))
        return OrderChanged(at=moment(2), order=replace(became, terms=terms))

    refused = AmendFailed(at=moment(2), key=OrderKey(2), reason="no")
    await journal.append([submitted(1), submitted(2), submitted(3), submitted(4), submitted(5)])
    await journal.append([asked(1, 31000), asked(2, 31000), asked(3, 31000), asked(4, 31000)])
    await journal.append([accepted(1, at=2), refused, changed(3, 31000), closed(4, at=2)])
    await journal.append([changed(3, 29000), asked(5, 31000), changed(5, 31000), asked(5, 32000)])

    assert list((await journal.remember()).amending) == [asked(1, 31000), asked(5, 32000)]


async def test_what_went_wrong_is_remembered_whatever_words_it_came_with(journal: Journal) -> None:
    words = 'a NUL \x00, and "status":"lost" in somebody\'s words'
    gone = replace(order(1, OrderStatus.LOST), reason=words)
    ended = replace(order(2, OrderStatus.CANCELLED), reason=words)
    refused = replace(order(3, OrderStatus.REJECTED), reason=words)
    await journal.append(
        [
            OrderClosed(at=moment(1), order=gone),
            OrderClosed(at=moment(2), order=ended),
            OrderRejected(at=moment(3), order=refused),
            position_found("1", at=4),
        ]
    )

    mishaps = (await journal.remember()).mishaps

    assert mishaps == (
        (moment(1), "OrderClosed"),
        (moment(3), "OrderRejected"),
        (moment(4), "PositionFound"),
    )
