"""`python -m api.assistants`: serve the tools for assistants, over HTTP or to the program that started it (stdio)."""

from __future__ import annotations

import argparse
from collections.abc import Sequence

import uvicorn
from mcp.server.transport_security import TransportSecuritySettings
from starlette.applications import Starlette

from api.assistants.server import make_server
from api.assistants.service import Service

MOST_CONNECTIONS = 64
MOST_BYTES = 65_536
"""Of a question: tools take short texts."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Serve until it is stopped."""
    given = _read(arguments)
    service = Service.in_process() if given.api is None else Service.at(given.api)
    server = make_server(service)
    if given.transport == "stdio":
        server.run("stdio")
        return
    app: Starlette = server.streamable_http_app(
        stateless_http=True,
        json_response=True,
        max_request_body_size=MOST_BYTES,
        transport_security=_security(given.host, given.port, given.allow_host),
        host=given.host,
    )
    config = uvicorn.Config(
        app, host=given.host, port=given.port, limit_concurrency=MOST_CONNECTIONS, log_level="warning", access_log=False
    )
    uvicorn.Server(config).run()


def _security(host: str, port: int, more: Sequence[str]) -> TransportSecuritySettings:
    """Only requests that name this server are answered: a page elsewhere cannot have a browser ask a local one."""
    named = dict.fromkeys((host, "127.0.0.1", "localhost", "[::1]"))
    hosts = [*(f"{name}:{port}" for name in named), *more]
    origins = [f"{scheme}://{name}" for name in hosts for scheme in ("http", "https")]
    return TransportSecuritySettings(enable_dns_rebinding_protection=True, allowed_hosts=hosts, allowed_origins=origins)


def _read(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m api.assistants", description=__doc__)
    parser.add_argument("--transport", choices=("http", "stdio"), default="http", help="http (the default) or stdio")
    parser.add_argument("--host", default="127.0.0.1", help="where to listen (127.0.0.1)")
    parser.add_argument("--port", type=int, default=8001, help="the port (8001); the tools are at /mcp")
    parser.add_argument(
        "--allow-host", action="append", default=[], help="another name of this server, as a proxy sends it"
    )
    parser.add_argument(
        "--api", help="the address of a running service; without it the figures in DATABASE_URL are read"
    )
    return parser.parse_args(arguments)


if __name__ == "__main__":
    main()
