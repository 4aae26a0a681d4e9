"""dondoc watch: on a second machine, asks how the installation is and mails somebody when it is not well."""

import time

import click

from cli.speech import Command
from config.instant import real_now

PARTLY = 4


def command() -> click.Command:
    return watch


@click.command(
    cls=Command,
    help="Máy thứ hai: hỏi tình trạng, báo bằng đường thư riêng / watch from a second machine.",
)
@click.argument("url")
@click.option("--mail", required=True, help="Đường thư riêng: smtp://… / a mail route of its own.")
@click.option("--to", "recipient", required=True, help="Báo cho ai / whom to tell.")
@click.option("--from", "sender", default="dondoc-watch@localhost", help="Người gửi / the sender.")
@click.option(
    "--every", type=click.IntRange(10, 600), default=120, help="Giây giữa hai lần / seconds between."
)
@click.option("--all-well", is_flag=True, help="Mỗi ngày một thư báo bình thường / a daily all-well mail.")
@click.option("--once", is_flag=True, help="Một lần rồi thoát; mã 4 khi có chuyện / once; exit 4 on trouble.")
def watch(url: str, mail: str, recipient: str, sender: str, every: int, all_well: bool, once: bool) -> int:
    """Needs no database and no settings of the installation it looks at."""
    from notifications.smtp import parse_channel
    from tasks.lookout import Lookout

    lookout = Lookout(url, parse_channel(mail), sender, recipient)
    said_on = None
    while True:
        now = real_now()
        found = lookout.look(now)
        if all_well and not found and said_on != now.date():
            lookout.all_well(now)
            said_on = now.date()
        if once:
            for one in found:
                click.echo(one)
            return PARTLY if found else 0
        time.sleep(every)
