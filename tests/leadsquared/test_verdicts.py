"""What each ending of a posting call means for its rows: the table, line by line."""

from typing import Any

import pytest

from importer.codes.rows import Code
from importer.leadsquared.calls import Answer, Ending, Silence
from importer.leadsquared.replies import LONGEST_MESSAGE, Limit
from importer.leadsquared.routes import CallClass
from importer.leadsquared.verdicts import (
    RULES,
    Accepted,
    Ambiguous,
    Hopeless,
    NotExecuted,
    RefusedWhole,
    Settled,
    verdict_of,
)
from importer.records import Receipt

from .answers import SINGLE, TOO_FAST, activity_id, answer, created, error, failed, receipts

HTML = b"<html><head><title>Service Unavailable</title></head></html>"


def bulk(ending: Ending, rows: int = 2) -> Any:
    return verdict_of(ending, rows, CallClass.BULK)


def single(ending: Ending) -> Any:
    return verdict_of(ending, 1, CallClass.SINGLE)


def queued(ending: Ending) -> Any:
    return verdict_of(ending, 1, CallClass.ASYNC)


# ------------------------------------------------------------------------------------------------- silence


def test_silence_before_a_byte_has_left_did_nothing() -> None:
    """A call that never left was not executed, and can be made again."""
    for verdict_on in (bulk, single):
        verdict = verdict_on(Silence("the connection was refused", sent=False))
        assert verdict == NotExecuted("the connection was refused", limit=None, retry_after=None)


def test_silence_after_a_byte_has_left_is_doubt() -> None:
    """A call whose answer is lost may have created its rows."""
    for verdict_on in (bulk, single):
        verdict = verdict_on(Silence("the connection was reset", sent=True))
        assert verdict == Ambiguous(Code.ANSWER_LOST, "the connection was reset")


def test_a_certificate_that_is_not_accepted_is_hopeless() -> None:
    """No further call would find a better certificate."""
    verdict = bulk(Silence("the certificate is not valid", sent=False, lasting=True))
    assert isinstance(verdict, Hopeless)
    assert verdict.code == "certificate-refused"


# -------------------------------------------------------------------------------------------- going too fast

THROTTLED = (
    # (what was seen, the answer, the limit it names)
    ("429, page and live", answer(429, error("MXAPIRateLimitExceededException", TOO_FAST)), Limit(10, 5)),
    ("429, plain text", answer(429, b"API calls exceeded the limit of 72 in 5 second(s)"), Limit(72, 5)),
    ("429, a text in JSON", answer(429, "API calls exceeded the limit of 72 in 5 second(s)"), Limit(72, 5)),
    ("429, no words", answer(429, b""), Limit(0, 0)),
    ("429, HTML", answer(429, HTML), Limit(0, 0)),
    ("429, broken JSON", answer(429, b'{"Status":"Error","ExceptionMessage":"API ca'), Limit(0, 0)),
    ("403, live", answer(403, error("MXAPIRateLimitExceededException", TOO_FAST)), Limit(10, 5)),
    ("403, no type", answer(403, {"ExceptionMessage": TOO_FAST}), Limit(10, 5)),
    ("200, live", answer(200, error("MXAPIRateLimitExceededException", TOO_FAST)), Limit(10, 5)),
    ("200, type alone", answer(200, error("MXAPIRateLimitExceededException", "")), Limit(0, 0)),
    ("200, words alone", answer(200, {"Status": "Error", "Message": TOO_FAST}), Limit(10, 5)),
    ("500, words", answer(500, error("MXAPIRateLimitExceededException", TOO_FAST)), Limit(10, 5)),
    ("503, words", answer(503, TOO_FAST.encode()), Limit(10, 5)),
    ("capitals", answer(429, error("X", TOO_FAST.upper())), Limit(10, 5)),
    (
        "a day's",
        answer(429, error("X", "API calls exceeded the limit of 10000 in 86400 second(s)")),
        Limit(10000, 86400),
    ),
    ("Response: null", answer(200, {"Response": None, **error("MXAPIRateLimitExceededException", "")}), Limit(0, 0)),
)


@pytest.mark.parametrize(("ending", "limit"), [line[1:] for line in THROTTLED], ids=[line[0] for line in THROTTLED])
def test_a_refusal_for_going_too_fast_did_nothing(ending: Answer, limit: Limit) -> None:
    """Whatever its status, a refusal for going too fast was not executed; the limit that it names is learned."""
    for verdict in (bulk(ending), single(ending)):
        assert isinstance(verdict, NotExecuted)
        assert verdict.limit == limit
        assert verdict.retry_after is None


def test_retry_after_comes_along() -> None:
    """What an answer asks to wait is part of the verdict."""
    verdict = bulk(answer(429, b"", retry_after="7"))
    assert isinstance(verdict, NotExecuted)
    assert verdict.retry_after == 7.0


QUOTES = (
    ("a row's message", receipts(created(1), failed(2, TOO_FAST)), True),
    (
        "receipts and a type",
        receipts(created(1), created(2)) | error("MXAPIRateLimitExceededException", TOO_FAST),
        True,
    ),
    ("too few receipts", receipts(failed(1, TOO_FAST)), True),
    ("bare receipts", [created(1), failed(2, TOO_FAST)], True),
    ("cut in the list", b'{"Response":[{"RowNumber":1,"ActivityCreated":false,"ExceptionMessage":"%b"},{"RowN', True),
    ("cut, marked", b'\xef\xbb\xbf {"Response":[{"RowNumber":1,"Message":"%b"},{"RowN', True),
    ("a single receipt", SINGLE | {"Note": TOO_FAST}, False),
)


@pytest.mark.parametrize(("value", "is_bulk"), [line[1:] for line in QUOTES], ids=[line[0] for line in QUOTES])
def test_receipts_that_quote_such_words_are_no_refusal(value: Any, is_bulk: bool) -> None:
    """An answer that may hold receipts is never taken for one that did nothing: its rows would be created twice."""
    body = value % TOO_FAST.encode() if isinstance(value, bytes) else value
    verdict = verdict_of(answer(200, body), 2 if is_bulk else 1, CallClass.BULK if is_bulk else CallClass.SINGLE)
    assert isinstance(verdict, Settled | Ambiguous)


# --------------------------------------------------------------------------------------------------- refusals


@pytest.mark.parametrize("status", [401, 403])
@pytest.mark.parametrize(
    "value",
    [
        error("MXInvalidAccessDetailsException", "Invalid Access Details provided."),
        error("MXInvalidUserDetailsException", "Invalid User Details"),
        error("MXUnAuthorizedAccessException", ""),
        b"",
        HTML,
    ],
)
def test_refused_keys_are_hopeless(status: int, value: Any) -> None:
    """401, and 403 that speaks of no limit, did nothing, and no further call would fare better."""
    for verdict in (bulk(answer(status, value)), single(answer(status, value))):
        assert isinstance(verdict, Hopeless)
        assert verdict.code == "credentials-refused"
        assert "LSQ_ACCESS_KEY" in verdict.remedy


@pytest.mark.parametrize("status", [404, 405, 414, 415])
@pytest.mark.parametrize("value", [{"Message": "request body contains malformed or unexpected JSON"}, b"", HTML])
def test_a_request_that_is_not_taken_is_hopeless(status: int, value: Any) -> None:
    """A call that the server does not take for what it is did nothing, and neither would the next one."""
    for verdict in (bulk(answer(status, value)), single(answer(status, value))):
        assert isinstance(verdict, Hopeless)
        assert verdict.code == "request-refused"


@pytest.mark.parametrize("status", [400, 413])
@pytest.mark.parametrize("value", [{"Message": "request body contains malformed or unexpected JSON"}, b"", HTML])
def test_a_request_that_is_malformed_or_too_large_did_nothing_but_a_part_of_it_may_pass(
    status: int, value: Any
) -> None:
    """What the server throws out before it does anything wrote no row, and one row may be the reason."""
    for verdict in (bulk(answer(status, value)), single(answer(status, value))):
        assert isinstance(verdict, RefusedWhole)
        assert verdict.cause.startswith(f"HTTP {status}")


# --------------------------------------------------------------------------------------------------- receipts


def test_a_receipt_for_each_row_settles_a_bulk_call() -> None:
    """The answer of page 003 proves each of its rows, created or refused."""
    verdict = bulk(answer(200, receipts(created(1), failed(2, "Lead does not exist"))))
    assert verdict == Settled(
        (
            Receipt(1, created=True, activity_id=activity_id(1)),
            Receipt(2, created=False, code="lsq-rejected", message="Lead does not exist"),
        )
    )


@pytest.mark.parametrize("status", [201, 202, 206, 299, 302, 500])
def test_receipts_under_another_status_prove_nothing(status: int) -> None:
    """Only 200 is documented for receipts."""
    assert isinstance(bulk(answer(status, receipts(created(1), created(2)))), Ambiguous)
    assert isinstance(single(answer(status, SINGLE)), Ambiguous)


def test_a_receipt_settles_a_single_call() -> None:
    """The answer of pages 000 and 002 proves its row."""
    assert single(answer(200, SINGLE)) == Settled((Receipt(1, created=True, activity_id=activity_id(1)),))
    more = SINGLE | {"LeadScore": 12}
    assert isinstance(single(answer(200, more)), Settled)


@pytest.mark.parametrize(
    "value",
    [
        {"Status": "success", "Message": {"Id": activity_id(1)}},
        {"Status": "Success", "Message": {"Id": "206"}},
        {"Status": "Success", "Message": {"Id": None}},
        {"Status": "Success", "Message": {"Id": "00000000-0000-0000-0000-000000000000"}},
        {"Status": "Success", "Message": {}},
        {"Status": "Success", "Message": activity_id(1)},
        {"Status": "Success", "Message": [{"Id": activity_id(1)}]},
        {"Status": "Success"},
        {"Message": {"Id": activity_id(1)}},
        {"Status": True, "Message": {"Id": activity_id(1)}},
        {"Status": ["Success"], "Message": {"Id": activity_id(1)}},
        {"Status": "Request accepted. Please use below request id to check the status", "RequestID": activity_id(1)},
        [SINGLE],
        receipts(created(1)),
        {"Status": "Failed", "Message": {"Message": "Activity type is inactive"}},
        error("NullReferenceException", "There was an error processing the request."),
        b"",
        b"null",
        HTML,
    ],
)
def test_anything_else_under_200_is_doubt(value: Any) -> None:
    """An answer that neither proves its row nor names an MX type leaves it in doubt."""
    verdict = single(answer(200, value))
    assert isinstance(verdict, Ambiguous)
    assert verdict.code == Code.ANSWER_UNCLEAR
    assert verdict.cause


ACCEPTED = {"Status": "Request accepted. Please use below request id to check", "RequestID": f" {activity_id(1)}"}


def test_a_number_in_the_queue_is_neither_success_nor_doubt() -> None:
    """A call that was accepted can be asked about; nothing is known of its row until then."""
    assert queued(answer(200, ACCEPTED)) == Accepted(activity_id(1))


@pytest.mark.parametrize(
    "value", [SINGLE, receipts(created(1)), {"RequestID": "1"}, {"RequestID": None}, {}, b"", HTML]
)
def test_only_a_number_proves_that_the_queue_has_taken_a_call(value: Any) -> None:
    """Without a well-formed number nobody can ask, so the row is in doubt; no other receipt counts on this road."""
    assert isinstance(queued(answer(200, value)), Ambiguous)
    assert isinstance(queued(answer(202, ACCEPTED)), Ambiguous)


MX_TYPES = (
    ("MXMandatoryAttributeMissingException", "'leadId' is mandatory for updating lead"),
    ("MXInvalidActivityFieldsException", "Field name : 'mx_Custom_1' of datatype : 'String' is mandatory."),
    ("MXFutureDateTimeActivityNotAllowedException", ""),
    ("MXInvalidActivityException", "Event Code is invalid or empty"),
    ("MXInvalidInputException", "Invalid Input! Parameter Name: activity"),
    ("MXUnknownAttributeException", "Attribute(s) does not exist - mx_X."),
    ("MXInvalidDataTypeException", "You have not passed ActivityEvent."),
    ("MXDuplicateEntryException", "A Lead with same Phone Number already exists."),
)


@pytest.mark.parametrize("status", [200, 500])
@pytest.mark.parametrize(("kind", "message"), MX_TYPES)
def test_an_mx_type_refuses_a_single_call_but_leaves_a_bulk_call_in_doubt(status: int, kind: str, message: str) -> None:
    """For one row an MX type is a final answer; of a bulk call nobody knows how many rows went before it."""
    ending = answer(status, error(kind, message, IsMXException=True, RequestId="r", Data={}))
    said = f"{message} ({kind})" if message else kind
    assert single(ending) == Settled((Receipt(1, created=False, code="lsq-rejected", message=said),))
    verdict = bulk(ending)
    assert isinstance(verdict, Ambiguous)
    assert verdict.code == (Code.SERVER_ERROR if status == 500 else Code.ANSWER_UNCLEAR)
    assert message in verdict.cause


@pytest.mark.parametrize("status", [500, 502, 503, 504, 520, 521, 522, 524, 527])
@pytest.mark.parametrize(
    "value",
    [b"", HTML, error("NullReferenceException", "There was an error."), error("ArgumentNullException", "source")],
)
def test_a_server_error_is_doubt(status: int, value: Any) -> None:
    """An error of the server without an MX type may come after the rows were written."""
    for verdict in (bulk(answer(status, value)), single(answer(status, value))):
        assert isinstance(verdict, Ambiguous)
        assert verdict.code == Code.SERVER_ERROR
        assert verdict.cause.startswith(f"HTTP {status}")


@pytest.mark.parametrize("status", [502, 503, 504])
def test_an_mx_type_behind_a_gateway_error_is_doubt(status: int) -> None:
    """A gateway's error says nothing about the row, whatever it quotes."""
    assert isinstance(single(answer(status, error("MXInvalidInputException", ""))), Ambiguous)


@pytest.mark.parametrize(
    "status", [100, 103, 204, 301, 302, 304, 307, 402, 406, 408, 409, 410, 418, 421, 425, 451, 499]
)
def test_an_unknown_status_is_doubt(status: int) -> None:
    """A status that nothing is known of proves nothing, least of all 408 and redirects."""
    for verdict in (bulk(answer(status, b"")), single(answer(status, b""))):
        assert verdict == Ambiguous(Code.ANSWER_UNCLEAR, f"HTTP {status}")


@pytest.mark.parametrize("status", [200, 201, 400, 401, 403, 404, 429, 500, 502])
@pytest.mark.parametrize("value", [b"", b"null", b"0", b"true", b'"ok"', b"[]", b"{}", b"[[]]", b"\xff", HTML])
def test_every_answer_has_a_verdict(status: int, value: bytes) -> None:
    """No answer at all makes the table stumble, and none of these creates anything."""
    for verdict in (bulk(answer(status, value), 1), single(answer(status, value))):
        assert not isinstance(verdict, Settled)


def test_the_words_of_a_server_are_kept_short_and_on_one_line() -> None:
    """What the server says is cut and put on one line before anybody prints it."""
    ending = answer(500, error("MXInvalidInputException", "line one\r\n\tline two  " + "x" * 9000))
    (receipt,) = single(ending).receipts
    assert receipt.message.startswith("line one line two xxx")
    assert len(receipt.message) <= LONGEST_MESSAGE + len(" (MXInvalidInputException)")
    assert len(bulk(ending).cause) <= LONGEST_MESSAGE + len("HTTP 500: ")


def test_every_rule_says_what_it_sees() -> None:
    """Each line of the table has a name of its own, and the last one takes what is left."""
    names = [name for name, _, _ in RULES]
    assert len(set(names)) == len(names) == 14
    assert names[-1] == "anything else"
