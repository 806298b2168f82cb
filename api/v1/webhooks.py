"""Webhooks: addresses of partners that are told of releases."""

from api.http import told_webhooks as answers
from api.http.blueprint import Blueprint
from api.http.writes import Done, Writing
from api.schemas import webhooks as schemas
from api.services.webhooks import outbox, receivers

blp = Blueprint("webhooks", __name__, description="Be told of releases, as they are published.")
_UNKNOWN = ("unknown-id",)


@blp.write(
    "/webhooks",
    scope="publish",
    body=schemas.NewWebhook,
    answer=schemas.NewWebhookAnswer,
    example={"url": "https://example.org/releases", "indicators": ["gigabit-availability"]},
)
def create_webhook(writing: Writing) -> Done:
    """Be told of releases

    From the next release on, each one is posted to your URL: new figures, corrections and withdrawals, of all
    indicators and places or of those that you name. Messages are signed after Standard Webhooks: check their
    `webhook-signature` with the secret, which is shown this once. Answer with 2xx within 10 seconds. A message comes
    once at least, in the order of releases, and with the same `webhook-id` each time. One that does not arrive is tried
    again, after 5 seconds at first and a day at last.
    """
    private = writing.settings.webhooks_private == "on"
    receiver, secret = receivers.create(writing.connection, writing.actor, private=private, **writing.body)
    return answers.told(receiver, writing.settings, secret=secret)


@blp.private("/webhooks", answer=schemas.WebhookList, meets=())
def list_webhooks(writing: Writing) -> Done:
    """List your webhooks

    The newest first, each with how the last attempts to reach it went.
    """
    return Done(data=[answers.data_of(item) for item in receivers.all_of(writing.connection, writing.actor)])


@blp.private("/webhooks/<webhook>", answer=schemas.WebhookAnswer)
def get_webhook(writing: Writing, webhook: str) -> Done:
    """Get a webhook

    Whether it is told of releases, up to which one it was, and why not where it was disabled.
    """
    return Done(data=answers.data_of(receivers.find(writing.connection, writing.actor, webhook)))


@blp.write("/webhooks/<webhook>", scope="publish", method="DELETE", statuses=(204,), meets=_UNKNOWN)
def delete_webhook(writing: Writing, webhook: str) -> Done:
    """Delete a webhook

    It is told nothing more, and what is known of the messages to it is deleted as well.
    """
    receivers.remove(writing.connection, writing.actor, webhook)
    return Done(status=204)


@blp.private("/webhooks/<webhook>/deliveries", answer=schemas.DeliveryList)
def list_deliveries(writing: Writing, webhook: str) -> Done:
    """List the messages to a webhook

    The newest first, a hundred at the most: whether each arrived, and the answer to the last attempt or why there was
    none.
    """
    found = receivers.deliveries_of(writing.connection, writing.actor, webhook)
    return Done(data=[answers.delivery(item) for item in found])


@blp.write("/webhooks/<webhook>/test", scope="publish", answer=schemas.QueuedAnswer, statuses=(202,), meets=_UNKNOWN)
def test_webhook(writing: Writing, webhook: str) -> Done:
    """Send a test to a webhook

    A message of type `webhook.test`, sent once, also to a webhook that is disabled. What came of it stands among its
    deliveries.
    """
    receivers.send_test(writing.connection, writing.actor, webhook)
    return answers.queued(webhook, writing.settings, 1)


@blp.write(
    "/webhooks/<webhook>/replay",
    scope="publish",
    query=schemas.ReplayQuestion,
    answer=schemas.QueuedAnswer,
    statuses=(202,),
    meets=_UNKNOWN,
)
def replay_webhook(writing: Writing, webhook: str) -> Done:
    """Send messages to a webhook again

    All that it was told, or missed, after a release. Each has the `webhook-id` that it had, so that you know those that
    you got.
    """
    since, url = writing.query["since"], writing.settings.public_url
    count = outbox.replay(writing.connection, writing.actor, webhook, since, url=url)
    return answers.queued(webhook, writing.settings, count)


@blp.write("/webhooks/<webhook>/enable", scope="publish", answer=schemas.WebhookAnswer, statuses=(200,), meets=_UNKNOWN)
def enable_webhook(writing: Writing, webhook: str) -> Done:
    """Enable a webhook

    After it was disabled, since it answered 410 or failed for days. It is told of all that it missed, in order.
    """
    return answers.told(receivers.enable(writing.connection, writing.actor, webhook), writing.settings)
