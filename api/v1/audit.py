"""The audit of what was done with keys, and by the operator."""

from urllib.parse import urlencode

from api.http.blueprint import Blueprint
from api.http.told_drafts import moment
from api.http.writes import Done, Writing
from api.limits import limit_of
from api.schemas import audit as schemas
from api.services import audit

blp = Blueprint("audit", __name__, description="Who did what, when and from where.")


@blp.private("/audit", scope="admin", query=schemas.AuditQuestion, answer=schemas.AuditList, meets=())
def list_audit(writing: Writing) -> Done:
    """List what was done

    Who made, used and revoked keys, uploaded, published and took back, when and from where, with the SHA-256 of each
    file, the newest first. Entries are added, and never changed or removed. For keys with the scope `admin`.
    """
    asked = writing.query
    limit = asked.get("limit") or limit_of("default_items")
    filters = {name: asked.get(name) for name in ("owner", "subject")}
    found = audit.entries(writing.connection, before=asked.get("before"), limit=limit + 1, **filters)
    shown = [
        {name: item[name] for name in ("id", "action", "owner", "address", "subject", "sha256", "details")}
        | {"at": moment(item["at"]), "key": item["key_prefix"]}
        for item in found[:limit]
    ]
    named = {name: text for name, text in filters.items() if text}
    following = None
    if len(found) > limit:
        following = f"/v1/audit?{urlencode(named | {'limit': limit, 'before': shown[-1]['id']})}"
    return Done(data=shown, links={"next": following})
