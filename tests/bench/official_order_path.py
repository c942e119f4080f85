"""The exchange's official Python client on the order path; run by its own interpreter.

Arguments: the REST address, the socket's address, how many orders. Prints JSON: by cid when the
order was decided and when it was known as new, and the CPU seconds an order took.
"""
# It runs in another environment, with packages this one does not have.
# mypy: ignore-errors

import asyncio
import json
import sys
import time

from bfxapi import Client


def main(rest_url: str, socket_url: str, orders: int) -> None:
    client = Client("key", "secret", rest_host=rest_url, wss_host=socket_url)
    decided, known, began = {}, {}, []
    heard = asyncio.Event()

    @client.wss.on("order_new")
    def new(order) -> None:
        known[order.cid] = time.monotonic()
        heard.set()

    async def trade() -> None:
        for number in range(orders):
            if number == orders // 4:
                began.append(time.process_time())
            cid = 1_000_000 + number
            heard.clear()
            decided[cid] = time.monotonic()
            await client.wss.inputs.submit_order("EXCHANGE LIMIT", "tBTCUSD", 0.01, 25000, cid=cid)
            await heard.wait()
        began.append(time.process_time())
        await client.wss.close()

    tasks = []

    @client.wss.on("authenticated")
    async def ready(_) -> None:
        tasks.append(asyncio.create_task(trade()))

    client.wss.run()
    cpu = (began[1] - began[0]) / (orders - orders // 4)
    sys.stdout.write(json.dumps({"decided": decided, "known": known, "cpu": cpu}))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
