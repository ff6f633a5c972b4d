"""What the fuzzer must not do, and which of its complaints are false.

A complaint is dropped only for the words of the answer, so that the same status for another reason still counts.
"""

import os
import re

import schemathesis

# A key that is revoked, or an organisation that is deleted, would turn the rest of the run into refusals.
KEPT = frozenset(os.environ.get("CALLSLOT_KEPT", "").split(","))

# Refusals of a request for something else that its body names.
NAMED_BESIDES = ("unknown_plan", "unknown_agent", "lease_expired")

# How long a client may ask to be kept waiting, in seconds, is up to this; nothing is learnt from waiting.
LONG_WAITS = frozenset(str(seconds) for seconds in range(2, 61))

# Every request acts in the organisation that is there, unless it names one in a way that none can be named: others are
# refused before anything else is looked at.
ORG = "default"
ORG_ID = re.compile("[A-Za-z0-9_.:-]{1,64}")

# What is answered item by item.
ITEM_BY_ITEM = ("/v1/calls/batch", "/v1/leases/{id}/adopt")

# Reasons for which a request is refused although it follows the schema: no schema has words for them.
BEYOND_A_SCHEMA = (
    # A cursor is opaque: which ones a list gave is known to the server alone.
    "is not from this list",
    # One agent may stand in a list once; `uniqueItems` speaks of whole items.
    "is named twice",
    # The size of the whole object in bytes.
    "`metadata` is nested",
    "`metadata` has ",
    # Words that addresses have another meaning for; a pattern that leaves them out cannot be generated from.
    "and not `.`",
    # JSON Schema takes 5.0 for an integer; the contract does not (docs/semantics.md, "Bad input").
    "it must be a whole number, ",
    # Times are those of UTC, from 1970 to 9999 and without leap seconds.
    "numeric component is out of range",
    "bad character where digit is expected",
    "timestamp format is invalid",
    "second time provided was later than self",
    # Of the days, those since 1970 that have begun and are still kept.
    "is no day since 1970",
    "which has not begun yet in UTC",
    "figures are only kept from",
    # A header and a field that both name the call.
    "they must be the same, or one of them absent",
    # Which parameters go together, and which of two times is the earlier one.
    "only applies to ended calls; omit it, or add `state=ended`",
    "is not before `to`",
    # A rule of alerts is about a gate, or about an agent and a type.
    "stands beside `agent` or `type`",
    "goes in steps of 0.001",
    "only applies to figures by gate; omit it, or add `by=gate`",
    # How many points an answer would have depends on how many agents there are.
    "the answer would have",
    "minutes would be read",
    # Which names are time zones is known to their database alone, and which spans are not empty to who compares their ends.
    "which is no time zone of the IANA database",
    "a span ends after it begins",
    # What an address may consist of; `format: uri` cannot be generated from as it is meant.
    "has spaces, control characters or characters that are not ASCII",
    "its port must be a number from 1 to 65,535",
    "alone stands for all events",
    # Characters that nobody sees; a pattern that leaves them out cannot be generated from.
    "which nobody sees there",
    # A key expires at a time or after one, and not in the past.
    "the key expired at ",
    "`expires_at` and `expires_in_s` are both there",
    "`expires_at` is ",
    # Which secrets and codes sign a browser in is known to the server alone.
    "this key is unknown or revoked",
    "this code is unknown, already used or expired",
    # A WebSocket is opened by headers of the connection, which the fuzzer does not send.
    "this address is a WebSocket",
    # Which addresses are of the public internet, which events there are, and of two ways to say what is delivered again one.
    "it must be an address that begins with",
    "it must have no user, no password and no fragment",
    "is not an address of the public internet",
    "which is not an event",
    "which is no id of a delivery",
    "must say what to deliver again",
    # An operator's key acts in no organisation unless one is named.
    "an operator key does not belong to an organisation",
    "a key of this role belongs to an organisation",
    # Only a client that waits can go away, and what ends all calls says which.
    "`cancel_on_disconnect` goes with",
    "must say which calls to end",
)


@schemathesis.hook
def before_call(context, case, kwargs):
    """Keeps what the run needs, and does not wait long."""
    if case.method == "DELETE" and case.path_parameters:
        for name, value in case.path_parameters.items():
            if value in KEPT:
                case.path_parameters[name] = "gone"
    missing = getattr(case.meta and case.meta.phase.data, "parameter", None)
    # A case whose headers are touched is sent with the key again, which this one is about.
    named = str((case.headers or {}).get("callslot-org", ORG))
    if str(missing).lower() != "authorization" and ORG_ID.fullmatch(named):
        case.headers["callslot-org"] = ORG
    if str((case.query or {}).get("wait_s")) in LONG_WAITS:
        case.query["wait_s"] = 1


@schemathesis.hook
def filter_failure(context, failure, case, response):
    """Keeps the failures that are the server's."""
    if failure.code == "ST101":
        return response.status_code != 503
    if failure.code == "ST201":
        # HTTP lets a client send any header; and a batch is answered item by item, the wrong ones with problems.
        is_header = "in header - object with unexpected properties" in failure.message
        is_item = case.path in ITEM_BY_ITEM and '"error":{' in response.text
        # An older, longer id may be named; no call has this one.
        is_named = case.path == "/v1/calls/end" and "larger than maxLength" in failure.message
        return not is_header and not is_item and not is_named
    if failure.code == "ST302":
        # What was made is there; what the request names besides is not.
        return not any(f'"code":"{code}"' in response.text for code in NAMED_BESIDES)
    if failure.code == "ST202":
        return not any(words in response.text for words in BEYOND_A_SCHEMA)
    return True
