"""setWebhook, deleteWebhook, getWebhookInfo, getFile."""

import re
from urllib.parse import urlsplit

from bot.telegram.sandbox.errors import bad_request
from bot.telegram.sandbox.files import file_path
from bot.telegram.sandbox.loopback import is_loopback
from bot.telegram.sandbox.network import Network
from bot.telegram.sandbox.params import Params
from bot.telegram.sandbox.records import Hooked
from bot.telegram.sandbox.updates import webhook_limit

LARGEST_DOWNLOAD = 20 * 1024 * 1024

_SECRET = re.compile(r"[A-Za-z0-9_-]*")


def set_webhook(network: Network, params: Params) -> bool:
    """Deliver updates to a URL from now on; an empty one goes back to long polling."""
    url = params.text("url")
    if not url:
        return delete_webhook(network, params)
    _check_url(url)
    secret = params.text("secret_token")
    if len(secret) > 256:
        raise bad_request("secret token is too long")
    if not _SECRET.fullmatch(secret):
        raise bad_request("secret token contains unallowed characters")
    limit = webhook_limit(params)
    network.updates.subscribe(params)
    network.updates.end_poll("terminated by setWebhook request")
    if params.flag("drop_pending_updates"):
        network.updates.drop_pending()
    network.last_error = None
    network.store.commit(Hooked(url=url, secret=secret, max_connections=limit))
    return True


def delete_webhook(network: Network, params: Params) -> bool:
    """Back to long polling."""
    if params.flag("drop_pending_updates"):
        network.updates.drop_pending()
    network.store.commit(Hooked(url=""))
    return True


def get_webhook_info(network: Network, _params: Params) -> dict[str, object]:
    """Where updates go, how many wait, and the last trouble with delivery."""
    state = network.store.state
    info: dict[str, object] = {
        "url": state.hook.url,
        "has_custom_certificate": False,
        "pending_update_count": len(state.pending),
    }
    if state.hook.url:
        info |= {"max_connections": state.hook.max_connections, "ip_address": "127.0.0.1"}
    if network.last_error:
        at, words = network.last_error
        info |= {"last_error_date": at, "last_error_message": words}
    if state.kinds:
        info["allowed_updates"] = state.kinds
    return info


def get_file(network: Network, params: Params) -> dict[str, object]:
    """Where the bytes of a file are."""
    kept = network.files.found(params.text("file_id"))
    if kept.size > LARGEST_DOWNLOAD:
        raise bad_request("file is too big")
    return {
        "file_id": kept.file_id,
        "file_unique_id": kept.unique_id,
        "file_size": kept.size,
        "file_path": file_path(kept),
    }


def _check_url(url: str) -> None:
    """HTTPS is what the real one wants; the local one delivers on this machine only."""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https"):
        raise bad_request("bad webhook: An HTTPS URL must be provided for webhook")
    if not is_loopback(parts.hostname or ""):
        raise bad_request("bad webhook: the local Telegram delivers to loopback addresses only")


METHODS = {
    "setWebhook": set_webhook,
    "deleteWebhook": delete_webhook,
    "getWebhookInfo": get_webhook_info,
    "getFile": get_file,
}
