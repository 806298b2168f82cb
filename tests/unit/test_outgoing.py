"""The socket of a caller: what is written to it, and in how many pieces it leaves."""

import socket

import pytest

from api.worker.outgoing import Aside, CallerSocket

HEAD = b"HTTP/1.1 200 OK\r\n\r\n"


@pytest.fixture
def pair(tmp_path):
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)  # which tells one piece from the next
    caller = CallerSocket(ours, needed=lambda: False, aside=Aside(1_000, tmp_path))
    yield caller, theirs
    caller.close()
    theirs.close()


def pieces(theirs):
    theirs.settimeout(0)
    found = []
    while True:
        try:
            found.append(theirs.recv(1 << 20))
        except BlockingIOError:
            return found


def test_a_head_leaves_with_what_follows_it(pair):
    caller, theirs = pair
    caller.hold()
    caller.sendall(HEAD)
    assert pieces(theirs) == []
    caller.sendall(b"first")
    caller.sendall(b"second")
    caller.send_held()
    assert pieces(theirs) == [HEAD + b"first", b"second"]


def test_a_head_alone_leaves_at_the_end(pair):
    caller, theirs = pair
    caller.hold()
    caller.sendall(HEAD)
    caller.send_held()
    caller.sendall(b"of the next answer")
    assert pieces(theirs) == [HEAD, b"of the next answer"]


def test_a_head_is_not_copied_before_a_long_body(pair):
    caller, theirs = pair
    body = bytes(100_000)
    caller.hold()
    caller.sendall(HEAD)
    caller.sendall(body)
    assert pieces(theirs) == [HEAD, body]


def test_nothing_is_held_for_an_answer_that_never_began(pair):
    caller, theirs = pair
    caller.hold()
    caller.send_held()
    caller.sendall(b"what is wrong")
    assert pieces(theirs) == [b"what is wrong"]
