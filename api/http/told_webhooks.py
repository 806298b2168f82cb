"""What is answered of webhooks and of the messages to them."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

from api.http.writes import Done
from api.services.drafts import wanted
from api.services.webhooks.receivers import Delivery, Receiver
from api.settings import Settings


def told(receiver: Receiver, settings: Settings, *, secret: str | None = None) -> Done:
    """A webhook; with its secret where it was just made."""
    if secret is None:
        return Done(data=data_of(receiver), follow=_wake(settings))
    data = data_of(receiver) | {"secret": secret}
    return Done(data=data, status=201, location=f"/v1/webhooks/{receiver.id}", follow=_wake(settings))


def queued(receiver: str, settings: Settings, count: int) -> Done:
    """Messages that are to be sent, which its owner can look at."""
    location = f"/v1/webhooks/{receiver}/deliveries"
    return Done(data={"queued": count}, status=202, location=location, follow=_wake(settings))


def data_of(receiver: Receiver) -> dict[str, Any]:
    """A webhook as it is told."""
    return {
        "id": receiver.id,
        "url": receiver.url,
        "owner": receiver.owner,
        "indicators": receiver.indicators,
        "regions": receiver.regions,
        "state": receiver.state,
        "disabled_because": receiver.disabled_because,
        "failures": receiver.failures,
        "failing_since": _text(receiver.failing_since),
        "told_to": receiver.told_to,
        "created_at": _text(receiver.created_at),
    }


def delivery(item: Delivery) -> dict[str, Any]:
    """A message as it is told."""
    outcome = item.outcome or {}
    return {
        "id": item.message_id,
        "type": item.type,
        "release": item.release,
        "state": item.state,
        "attempts": item.attempts,
        "created_at": _text(item.created_at),
        "attempted_at": _text(item.attempted_at),
        "next_attempt_at": _text(item.due_at) if item.state == "waiting" else None,
        "status": outcome.get("status"),
        "problem": outcome.get("problem"),
        "answer": outcome.get("answer"),
    }


def _wake(settings: Settings) -> Any:
    """What is done after a commit, so that receivers are told where nobody did that before."""
    return lambda: wanted.note(Path(settings.drafts_path), wanted.DELIVERY)


def _text(moment: datetime | None) -> str | None:
    return None if moment is None else moment.strftime("%Y-%m-%dT%H:%M:%SZ")
