"""How fast money moves, and whether it adds up: random moves by one teller and by eight at once.

    python -m benchmarks.money [--moves 1000]
    python .ci/with_postgres.py python -m benchmarks.money

Each count of tellers works on a production of its own in one new database (SQLite in a temporary folder, or a database
beside the one of DATABASE_URL). What a move is stands in media_pipeline/tests/processes/tellers.py. Exits with 1 when
anything does not add up.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from typing import Any

from benchmarks.databases import own_database

TELLERS = "media_pipeline.tests.processes.tellers"


def main() -> None:
    """Print the results as Markdown."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--moves", type=int, default=1000)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="rushes-money-") as folder, own_database() as url:
        environment = os.environ | {"DATA_DIR": folder, "DATABASE_URL": url, "DEBUG": "1", "LOG_LEVEL": "WARNING"}
        subprocess.run([sys.executable, "manage.py", "migrate", "-v0"], env=environment, check=True)
        results = [tell(environment, threads, options.moves, seed) for seed, threads in enumerate((1, 8, 8, 8))]
    print("| database | tellers | moves | moves a second | ledger rows | refused by a cap | wrong |")
    print("|---|---|---|---|---|---|---|")
    for result in results:
        refused = sum(count for name, count in result["counts"].items() if name.startswith("refused"))
        print(
            f"| {result['database']} | {result['threads']} | {result['moves']} | {result['moves_per_second']} "
            f"| {result['ledger_entries']} | {refused} | {len(result['wrong'])} |"
        )
    wrong = [words for result in results for words in result["wrong"]]
    if wrong:
        sys.exit("\n".join(["These do not add up:", *wrong[:20]]))


def tell(environment: dict[str, str], threads: int, moves: int, seed: int) -> dict[str, Any]:
    """One production, so many tellers."""
    words = ["--threads", str(threads), "--moves", str(moves), "--seed", str(seed)]
    said = subprocess.run(
        [sys.executable, "-m", TELLERS, *words], env=environment, check=True, stdout=subprocess.PIPE, text=True
    ).stdout
    return json.loads(said)


if __name__ == "__main__":
    main()
