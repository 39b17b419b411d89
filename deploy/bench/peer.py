"""python-socketio doing the job of Realtime: a server whose clients are in one room.

`python -m bench.peer PORT` prints `ready` once it listens. For each line `COUNT TEXT` on its input it sends the text so often
to the room, as an argument in JSON, and prints `sent`.
"""

import asyncio
import json
import sys

import socketio
from aiohttp import web

_ROOM = "all"


async def serve(port: int) -> None:
    server = socketio.AsyncServer(async_mode="aiohttp", cors_allowed_origins="*")
    application = web.Application()
    server.attach(application)

    @server.event
    async def connect(sid: str, _environ: dict) -> None:
        await server.enter_room(sid, _ROOM)

    runner = web.AppRunner(application)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port, backlog=1024).start()
    print("ready", flush=True)
    loop = asyncio.get_running_loop()
    while line := await loop.run_in_executor(None, sys.stdin.readline):
        count, _, text = line.partition(" ")
        argument = json.loads(text)
        for _ in range(int(count)):
            await server.emit("display:update", argument, room=_ROOM)
        print("sent", flush=True)
    await runner.cleanup()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1])))
