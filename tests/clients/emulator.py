"""Starts the emulator, and mends the one fault of its TLS mode that stands in the tests' way.

Its JWT authorizer fetches the user pool's keys from the emulator itself over plain HTTP, which its own
TLS listener cannot answer. Requests to itself are sent over TLS instead.

It ends when standard input does, so that it never outlives whoever started it, however that one ended.
"""

import os
import signal
import ssl
import sys
import threading
import urllib.request

from ministack.app import main

PLAIN = f"http://localhost:{os.environ['GATEWAY_PORT']}/"


class OverTls(urllib.request.BaseHandler):
    handler_order = 100

    def http_open(self, request):
        if not request.full_url.startswith(PLAIN):
            return None
        trust = ssl.create_default_context(cafile=os.environ["SSL_CERT_FILE"])
        secure = "https" + request.full_url.removeprefix("http")
        return urllib.request.urlopen(secure, timeout=request.timeout, context=trust)


def end_with_the_parent():
    sys.stdin.read()
    os.killpg(0, signal.SIGKILL)


threading.Thread(target=end_with_the_parent, daemon=True).start()
if "--unmended" in sys.argv:
    sys.argv.remove("--unmended")
else:
    urllib.request.install_opener(urllib.request.build_opener(OverTls))
sys.exit(main())
