"""dondoc user mails: which of the mails that may be refused somebody gets."""

import click

from cli.output import emit, facts
from cli.runtime import Runtime, pass_runtime
from cli.speech import Command, as_json
from workflow import refusals
from workflow.models.refusal import Refusable

KINDS = click.Choice([one.value for one in Refusable])


@click.command(
    cls=Command,
    help="Thư được phép thôi nhận; không tùy chọn: xem / the mails that may be refused; no option: look.",
)
@click.argument("email")
@click.option("--refuse", multiple=True, type=KINDS, help="Thôi nhận / stop sending.")
@click.option("--want", multiple=True, type=KINDS, help="Nhận lại / send again.")
@as_json
@pass_runtime
def mails(
    runtime: Runtime, email: str, refuse: tuple[str, ...], want: tuple[str, ...], as_json: bool
) -> None:
    if refuse or want:
        with runtime.desk() as desk:
            for kind in refuse:
                refusals.choose(desk, email, kind, wanted=False)
            for kind in want:
                refusals.choose(desk, email, kind, wanted=True)
    with runtime.reading() as db:
        refused = refusals.refused(db, refusals.of(db, runtime.actor(db), email))
    if as_json:
        emit({"email": email, **{one.value: one not in refused for one in Refusable}})
        return
    said = {False: runtime.text("có gửi", "sent"), True: runtime.text("thôi nhận", "refused")}
    facts(
        [(runtime.text(name["vi"], name["en"]), said[one in refused]) for one, name in refusals.NAMES.items()]
    )
