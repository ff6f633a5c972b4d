"""Signs requests with Twilio's own library, and has the bridge take them: `sign.py BRIDGE PUBLIC_URL TOKEN NUMBER`."""

import sys
import urllib.error
import urllib.parse
import urllib.request

from twilio.request_validator import RequestValidator

bridge, public_url, token, number = sys.argv[1:]


def ask(path: str, fields: dict[str, str], signature: str) -> int:
    body = urllib.parse.urlencode(fields).encode()
    request = urllib.request.Request(f"{bridge}{path}", body, {"x-twilio-signature": signature})
    try:
        with urllib.request.urlopen(request, timeout=20) as answer:
            return answer.status
    except urllib.error.HTTPError as refused:
        return refused.code


fields = {
    "CallSid": "CA0000000000000000000000000000000b",
    "From": "+4917012345",
    "To": number,
    "CallerName": "Zoë & Söhne <GmbH>",
    "Empty": "",
}
validator = RequestValidator(token)
for path in ["/voice", "/voice?a=1&b=%20x"]:
    url = public_url + path
    signature = validator.compute_signature(url, fields)
    assert validator.validate(url, fields, signature), "Twilio's library does not take its own signature"
    assert ask(path, fields, signature) == 200, url
    assert ask(path, {**fields, "From": "+4917012346"}, signature) == 403, "a changed field was taken"
    wrong = RequestValidator("another").compute_signature(url, fields)
    assert ask(path, fields, wrong) == 403, "another token was taken"
over = {"CallSid": fields["CallSid"], "CallStatus": "completed"}
assert ask("/status", over, validator.compute_signature(public_url + "/status", over)) == 204
print("Twilio's library for Python signs what the bridge takes, and nothing else is taken")
