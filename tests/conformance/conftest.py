"""The comparison of states runs on demand: CONFORMANCE_STATES=1 ./dev test.

It is complete for Django's fixtures, contrib and random histories, but known
to differ on some published packages, and takes minutes; see
DIFFERENCES-state.md.
"""

import os

if not os.environ.get("CONFORMANCE_STATES"):
    print("SKIP: states are compared with Django's only with CONFORMANCE_STATES=1")
    collect_ignore_glob = ["test_state_*.py"]
