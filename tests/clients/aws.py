"""Calls AWS through boto3: one JSON request a line in, one JSON answer a line out.

A request is {"service", "operation", "parameters", "credentials": {"key", "secret", "token"}}, an answer
{"ok": result} or {"error": {"code", "message"}}. Bytes travel as {"$base64": text}.
"""

import base64
import datetime
import functools
import json
import sys

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError
from botocore.response import StreamingBody


def outward(value):
    if isinstance(value, StreamingBody):
        value = value.read()
    if isinstance(value, (bytes, bytearray)):
        return {"$base64": base64.b64encode(value).decode()}
    if isinstance(value, datetime.datetime):
        return value.isoformat()
    return str(value)


def inward(value):
    return base64.b64decode(value["$base64"]) if "$base64" in value else value


@functools.cache
def client(service, key, secret, token):
    # Left to itself, boto3 signs URLs of S3 in a way that AWS takes no more of new buckets.
    once = Config(retries={"total_max_attempts": 1}, signature_version="s3v4" if service == "s3" else None)
    return boto3.client(
        service, aws_access_key_id=key, aws_secret_access_key=secret, aws_session_token=token, config=once
    )


for line in sys.stdin:
    request = json.loads(line, object_hook=inward)
    who = request["credentials"]
    try:
        service = client(request["service"], who["key"], who["secret"], who.get("token"))
        answer = {"ok": getattr(service, request["operation"])(**request["parameters"])}
    except ClientError as error:
        answer = {"error": {"code": error.response["Error"]["Code"], "message": str(error)}}
    except Exception as error:
        answer = {"error": {"code": type(error).__name__, "message": str(error)}}
    print(json.dumps(answer, default=outward), flush=True)
