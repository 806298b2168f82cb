"""How names are taken apart, what may be misspelt, and what is a postcode."""

import pytest

from api.catalogue import postcode
from api.catalogue.spelling import spell
from api.catalogue.vocabulary import Vocabulary, distance


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Stratford-on-Avon", "Stratford upon Avon"),
        ("St. Helens", "Saint Helens Metropolitan Borough Council"),
        ("Bristol, City of", "City of Bristol UA"),
        ("London Borough of Hackney", "hackney london boro"),
        ("Telford and Wrekin", "Telford & the Wrekin UA"),
        ("King's Lynn & West Norfolk", "King\u2019s Lynn and W. Norfolk"),
        ("Gwynedd", "Cyngor Gwynedd"),
        ("Ynys Môn", "Ynys M\u00c3\u00b4n"),
        ("North East Lincolnshire", "NE  Lincs"),
        ("Orkney Islands", "Orkney Isles"),
        ("Barrow-in-Furness", "Barrow\u2013in\u2013Furness BC"),
    ],
)
def test_spellings_of_one_name_have_the_same_words(one, other):
    assert sorted(spell(one).words) == sorted(spell(other).words) != []


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Newcastle upon Tyne", "Newcastle-under-Lyme"),
        ("Liverpool", "Liverpool City Region"),
        ("Manchester", "Greater Manchester"),
        ("North Yorkshire", "York and North Yorkshire"),
    ],
)
def test_words_that_tell_places_apart_are_kept(one, other):
    assert set(spell(one).words) != set(spell(other).words)


@pytest.mark.parametrize(
    ("text", "levels"),
    [
        ("Leeds", set()),
        ("Leeds UA", {"local-authority"}),
        ("West Midlands CA", {"combined-authority"}),
        ("West Yorkshire Mayoral Combined Authority", {"combined-authority"}),
        ("Merthyr Tydfil County Borough Council", {"local-authority"}),
        ("Liverpool City CA", {"combined-authority"}),
        ("Kent (ITL 2 area)", {"itl2"}),
    ],
)
def test_words_for_kinds_name_levels(text, levels):
    assert spell(text).levels == levels


def test_a_word_may_be_misspelt_by_a_letter_or_in_long_ones_two():
    words = Vocabulary(["middlesbrough", "leicester", "knowsley", "leeds", "lewes", "bath", "bury", "e06000001"])
    assert words.alike("middlesborough") == {"middlesbrough": 1}
    assert words.alike("leciester") == {"leicester": 1}
    assert words.alike("midlesborough") == {"middlesbrough": 2}
    assert words.alike("leds") == {"leeds": 1}
    assert words.alike("e06000002") == words.alike("bat") == words.alike("buxton") == {}


def test_the_distance_counts_letters_that_changed_places_once():
    assert [distance("abcd", other) for other in ("abcd", "abdc", "abc", "xbcd", "abcde", "badc")] == [0, 1, 1, 1, 1, 2]


@pytest.mark.parametrize(
    "text", ["B1 1BB", "SW1A 1AA", "sw1a1aa", "EC1", "LS1", "E1W", "BT1 5GS", "W1A 0AX", "b1 1", "N1"]
)
def test_a_postcode_is_told_from_a_name(text):
    assert postcode(text) == text.upper()


@pytest.mark.parametrize(
    "text", ["Leeds", "TLG31", "UKC1", "E12000005", "Z1", "LS", "2024", "K02000001", "", "B1 1BBB"]
)
def test_what_is_no_postcode(text):
    assert postcode(text) is None
