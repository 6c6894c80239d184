"""The page at `/`, and the counters for programs."""

import re

from importer.sandbox.seeds import demo_users
from importer.sandbox.settings import Rate, SandboxSettings

from .calling import BY_LEAD_ID, CREATE, FIRST_LEAD, TYPES, Api, Start, Time, visit

HOSTILE = '<script>alert("x")</script>\'&'


def page(api: Api) -> str:
    """The page, which needs no keys."""
    reply = api.send("GET", "/", headers={})
    assert reply.status == 200
    assert reply.headers["content-type"] == "text/html; charset=utf-8"
    text: str = reply.body
    return text


def test_an_empty_sandbox_says_so(api: Api) -> None:
    """Before the first call the page counts the leads and says that nothing has arrived."""
    text = page(api)

    assert "<b>400</b><span>leads</span>" in text
    assert "<b>0</b><span>activities</span>" in text
    assert "No activity has arrived yet." in text
    assert "Nobody has called yet." in text


def test_the_page_shows_what_arrived(start: Start, time: Time) -> None:
    """Counts, types, leads, notes, fields, owners, calls and throttles are all on the page."""
    api = start(SandboxSettings(bulk_rate=Rate(1, 5)), clock=time.clock)
    row = visit(ActivityNote="Sofas", ActivityOwnerEmail=demo_users()[2].email, fields={"mx_Custom_2": "0419"})
    api.post(BY_LEAD_ID, [row, visit("x")])
    api.post(BY_LEAD_ID, [row])

    text = page(api)

    for shown in (
        "<b>1</b><span>activities</span>",
        "<b>2</b><span>calls</span>",
        "<b>1</b><span>calls throttled</span>",
        "Store visit<small>201</small>",
        FIRST_LEAD.name,
        FIRST_LEAD.id,
        "Sofas",
        "<i>Store code</i>0419",
        f"<i>Owner</i>{demo_users()[2].name}",
        f"POST {BY_LEAD_ID}",
        "429 throttled",
        '<td class="number" data-name="Rows">2</td><td class="number" data-name="Created">1</td>',
        "2026-03-02 10:00:00",
    ):
        assert shown in text, shown


def test_a_refusal_for_the_rate_counts_whoever_ordered_it(start: Start) -> None:
    """A fault that refuses calls for their rate is among the throttled ones, on the page and for programs."""
    api = start(faults="rate-limit bulk 1-2")
    for _ in range(3):
        api.post(BY_LEAD_ID, [visit()])

    assert "<b>2</b><span>calls throttled</span>" in page(api)
    assert "429 throttled" in page(api)
    state = api.send("GET", "/sandbox/state", headers={}).body
    assert (state["throttled"], state["failed"]) == (2, 0)


def test_everything_that_was_sent_is_escaped(start: Start) -> None:
    """Markup in notes, values, field sets, lead names and paths is shown and never part of the page."""
    api = start(SandboxSettings(activity_types="open", leads="open"))
    details = [
        {"Attribute": "EmailAddress", "Value": "h@example.com"},
        {"Attribute": "FirstName", "Value": HOSTILE},
        {"Attribute": "SearchBy", "Value": "EmailAddress"},
    ]
    fields = [
        {"SchemaName": "mx_Custom_1", "Value": HOSTILE},
        {"Attribute": "mx_Set", "Value": "", "Fields": [{"Attribute": "Status", "Value": HOSTILE}]},
    ]
    activity = {"ActivityEvent": 777, "ActivityNote": HOSTILE, "Fields": fields}
    created = api.post("/v2/ProspectActivity.svc/CreateCustom", {"LeadDetails": details, "Activity": activity})
    api.get(f"/v2/{HOSTILE}")

    text = page(api)

    assert created.status == 200
    assert "<script>alert" not in text
    assert text.count("&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt;&#x27;&amp;") == 5
    assert text.count("<script>") == 1


def test_the_page_loads_nothing_and_runs_its_own_script_only(api: Api) -> None:
    """No address is named in the page but its own, and the policy forbids all but the one script."""
    policy = api.send("GET", "/", headers={}).headers["content-security-policy"]
    text = page(api)

    assert policy.startswith("default-src 'none'")
    assert "script-src 'sha256-" in policy
    assert re.findall(r"https?://[^<\"]+", text) == [api.server.url]
    assert not re.search(r"<(link|img|iframe)|src=|@import|url\(", text)
    assert '<noscript><meta http-equiv="refresh"' in text


def test_a_key_in_the_url_is_pointed_out(api: Api) -> None:
    """A call that had keys in its URL is marked, and the keys themselves are not shown."""
    api.send("GET", TYPES, headers={}, params={"accessKey": "AK-canary", "secretKey": "x"})

    assert "keys in the URL" in page(api)
    assert "canary" not in page(api)


def test_looking_is_no_call(api: Api) -> None:
    """Page and state are not counted as calls of the API."""
    page(api)
    api.send("GET", "/sandbox/state")

    assert api.server.store.calls.all() == []


def test_the_state_has_the_counters(api: Api) -> None:
    """The state tells activities, types, leads, calls, throttles, failures, rows and calls by path."""
    api.post(CREATE, visit())
    api.post(BY_LEAD_ID, [visit(), visit("x")])
    api.get(TYPES)
    api.send("GET", TYPES, headers={})

    assert api.send("GET", "/sandbox/state", headers={}).body == {
        "activities": 2,
        "activities_by_type": {"201": 2},
        "leads": 400,
        "waiting": 0,
        "calls": 4,
        "throttled": 0,
        "failed": 1,
        "keys_in_query": 0,
        "rows": 3,
        "by_path": {TYPES: 2, BY_LEAD_ID: 1, CREATE: 1},
        "faults": {
            "seed": 0,
            "counted": {"any": 4, "bulk": 1, "metadata": 2, "single": 1, "write": 2},
            "rules": [],
            "late": 0,
            "hits": [],
        },
    }


def test_a_reset_forgets_everything(start: Start, time: Time) -> None:
    """After a reset only the seed's leads are there, and the rate window is free again."""
    api = start(SandboxSettings(rate=Rate(1, 5)), clock=time.clock)
    body = visit(EmailAddress="new@example.com")
    del body["RelatedProspectId"]
    api.post(CREATE, body)
    api.post_async("/activity/create", visit())

    state = api.send("POST", "/sandbox/reset", headers={}).body

    assert (state["activities"], state["leads"], state["calls"], state["waiting"]) == (0, 400, 0, 0)
    assert api.get(TYPES).status == 200
