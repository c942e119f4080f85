"""Delivery of updates to the bot's webhook, one after another, again until accepted."""

import msgspec
from aiohttp import ClientError, ClientSession, ClientTimeout

from bot.telegram.sandbox.network import Network
from bot.telegram.sandbox.records import Confirmed
from bot.telegram.sandbox.shapes import Update

_SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - the header's name
_FIRST_PAUSE = 0.2
_LONGEST_PAUSE = 30.0
_FOREVER = 3600.0


async def deliver(network: Network) -> None:
    """Deliver for as long as the network is open; cancelled by the server's stop."""
    async with ClientSession(timeout=ClientTimeout(total=30)) as session:
        pause = _FIRST_PAUSE
        while True:
            await network.store.until(lambda: _ready(network), _FOREVER)
            if not _ready(network):
                continue
            update = next(iter(network.store.state.pending.values()))
            trouble = await _post(session, network, update)
            if not trouble:
                pause = _FIRST_PAUSE
                continue
            network.last_error = (int(network.store.now()), trouble)
            await _rest(network, pause)
            pause = min(pause * 2, _LONGEST_PAUSE)


def _ready(network: Network) -> bool:
    return bool(network.store.state.hook.url and network.store.state.pending)


async def _rest(network: Network, seconds: float) -> None:
    """Wait before the next try, less where the webhook is set anew."""
    hook = network.store.state.hook
    await network.store.until(lambda: network.store.state.hook is not hook, seconds)


async def _post(session: ClientSession, network: Network, update: Update) -> str:
    """Deliver one update; the answer says what went wrong, empty when nothing did."""
    hook = network.store.state.hook
    headers = {"Content-Type": "application/json"}
    if hook.secret:
        headers[_SECRET_HEADER] = hook.secret
    try:
        async with session.post(
            hook.url, data=msgspec.json.encode(update), headers=headers, allow_redirects=False
        ) as answer:
            if answer.status // 100 != 2:
                return f"Wrong response from the webhook: {answer.status} {answer.reason}"
    except TimeoutError:
        return "Read timeout expired"
    except ClientError as error:
        return f"Connection failed: {type(error).__name__}"
    if update.update_id in network.store.state.pending:
        network.store.commit(Confirmed(before=update.update_id + 1))
    return ""
