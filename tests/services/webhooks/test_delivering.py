"""Receivers hear of each release, in order, whoever is down meanwhile and whatever is killed when."""

import os
import signal
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, update

from api import create_app
from api.models import Webhook, WebhookDelivery
from api.services import keys
from api.services.audit import Actor
from api.services.publish import publish, withdraw
from api.services.webhooks import outbox, receivers, sending
from api.services.webhooks.backoff import Backoff
from api.services.webhooks.deliverer import Deliverer
from api.services.webhooks.sending import Message, Outcome
from api.settings import ROOT, Settings
from tests.api.test_withdrawn import figure
from tests.conftest import LIMIT, own_database, wait_until
from tests.receiving import receiver

AT_ONCE = Backoff((0.0,), jitter=0)
LATER = Backoff((3_600.0,), jitter=0)


class Service:
    """A database that is published to, and those who are told of it."""

    def __init__(self, settings):
        self.settings, self.app = settings, create_app(settings)
        self.database = self.app.extensions["database"]
        with self.database.begin() as connection:
            key, _ = keys.create(connection, owner="Dudley Council", scopes=["publish"])
        self.actor = Actor(key=key)
        self.value = 10.0

    def listen(self, to, **asked):
        with self.database.begin() as connection:
            made, to.secret = receivers.create(connection, self.actor, url=to.url, private=True, **asked)
        return made.id

    def publish(self, count=1, region="E12000005"):
        for _ in range(count):
            self.value += 1
            with self.database.begin() as connection:
                publish(connection, [figure(self.app, self.value, region)], reason=f"New: {self.value}.")

    def deliver(self, backoff=AT_ONCE, **how):
        return Deliverer(self.settings, backoff=backoff, **how).once()

    def of(self, webhook):
        with self.database.connect() as connection:
            return receivers.find(connection, self.actor, webhook)

    def deliveries(self, webhook):
        with self.database.connect() as connection:
            return receivers.deliveries_of(connection, self.actor, webhook)

    def do(self, what, *given, **named):
        with self.database.begin() as connection:
            return what(connection, self.actor, *given, **named)


@pytest.fixture(params=["sqlite", "postgresql"])
def service(request, tmp_path):
    settings = Settings(
        database_url=own_database(request, tmp_path, "hooks"),
        drafts_path=str(tmp_path / "drafts"),
        release_check_seconds=0,
        webhooks_private="on",
    )
    made = Service(settings)
    yield made
    made.database.engine.dispose()


def test_each_release_is_told_once_and_in_order(service):
    with receiver() as to:
        webhook = service.listen(to)
        assert service.deliver() == 0  # nothing was published since
        service.publish(3)
        assert service.deliver() == 3
        assert service.deliver() == 0
        assert to.releases == [5, 6, 7] and len(to.said) == 3
    (_, said), *_ = to.said
    assert (said["type"], said["data"]["kind"]) == ("release.published", "release")
    assert said["data"]["indicators"] == ["gva-per-hour"] and said["data"]["reason"] == "New: 11.0."
    assert said["data"]["links"]["changes"].endswith("/v1/changes?since=4&until=5")
    client = service.app.test_client()
    for link in said["data"]["links"].values():
        assert client.get(link.removeprefix(service.settings.public_url)).status_code == 200
    assert [item.state for item in service.deliveries(webhook)] == ["delivered"] * 3
    assert service.of(webhook).told_to == 7


def test_what_is_published_while_it_is_down_is_told_in_order(service):
    with receiver() as to:
        webhook, port = service.listen(to), to.port
    service.publish(2)
    assert service.deliver() == 1 and service.deliver() == 1  # the second release waits for the first
    assert service.of(webhook).failures == 2
    service.publish()
    assert [(item.release, item.attempts) for item in service.deliveries(webhook)][::-1] == [(5, 2), (6, 0)]
    secret, ids = to.secret, [item.message_id for item in service.deliveries(webhook)]
    with receiver(port=port) as again:
        again.secret = secret
        assert service.deliver() == 3
        assert again.releases == [5, 6, 7]
        assert [number for number, _ in again.said][:2] == ids[::-1]
    found = service.of(webhook)
    assert (found.failures, found.failing_since, found.state) == (0, None, "active")


def test_it_waits_after_each_attempt(service):
    with receiver() as to:
        webhook = service.listen(to)
        to.status = 500
        service.publish()
        assert service.deliver(LATER) == 1 and service.deliver(LATER) == 0
    (item,) = service.deliveries(webhook)
    assert item.due_at - item.attempted_at == timedelta(hours=1)
    assert (item.outcome["status"], item.outcome["problem"]) == (500, "It answered 500.")


def test_one_that_does_not_answer_holds_up_no_other(service):
    with receiver() as slow, receiver() as quick:
        slow.go.clear()
        service.listen(slow)
        service.listen(quick)
        service.publish(3)
        deliverer = Deliverer(service.settings, backoff=AT_ONCE)

        def told():
            deliverer._note()
            deliverer._begin()
            return len(quick.said) == 3

        wait_until(told, every=0.01)
        assert len(slow.said) <= 1 and not slow.go.is_set()
        slow.go.set()

        def all_told():
            deliverer._note()
            deliverer._begin()
            return len(slow.said) == 3

        wait_until(all_told, every=0.01)
        deliverer._finish()
        assert slow.releases == quick.releases == [5, 6, 7]


def test_corrections_and_withdrawals(service):
    with receiver() as to:
        service.listen(to)
        with service.database.begin() as connection:
            publish(connection, [figure(service.app, 99.0)], reason="Mistaken.", kind="correction")
        with service.database.begin() as connection:
            withdraw(connection, 5, reason="It was not to be told.")
        service.deliver()
    assert [said["type"] for _, said in to.said] == ["release.corrected", "release.withdrawn"]
    assert to.said[1][1]["data"]["withdraws"] == 5


def test_only_what_is_asked_for_is_told(service):
    with receiver() as indicator, receiver() as place, receiver() as other:
        told = [
            service.listen(indicator, indicators=["gva-per-hour"]),
            service.listen(place, regions=["E12000007"]),
            service.listen(other, indicators=["population"], regions=["E12000005"]),
        ]
        service.publish()
        service.publish(region="E12000007")
        service.deliver()
        assert (indicator.releases, place.releases, other.releases) == ([5, 6], [6], [])
        assert {service.of(webhook).told_to for webhook in told} == {6}


def test_gone_is_disabled_at_once_and_misses_nothing(service):
    with receiver() as to:
        webhook = service.listen(to)
        to.status = 410
        service.publish(2)
        assert service.deliver() == 1
        found = service.of(webhook)
        assert found.state == "disabled" and found.disabled_because.startswith("It answered 410")
        service.publish()
        assert service.deliver() == 0
        to.status = 204
        to.said.clear()
        assert service.do(receivers.enable, webhook).state == "active"
        assert service.deliver() == 3
        assert to.releases == [5, 6, 7]


def test_one_that_fails_for_days_is_disabled(service):
    with receiver() as to:
        webhook = service.listen(to)
        to.status = 500
        service.publish()
        service.deliver()
        days = service.settings.limits.max_webhook_failing_days
        for ago, state in ((days - 1, "active"), (days, "disabled")):
            with service.database.begin() as connection:
                connection.execute(update(Webhook).values(failing_since=datetime.now(UTC) - timedelta(days=ago)))
            service.deliver()
            assert service.of(webhook).state == state
    assert f"Every attempt of {days} days failed" in service.of(webhook).disabled_because


def test_a_replay_has_the_same_identifiers(service):
    with receiver() as to:
        webhook = service.listen(to)
        service.publish(3)
        service.deliver()
        assert service.do(outbox.replay, webhook, 5, url="http://example.org") == 2
        assert service.deliver() == 2
        assert to.releases == [5, 6, 7] and len(to.said) == 5
        assert to.said[3:] == to.said[1:3]
        # What came before it was made is told as well, where it is asked for.
        assert service.do(outbox.replay, webhook, "2026-01-13T00:00:00Z", url="http://example.org") == 5
        to.said.clear()
        service.deliver()
        assert to.releases == [3, 4, 5, 6, 7]


def test_a_test_is_sent_once_whatever_waits(service):
    with receiver() as to:
        webhook = service.listen(to)
        to.status = 500
        service.publish()
        service.deliver(LATER)
        assert service.do(receivers.send_test, webhook).type == "webhook.test"
        assert service.deliver(LATER) == 1
        assert to.said[-1][1]["type"] == "webhook.test"
        assert [item.state for item in service.deliveries(webhook)] == ["failed", "waiting"]
        assert service.of(webhook).failures == 1


def test_one_that_is_deleted_meanwhile(service):
    with receiver() as to:
        webhook = service.listen(to)
        service.publish()

        def deleted(message):
            service.do(receivers.remove, webhook)
            return Outcome(204, None)

        assert service.deliver(send=deleted) == 1
        with service.database.connect() as connection:
            assert connection.execute(select(WebhookDelivery.id)).first() is None


def test_a_fault_of_ours_is_an_attempt(service):
    def failing(_message: Message):
        raise RuntimeError("of ours")

    with receiver() as to:
        webhook = service.listen(to)
        service.publish()
        assert service.deliver(send=failing) == 1
        assert service.deliveries(webhook)[0].outcome["problem"].startswith("The service failed")


def test_no_message_without_the_release_before_it_noted(service, monkeypatch):
    """What is cut off while messages are made leaves none: they and the number are one transaction."""
    with receiver() as to:
        webhook = service.listen(to)
        service.publish(2)
        written = outbox._write

        def cut(*given, **named):
            written(*given, **named)
            raise KeyboardInterrupt

        monkeypatch.setattr(outbox, "_write", cut)
        with pytest.raises(KeyboardInterrupt):
            service.deliver()
        monkeypatch.undo()
        assert service.of(webhook).told_to == 4 and service.deliveries(webhook) == []
        service.deliver()
        assert to.releases == [5, 6]


def test_killed_in_the_middle_of_a_delivery(service):
    settings = service.settings
    own = {"DATABASE_URL": settings.database_url, "DRAFTS_PATH": settings.drafts_path, "WEBHOOKS_PRIVATE": "on"}
    command = [sys.executable, "-m", "api.work.delivering"]

    def begin():
        return subprocess.Popen(command, cwd=ROOT, env={**os.environ, **own})

    with receiver() as to:
        webhook = service.listen(to)
        service.publish(3)
        to.go.clear()
        first = begin()
        assert to.arrived.wait(LIMIT)
        other = begin()
        assert other.wait(LIMIT) == 0  # one at a time
        first.send_signal(signal.SIGKILL)
        first.wait(LIMIT)
        to.go.set()
        second = begin()
        wait_until(lambda: len(to.releases) == 3 and service.deliveries(webhook)[0].state == "delivered")
        second.terminate()
        assert second.wait(LIMIT) == 0
    assert to.releases == [5, 6, 7]
    assert [said["data"]["release"] for _, said in to.said] == [5, 5, 6, 7]
    assert to.said[0] == to.said[1]


def test_what_is_private_is_not_asked(service):
    with receiver() as to:
        webhook = service.listen(to)
        service.publish()
        Deliverer(replace(service.settings, webhooks_private="off"), backoff=AT_ONCE).once()
        assert to.said == []
        assert "HTTPS" in service.deliveries(webhook)[0].outcome["problem"]
    assert sending.SECONDS == 10
