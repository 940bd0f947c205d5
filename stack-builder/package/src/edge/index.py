"""Starts the Rust handler in place of the Python runtime.

Lambda@Edge has no custom runtime. The managed one imports this module before it asks for the first event, so the
binary beside it takes over the process, its environment and the runtime API, and nothing is lost.
"""

import os

_BOOTSTRAP = os.path.join(os.path.dirname(os.path.abspath(__file__)), "bootstrap")
os.execv(_BOOTSTRAP, [_BOOTSTRAP])
