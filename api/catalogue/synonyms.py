"""Words for what is measured: what people ask for, in the words that titles use; and what nothing measures."""

from __future__ import annotations

_GROUPS = (
    ("broadband internet fibre fttp wifi connectivity gigabit superfast ultrafast speed", "broadband gigabit mbit"),
    ("mobile phone phones signal coverage 5g 4g lte cellular network masts", "5g 4g"),
    ("rural notspot", "mbit 4g 5g"),
    ("job work worker workforce labour occupation employment employed staff career", "job employment"),
    ("vacancy vacancies hiring recruitment advert adverts demand", "advert"),
    ("startup startups founder entrepreneur entrepreneurship birth births newcomer", "birth"),
    ("start up", "birth"),
    ("firm company companies business enterprise sme smes employer", "business enterprise"),
    ("scaleup scaleups scale growth growing gazelle", "growth"),
    ("survival closure closures death deaths failure insolvency", "survival"),
    ("rd rnd research science innovation development innovate", "research innovate rd"),
    ("productivity gva gdp output economy value economic prosperity", "output gva"),
    ("export exports trade trading sales abroad overseas international", "export"),
    ("apprentice apprentices apprenticeship apprenticeships trainee training", "apprenticeship"),
    ("qualification qualified nvq education degree attainment level graduate gcse", "qualified level"),
    ("college fe further education course courses learner learners student students", "further"),
    ("investment invest fdi foreign capital inward", "investment fdi"),
    ("funding fund grant award subsidy", "funding"),
    ("finance financial money", "investment funding"),
    ("population people resident inhabitant demography demographic head headcount", "population"),
    ("tech it ict digital software computing technology information sector", "ict information digital technology"),
    ("online user users usage adoption inclusion exclusion web", "internet"),
    ("stem engineer engineering scientist technician", "science technology"),
)
"""Words that are asked for, and the beginnings of words in the titles of indicators that answer to them."""

_UNMEASURED = (
    ("ai artificial intelligence llm robot automation", "the use of artificial intelligence", "digital-adoption"),
    ("cloud saas hosting", "the use of cloud services", "digital-adoption"),
    ("cyber cybersecurity security breach", "cyber security", "digital-adoption"),
    ("ecommerce commerce website", "trade over the internet", "digital-adoption"),
    ("datacentre datacenter", "data centres", "digital-infrastructure"),
    ("latency upload download", "measured speeds", "digital-infrastructure"),
    ("venture vc angel equity", "venture capital", "finance-investment"),
    ("wage wages pay salary salaries earnings income", "pay", None),
    ("price prices rent rents housing house", "prices", None),
    ("patent patents", "patents", "research-innovation"),
    ("open governance sharing", "how data is shared", "data-ecosystems"),
    ("partnership cluster collaboration coordination", "working together", "collaboration-coordination"),
)  # fmt: skip
"""What people ask for and nothing here measures, and the component that it would belong to."""

_ANSWERS = {word: tuple(starts.split()) for words, starts in _GROUPS for word in words.split()}
_NOTHING = {word: (what, component) for words, what, component in _UNMEASURED for word in words.split()}


def answering(word: str) -> tuple[str, ...]:
    """The beginnings of words in titles that answer to a word."""
    return _ANSWERS.get(word) or _ANSWERS.get(stem(word), ())


def unmeasured(words: list[str]) -> tuple[str, str | None] | None:
    """What of some words nothing here measures, and the component that it would belong to, if any."""
    return next((found for word in words if (found := _NOTHING.get(word) or _NOTHING.get(stem(word)))), None)


def stem(word: str) -> str:
    """A word without the ending of its plural."""
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    if len(word) > 5 and word.endswith(("sses", "xes", "ches")):
        return word[:-2]
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word
