"""When a stream needs a length, and what becomes of what is put down."""

import errno
from dataclasses import replace

import pytest

from api.errors import Problem
from api.http.spooled import Spool, needs_length
from api.settings import Settings


@pytest.mark.parametrize(
    ("software", "protocol", "needed"),
    [
        ("gunicorn/27.0.1", "HTTP/1.1", False),
        ("waitress", "HTTP/1.1", False),
        ("gunicorn/27.0.1", "HTTP/1.0", True),
        ("gunicorn/27.0.1", "HTTP/2.0", True),
        ("waitress", "HTTP/1.0", True),
        ("Werkzeug/3.1", "HTTP/1.1", True),  # answers in HTTP/1.0 where it has one thread
        ("WSGIServer/0.2 CPython/3.11", "HTTP/1.1", True),  # answers in HTTP/1.0 always
        ("", "", True),
    ],
)
def test_who_is_known_to_send_chunks(software, protocol, needed):
    assert needs_length({"SERVER_SOFTWARE": software, "SERVER_PROTOCOL": protocol}) is needed


def test_a_part_needs_the_length_of_the_whole():
    environ = {"SERVER_SOFTWARE": "gunicorn/27", "SERVER_PROTOCOL": "HTTP/1.1", "digital_capital.part_wanted": True}
    assert needs_length(environ)


@pytest.mark.parametrize("size", [0, 10, 3_000_000])
def test_what_is_put_down_is_sent_and_leaves_nothing(tmp_path, size):
    spool = Spool(replace(Settings(), spool_path=str(tmp_path / "new")))
    written = [b"x" * (size // 2), b"y" * (size - size // 2)]
    for part in written:
        spool.write(part)
    assert spool.length == size and b"".join(spool) == b"".join(written)
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == []
    spool.close()
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == []


def test_a_full_disk_is_a_problem_that_says_what_to_do(tmp_path, monkeypatch):
    spool = Spool(replace(Settings(), spool_path=str(tmp_path)))

    def full(part):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(spool._file, "write", full)
    with pytest.raises(Problem) as refused:
        spool.write(b"x")
    assert refused.value.type.status == 503 and "no room" in refused.value.detail
    assert refused.value.headers["Retry-After"] == "60"
    spool.close()
