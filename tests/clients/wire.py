"""Sends signed requests of DynamoDB's API as they are, so that no client's own checks stand in between.

usage: python wire.py <endpoint>; [call, body] in JSON a line in, [status, body] in JSON a line out.
"""

import json
import os
import ssl
import sys
import urllib.error
import urllib.request

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

ENDPOINT = sys.argv[1]
WHO = Credentials(os.environ["AWS_ACCESS_KEY_ID"], os.environ["AWS_SECRET_ACCESS_KEY"])
SIGNER = SigV4Auth(WHO, "dynamodb", os.environ["AWS_REGION"])
TRUST = ssl.create_default_context(cafile=os.environ.get("AWS_CA_BUNDLE"))


def send(call, body):
    headers = {"Content-Type": "application/x-amz-json-1.0", "X-Amz-Target": f"DynamoDB_20120810.{call}"}
    signed = AWSRequest("POST", f"{ENDPOINT}/", headers=headers, data=json.dumps(body))
    SIGNER.add_auth(signed)
    request = urllib.request.Request(signed.url, signed.data.encode(), dict(signed.headers), method="POST")
    try:
        with urllib.request.urlopen(request, context=TRUST, timeout=30) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as error:
        return error.code, json.load(error)


for line in sys.stdin:
    print(json.dumps(send(*json.loads(line))), flush=True)
