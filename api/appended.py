"""What platforms append to links that are shared, so that the one who shares it does not know of it.

A link that was mailed, posted or advertised comes back with marks of its way. They are no part of the question, so they
are dropped before anything reads it, and stand in no link, tag or citation. Only names that a platform writes by
itself are listed, as it writes them: words that people might mean by a question (`ref`, `source`, `cid`) are refused as
every unknown parameter is.
"""

from __future__ import annotations

from urllib.parse import unquote_plus

APPENDED: tuple[tuple[str, str], ...] = (
    ("utm_*", "Google Analytics, and most newsletters and advertisements"),
    ("gclid gclsrc dclid gbraid wbraid gad_source gad_campaignid srsltid _ga _gl _gac", "Google"),
    ("fbclid fb_action_* fb_source fb_ref mibextid igshid igsh", "Facebook, Instagram"),
    ("msclkid", "Microsoft Advertising"),
    ("twclid ref_src ref_url", "X (Twitter)"),
    ("li_fat_id trkinfo", "LinkedIn"),
    ("ttclid", "TikTok"),
    ("rdt_cid", "Reddit"),
    ("epik", "Pinterest"),
    ("sccid", "Snapchat"),
    ("yclid ysclid _openstat", "Yandex"),
    ("mc_cid mc_eid", "Mailchimp"),
    ("_hsenc _hsmi __hssc __hstc __hsfp hsctatracking hsa_*", "HubSpot"),
    ("mkt_tok", "Marketo"),
    ("dm_i dm_t", "Dotdigital"),
    ("_ke _kx", "Klaviyo"),
    ("cm_mid cm_crmid", "Campaign Monitor"),
    ("vero_id vero_conv", "Vero"),
    ("oly_enc_id oly_anon_id", "Omeda"),
    ("ef_id s_kwcid", "Adobe Advertising"),
    ("irclickid", "Impact"),
    ("_branch_match_id _branch_referrer", "Branch"),
    ("mtm_* matomo_* pk_* piwik_*", "Matomo"),
    ("spm", "Alibaba"),
    ("hss_channel", "HubSpot and Hootsuite, in posts"),
    ("sfnsn __tn__", "Facebook, on telephones"),
    ("trk", "LinkedIn, in mails"),
    ("si", "YouTube, Spotify"),
    ("dicbo oborigurl", "Outbrain"),
    ("tblci", "Taboola"),
    ("ncid wt.mc_*", "Webtrends, and newsletters"),
    ("amp amp_gsa amp_js_v usqp", "Google's accelerated pages"),
    ("guccounter guce_referrer guce_referrer_sig", "Yahoo"),
    ("cvid ocid", "Bing, MSN"),
    ("vgo_ee", "ActiveCampaign"),
    ("sfmc_*", "Salesforce"),
    ("elqtrackid elqtrack elqaid elqat elqcampaignid", "Oracle Eloqua"),
    ("bsft_*", "Blueshift"),
    ("__s", "Drip"),
    ("ml_subscriber ml_subscriber_hash", "MailerLite"),
    ("wickedid s_cid rb_clickid unicorn_click_id ss_email_id sc_customer sc_eh sc_uid oft_*", "other newsletters"),
    ("at_medium at_campaign at_custom* xtor", "Piano (AT Internet)"),
    ("__cf_chl_*", "Cloudflare"),
    ("_ _dc dojo.preventcache", "jQuery, Sencha and Dojo, which so get around browsers' caches"),
)
"""Names, a star standing for any ending, and who appends them. Names are compared without regard to case."""

_NAMES = {name for names, _ in APPENDED for name in names.split()}
_EXACT = frozenset(name for name in _NAMES if not name.endswith("*"))
_PREFIXES = tuple(name.removesuffix("*") for name in _NAMES - _EXACT)


def is_appended(name: str) -> bool:
    """Whether a parameter of this name (decoded) is dropped."""
    # Where an address was copied from the source of a page, its `&` may have stayed `&amp;`.
    plain = name.casefold().removeprefix("amp;")
    return plain in _EXACT or plain.startswith(_PREFIXES)


def without(query: str) -> str:
    """A query string (encoded) without what platforms append; as it was, to the letter, where they did not."""
    if not query:
        return query
    parts = query.split("&")
    kept = [part for part in parts if not is_appended(unquote_plus(part.partition("=")[0]))]
    return query if len(kept) == len(parts) else "&".join(kept)


def as_listed() -> list[dict[str, str]]:
    """The names as `/v1/config` lists them."""
    return [{"name": name, "appended_by": platform} for names, platform in APPENDED for name in names.split()]
