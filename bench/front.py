"""Our application in another server: `python -m bench.front {waitress,granian,nginx} PORT FOLDER [options]`.

nginx: with the project's own file (`deploy/nginx.conf`), in front of granian or of gunicorn with its options; without
TLS, which the load does not speak, and without limits by address, since all of the load comes from one.
"""

from __future__ import annotations

import re
import shutil
import socket
import subprocess
import sys
import tempfile
from pathlib import Path

from api.settings import ROOT

WORKERS, THREADS = 2, 4
PEERS = ROOT / "bench" / ".venv" / "lib" / f"python{sys.version_info[0]}.{sys.version_info[1]}" / "site-packages"
NGINX = shutil.which("nginx", path="/usr/sbin:/usr/bin:/usr/local/bin")
_LEFT_OUT = r"(?m)^ *(ssl_\w+|limit_\w+|add_header Strict\S*) .*\n"


def waitress(port: int) -> None:
    """One process, as waitress is; as many threads as the others have in all."""
    sys.path.append(str(PEERS))  # behind our own packages: only what we do not have is taken from there
    from waitress import serve  # noqa: PLC0415

    from wsgi import app  # noqa: PLC0415

    serve(app, host="127.0.0.1", port=port, threads=WORKERS * THREADS, connection_limit=2_000, asyncore_use_poll=True)


def granian(port: int) -> None:
    """As many processes and threads as ours."""
    sys.path.append(str(PEERS))
    from granian import Granian  # noqa: PLC0415

    Granian("wsgi:app", address="127.0.0.1", port=port, interface="wsgi", workers=WORKERS, blocking_threads=THREADS,
            log_enabled=False).serve()  # fmt: skip


def nginx(port: int, folder: Path, options: list[str]) -> None:
    """Nginx, and behind it granian, or gunicorn."""
    own = Path(tempfile.mkdtemp(dir=folder))
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        behind = probe.getsockname()[1]
    (own / "service.conf").write_text(f"server 127.0.0.1:{behind} max_fails=0;\n")
    text = re.sub(_LEFT_OUT, "", (ROOT / "deploy" / "nginx.conf").read_text(encoding="utf-8"))
    temporary = "".join(f"{it}_temp_path {own}/{it}; " for it in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
    for theirs, ours in {
        "worker_processes auto;": f"worker_processes {WORKERS}; daemon off; user root;",
        "pid /run/nginx.pid;": f"pid {own}/pid;",
        "error_log stderr warn;": f"error_log {own}/error.log crit;",
        "access_log /dev/stdout service;": "access_log off;",
        "http {": f"http {{ {temporary}",
        "listen 80 default_server;": f"listen unix:{own}/unused;",
        "listen 443 ssl http2 default_server;": f"listen 127.0.0.1:{port};",
    }.items():
        text = text.replace(theirs, ours)
    (own / "nginx.conf").write_text(text)
    command = ["gunicorn", "-c", "python:api.gunicorn_conf", "--log-level", "error", *options]
    command = [*command, "--bind", f"127.0.0.1:{behind}", "wsgi:app"]
    if options == ["granian"]:
        command = ["bench.front", "granian", str(behind), str(folder)]
    service = subprocess.Popen([sys.executable, "-m", *command], cwd=ROOT)
    subprocess.Popen([str(NGINX), "-p", str(own), "-e", str(own / "error.log"), "-c", str(own / "nginx.conf")])
    service.wait()


if __name__ == "__main__":
    server, port, folder, *options = sys.argv[1:]
    if server == "nginx":
        nginx(int(port), Path(folder), options)
    else:
        {"waitress": waitress, "granian": granian}[server](int(port))
