"""Regions: finding places, and all there is to know of one."""

from api.answers import peers
from api.answers import places as answers
from api.answers import profile as profiles
from api.answers.reading import Reading
from api.catalogue import Region
from api.encoders.negotiate import PLACES
from api.filters import Nothing, PeerFilter, ProfileFilter, RegionFilter
from api.http.blueprint import Blueprint
from api.rows import Answer
from api.schemas import places as schemas
from api.schemas.peers import PeerAnswer, PeerQuestion
from api.schemas.profile import ProfileAnswer, ProfileQuestion

blp = Blueprint("regions", __name__, description="Places: countries, regions, combined and local authorities.")


@blp.read(
    "/regions",
    query=schemas.RegionQuestion,
    answer=schemas.RegionList,
    formats=PLACES,
    example="/v1/regions?q=west%20midlands&level=itl1,combined-authority",
)
def list_regions(reading: Reading, asked: RegionFilter) -> Answer:
    """List or search regions

    Regions by level, parent, or a text in their code, name or aliases: best match first where a text is searched,
    else by code. Names are not unique; `label` tells places of one name apart, and so do words in the text such as
    council, UA or CA. `match` says how each was found: by a former or everyday name, as what came after a place that
    has ended, or (doubtful, and last) by a name that differs in a letter or two. Of equally good matches the place with
    most figures is first. Ended regions are listed with `valid_on=any` or a day on which they existed; with an
    `indicator`, `meta.left_out` names those that have figures.
    """
    return answers.list_regions(reading, asked)


@blp.read("/regions/<region>", answer=schemas.RegionAnswer, example="/v1/regions/E12000005")
def get_region(reading: Reading, asked: Nothing, region: Region) -> Answer:
    """Get one region

    Levels, parents, other spellings, a point, the latest population, the places of other levels that are the same area,
    and the regions that came before and after it.
    A region that has ended is answered too, with its end and its successors.
    """
    return answers.one_region(reading, asked, region)


@blp.read(
    "/regions/<region>/children",
    query=schemas.ChildQuestion,
    answer=schemas.RegionList,
    example="/v1/regions/E12000005/children?level=combined-authority",
)
def list_region_children(reading: Reading, asked: RegionFilter, region: Region) -> Answer:
    """List the regions within a region

    At any depth: the local authorities of a combined authority, the ITL 3 areas of a country.
    """
    return answers.list_children(reading, asked, region)


@blp.read(
    "/regions/<region>/profile",
    query=ProfileQuestion,
    answer=ProfileAnswer,
    example="/v1/regions/E12000005/profile",
)
def get_region_profile(reading: Reading, asked: ProfileFilter, region: Region) -> Answer:
    """Get the profile of a region

    Everything for a page about a place: by component each indicator's latest value, the medians and the UK figure
    beside it, its rank with what that rests on, the end of its series, and what is not measured or not covered and why.
    The group is of the same period as the value. Counts and amounts are compared per head of population. Strengths and
    gaps are ordered by the distance from the median of the level in interquartile ranges.
    """
    return profiles.one_profile(reading, asked, region)


@blp.read(
    "/regions/<region>/peers",
    query=PeerQuestion,
    answer=PeerAnswer,
    example="/v1/regions/E12000005/peers?indicators=gigabit-availability,level-3-qualifications,gva-sic-j-per-head"
    "&weights=gva-sic-j-per-head:2&k=3",
)
def list_region_peers(reading: Reading, asked: PeerFilter, region: Region) -> Answer:
    """List the regions most like a region

    Nearest neighbours at its level over standardised rates, which you may choose (`indicators`) and weigh (`weights`);
    counts and amounts enter per head of population. With each peer come the distance, what each indicator adds to it
    and the values side by side; with all of them who could not be a candidate, and why. Without `indicators` a stated
    rule chooses.
    """
    return peers.list_peers(reading, asked, region)
