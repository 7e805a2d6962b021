"""What is to go wrong, when: rules that pick submits by endpoint, words in the body, count or chance."""

from __future__ import annotations

import random
from dataclasses import asdict, dataclass, field
from fnmatch import fnmatchcase
from typing import Any

SUBMIT_FAULTS = {
    "lose_reply": "accept the job and hang up without a reply",
    "drop_before": "hang up without accepting the job",
    "late_reply": "accept the job and reply `seconds` later",
    "submit_error": "answer `status` as `shape` (nginx, json, html); accepted too where `accepted` is true",
    "rate_limited": "429",
    "garbled_reply": "accept the job and reply `how`: truncated (JSON cut short), html, empty or no_id",
}
JOB_FAULTS = {
    "slow": "the job takes `seconds` longer",
    "never": "the job starts and never ends",
    "stuck": "the job never leaves the queue",
    "fail": "completed with error `type`; `message`, `loc`, `status` and `billed` may be given",
    "broken_file": "media are broken `how`: truncated, empty, html, wrong_type, bomb, huge, redirect, missing, slow",
    "empty_result": "completed, with none of the keys a result has",
    "stop_on_cancel": "a running job that is cancelled ends as client_cancelled and is not billed",
}
READ_FAULTS = {
    "status_error": "`count` polls are answered `status` (401, 403, 404, 429, 5xx)",
    "slow_status": "`count` polls are answered `seconds` later",
    "garbled_status": "`count` polls are answered `how`: truncated or html",
    "result_error": "`count` reads of the result are answered `status`",
    "garbled_result": "`count` reads of the result are answered `how`: truncated or html",
    "cancel_error": "`count` cancels are answered `status`",
}
WEBHOOK_FAULTS = {
    "webhook": "`how`: duplicate, early, late, lost, forged, stale, altered, payload_error, unknown_id, swapped",
}
UPLOAD_FAULTS = {"upload_error": "an upload is answered `status`"}
FAULTS = SUBMIT_FAULTS | JOB_FAULTS | READ_FAULTS | WEBHOOK_FAULTS | UPLOAD_FAULTS
"""Every fault by name, and what it does."""

_OWN = {"fault", "endpoint", "contains", "nth", "times", "rate"}


class BadRule(ValueError):
    """A rule that cannot be understood; the message says what is wrong with it."""


@dataclass
class Rule:
    """One scripted fault.

    It looks at submits whose endpoint matches the pattern and whose body contains the text. Of these it takes those
    whose number (from 1) is in `nth`, or by chance `rate`, or all; and no more than `times`.
    """

    fault: str
    endpoint: str = "*"
    contains: str = ""
    nth: tuple[int, ...] = ()
    times: int | None = None
    rate: float | None = None
    more: dict[str, Any] = field(default_factory=dict)
    matched: int = 0
    applied: int = 0

    def takes(self, endpoint: str, text: str, chance: float) -> bool:
        """Whether this submit is one of those that go wrong; counts it."""
        if not fnmatchcase(endpoint, self.endpoint) or self.contains not in text:
            return False
        self.matched += 1
        if self.times is not None and self.applied >= self.times:
            return False
        if self.nth and self.matched not in self.nth:
            return False
        if self.rate is not None and chance >= self.rate:
            return False
        self.applied += 1
        return True


def rule_from(data: dict[str, Any]) -> Rule:
    """A rule from its JSON; BadRule when the fault or a value is not known."""
    if data.get("fault") not in FAULTS:
        raise BadRule(f"There is no fault {data.get('fault')!r}; there are: {', '.join(sorted(FAULTS))}.")
    own = {name: value for name, value in data.items() if name in _OWN}
    nth = own.pop("nth", ())
    own["nth"] = (nth,) if isinstance(nth, int) else tuple(nth)
    return Rule(**own, more={name: value for name, value in data.items() if name not in _OWN})


def rates_from(text: str) -> list[dict[str, Any]]:
    """Rules from "lose_reply=0.05,slow=0.1:seconds=5": a chance for each fault, and its parameters after colons."""
    rules = []
    for part in filter(None, text.split(",")):
        head, *more = part.split(":")
        name, _, rate = head.partition("=")
        rule: dict[str, Any] = {"fault": name.strip(), "rate": _number(rate, part)}
        for pair in more:
            key, _, value = pair.partition("=")
            rule[key] = float(value) if value.replace(".", "", 1).isdigit() else value
        rules.append(rule)
    return rules


def _number(text: str, part: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise BadRule(f"“{part}” is not fault=chance, such as lose_reply=0.05.") from None


class FaultScript:
    """The rules in force, drawing chances from a seed so that the same calls meet the same faults."""

    def __init__(self, seed: int, rules: list[dict[str, Any]]) -> None:
        self.seed = seed
        self.rules: list[Rule] = []
        for rule in rules:
            self.add(rule)

    def add(self, data: dict[str, Any]) -> Rule:
        """Put one more rule in force; BadRule when it is wrong."""
        rule = rule_from(data)
        self.rules.append(rule)
        return rule

    def clear(self) -> None:
        """No more faults."""
        self.rules.clear()

    def for_submit(self, endpoint: str, text: str) -> list[dict[str, Any]]:
        """What is to go wrong with this submit: fault name and parameters, in the order of the rules."""
        return self._taken(endpoint, text, FAULTS.keys() - UPLOAD_FAULTS.keys())

    def for_upload(self, name: str) -> list[dict[str, Any]]:
        """What is to go wrong with the upload of a file of this name."""
        return self._taken("upload", name, UPLOAD_FAULTS.keys())

    def _taken(self, endpoint: str, text: str, names: Any) -> list[dict[str, Any]]:
        found = []
        for number, rule in enumerate(self.rules):
            if rule.fault not in names:
                continue
            chance = random.Random(f"{self.seed}/{number}/{rule.matched}").random()
            if rule.takes(endpoint, text, chance):
                found.append({"fault": rule.fault, **rule.more})
        return found

    def described(self) -> list[dict[str, Any]]:
        """The rules with how often each matched and applied."""
        return [asdict(rule) for rule in self.rules]
