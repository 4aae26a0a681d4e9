"""dondoc user identities, link-identity, unlink-identity: who people are at the site's OpenID provider."""

import click

from cli.output import emit, table
from cli.runtime import Runtime, pass_runtime
from cli.speech import as_json
from workflow import identities
from workflow.store import events


@click.command("identities", help="Ai gắn với tài khoản ngoài nào / who is linked to which outside account.")
@as_json
@pass_runtime
def list_identities(runtime: Runtime, /, as_json: bool) -> None:
    with runtime.reading() as db:
        events.check_sees_all(runtime.actor(db))
        rows = [
            (who.email, one.subject, one.issuer, one.since_at) for who, one in identities.of_everybody(db)
        ]
    if as_json:
        emit([dict(zip(("email", "subject", "issuer", "since_at"), row, strict=True)) for row in rows])
        return
    vi, en = ("Thư điện tử", "Tài khoản ngoài", "Nơi cấp"), ("E-mail", "Outside account", "Provider")
    table(vi if runtime.lang == "vi" else en, [row[:3] for row in rows])


@click.command("link-identity", help="Gắn tài khoản ngoài (sub) với người này / link an outside account.")
@click.argument("email")
@click.argument("subject")
@pass_runtime
def link_identity(runtime: Runtime, /, email: str, subject: str) -> None:
    with runtime.desk() as desk:
        identities.link(desk, email, runtime.settings.oidc_issuer, subject)
    runtime.say(f"Đã gắn {subject} với {email}.", f"{subject} is linked to {email}.")


@click.command("unlink-identity", help="Thôi gắn tài khoản ngoài này / take the link away.")
@click.argument("email")
@click.argument("subject")
@pass_runtime
def unlink_identity(runtime: Runtime, /, email: str, subject: str) -> None:
    with runtime.desk() as desk:
        identities.unlink(desk, email, subject)
    runtime.say(f"Đã thôi gắn {subject} với {email}.", f"{subject} is no longer linked to {email}.")
