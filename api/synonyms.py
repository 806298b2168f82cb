"""What other services call what is asked for here: advice goes by meaning before it goes by spelling.

Nothing here is accepted as it stands: a question in another service's words is refused, with the word that is right.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a word means here: one of some sets of words, the first that is known.

    `note` is said with it, `otherwise` where none of them is known.
    """

    words: tuple[tuple[str, ...], ...] = ()
    note: str = ""
    otherwise: str = ""

    def among(self, known: Collection[str]) -> tuple[str, ...]:
        """The words that say it where these are known; none, where it cannot be said."""
        return next((words for words in self.words if all(word in known for word in words)), ())


def fold(word: str) -> str:
    """A name without case and signs: `startPeriod`, `start-period` and `$startperiod` are one word."""
    return re.sub(r"[^a-z0-9]+", "", word.casefold())


def _table(*entries: tuple[str, Meaning]) -> dict[str, Meaning]:
    return {fold(word): meaning for words, meaning in entries for word in words.split()}


def _words(*alternatives: str, note: str = "", otherwise: str = "") -> Meaning:
    return Meaning(tuple(tuple(item.split()) for item in alternatives), note, otherwise)


_NO_KEY = "Reading needs no key: leave it out."
_PAGES = "Pages are gone through by links.next, which carries the cursor; limit says how long they are."

PARAMETERS: Mapping[str, Meaning] = _table(
    (
        (
            "startPeriod start from since after min_date date_from time_from from_date start_date startTime start_year "
            "from_year year_from min_year period_start period_min periodGte sinceTimePeriod after_date begin"
        ),
        _words("period_from", "period"),
    ),
    (
        (
            "endPeriod end to until before max_date date_to time_to to_date end_date endTime end_year to_year year_to "
            "max_year period_end period_max periodLte untilTimePeriod before_date"
        ),
        _words("period_to", "period"),
    ),
    (
        (
            "date year years time times time_period timePeriod timeframe quarter month periods when day dates "
            "academic_year financial_year periodType season"
        ),
        _words(
            *("period", "period_from period_to", "edition", "valid_on", "as_of"),
            otherwise="The newest figures are taken here; others are at /v1/series and /v1/observations, by period.",
        ),
    ),
    (
        "mrv mrnev mrvs lastNObservations last_n lastN most_recent recent newest last latest_only current last_value",
        _words("latest", otherwise="The newest is taken where no period is named, and stands last in a series."),
    ),
    (
        (
            "area areas geo geography geographies geoCode refArea ref_area area_code areaCode areas_code gss gss_code "
            "gssCode ons_code location locations locationIds place places country countries city town council la_code "
            "ladcode lad_code region_code region_id regionCode area_id areaId geo_code spatial location_code code "
            "entity lad la authority local_authority areaName region_name area_name place_name nuts itl postcode"
        ),
        _words("region", "parent", "q"),
    ),
    (
        (
            "measure measures variable variables metric metrics dataset dataset_id datasets series series_id seriesId "
            "subject indicator_id indicatorId indicators_id indic indicator_code topic_indicator stat statistic flow "
            "dataflow dataset_code table table_id field_indicator cube kpi"
        ),
        _words("indicator", "indicators", "q"),
    ),
    (
        (
            "geographicLevel geographic_level area_type areaType AreaTypeId area_type_id geo_type geoType "
            "geography_type geo_level geoLevel geographyLevel tier levels region_type nuts_level itl_level place_type "
            "resolution"
        ),
        _words("level"),
    ),
    ("parent_id parentCode parent_code parentAreaCode within inside parent_area in_region", _words("parent", "region")),
    ("theme themes topic topics category categories group components domain pillar", _words("component")),
    ("publisher provider sources agency agencyId organisation", _words("source")),
    (
        (
            "per_page perpage page_size pageSize pagesize size count top rows max max_results maxResults take length "
            "max_rows limits n num first"
        ),
        _words("limit", "k"),
    ),
    (
        (
            "page offset skip start_row startRow page_number pageNumber pageNo pageIndex next continuation token "
            "page_token pageToken next_token after_id firstResult startIndex record_offset"
        ),
        _words("cursor", note=_PAGES),
    ),
    (
        (
            "search query name keyword keywords term terms text find filter_name label title searchText search_term qs "
            "fulltext contains match"
        ),
        _words("q", otherwise="Texts are searched at /v1/regions?q= and /v1/indicators?q=."),
    ),
    ("neighbours neighbors k_nearest number_of_peers peers", _words("k")),
    ("weight weighting", _words("weights")),
    (
        "compare compare_to compareTo versus vs against benchmark benchmarks comparator comparators reference baseline",
        _words("with"),
    ),
    ("obs_status obsStatus flag flags observation_status quality_flag", _words("status")),
    ("link linked include_history recoded", _words("history")),
    ("version vintage snapshot revision release_id releaseId edition_id dataset_version", _words("release", "edition")),
    (
        "asOf as_at updatedAfter includeHistory realtime_start realtime_end known_at vintage_date effective_date",
        _words("as_of"),
    ),
    ("dry_run dryRun preview estimate head", _words("explain")),
    (
        (
            "f output outputFormat output_format fmt accept type content_type contentType response_format ext "
            "extension file_format fileType file_type mime media_type format_type download dataformat"
        ),
        _words("format"),
    ),
    (
        "geom shape shapes polygon polygons boundary boundaries outlines with_geometry returnGeometry hex hexagons",
        _words("geometry", otherwise="Maps are at /v1/regions.geojson and /v1/regions.topojson."),
    ),
    ("valid date_valid valid_at exists_on as_of_date active on", _words("valid_on")),
    (
        (
            "api_key key apikey token_key access_token auth authorization subscription_key appid app_id user password "
            "client_id session"
        ),
        _words(otherwise=_NO_KEY),
    ),
    (
        "callback jsonp jsonpcallback cors",
        _words(otherwise="Every site may read the answers as they are (CORS is open): leave it out."),
    ),
    ("lang language locale hl uselang culture", _words(otherwise="All texts are in English: leave it out.")),
    (
        "sort order sort_by sortBy order_by orderBy sort_order sortOrder dir direction sorting desc asc ascending",
        _words(
            otherwise="The order is fixed, so that pages fit together: sort what you have read; by value, see "
            "/v1/rankings/{indicator}."
        ),
    ),
    (
        (
            "fields select columns cols include exclude properties attributes fl dimensions "
            "dimensionAtObservation detail expand embed view"
        ),
        _words(otherwise="Every answer has all its columns: leave it out, and drop what you do not need."),
    ),
    ("filter filters where", _words(otherwise="Each filter is a parameter of its own.")),
    ("pretty indent prettyprint beautify", _words(otherwise="Answers are written without spaces: leave it out.")),
    ("header headers header_row", _words(otherwise="A table always has one header line: leave it out.")),
    ("delimiter sep separator decimal encoding charset", _words(otherwise="CSV is UTF-8 with commas: leave it out.")),
    ("freq frequency interval periodicity", _words(otherwise="Each indicator has one frequency: leave it out.")),
    (
        "unit units per scale_units",
        _words(otherwise="Each indicator has one unit, which every answer names: leave it out."),
    ),
    (
        "nocache cache timestamp ts rand random cb cachebuster",
        _words(otherwise="Ask again with If-None-Match instead."),
    ),
)
"""Names of parameters elsewhere."""

_NEAREST = "is not served. The nearest level here is local-authority."
_DISTRICTS = _words("local-authority")
_UPPER = _words(
    "county local-authority",
    note="Upper-tier authorities are two levels here: counties (county), and those of a single tier "
    "(local-authority). Ask for level=county,local-authority.",
)

LEVELS: Mapping[str, Meaning] = _table(
    (
        (
            "utla utlas uppertier uppertierlocalauthority uppertierlocalauthorities ctyua "
            "countiesandunitaryauthorities "
            "countyandunitary countyua"
        ),
        _UPPER,
    ),
    (
        (
            "ltla ltlas lad lads la las laua lau lau1 lau2 ltlad localauthorities localauthoritydistrict "
            "localauthoritydistricts "
            "lowertier lowertierlocalauthority lowertierlocalauthorities district districts council councils borough "
            "boroughs ua uas unitary unitaryauthority unitaryauthorities londonborough londonboroughs "
            "metropolitandistrict metropolitanboroughs city cities town towns lad23 lad24 lad25 lad26 "
            "councilarea councilareas lgd localgovernmentdistrict municipality"
        ),
        _DISTRICTS,
    ),
    ("countries ctry ctrys nation nations home_nations devolved", _words("country")),
    *(
        (name, _words("country", note=f"For the place, ask for region={code}; with a level, for parent={code}."))
        for name, code in (
            *(("england", "E92000001"), ("scotland", "S92000003")),
            *(("wales cymru", "W92000004"), ("northernireland", "N92000002")),
        )
    ),
    ("gb gbr unitedkingdom national kingdom whole total ukwide", _words("uk")),
    ("greatbritain englandandwales ew gbn", _words("other")),
    (
        (
            "region regions rgn rgns gor gors governmentofficeregion itl1s nuts1 nuts0 englishregion englishregions "
            "regionsofengland er tl2"
        ),
        _words("itl1", note="The nine regions of England are among the twelve ITL 1 regions."),
    ),
    ("nuts2s", _words("nuts2")),
    ("itl2s", _words("itl2")),
    ("nuts3 tl3 itl3s", _words("itl3", note="NUTS 3 is not served; ITL 3 came after it.")),
    (
        (
            "cauth cauths ca cas mca mcas cca combinedauthorities mayoral mayoralcombinedauthority msa "
            "strategicauthority "
            "mayoralstrategicauthority metrocounty"
        ),
        _words("combined-authority"),
    ),
    ("cityregions growthdeal cityregiondeal", _words("city-region")),
    ("cty ctys counties countycouncil countycouncils shire shirecounty ctyc", _words("county")),
    (
        "lep leps localenterprisepartnership localenterprisepartnerships",
        Meaning((("combined-authority",),), "Local enterprise partnerships, which ended in 2024, are not served."),
    ),
    *(
        (words, Meaning((("local-authority",),), f"{what} {_NEAREST}"))
        for words, what in (
            ("msoa msoas lsoa lsoas oa oas soa datazone datazones dz iz outputarea outputareas", "A statistical area"),
            ("ward wards wd wds electoralward electoraldivision ced parish parishes par", "A ward or parish"),
            ("postcode postcodes pcd pcds postcodesector postcodedistrict pcon", "A postcode area"),
            ("constituency constituencies parliamentaryconstituency westminster", "A constituency"),
            ("icb icbs ccg ccgs stp nhs healthboard lhb trust", "A health area"),
            ("ttwa ttwas traveltoworkarea bua buas builtuparea fua", "A travel-to-work or built-up area"),
            ("pfa fra policeforce police fire", "A police or fire area"),
        )
    ),
)
"""Names of levels elsewhere. Where the words are not the same thing, the note says so."""

FORMATS: Mapping[str, str] = {
    fold(word): name
    for name, words in {
        "json": "application/json js text/json",
        "ndjson": "jsonl jsonlines json-lines ldjson application/jsonl application/x-jsonlines application/jsonlines",
        "csv": "tsv txt text comma text/plain text/tab-separated-values text/comma-separated-values application/csv",
        "csvw": "csvm csv-metadata csvmetadata",
        "xlsx": "xls excel spreadsheet ods workbook xlsm application/vnd.ms-excel",
        "json-stat": "jsonstat json-stat2 jsonstat2 jstat json_stat application/json-stat application/stat+json",
        "sdmx-csv": "sdmx sdmxcsv sdmx-json sdmx-ml application/vnd.sdmx.data+json",
        "parquet": "pq arrow feather application/parquet application/x-parquet application/vnd.apache.arrow.file",
        "geojson": "geo gjson shp kml gpkg application/vnd.geo+json",
        "topojson": "topo tjson application/topojson application/vnd.topo+json",
        "atom": "rss feed application/rss+xml",
        "json-ld": "jsonld rdf ttl dcat turtle text/turtle application/rdf+xml",
    }.items()
    for word in (name, *words.split())
}
"""Names, endings and media types of formats elsewhere, and the format here that serves for them."""


_SERVED = frozenset(fold(word) for meaning in LEVELS.values() for words in meaning.words for word in words)


def names_level(word: str) -> bool:
    """Whether a word is the name of a level, here or elsewhere."""
    return fold(word) in _SERVED or fold(word) in LEVELS


def level(word: str, known: Mapping[str, Collection[str]]) -> Meaning | None:
    """What a level is called here, by what the known ones are called each; None where the word is not known."""
    same = next((item for item, own in known.items() if fold(word) in map(fold, (item, *own))), None)
    return Meaning(((same,),)) if same else LEVELS.get(fold(word))
