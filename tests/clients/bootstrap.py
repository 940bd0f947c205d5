#!/usr/bin/env python3
"""The code of a Lambda function that answers every event with the credentials it was given."""

import json
import os
import urllib.request

RUNTIME = f"http://{os.environ['AWS_LAMBDA_RUNTIME_API']}/2018-06-01/runtime/invocation"

while True:
    with urllib.request.urlopen(f"{RUNTIME}/next") as event:
        request = event.headers["Lambda-Runtime-Aws-Request-Id"]
        event.read()
    names = {"key": "AWS_ACCESS_KEY_ID", "secret": "AWS_SECRET_ACCESS_KEY", "token": "AWS_SESSION_TOKEN"}
    answer = json.dumps({name: os.environ[variable] for name, variable in names.items()})
    urllib.request.urlopen(f"{RUNTIME}/{request}/response", data=answer.encode()).read()
