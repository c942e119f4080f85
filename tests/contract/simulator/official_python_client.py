"""Drives the exchange's official Python client; run by its own interpreter, prints JSON."""
# It runs in another environment, with packages this one does not have.
# mypy: ignore-errors

import asyncio
import json
import sys

from bfxapi import Client
from bfxapi.types import Notification, Order


def over_rest(client: Client) -> dict[str, object]:
    rest = client.rest
    submitted = rest.auth.submit_order("EXCHANGE LIMIT", "tBTCUSD", 0.01, 20000, cid=77)
    order = submitted.data
    updated = rest.auth.update_order(order.id, price=20100)
    active = rest.auth.get_orders(symbol="tBTCUSD")
    cancelled = rest.auth.cancel_order(id=order.id)
    market = rest.auth.submit_order("EXCHANGE MARKET", "tBTCUSD", 0.01, 0)
    two = [rest.auth.submit_order("EXCHANGE LIMIT", "tETHUSD", 0.1, 900).data.id for _ in range(2)]
    many = rest.auth.cancel_order_multi(id=two)
    rest.auth.submit_order("MARKET", "tETHUSD", 0.5, 0)
    history = rest.auth.get_orders_history()
    try:
        rest.auth.submit_order("EXCHANGE LIMIT", "tBTCUSD", 1000, 20000)
        refusal = ""
    except Exception as error:
        refusal = f"{type(error).__name__}: {error}"
    return {
        "platform": rest.public.get_platform_status().status,
        "tickers": sorted(rest.public.get_t_tickers("ALL")),
        "ticker": rest.public.get_t_ticker("tBTCUSD").last_price,
        "book": len(rest.public.get_t_book("tBTCUSD", "P0", len=25)),
        "raw_book": len(rest.public.get_t_raw_book("tBTCUSD", len=25)),
        "candles": len(rest.public.get_candles_hist("tBTCUSD", "5m", limit=10)),
        "last_candle": rest.public.get_candles_last("tBTCUSD").mts,
        "public_trades": len(rest.public.get_t_trades("tBTCUSD", limit=5)),
        "pairs": rest.public.conf("pub:list:pair:exchange"),
        "average": rest.public.get_trading_market_average_price("tBTCUSD", 0.1).price_avg,
        "submitted": [submitted.type, submitted.status, submitted.text, order.cid],
        "updated": [updated.type, updated.data.price],
        "active": [[one.id, one.price, one.type_prev] for one in active],
        "cancelled": [cancelled.status, cancelled.data.order_status],
        "many": [many.text, len(many.data)],
        "statuses": [one.order_status for one in history],
        "trades": [one.fee_currency for one in rest.auth.get_trades_history()],
        "order_trades": len(rest.auth.get_order_trades("tBTCUSD", market.data.id)),
        "wallets": [
            [one.wallet_type, one.currency, one.available_balance]
            for one in rest.auth.get_wallets()
        ],
        "positions": [[one.symbol, one.amount] for one in rest.auth.get_positions()],
        "ledgers": len(rest.auth.get_ledgers()),
        "margin": rest.auth.get_base_margin_info().margin_balance,
        "symbol_margin": rest.auth.get_symbol_margin_info("tBTCUSD").symbol,
        "all_margin": len(rest.auth.get_all_symbols_margin_info()),
        "user": rest.auth.get_user_info().id,
        "available": rest.auth.get_balance_available_for_orders_or_offers(
            "tBTCUSD", "EXCHANGE", dir=1, rate="20000"
        ).amount,
        "snapshots": len(rest.auth.get_positions_snapshot()),
        "audits": len(rest.auth.get_positions_audit()),
        "closed": len(rest.auth.get_positions_history()),
        "movements": len(rest.auth.get_movements()),
        "tickers_history": len(rest.public.get_tickers_history(["tBTCUSD"], limit=3)),
        "stats": len(rest.public.get_stats_hist("pos.size:1m:tBTCUSD:long", limit=4)),
        "last_stat": rest.public.get_stats_last("vol.1d:30m:BFX").mts,
        "derivatives": sorted(rest.public.get_derivatives_status("ALL")),
        "derivatives_then": len(
            rest.public.get_derivatives_status_history("tBTCF0:USTF0", limit=2)
        ),
        "rate": rest.public.get_fx_rate("BTC", "USD").current_rate,
        "increase": rest.auth.get_increase_position_info("tBTCUSD", 0.1).funding_required_currency,
        "claimed": _claimed(rest.auth),
        "moved": rest.auth.transfer_between_wallets("exchange", "margin", "USD", "USD", 5).status,
        "by_id": len(rest.auth.get_orders_history(ids=[order.id])),
        "refusal": refusal,
    }


def _claimed(auth: object) -> list[object]:
    position = auth.get_positions()[0]
    claim = auth.claim_position(position.position_id, amount=0.1)
    return [claim.type, claim.status, claim.data.symbol]


def over_websocket(client: Client) -> list[str]:
    heard: list[str] = []
    wanted = {
        "open",
        "authenticated",
        "wallet_snapshot",
        "order_snapshot",
        "position_snapshot",
        "balance_update",
        "t_ticker_update",
        "t_trades_snapshot",
        "t_book_snapshot",
        "candles_snapshot",
        "t_raw_book_snapshot",
        "on-req-notification",
        "order_new",
        "order_update",
        "order_cancel",
        "oc-req-notification",
        "trade_execution",
        "trade_execution_update",
        "wallet_update",
        "base_margin_info",
        "symbol_margin_info",
    }

    def note(name: str) -> None:
        was_done = wanted <= set(heard)
        heard.append(name)
        if wanted <= set(heard) and not was_done:
            asyncio.get_event_loop().create_task(client.wss.close())

    for name in wanted - {"open", "authenticated", "order_new", "order_update"}:
        client.wss.on(name, lambda *_, name=name: note(name))

    @client.wss.on("open")
    async def on_open() -> None:
        note("open")
        await client.wss.subscribe("ticker", symbol="tBTCUSD")
        await client.wss.subscribe("trades", symbol="tBTCUSD")
        await client.wss.subscribe("book", symbol="tBTCUSD", prec="P0", len="25")
        await client.wss.subscribe("book", symbol="tBTCUSD", prec="R0", len="25")
        await client.wss.subscribe("candles", key="trade:1m:tBTCUSD")

    @client.wss.on("authenticated")
    async def on_authenticated(_: object) -> None:
        note("authenticated")
        await client.wss.inputs.submit_order("EXCHANGE LIMIT", "tBTCUSD", 0.01, 20000)
        await client.wss.inputs.submit_order("MARKET", "tBTCUSD", 0.01, 0)

    @client.wss.on("order_new")
    async def on_new(order: Order) -> None:
        note("order_new")
        await client.wss.inputs.update_order(order.id, price=20200)

    @client.wss.on("order_update")
    async def on_update(order: Order) -> None:
        note("order_update")
        await client.wss.inputs.cancel_order(id=order.id)

    @client.wss.on("ou-req-notification")
    def on_request(_: Notification[Order]) -> None:
        note("ou-req-notification")

    client.wss.run()
    return sorted(set(heard))


if __name__ == "__main__":
    rest_url, ws_url, key, secret = sys.argv[1:]
    bfx = Client(key, secret, rest_host=rest_url, wss_host=ws_url)
    report = {"rest": over_rest(bfx), "websocket": over_websocket(bfx)}
    sys.stdout.write(json.dumps(report, default=str))
