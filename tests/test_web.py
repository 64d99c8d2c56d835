"""The web review keeps strangers out, shows a sentence for every mistake, and decides what its forms say."""

from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest

from decomposer.records import Twin
from decomposer.web.pages import address, static_files
from decomposer.web.security import MOST_BODY, Access
from decomposer.web.sessions import Sessions
from decomposer.wiring import Workspace
from tests.webbing import INVOICES, LINES, Browser, capability, said, states, store, usual, workspace

TOKEN = "a-long-enough-secret-of-this-server"


@pytest.fixture
def work(tmp_path: Path) -> Iterator[Workspace]:
    with workspace(tmp_path) as made:
        store(made, usual())
        yield made


@pytest.fixture
def ann(work: Workspace) -> Browser:
    browser = Browser(work)
    browser.sign_in()
    return browser


# --- who may come in


def test_a_server_answers_to_its_names_alone(work: Workspace) -> None:
    browser = Browser(work)
    assert browser.get("/login").status_code == 200
    for host in ("127.0.0.1:8765", "[::1]:8765", "LOCALHOST", "localhost."):
        assert browser.get("/login", host=host).status_code == 200
    for host in ("evil.example", "localhost.evil.example", "127.0.0.1.evil.example", "", "localhost:1:2", "192.0.2.7"):
        refused = browser.get("/login", host=host)
        assert (refused.status_code, "form" in refused.text) == (421, False)


def test_with_a_token_addresses_are_known_and_foreign_names_are_not(work: Workspace) -> None:
    browser = Browser(work, access=Access(names=frozenset({"review.example"}), token=TOKEN))
    for host, status in (
        ("review.example", 200),
        ("192.0.2.7:8765", 200),
        ("[2001:db8::1]", 200),
        ("evil.example", 421),
    ):
        assert browser.get("/login", host=host).status_code == status


def test_every_answer_carries_the_policy(work: Workspace) -> None:
    browser = Browser(work)
    for path in ("/login", "/queue", "/nowhere", address("keys.js")):
        headers = browser.client.get(path, follow_redirects=False).headers
        assert headers["content-security-policy"].startswith("default-src 'none'; script-src 'self'; style-src 'self'")
        assert "unsafe" not in headers["content-security-policy"]
        assert (headers["x-content-type-options"], headers["referrer-policy"]) == ("nosniff", "no-referrer")
        assert headers["cache-control"] == (
            "no-store" if not path.startswith("/static") else "public, max-age=31536000, immutable"
        )


@pytest.mark.parametrize(
    "path", ["/queue", "/next", "/record?id=papertrail/magic", "/entries", "/history", "/diff?id=x"]
)
def test_nothing_is_shown_to_who_has_not_signed_in(work: Workspace, path: str) -> None:
    browser = Browser(work)
    answer = browser.client.get(path, follow_redirects=False)
    assert (answer.status_code, answer.headers["location"].partition("?")[0]) == (303, "/login")
    browser.get(path)
    assert browser.title() == "Who is reviewing?"
    assert "magic" not in browser.says().lower()


def test_signing_in_leads_to_the_page_that_was_wanted_and_nowhere_else(work: Workspace) -> None:
    assert Browser(work).sign_in(next="/record?id=papertrail%2Fmagic").url.path == "/record"
    for away in ("https://evil.example", "//evil.example", "/\\evil.example", "javascript:alert(1)", "/", ""):
        browser = Browser(work)
        assert (browser.sign_in(next=away).url.path, browser.title()) == ("/queue", "3 records waiting")


def test_a_name_is_one_line_of_text(work: Workspace) -> None:
    browser = Browser(work)
    for name in ("", "  ", "x" * 81, "a\x1b]52;c;x\x07", "a\nb"):
        assert browser.sign_in(name).status_code == 400
        assert "Write a name of 1 to 80 characters." in browser.says()
    browser.sign_in("Ann <b>Lee</b>")
    assert "Ann &lt;b&gt;Lee&lt;/b&gt;" in browser.page


def test_the_token_is_required_and_must_be_right(work: Workspace) -> None:
    browser = Browser(work, access=Access(token=TOKEN))
    for token in ("", "wrong", TOKEN[:-1], TOKEN + "x", "é"):
        assert browser.sign_in(token=token).status_code == 403
        assert "That is not the token of this server." in browser.says()
        assert TOKEN not in browser.page
    assert browser.sign_in(token=f" {TOKEN} ").status_code == 200
    assert browser.title() == "3 records waiting"


def test_the_cookie_is_for_this_server_alone(work: Workspace) -> None:
    browser = Browser(work, access=Access(token=TOKEN, secure=True, cookie="__Host-decomposer"))
    for given in (browser.get("/login"), browser.client.get("/login")):
        cookie = given.headers["set-cookie"]
        assert all(part in cookie for part in ("HttpOnly", "Path=/", "SameSite=strict", "Secure"))
    assert "Secure" not in Browser(work).get("/login").headers["set-cookie"]


def test_signing_in_changes_the_cookie_and_signing_out_ends_it(work: Workspace) -> None:
    browser = Browser(work)
    browser.get("/login")
    before = browser.client.cookies[browser.cookie]
    browser.sign_in()
    inside = browser.client.cookies[browser.cookie]
    assert before != inside
    browser.post("/logout")
    browser.client.cookies.set(browser.cookie, inside)
    assert browser.get("/queue").url.path == "/login"


@pytest.mark.parametrize("path", ["/login", "/logout", "/decide", "/edit", "/bulk"])
@pytest.mark.parametrize("token", ["", "0" * 64, "é"])
def test_a_form_without_the_token_of_its_session_does_nothing(work: Workspace, path: str, token: str) -> None:
    browser = Browser(work)
    browser.sign_in()
    refused = browser.post(path, csrf=token, op="accept", id="papertrail/invoices-to-json", version="1", name="eve")
    assert refused.status_code == 403
    assert "made for another session: nothing was done" in browser.says()
    assert set(states(work).values()) == {"proposed"}


def test_the_token_of_another_session_is_refused(work: Workspace) -> None:
    sessions = Sessions()
    ann, eve = Browser(work, sessions=sessions), Browser(work, sessions=sessions)
    ann.sign_in("ann")
    eve.sign_in("eve")
    assert ann.post("/bulk", csrf=eve.hidden("csrf"), op="undo").status_code == 403
    assert ann.get("/queue").status_code == 200


def test_a_body_that_is_too_long_is_refused_unread(ann: Browser) -> None:
    assert ann.post("/edit", text="x" * MOST_BODY).status_code == 413
    chunks = (b"csrf=" if number == 0 else b"x" * 65536 for number in range(40))
    kind = {"content-type": "application/x-www-form-urlencoded"}
    assert ann.client.post("/edit", content=chunks, headers=kind).status_code == 413


def test_idle_sessions_end_and_the_oldest_make_room() -> None:
    now = [0.0]
    sessions = Sessions(clock=lambda: now[0], most=2, idle=60)
    first, second = sessions.open("a"), sessions.open("b")
    now[0] = 50
    assert sessions.find(first) is not None
    now[0] = 70
    assert (sessions.find(first) is not None, sessions.find(second)) == (True, None)
    third, fourth = sessions.open("c"), sessions.open("d")
    assert [sessions.find(one) is not None for one in (first, third, fourth)] == [False, True, True]


# --- what goes wrong is told in a sentence


@pytest.mark.parametrize(
    ("path", "status", "sentence"),
    [
        ("/nowhere", 404, "There is no such page here."),
        ("/static/0/passwd", 404, "There is no such page here."),
        ("/record?id=papertrail/nothing", 404, "No record is called 'papertrail/nothing'"),
        ("/record?id=nothing/at-all", 404, "No record is called 'nothing/at-all'"),
        ("/record", 404, "No record is called ''"),
        ("/record?id=%00%ff%27;--", 404, "No record is called"),
        ("/record?id=x&edit=zzz", 400, "a value in it can't be read"),
        ("/source?id=papertrail/magic&document=7", 404, "The entry has no such document"),
        ("/diff?id=no/no", 404, "No record is called 'no/no'"),
        ("/entry?slug=zzz", 404, "No entry is called 'zzz'"),
        ("/queue?entry=zzz", 200, "no entry is called 'zzz'"),
        ("/queue?where=colour%3Dred", 200, "'colour=red' is no term about records"),
        ("/queue?where=%22", 200, "a quote is not closed"),
        ("/entries?where=colour%3Dred", 200, "'colour=red' is no term"),
        ("/next?order=%27&context=-5&after=zzz", 200, ""),
        ("/decide", 405, "That page can't be used in this way."),
    ],
)  # fmt: skip
def test_a_mistake_is_a_sentence(ann: Browser, path: str, status: int, sentence: str) -> None:
    answer = ann.get(path)
    assert (answer.status_code, sentence in ann.says()) == (status, True), ann.says()


def test_a_bug_is_a_sentence_too(work: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    browser = Browser(work, strict=False)
    browser.sign_in()
    monkeypatch.setattr("decomposer.web.review.record_view", lambda *args, **kwargs: 1 / 0)
    answer = browser.get("/record?id=papertrail/magic")
    assert (answer.status_code, "it is a bug" in browser.says(), "Error" in browser.page) == (500, True, False)
    assert "content-security-policy" in answer.headers


# --- what is shown


def test_the_queue_lists_what_waits_the_riskiest_first(ann: Browser) -> None:
    ann.get("/queue")
    assert ann.title() == "3 records waiting"
    places = [ann.says().index(name) for name in ("Line items", "Magic", "Invoices to JSON")]
    assert places == sorted(places)


def test_the_queue_is_narrowed_by_conditions_and_by_words_of_a_name(ann: Browser) -> None:
    ann.get("/queue?where=invoices+json")
    assert ann.title() == "1 record waiting that meet invoices json"
    ann.get("/queue?where=support%3Dunsupported+magic&order=entry")
    assert (ann.title().startswith("1 record"), "Magic" in ann.says(), "Line items" in ann.says()) == (
        True,
        True,
        False,
    )


def test_a_long_queue_comes_in_pages(work: Workspace, ann: Browser) -> None:
    store(work, [capability(f"Thing {number:03d}", slug="many") for number in range(120)], slug="many")
    seen: list[str] = []
    path = "/queue?entry=many&order=entry"
    for _ in range(3):
        ann.get(path)
        rows = [part.partition("<")[0] for part in ann.page.split("id=many%2F")[1:]]
        seen += [row.partition(">")[2] for row in rows]
        following = [part for part in ann.page.split('href="') if 'data-key="n"' in part.partition(">")[0]]
        path = following[0].partition('"')[0].replace("&amp;", "&") if following else ""
    assert (seen, path) == ([f"Thing {number:03d}" for number in range(120)], "")


def test_a_record_stands_beside_its_source(ann: Browser) -> None:
    ann.get("/record?id=papertrail/line-items")
    assert ann.title() == "Line items"
    assert f'<mark id="e1" tabindex="-1" title="line 5">{LINES}</mark>' in ann.page
    for part in ("✓ supported", "✗ not found in the source", "no line of the source says so", "! comparison"):
        assert part in ann.says()
    assert "The source does not say: unique." in ann.says()


def test_less_and_more_of_the_source_can_be_seen(work: Workspace, ann: Browser) -> None:
    text = "\n".join(["word"] * 500 + [INVOICES] + ["word"] * 500)
    store(work, [capability("Deep", slug="deep", description=said(INVOICES, source=text))], slug="deep", text=text)
    shown = {}
    for context in (0, 6, 200):
        ann.get(f"/record?id=deep/deep&context={context}")
        shown[context] = ann.page.count('<span class="number">')
    assert shown == {0: 1, 6: 13, 200: 401}
    ann.get("/source?id=deep/deep")
    assert ("Lines 1 to 1,000 of 1,001" in ann.says(), INVOICES in ann.says()) == (True, True)
    ann.get("/source?id=deep/deep&line=1001")
    assert "Lines 1,001 to 1,001 of 1,001" in ann.says()


def test_entries_can_be_found_and_opened(work: Workspace, ann: Browser) -> None:
    store(work, [capability("Other", slug="other")], slug="other", name="Another tool")
    ann.get("/entries?where=another")
    assert ("Another tool" in ann.says(), "papertrail" in ann.says()) == (True, False)
    ann.get("/entry?slug=papertrail")
    assert (ann.title(), "3 proposed" in ann.says()) == ("papertrail", True)


# --- what is decided


def test_accepting_saves_and_shows_the_next_record(work: Workspace, ann: Browser) -> None:
    ann.get("/next?where=invoices&order=entry")
    ann.decide("accept")
    assert (ann.title(), ann.notice()) == ("Nothing waits any more", "accepted invoices-to-json") or states(work)
    assert states(work)["Invoices to JSON"] == "accepted"


def test_a_failing_field_is_left_out_and_a_failing_description_is_not_accepted(work: Workspace, ann: Browser) -> None:
    ann.get("/record?id=papertrail/line-items")
    ann.decide("accept")
    entry = work.catalog.find("papertrail")
    assert entry is not None
    assert [(one.state, one.dropped) for one in entry.capabilities if one.name == "Line items"] == [
        ("accepted", ("vs_alternatives",))
    ]
    ann.get("/record?id=papertrail/magic")
    ann.decide("accept")
    assert (states(work)["Magic"], ann.title()) == ("proposed", "Magic")
    ann.decide("accept", keep=["1"])
    assert states(work)["Magic"] == "accepted"


def test_a_passing_field_can_be_left_out(work: Workspace, ann: Browser) -> None:
    ann.get("/record?id=papertrail/invoices-to-json")
    ann.decide("accept", keep=["1"])
    entry = work.catalog.find("papertrail")
    assert entry is not None
    assert entry.capabilities[0].dropped == ("unique",)


def test_rejecting_keeps_the_reason_and_undo_and_redo_take_it_back_and_forth(work: Workspace, ann: Browser) -> None:
    ann.get("/record?id=papertrail/magic")
    ann.decide("reject", reason="no capability")
    assert states(work)["Magic"] == "rejected"
    ann.get("/history?id=papertrail/magic")
    assert all(part in ann.says() for part in ("ann", "rejected", "no capability", "yes"))
    ann.get("/next")
    ann.decide("undo")
    assert (states(work)["Magic"], ann.title()) == ("proposed", "Magic")
    ann.decide("redo")
    assert (states(work)["Magic"], ann.title()) == ("rejected", "Magic")


def test_an_edited_text_is_checked_against_the_source_again(work: Workspace, ann: Browser) -> None:
    ann.get("/record?id=papertrail/magic")
    fields = {name: ann.hidden(name) for name in ("id", "version")}
    ann.post("/edit", field="description", text=INVOICES, **fields)
    assert (ann.title(), INVOICES in ann.says(), "a person edited: description" in ann.says()) == ("Magic", True, True)
    ann.get("/diff?id=papertrail/magic")
    assert "It does magic." in ann.says()
    ann.post("/edit", field="id", text="x", **fields)
    assert "That is no field that can be edited" in ann.says()


def test_a_twin_is_merged_and_taken_apart_again(tmp_path: Path) -> None:
    records = (capability("Invoices to JSON"), capability("Invoices as JSON"))
    twin = Twin(a=records[0].id, b=records[1].id, score=0.8, reasons=("nearly the same words",))
    with workspace(tmp_path) as work:
        store(work, records, twins=[twin])
        ann = Browser(work)
        ann.sign_in()
        ann.get(f"/record?id={records[0].id}")
        assert "80% likely; nearly the same words" in ann.says()
        ann.decide("merge")
        assert len(states(work)) == 1
        ann.decide("split")
        assert len(states(work)) == 2
        ann.get(f"/choose?id={records[1].id}")
        ann.decide("merge", other=records[0].id)
        assert len(states(work)) == 1
        ann.decide("undo")
        assert len(states(work)) == 2


def test_a_flag_goes_on_and_off(work: Workspace, ann: Browser) -> None:
    ann.get("/record?id=papertrail/magic")
    for flagged in (True, False):
        ann.decide("flag")
        assert ("Flagged:" in ann.says()) is flagged


def test_chosen_rows_are_decided_at_once_and_taken_back_at_once(work: Workspace, ann: Browser) -> None:
    ann.get("/queue")
    chosen = [part.partition('"')[0] for part in ann.page.split('name="chosen" value="')[1:]]
    ann.post("/bulk", op="reject", chosen=chosen, reason="cleared")
    assert set(states(work).values()) == {"rejected"}
    ann.post("/bulk", op="undo")
    assert set(states(work).values()) == {"proposed"}
    ann.post("/bulk", op="accept")
    assert "nothing is chosen" in ann.notice()


def test_everything_that_passes_in_an_entry_is_accepted_with_one_button(work: Workspace, ann: Browser) -> None:
    ann.get("/record?id=papertrail/magic")
    ann.decide("all")
    assert states(work) == {"Invoices to JSON": "accepted", "Line items": "proposed", "Magic": "proposed"}


# --- several people


def test_two_people_are_offered_different_records(work: Workspace) -> None:
    sessions = Sessions()
    ann, ben = Browser(work, sessions=sessions), Browser(work, sessions=sessions)
    ann.sign_in("ann")
    ben.sign_in("ben")
    ann.get("/next")
    ben.get("/next")
    assert ann.title() != ben.title()
    mine = ann.title()
    ann.post("/logout")
    ben.get("/next")
    assert ben.title() == mine


def test_what_somebody_else_decided_meanwhile_is_passed_over(tmp_path: Path) -> None:
    sessions = Sessions()
    with workspace(tmp_path) as work:
        store(work, [capability(f"Thing {number}") for number in range(4)])
        ann, ben = Browser(work, sessions=sessions), Browser(work, sessions=sessions)
        ann.sign_in("ann")
        ben.sign_in("ben")
        ann.get("/next?order=entry")
        ben.get("/record?id=papertrail/thing-1")
        ben.decide("reject")
        ann.decide("accept", order="entry")
        assert ann.title() == "Thing 2"


def test_two_who_decide_differently_see_a_dispute_and_no_error(work: Workspace) -> None:
    sessions = Sessions()
    ann, ben = Browser(work, sessions=sessions), Browser(work, sessions=sessions)
    for browser, name in ((ann, "ann"), (ben, "ben")):
        browser.sign_in(name)
        browser.get("/record?id=papertrail/invoices-to-json")
    assert ann.decide("accept").status_code == 200
    assert ben.decide("reject").status_code == 200
    assert "disputed" in ben.notice()
    ben.get("/record?id=papertrail/invoices-to-json")
    assert "two people decided differently (ann: accepted; ben: rejected)" in ben.says()
    ben.get("/queue?where=waits%3Ddisputed")
    assert "Invoices to JSON" in ben.says()


def test_a_record_that_vanished_is_told_and_the_next_one_is_shown(tmp_path: Path) -> None:
    records = (capability("Invoices to JSON"), capability("Invoices as JSON"), capability("Search"))
    sessions = Sessions()
    with workspace(tmp_path) as work:
        store(work, records)
        ann, ben = Browser(work, sessions=sessions), Browser(work, sessions=sessions)
        ann.sign_in("ann")
        ben.sign_in("ben")
        ben.get(f"/record?id={records[1].id}")
        ann.get(f"/choose?id={records[0].id}")
        ann.decide("merge", other=records[1].id)
        assert ben.decide("accept").status_code == 200
        assert "is not there any more" in ben.notice()


# --- hostile records


def test_what_a_record_says_is_text(tmp_path: Path) -> None:
    bad = "<script>alert(1)</script><img src=x onerror=alert(1)> {{ 7*7 }} \u202eevil \x1b]52;c;x\x07 [/bold]"
    with workspace(tmp_path) as work:
        text = f"{bad}\n{INVOICES}\n"
        long = said("x" * 1_000_000, "unsupported", quote="")
        record = capability(bad, description=said(bad, source=text), unique=long)
        store(work, [record.model_copy(update={"id": "papertrail/bad"})], text=text, name=bad)
        ann = Browser(work)
        ann.sign_in(next="/record?id=papertrail/bad")
        for path in ("record", "source", "history", "diff", "choose", "neighbours"):
            answer = ann.get(f"/{path}?id=papertrail/bad")
            assert answer.status_code == 200
            _harmless(ann.page)
        for path in ("/queue", "/entries", "/entry?slug=papertrail"):
            ann.get(path)
            _harmless(ann.page)
        ann.get("/record?id=papertrail/bad")
        assert len(ann.page) < 200_000
        for part in ("\\u202eevil", "{{ 7*7 }}", "more characters are not shown"):
            assert part in ann.says()


class Tags(HTMLParser):
    """The elements of a page with their attributes, as a browser reads them."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


def _harmless(page: str) -> None:
    tags = Tags(page).found
    assert [part for part in ("\x1b", "\x07", "\u202e") if part in page] == []
    assert {tag for tag, _ in tags} & {"img", "iframe", "object", "style", "base"} == set()
    assert [
        attrs for tag, attrs in tags if tag == "script" and not (attrs.get("src") or "").startswith("/static/")
    ] == []
    assert [name for _, attrs in tags for name in attrs if name.startswith("on") or name == "style"] == []
    links = [attrs.get(name) or "/" for _, attrs in tags for name in ("href", "src", "action")]
    assert [link for link in links if not link.startswith(("/", "#")) or link.startswith("//")] == []


def test_pages_load_our_own_files_alone(ann: Browser) -> None:
    assert set(static_files()) == {"style.css", "keys.js", "icon.svg", "htmx.js"}
    ann.get("/record?id=papertrail/magic")
    _harmless(ann.page)
