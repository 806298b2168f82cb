"""One message is sent: signed, to the address that was looked at, and never for longer than it may take."""

import socket
import ssl
import subprocess
import threading
from dataclasses import replace

import pytest
from standardwebhooks import Webhook

from api.services.webhooks import addresses, sending
from api.services.webhooks.backoff import AFTER, Backoff
from api.services.webhooks.sending import Message, send
from tests.conftest import LIMIT
from tests.receiving import receiver

SECRET = "whsec_" + "c2VjcmV0" * 5
MESSAGE = Message(webhook="w", delivery=1, message_id="msg_w_7", url="", secret=SECRET, body='{"data": {"release": 7}}')


def sent(to, **how):
    to.secret = SECRET
    return send(replace(MESSAGE, url=to.url), private=True, **how)


def test_a_message_arrives_and_is_verified():
    with receiver() as to:
        assert sent(to).arrived
        assert to.said == [("msg_w_7", {"data": {"release": 7}})]
        assert to.hosts == [f"127.0.0.1:{to.port}"]


def test_a_signature_of_another_secret_is_none(monkeypatch):
    said = {}
    monkeypatch.setattr(sending, "_asked", lambda _connection, target, message: said.update(
        sending._headers(target, message)) or sending.Outcome(204, None))  # fmt: skip
    with receiver() as to:
        sent(to)
    assert Webhook(SECRET).verify(MESSAGE.body, said)
    with pytest.raises(Exception, match="No matching signature"):
        Webhook("whsec_" + "b3RoZXIh" * 5).verify(MESSAGE.body, said)


@pytest.mark.parametrize("status", [200, 202, 400, 404, 410, 500, 503])
def test_what_is_answered_is_noted(status):
    with receiver() as to:
        to.status = status
        outcome = sent(to)
    assert (outcome.status, outcome.arrived, outcome.gone) == (status, status < 300, status == 410)
    assert outcome.answer == "x" * 1_024
    assert (outcome.problem is None) == outcome.arrived


def test_no_redirect_is_followed():
    with receiver() as to, receiver() as other:
        to.status, to.head = 307, {"Location": other.url}
        outcome = sent(to)
        assert outcome.status == 307 and "redirects are not followed" in outcome.problem
        assert other.said == []


def test_no_proxy_of_the_environment_is_used(monkeypatch):
    with receiver() as to, receiver() as proxy:
        for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{proxy.port}")
        assert sent(to).arrived
        assert proxy.said == []


def test_nothing_private_is_asked_unless_it_is_allowed():
    with receiver() as to:
        outcome = send(replace(MESSAGE, url=to.url))
        assert outcome.status is None and "HTTPS" in outcome.problem
        outcome = send(replace(MESSAGE, url=f"https://localhost:{to.port}/"))
        assert outcome.status is None
        assert to.said == []


def test_nobody_there():
    with receiver() as to:
        pass
    outcome = sent(to)
    assert outcome.status is None and "could not be reached" in outcome.problem


@pytest.mark.parametrize(
    ("trickle", "status"),
    [(b"", None), (b"HTTP/1.1 ", None), (b"HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n", 200)],
)
def test_an_answer_that_trickles_is_cut(trickle, status):
    """Each byte comes in time, and the answer never does: one limit is over all of it. The head is the answer."""
    ended = threading.Event()

    def dribble(listening):
        connection, _ = listening.accept()
        with connection:
            connection.sendall(trickle)
            while not ended.wait(0.02):
                try:
                    connection.sendall(b"x")
                except OSError:
                    return

    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=dribble, args=(listening,))
        thread.start()
        url = f"http://127.0.0.1:{listening.getsockname()[1]}/"
        outcome = send(replace(MESSAGE, url=url), private=True, seconds=0.3)
        ended.set()
        thread.join(LIMIT)
    assert outcome.status == status
    assert outcome.problem == (None if status else "It did not answer within 0.3 seconds.")


@pytest.fixture
def certificate(tmp_path):
    """A certificate of `receiver.test`, signed by itself."""
    files = ["-keyout", tmp_path / "key.pem", "-out", tmp_path / "certificate.pem"]
    told = ["-subj", "/CN=receiver.test", "-addext", "subjectAltName=DNS:receiver.test", "-days", "2", "-nodes"]
    command = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", *files, *told]
    subprocess.run(command, check=True, capture_output=True)
    return tmp_path


def test_the_connection_is_made_to_the_address_that_was_looked_at(monkeypatch, certificate):
    asked, named = [], []

    def looked_up(host, port, *_, **__):
        asked.append(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port))]

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate / "certificate.pem", certificate / "key.pem")
    context.sni_callback = lambda _socket, name, _context: named.append(name)
    monkeypatch.setattr(addresses.socket, "getaddrinfo", looked_up)
    with receiver(encrypted=context) as to:
        to.secret = SECRET
        message = replace(MESSAGE, url=f"https://receiver.test:{to.port}/")
        refused = send(message, private=True)  # nobody vouches for it
        assert refused.status is None and "certificate" in refused.problem
        monkeypatch.setattr(
            sending, "trusted", lambda: ssl.create_default_context(cafile=certificate / "certificate.pem")
        )
        assert send(message, private=True).arrived
        assert (set(named), to.hosts) == ({"receiver.test"}, [f"receiver.test:{to.port}"])
        asked.clear()
        other = send(replace(message, url=f"https://other.test:{to.port}/"), private=True)
        assert other.status is None and "certificate" in other.problem
        assert asked.count("other.test") == 1
        assert len(to.said) == 1


def test_the_intervals_are_those_of_the_table():
    assert AFTER[:3] == (5, 300, 1_800) and list(AFTER) == sorted(AFTER)
    backoff = Backoff((1.0, 10.0), jitter=0.5)
    for attempts, least in ((1, 1), (2, 10), (3, 10), (99, 10)):
        assert {least <= backoff.after(attempts).total_seconds() <= least * 1.5 for _ in range(20)} == {True}
    assert Backoff((2.0,), jitter=0).after(5).total_seconds() == 2
