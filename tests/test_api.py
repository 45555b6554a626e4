"""The API of the saved queries: what it says of itself, what it answers, and the Dutch API Design Rules."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from openapi_spec_validator import OpenAPIV31SpecValidator

import sdkg
from sdkg.choices import choices
from sdkg.errors import ProblemError
from sdkg.header import RESERVED
from sdkg.namespaces import ID, SD
from sdkg.web import openapi
from sdkg.web.api_input import Given, Page
from sdkg.web.offers import ROWS, choose
from tests.paths import ROOT
from tests.servers import PATIENT
from tests.servers import sdkg as serving

API = "api/v1"
BOTH = f"{API}/queries/doelen-op-wet-en-partner"
LAWS = f"{API}/queries/wetten"
TREE = f"{API}/queries/doelenboom"
NAMES = sorted(path.stem for path in (ROOT / "queries").glob("*.rq"))


@pytest.fixture(scope="module")
def document(client: httpx.Client) -> dict[str, Any]:
    found: dict[str, Any] = client.get(f"{API}/openapi.json").json()
    return found


def examples(graph: sdkg.KnowledgeGraph, name: str) -> dict[str, str]:
    return {p.name: p.example for p in graph.queries[name].parameters if p.required}


def faults(answer: httpx.Response) -> dict[str, dict[str, Any]]:
    assert answer.headers["content-type"] == "application/problem+json"
    return {fault["name"]: fault for fault in answer.json()["errors"]}


# ---- the description


def test_openapi_is_valid(document: dict[str, Any], address: str) -> None:
    assert document["openapi"].startswith("3.1")
    assert [*OpenAPIV31SpecValidator(document).iter_errors()] == []
    assert document["servers"][0]["url"] == address + API


def test_the_validator_sees_a_fault() -> None:
    found = openapi.describe_api([], "http://localhost/")
    assert [*OpenAPIV31SpecValidator(found).iter_errors()] == []
    assert [*OpenAPIV31SpecValidator({**found, "info": {"title": "no version"}}).iter_errors()]


def test_yaml_says_the_same(client: httpx.Client, document: dict[str, Any]) -> None:
    answer = client.get(f"{API}/openapi.yaml")
    assert answer.headers["content-type"] == "application/yaml"
    assert yaml.safe_load(answer.text) == document


def test_every_query_is_described_by_its_own_header(
    document: dict[str, Any], graph: sdkg.KnowledgeGraph
) -> None:
    for name, query in graph.queries.items():
        operation = document["paths"][f"/queries/{name}/results"]["get"]
        assert operation["summary"] == query.question.nl
        assert query.question.en in operation["description"]
        assert query.description.nl in operation["description"]
        assert operation["tags"] == list(query.tags)
        for parameter in query.parameters:
            found = document["components"]["parameters"][f"{name}.{parameter.name}"]
            assert parameter.label.nl in found["description"]
            assert parameter.label.en in found["description"]
            assert found["required"] == (parameter.required and parameter.default is None)
            assert str(found["example"]) == parameter.example
            assert "type" in found["schema"] or "anyOf" in found["schema"]


def test_an_option_with_a_default_can_be_left_open(document: dict[str, Any]) -> None:
    schema = document["components"]["parameters"]["doelen-op-wet-en-partner.niveau"]["schema"]
    assert schema["enum"] == ["gesteld", "geerfd", "plan", "alle", "all"]
    assert schema["default"] == "geerfd"


def test_examples_fit_their_schemas(document: dict[str, Any]) -> None:
    for name, parameter in document["components"]["parameters"].items():
        Draft202012Validator(parameter["schema"]).validate(parameter["example"])
        assert parameter["description"], name


@pytest.mark.parametrize("name", NAMES)
def test_every_question_answers_as_described(
    client: httpx.Client, graph: sdkg.KnowledgeGraph, document: dict[str, Any], name: str
) -> None:
    asked = examples(graph, name)
    answer = client.get(f"{API}/queries/{name}/results", params=asked)
    assert answer.status_code == 200
    schema = {**document["components"]["schemas"][name], "components": document["components"]}
    Draft202012Validator(schema).validate(answer.json())
    rows = graph.query(name, **asked)  # type: ignore[arg-type]
    assert answer.json()["total"] == len(answer.json()["rows"]) == len(rows)
    assert answer.json()["columns"] == list(rows.columns)


def test_all_else_answers_as_described(client: httpx.Client, document: dict[str, Any]) -> None:
    asked = {"": "Start", "/queries": "Vragen", "/queries/wetten": "Vraag", "/search?q=wmo": "Treffers"}
    asked |= {
        "/queries/wetten/parameters/wet/values": "Waarden",
        "/queries/wetten/reasons?limit=1": "Redenen",
    }
    for path, schema in asked.items():
        answer = client.get(API + path)
        assert answer.status_code == 200, path
        reference = {"$ref": f"#/components/schemas/{schema}", "components": document["components"]}
        Draft202012Validator(reference).validate(answer.json())
    for path in ("/queries/x", "/queries/wetten/results?x=1", "/search"):
        reference = {"$ref": "#/components/schemas/Probleem", "components": document["components"]}
        Draft202012Validator(reference).validate(client.get(API + path).json())


# ---- the API Design Rules, as far as a machine can check them


def test_rule_publish_openapi(client: httpx.Client) -> None:
    answer = client.get(f"{API}/openapi.json", headers={"Origin": "https://elders.nl"})
    assert answer.headers["access-control-allow-origin"] == "*"
    assert answer.headers["content-type"] == "application/json"


def test_rule_openapi_contact_and_semver(document: dict[str, Any]) -> None:
    assert {"name", "url"} <= document["info"]["contact"].keys()
    assert re.fullmatch(r"\d+\.\d+\.\d+", document["info"]["version"])
    assert document["info"]["license"]["identifier"] == "CC0-1.0"


def test_rule_uri_version(document: dict[str, Any]) -> None:
    major = document["info"]["version"].split(".")[0]
    assert document["servers"][0]["url"].endswith(f"/v{major}")


PATHS = [
    "",
    "/queries",
    "/queries/wetten",
    "/queries/wetten/results",
    "/queries/wetten/results?format=csv",
    "/queries/wetten/results?format=html",
    "/queries/wetten/reasons?limit=1",
    "/queries/wetten/parameters/wet/values",
    "/search?q=wmo",
    "/openapi.json",
    "/openapi.yaml",
]
WRONG = ["/queries/niets", "/queries/", "/niets", "/queries/wetten/results?x=1", "/openapi.xml", "/search"]


@pytest.mark.parametrize("path", [*PATHS, *WRONG])
def test_rule_version_header_and_security_headers(client: httpx.Client, path: str) -> None:
    for _ in range(3):  # an answer that is kept has them too
        headers = client.get(API + path).headers
        assert headers["api-version"] == openapi.VERSION
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["x-frame-options"] == "DENY"
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
        assert headers["access-control-allow-origin"] == "*"
        assert "API-Version" in headers["access-control-expose-headers"]


@pytest.mark.parametrize("path", PATHS)
def test_rule_no_trailing_slash(client: httpx.Client, path: str) -> None:
    """With a slash at the end: 404, and no redirect."""
    bare, _, query = path.partition("?")
    answer = client.get(f"{API}{bare}/?{query}")
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_rule_http_methods(client: httpx.Client, path: str, method: str) -> None:
    answer = client.request(method, API + path)
    assert answer.status_code == 405
    assert answer.headers["allow"] == "GET, HEAD"
    assert answer.headers["content-type"] == "application/problem+json"


def test_rule_path_segments_kebab_case(document: dict[str, Any]) -> None:
    for path in document["paths"]:
        for segment in path.strip("/").split("/"):
            assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*(\.json)?|\{[a-z]+\}", segment), path


def test_rule_query_keys_camel_case(document: dict[str, Any]) -> None:
    keys = {p["name"] for p in document["components"]["parameters"].values() if p["in"] == "query"}
    assert all(re.fullmatch(r"[a-z][A-Za-z0-9]*", key) for key in keys)


def test_rule_resource_operations_are_safe(document: dict[str, Any]) -> None:
    assert {method for path in document["paths"].values() for method in path} == {"get"}


def test_rule_problem_details_and_all_errors_at_once(client: httpx.Client) -> None:
    wrong = {"niveau": "sterk", "geldigOp": "2024-13-01", "kleur": "rood", "limit": "0", "offset": "-1"}
    answer = client.get(f"{BOTH}/results", params={**wrong, "wet": "Participatiewet", "format": "docx"})
    assert answer.status_code == 400
    assert faults(answer).keys() == {*wrong, "partner", "format"}
    assert {"title", "status", "detail"} <= answer.json().keys()


def test_words_of_the_api_are_no_names_of_parameters() -> None:
    assert {"format", "limit", "offset", "lang"} <= RESERVED


# ---- the queries


def test_list_of_queries_and_tags(client: httpx.Client) -> None:
    found = client.get(f"{API}/queries").json()
    assert [query["name"] for query in found["queries"]] == NAMES
    assert found["total"] == len(NAMES)
    some = client.get(f"{API}/queries", params={"tag": "geld"}).json()
    assert 0 < some["total"] < found["total"]
    assert all("geld" in query["tags"] for query in some["queries"])
    assert client.get(f"{API}/queries?tag=goud").status_code == 400


def test_links_of_a_query_lead_somewhere(client: httpx.Client) -> None:
    found = client.get(LAWS).json()
    for relation in ("self", "results", "reasons"):
        assert client.get(found["links"][relation]).status_code == 200
    for parameter in found["parameters"]:
        assert client.get(parameter["links"]["values"]).status_code == 200


def test_one_query_says_all_of_its_header(client: httpx.Client, graph: sdkg.KnowledgeGraph) -> None:
    found, query = client.get(BOTH).json(), graph.queries["doelen-op-wet-en-partner"]
    assert found["question"] == {"nl": query.question.nl, "en": query.question.en}
    assert found["sparql"] == query.text
    level = next(parameter for parameter in found["parameters"] if parameter["name"] == "niveau")
    assert (level["type"], level["default"], level["options"]) == (
        "choice",
        "geerfd",
        ["gesteld", "geerfd", "plan"],
    )
    law = next(parameter for parameter in found["parameters"] if parameter["name"] == "wet")
    assert (law["class"], law["required"], law["example"]) == (SD + "Wet", True, "Participatiewet")
    assert [column["name"] for column in found["columns"]] == list(query.columns)


def test_unknown_query_names_the_nearest(client: httpx.Client) -> None:
    answer = client.get(f"{API}/queries/wet/results")
    assert (answer.status_code, answer.json()["candidates"][0]) == (404, "wetten")


# ---- answers


def test_goal_that_rests_on_law_and_partner(client: httpx.Client) -> None:
    found = client.get(f"{BOTH}/results", params={"wet": "BWBR0015703", "partner": "stip-heerde"}).json()
    assert found["rows"][0]["doel"].startswith(f"{ID}heerde-2022/doel-")
    assert found["parameters"]["wet"] == ID + "wet/participatiewet"


def test_an_address_of_the_server_is_the_iri(client: httpx.Client, address: str) -> None:
    found = client.get(f"{LAWS}/results", params={"wet": f"{address}id/wet/jeugdwet"}).json()
    assert found["parameters"]["wet"] == ID + "wet/jeugdwet"


def test_missing_and_empty_parameters_are_the_same(client: httpx.Client) -> None:
    for asked in ({}, {"wet": "", "partner": " "}):
        assert faults(client.get(f"{BOTH}/results", params=asked)).keys() == {"wet", "partner"}
    assert "Participatiewet" in faults(client.get(f"{BOTH}/results"))["wet"]["detail"]


def test_a_name_of_more_things_or_none_comes_with_candidates(client: httpx.Client) -> None:
    asked = {"wet": "Participatiwet", "partner": "STIP"}
    answer = client.get(f"{BOTH}/results", params=asked)
    assert answer.status_code == 400
    assert faults(answer)["wet"]["candidates"][0]["iri"] == ID + "wet/participatiewet"
    where = f"{API}/queries/herkomst-van-element/results"
    two = faults(client.get(where, params={"element": "Aantal thuiszitters"}))["element"]
    assert len(two["candidates"]) == 2
    assert all(
        client.get(where, params={"element": each["iri"]}).json()["rows"] for each in two["candidates"]
    )


def test_a_name_given_twice_is_refused(client: httpx.Client) -> None:
    answer = client.get(f"{LAWS}/results?wet=Jeugdwet&wet=Wmo")
    assert faults(answer).keys() == {"wet"}


MEDIA = [(offer.name, offer.plain_type) for offer in ROWS]


@pytest.mark.parametrize(("name", "media_type"), MEDIA)
def test_every_format_by_name(
    client: httpx.Client, graph: sdkg.KnowledgeGraph, name: str, media_type: str
) -> None:
    answer = client.get(f"{LAWS}/results", params={"format": name, "plan": "heerde-2022", "limit": 3})
    assert answer.status_code == 200
    assert answer.headers["content-type"].partition(";")[0] == media_type
    assert answer.headers["total-count"] == str(len(graph.query("wetten", plan="heerde-2022")))
    saved = "content-disposition" in answer.headers
    assert saved == (name in ("csv", "csv-nl", "xlsx", "parquet"))


@pytest.mark.parametrize(("name", "media_type"), [pair for pair in MEDIA if pair[0] != "csv-nl"])
def test_every_format_by_accept(client: httpx.Client, name: str, media_type: str) -> None:
    asked = {"plan": "heerde-2022"}
    by_accept = client.get(f"{LAWS}/results", params=asked, headers={"Accept": media_type})
    by_name = client.get(f"{LAWS}/results", params={**asked, "format": name})
    assert by_accept.headers["content-type"] == by_name.headers["content-type"]
    if name not in ("xlsx", "json"):  # holds the time, or links
        assert by_accept.content == by_name.content


def test_formats_hold_the_rows(client: httpx.Client) -> None:
    asked: dict[str, str | int] = {"plan": "heerde-2022"}
    rows = client.get(f"{LAWS}/results", params=asked).json()["rows"]
    text = client.get(f"{LAWS}/results", params={**asked, "format": "csv"}).text
    assert [row["wetLabel"] for row in rows] == [row["wetLabel"] for row in csv.DictReader(io.StringIO(text))]
    page = client.get(f"{LAWS}/results", params={**asked, "format": "html"})
    assert page.text.count("<tr>") == len(rows) + 1
    dutch = client.get(f"{LAWS}/results", params={**asked, "format": "csv-nl"})
    assert dutch.content.startswith("\ufeff".encode())


def test_values_are_plain_in_json(client: httpx.Client) -> None:
    rows = client.get(f"{API}/queries/cijfers/results").json()["rows"]
    values = [value for row in rows for value in row.values()]
    assert any(isinstance(value, float) for value in values)
    assert any(isinstance(value, int) and not isinstance(value, bool) for value in values)
    plans = client.get(f"{API}/queries/plannen-geldig-op/results", params={"datum": "2024-07-01"}).json()[
        "rows"
    ]
    assert plans
    assert any(re.fullmatch(r"\d{4}-\d\d-\d\d", str(value)) for value in plans[0].values())


def test_nothing_that_fits_is_406(client: httpx.Client) -> None:
    for path in (f"{LAWS}/results", LAWS, f"{API}/queries", f"{LAWS}/reasons"):
        answer = client.get(path, headers={"Accept": "image/png"})
        assert answer.status_code == 406
        assert "application/json" in answer.json()["available"]


def test_pages_hold_every_row_once(client: httpx.Client) -> None:
    whole = client.get(f"{TREE}/results", params={"plan": "heerde-2022"}).json()
    rows, address = [], f"{TREE}/results?plan=heerde-2022&limit=25"
    for _ in range(1000):
        answer = client.get(address)
        assert answer.json()["total"] == whole["total"]
        rows += answer.json()["rows"]
        if "next" not in answer.links:
            break
        assert answer.links["next"]["url"] == answer.json()["links"]["next"]
        address = answer.links["next"]["url"]
    assert rows == whole["rows"]
    assert "last" in answer.links
    assert answer.links["first"]["url"].endswith("limit=25&offset=0")


def test_beyond_the_end_is_empty_with_a_way_back(client: httpx.Client) -> None:
    answer = client.get(f"{LAWS}/results", params={"plan": "heerde-2022", "offset": 100_000, "limit": 10})
    assert (answer.status_code, answer.json()["rows"]) == (200, [])
    assert client.get(answer.links["prev"]["url"]).json()["rows"]


@given(st.integers(0, 500), st.integers(1, 50), st.integers(0, 600))
def test_links_of_any_page_walk_the_whole_list(total: int, limit: int, offset: int) -> None:
    links = Page("http://x", (), total, limit, offset).links()
    starts = {relation: int(url.rpartition("=")[2]) for relation, url in links.items()}
    assert ("next" in starts) == (offset + limit < total)
    assert ("prev" in starts) == (offset > 0)
    assert starts["last"] <= max(0, total - 1) < starts["last"] + limit
    assert starts["first"] == 0
    assert starts.get("prev", -1) < max(offset, 0) or offset == 0


# ---- reasons, values, search


def test_reasons_of_rows(client: httpx.Client, graph: sdkg.KnowledgeGraph) -> None:
    asked = {"plan": "heerde-2022"}
    found = client.get(f"{LAWS}/reasons", params={**asked, "limit": 2, "offset": 1}).json()
    rows = client.get(f"{LAWS}/results", params={**asked, "limit": 2, "offset": 1}).json()["rows"]
    assert [each["row"] for each in found["rows"]] == rows
    own = [reasons for _, reasons in graph.why("wetten", limit=2, offset=1, plan="heerde-2022")]
    assert [each["text"]["en"] for each in found["rows"]] == [reasons.text("en") for reasons in own]
    stated = found["rows"][0]["reasons"]["statements"][0]
    assert stated["stated"] or stated["premises"]


def test_reasons_are_bounded(client: httpx.Client) -> None:
    found = client.get(f"{LAWS}/reasons", params={"plan": "heerde-2022"}).json()
    assert len(found["rows"]) == openapi.SOME_REASONS
    answer = client.get(f"{LAWS}/reasons", params={"limit": openapi.MOST_REASONS + 1})
    assert faults(answer).keys() == {"limit"}


def test_values_are_all_there_are(client: httpx.Client, graph: sdkg.KnowledgeGraph) -> None:
    found = client.get(f"{LAWS}/parameters/wet/values").json()
    laws = {str(row.wet) for row in graph.sparql("SELECT ?wet { ?wet a sd:Wet }")}  # type: ignore[union-attr]
    assert {each["value"] for each in found["values"]} == laws
    one = next(each for each in found["values"] if each["value"] == ID + "wet/wmo-2015")
    assert one["label"]["nl"] == "Wet maatschappelijke ondersteuning 2015"
    assert "BWBR0035362" in one["aliases"]
    names = [each["label"]["nl"].casefold() for each in found["values"]]
    assert names == sorted(names)


def test_values_can_be_given(client: httpx.Client, graph: sdkg.KnowledgeGraph) -> None:
    seen = set()
    for name, query in graph.queries.items():
        for parameter in query.parameters:
            if parameter.type in seen and parameter.type != "choice":
                continue
            seen.add(parameter.type)
            every = client.get(
                f"{API}/queries/{name}/parameters/{parameter.name}/values", params={"limit": 1}
            )
            for each in every.json()["values"]:
                asked = {**examples(graph, name), parameter.name: each["value"]}
                answer = client.get(f"{API}/queries/{name}/results", params={**asked, "limit": 1})
                assert answer.status_code == 200, (name, asked)


def test_values_of_themes_name_their_plan(graph: sdkg.KnowledgeGraph) -> None:
    theme = next(p for p in graph.queries["lopende-maatregelen"].parameters if p.type == "Thema")
    assert all(
        choice.plan and choice.value.startswith(choice.plan + "/") for choice in choices(graph.engine, theme)
    )


def test_values_of_dates_and_choices(client: httpx.Client) -> None:
    assert client.get(f"{BOTH}/parameters/geldigOp/values").json()["values"] == []
    found = client.get(f"{BOTH}/parameters/niveau/values").json()["values"]
    assert [each["value"] for each in found] == ["gesteld", "geerfd", "plan"]
    answer = client.get(f"{BOTH}/parameters/niveu/values")
    assert (answer.status_code, answer.json()["candidates"]) == (404, ["niveau"])


def test_search_forgives_slips(client: httpx.Client, address: str) -> None:
    found = client.get(f"{API}/search", params={"q": "particpatiewet", "limit": 3}).json()
    assert found["hits"][0]["iri"] == ID + "wet/participatiewet"
    assert found["hits"][0]["links"]["self"] == f"{address}id/wet/participatiewet"
    assert len(found["hits"]) <= 3
    assert faults(client.get(f"{API}/search")).keys() == {"q"}
    assert faults(client.get(f"{API}/search", params={"q": "x" * 201})).keys() == {"q"}


# ---- input that nobody asked for


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(["limit", "offset", "format", "x"]), st.text(max_size=12))))
def test_any_input_is_taken_or_refused(pairs: list[tuple[str, str]]) -> None:
    asked = Given(pairs)
    assert 1 <= asked.number("limit", 10, 1, 100) <= 100
    assert asked.number("offset", 0) >= 0
    assert asked.choice("format", ["json"]) in (None, "json")
    if asked.rest or asked.faults:
        with pytest.raises(ProblemError, match="Invalid input"):
            asked.done()
    else:
        asked.done()


@pytest.mark.parametrize(
    "query",
    [
        "wet=%00",
        "wet=%ff",
        "wet=" + "x" * 5000,
        "wet=<script>",
        "%00=1",
        "wet[]=1",
        "wet=%22%20}%20%23",
        "=&&=;",
    ],
)
def test_hostile_input_is_refused_and_never_an_error_here(client: httpx.Client, query: str) -> None:
    answer = client.get(f"{LAWS}/results?{query}")
    assert answer.status_code in (200, 400)
    if answer.status_code == 400:
        assert faults(answer)


def test_a_format_whose_package_is_missing_is_not_offered() -> None:
    with pytest.raises(ProblemError, match="one of json"):
        choose(ROWS[:1], "*/*", "xlsx")


def test_another_base_is_in_every_link(project: Path, tmp_path: Path) -> None:
    base = "https://data.example.nl/sd/"
    proxied = serving(project, tmp_path, *PATIENT, "--base-url", base)
    with proxied as site, httpx.Client(base_url=site.url, timeout=120) as client:
        answer = client.get(f"{LAWS}/results", params={"plan": "heerde-2022", "limit": 1})
        assert answer.links["next"]["url"].startswith(base + LAWS)
        assert answer.json()["links"]["self"].startswith(base + LAWS)
        assert client.get(f"{API}/openapi.json").json()["servers"][0]["url"] == base + API
        assert client.get(LAWS).json()["links"]["results"] == f"{base}{LAWS}/results"
