"""Every address of the API with something to send, and what each kind of person gets for it."""

from dataclasses import dataclass, field
from typing import Any

V1 = "/api/v1"
PEOPLE = ("nobody", "ben", "cleo", "ada", "duc", "chi", "quan", "lan", "ky")


@dataclass(frozen=True)
class Try:
    """`expected`: one status for each of PEOPLE, in their order; `code`: what stands for the braces."""

    method: str
    path: str
    expected: str
    body: dict[str, Any] | None = None
    filled: dict[str, str] = field(default_factory=dict)
    query: str = ""

    @property
    def route(self) -> tuple[str, str]:
        return self.method, V1 + self.path

    @property
    def address(self) -> str:
        path = self.path
        for name, value in {**FILLED, **self.filled}.items():
            path = path.replace("{" + name + "}", value)
        return V1 + path + self.query

    @property
    def statuses(self) -> dict[str, int]:
        return dict(zip(PEOPLE, map(int, self.expected.split()), strict=True))


FILLED = {
    "code": "GS14-01", "file_id": "999", "night": "2026-08-21", "message_id": "999", "mail_id": "999", "token_id": "999",
    "email": "nobody@lamgiang.example", "year": "2026", "which": "default", "webhook_id": "999", "call_id": "999",
}  # fmt: skip
SCT, KL1 = {"code": "sct"}, {"code": "GS14-KL1"}
CLERK = {"email": "x@lamgiang.example", "position": "clerk", "name": "X"}
PASTED = {"supervision": "GS14", "text": "Giao Sở Y tế kiểm tra các chợ trước ngày 30/9/2026."}
REASON = {"reason": "Lý do"}
SUBJECT, BEN = {"path:path": "vi/reminder/subject.txt"}, {"email": "ben@lamgiang.example"}
EDITED = {"source": "[{{ words.codes(letter) }}] {{ title }}"}
TRIED = {"reason": "Lý do", "dry_run": True}
NEW_DAY = {"on": "2026-11-25", "vi": "Nghỉ thử", "source": "QĐ", "dry_run": True}
HURRIED, LIVES = {"scope": "urgency", "value": "urgent"}, {"which": "directive", "other": "directive"}
TABLE = [
    Try("GET", "/openapi.json", "401 200 200 200 200 200 200 200 200"),
    Try("GET", "/me", "401 200 200 200 200 200 200 200 200"),
    Try("GET", "/me/tokens", "401 200 200 200 200 200 200 200 200"),
    Try("POST", "/me/tokens", "401 201 201 201 201 201 201 201 201", {"name": "Máy", "scopes": ["read"]}),
    Try("DELETE", "/me/tokens/{token_id}", "401 404 404 404 404 404 404 404 404"),
    Try("GET", "/organizations", "401 200 200 200 200 200 200 200 200"),
    Try(
        "POST",
        "/organizations",
        "401 403 403 201 201 201 201 403 403",
        {"code": "skh", "name": "Sở Khoa học"},
    ),
    Try("GET", "/organizations/{code}", "401 200 404 200 200 200 200 200 200", filled=SCT),
    Try("PATCH", "/organizations/{code}", "401 403 404 200 200 200 200 403 403", {"aliases": ["Sở CT"]}, SCT),
    Try(
        "POST",
        "/organizations/{code}/contacts",
        "401 403 404 201 201 201 201 403 403",
        {"email": "x@lamgiang.example", "position": "clerk", "name": "X"},
        SCT,
    ),
    Try(
        "DELETE", "/organizations/{code}/contacts/{email}", "401 403 404 404 404 404 404 403 403", filled=SCT
    ),
    Try(
        "PATCH",
        "/people/{email}",
        "401 403 404 200 200 200 200 403 403",
        {"name": "Ben B"},
        {"email": "ben@lamgiang.example"},
    ),
    Try("GET", "/organizations/{code}/scorecard", "401 200 404 200 200 200 200 200 200", filled=SCT),
    Try("GET", "/directives/{code}/links", "401 403 404 200 200 200 200 403 403"),
    Try("POST", "/directives/{code}/links", "401 403 404 201 201 201 201 403 403", {}),
    Try("POST", "/links/{number}/revoke", "401 404 404 404 404 404 404 404 404", filled={"number": "999"}),
    Try("POST", "/calendar-feed", "401 200 200 200 200 200 200 200 200", {}),
    Try("POST", "/calendar-feed/revoke", "401 200 200 200 200 200 200 200 200", {}),
    Try("GET", "/directives/{code}/letters", "401 200 404 200 200 200 200 200 200"),
    Try(
        "POST",
        "/directives/{code}/letters/{kind}",
        "401 403 404 409 409 409 409 403 403",
        filled={"kind": "urge"},
    ),
    Try("GET", "/report-schedules", "401 403 403 200 200 200 200 403 403"),
    Try(
        "POST",
        "/report-schedules",
        "401 403 403 201 201 201 201 403 403",
        {"kind": "weekly", "rhythm": "FREQ=WEEKLY;BYDAY=MO", "to": ["chi@lamgiang.example"]},
    ),
    Try(
        "DELETE",
        "/report-schedules/{number}",
        "401 403 403 404 404 404 404 403 403",
        filled={"number": "999"},
    ),
    Try("GET", "/supervisions/{code}/bundle", "401 403 403 403 403 403 200 200 200", filled={"code": "GS14"}),
    Try("GET", "/figures/{name}", "401 200 200 200 200 200 200 200 200", filled={"name": "total"}),
    Try("GET", "/reports/{kind}", "401 200 200 200 200 200 200 200 200", filled={"kind": "agency"}),
    Try("GET", "/reports/{kind}/file", "401 200 200 200 200 200 200 200 200", filled={"kind": "agency"}),
    Try("GET", "/supervisions", "401 200 200 200 200 200 200 200 200"),
    Try(
        "POST",
        "/supervisions",
        "401 404 404 201 201 201 201 403 403",
        {"code": "GS77", "delegation": "doan14", "subject": "Chuyên đề"},
    ),
    Try("GET", "/supervisions/{code}", "401 200 404 200 200 200 200 200 200", filled={"code": "GS14"}),
    Try("GET", "/conclusions", "401 200 200 200 200 200 200 200 200"),
    Try(
        "POST",
        "/conclusions",
        "401 403 404 201 201 201 201 403 403",
        {"supervision": "GS14", "text": "Giao Sở Y tế kiểm tra các chợ trước ngày 30/9/2026."},
    ),
    Try("GET", "/conclusions/{code}", "401 404 404 200 200 200 200 200 200", filled=KL1),
    Try("POST", "/conclusions/{code}/submit", "401 404 404 200 200 200 200 403 403", filled=KL1),
    Try("POST", "/conclusions/{code}/approve", "401 404 404 403 422 422 403 422 422", REASON, KL1),
    Try("POST", "/conclusions/{code}/withdraw", "401 404 404 200 200 200 403 403 403", REASON, KL1),
    Try("GET", "/directives", "401 200 200 200 200 200 200 200 200"),
    Try(
        "POST",
        "/directives",
        "401 403 404 201 201 201 201 403 403",
        {"code": "GS14-77", "supervision": "GS14", "text": "Rà soát"},
    ),
    Try("GET", "/directives/{code}", "401 200 404 200 200 200 200 200 200"),
    Try(
        "PATCH",
        "/directives/{code}",
        "401 404 404 409 409 409 403 403 403",
        {"version": 1, "product": "Báo cáo"},
        {"code": "GS14-02"},
    ),
    Try("GET", "/directives/{code}/history", "401 200 404 200 200 200 200 200 200"),
    Try("GET", "/directives/{code}/obligations", "401 200 404 200 200 200 200 200 200"),
    Try("GET", "/directives/{code}/moves", "401 200 404 200 200 200 200 200 200"),
    Try(
        "POST",
        "/directives/{code}/moves",
        "401 201 404 403 403 403 403 403 403",
        {"move": "acknowledge", "version": 2},
    ),
    Try("GET", "/directives/{code}/explain", "401 200 404 200 200 200 200 200 200"),
    Try("GET", "/directives/{code}/nights/{night}", "401 200 404 200 200 200 200 200 200"),
    Try("GET", "/directives/{code}/files/{file_id}", "401 404 404 404 404 404 404 404 404"),
    Try(
        "POST",
        "/directives/{code}/split",
        "401 404 404 409 409 409 403 403 403",
        {"first": "Một", "second": "Hai"},
        {"code": "GS14-02"},
    ),
    Try(
        "POST",
        "/directives/{code}/merge",
        "401 404 404 409 409 409 403 403 403",
        {"other": "GS14-03"},
        {"code": "GS14-02"},
    ),
    Try("GET", "/sweeps", "401 404 404 200 200 200 200 200 200"),
    Try("POST", "/sweeps", "401 403 403 403 403 403 201 403 403", {"night": "2026-08-21"}),
    Try("GET", "/sweeps/tonight", "401 404 404 200 200 200 200 200 200"),
    Try("GET", "/sweeps/{night}", "401 404 404 200 200 200 200 200 200"),
    Try("POST", "/sweeps/{night}/release", "401 403 403 403 403 403 200 403 403"),
    Try("GET", "/sending", "401 404 404 200 200 200 200 200 200"),
    Try("POST", "/sending/pause", "401 403 403 403 403 403 200 403 403", REASON),
    Try("POST", "/sending/unpause", "401 403 403 403 403 403 200 403 403"),
    Try("GET", "/inbox", "401 404 404 200 404 404 200 404 404"),
    Try("GET", "/inbox/bounces", "401 404 404 200 404 404 200 404 404"),
    Try("POST", "/inbox/{mail_id}/match", "401 404 404 404 404 404 404 404 404", {"code": "GS14-01"}),
    Try("POST", "/inbox/{mail_id}/discard", "401 404 404 404 404 404 404 404 404", REASON),
    Try("GET", "/messages", "401 200 200 200 200 200 200 200 200"),
    Try("GET", "/messages/{message_id}", "401 404 404 404 404 404 404 404 404"),
    Try("POST", "/messages/{message_id}/resend", "401 404 404 404 404 404 404 404 404"),
    Try("GET", "/calendar/years/{year}", "401 200 200 200 200 200 200 200 200"),
    Try("GET", "/calendar/count", "401 200 200 200 200 200 200 200 200", query="?since=2026-08-20&days=5"),
    Try("GET", "/calendar", "401 404 404 200 200 200 200 200 200"),
    Try("POST", "/calendar", "401 403 403 403 403 403 422 403 403", {"source": "x", "reason": "Lý do"}),
    Try("POST", "/calendar/days", "401 403 403 403 403 403 200 403 403", NEW_DAY),
    Try(
        "POST", "/calendar/days/remove", "401 403 403 403 403 403 200 403 403", {"on": "2026-11-24", **TRIED}
    ),
    Try(
        "POST",
        "/calendar/confirm",
        "401 403 403 403 403 403 200 403 403",
        {"year": 2027, "source": "QĐ", "dry_run": True},
    ),
    Try("GET", "/audit/ledger", "401 404 404 404 404 404 200 404 200"),
    Try(
        "GET",
        "/simulation",
        "401 404 404 200 200 200 200 200 200",
        query="?since=2026-08-24&until=2026-08-26",
    ),
    Try("GET", "/audit/verify", "401 404 404 404 404 404 200 404 200"),
    Try("GET", "/audit/events", "401 404 404 404 404 404 200 404 200"),
    Try("GET", "/users", "401 404 404 404 404 404 200 404 404"),
    Try(
        "POST",
        "/users",
        "401 404 404 404 404 404 201 404 404",
        {"email": "moi@lamgiang.example", "name": "Mới"},
    ),
    Try(
        "PATCH",
        "/users/{email}",
        "401 404 404 404 404 404 200 404 404",
        {"active": True},
        {"email": "ben@lamgiang.example"},
    ),
    Try("GET", "/users/{email}/identities", "401 404 404 404 404 404 200 404 404", filled=BEN),
    Try("POST", "/users/{email}/identities", "401 404 404 404 404 404 409 404 404", {"subject": "u-1"}, BEN),
    Try(
        "DELETE",
        "/users/{email}/identities",
        "401 404 404 404 404 404 404 404 404",
        filled=BEN,
        query="?subject=u-1",
    ),
    Try("GET", "/jobs", "401 404 404 404 404 404 200 404 404"),
    Try("GET", "/letterhead", "401 404 404 404 404 404 200 404 404"),
    Try("PUT", "/letterhead", "401 404 404 404 404 404 200 404 404", {"body": "Đoàn", "version": 0}),
    Try("GET", "/webhooks", "401 404 404 404 404 404 200 404 404"),
    Try("POST", "/webhooks", "401 403 403 403 403 403 201 403 403", {"url": "https://nhan.example.vn/vao"}),
    Try("DELETE", "/webhooks/{webhook_id}", "401 404 404 404 404 404 404 404 404"),
    Try("POST", "/webhooks/{webhook_id}/test", "401 404 404 404 404 404 404 404 404"),
    Try("GET", "/webhooks/{webhook_id}/calls", "401 404 404 404 404 404 404 404 404"),
    Try("POST", "/webhooks/calls/{call_id}/resend", "401 403 403 403 403 403 404 403 403"),
    Try("GET", "/policies", "401 404 404 200 200 200 200 200 200"),
    Try("POST", "/policies", "401 404 404 403 403 403 422 403 403", {"source": "x"}),
    Try("GET", "/policies/{which}", "401 404 404 200 200 200 200 200 200"),
    Try("POST", "/policies/check", "401 404 404 422 422 422 422 422 422", {"source": "x"}),
    Try(
        "GET",
        "/policies/{which}/difference/{other}",
        "401 404 404 200 200 200 200 200 200",
        filled={"other": "default"},
    ),
    Try("POST", "/policies/preview", "401 404 404 403 403 403 200 403 403", {"which": "default"}),
    Try("POST", "/policies/migrate", "401 404 404 403 403 403 200 403 403", {"which": "default", **TRIED}),
    Try("GET", "/policy-choices", "401 404 404 200 200 200 200 200 200"),
    Try(
        "PUT",
        "/policy-choices/{scope}/{value}",
        "401 404 404 403 403 403 200 403 403",
        {"policy": "default"},
        HURRIED,
    ),
    Try("DELETE", "/policy-choices/{scope}/{value}", "401 404 404 403 403 403 200 403 403", filled=HURRIED),
    Try("GET", "/lifecycles/{which}/difference/{other}", "401 404 404 200 200 200 200 200 200", filled=LIVES),
    Try(
        "POST", "/lifecycles/migrate", "401 404 404 403 403 403 200 403 403", {"which": "directive", **TRIED}
    ),
    Try("GET", "/lifecycles", "401 404 404 200 200 200 200 200 200"),
    Try("POST", "/lifecycles", "401 404 404 403 403 403 422 403 403", {"source": "x"}),
    Try("GET", "/lifecycles/{which}", "401 404 404 200 200 200 200 200 200", filled={"which": "directive"}),
    Try("POST", "/lifecycles/check", "401 404 404 422 422 422 422 422 422", {"source": "x"}),
    Try("GET", "/mail-templates", "401 404 404 404 404 404 200 404 404"),
    Try("GET", "/mail-templates/{path:path}", "401 404 404 404 404 404 200 404 404", filled=SUBJECT),
    Try("PUT", "/mail-templates/{path:path}", "401 403 403 403 403 403 200 403 403", EDITED, SUBJECT),
    Try("DELETE", "/mail-templates/{path:path}", "401 403 403 403 403 403 200 403 403", filled=SUBJECT),
    Try("GET", "/absences/{email}", "401 200 404 404 404 404 200 200 200", filled=BEN),
    Try("PUT", "/absences/{email}", "401 200 403 200 200 200 200 403 403", {"from_on": "2026-08-20"}, BEN),
    Try(
        "POST", "/imports", "401 403 403 403 403 403 422 403 403", {"file": {"name": "x.csv", "content": ""}}
    ),
    Try("GET", "/people/{email}/mails", "401 200 404 404 404 404 200 200 200", filled=BEN),
    Try("PUT", "/people/{email}/mails", "401 200 404 404 404 404 200 403 403", {"weekly": False}, BEN),
    Try("DELETE", "/absences/{email}", "401 200 403 200 200 200 200 403 403", filled=BEN),
]


def without_a_key() -> dict[tuple[str, str], dict[str, int]]:
    """The same table for a caller with a cookie and no form key: nothing can be changed."""
    refused = {**dict.fromkeys(PEOPLE, 403), "nobody": 401}
    return {one.route: one.statuses if one.method == "GET" else refused for one in TABLE}


def addresses() -> dict[str, str]:
    """What stands for each path of the API; where several methods share it, what is read there."""
    return {V1 + one.path: one.address for one in sorted(TABLE, key=lambda one: one.method == "GET")}
