"""The plain design, for comparison: an ORM loop over what is open, one Celery task and one connection a mail.

    python -m bench.plain NIGHT                          looks at every open row, publishes one task per hit
    celery -A bench.plain worker                         sends them

Nothing in it leases, bundles or repeats safely: it shows what those promises are measured against.
"""

import json
import os
import smtplib
import sys
import time
from datetime import date, timedelta
from email.message import EmailMessage

from celery import Celery
from jinja2 import Template
from sqlalchemy import create_engine, select
from sqlmodel import Session, col

from workflow.ladder import Position
from workflow.models.directive import Directive
from workflow.models.obligation import Obligation, ObligationStatus
from workflow.models.person import Membership, Person

RUNGS = (42, 14, 7, 4)
"""Days before, by which the default policy speaks on the night of the bench: both tell the same people."""
BODY = "Kính gửi {{ name }},\n\nNhiệm vụ {{ code }} đến hạn ngày {{ due }}.\n{{ text }}\n\nTrân trọng./.\n"
CLIENT = smtplib.SMTP_SSL if os.environ.get("PLAIN_SMTP_SCHEME") == "smtps" else smtplib.SMTP
app = Celery("plain", broker=os.environ.get("PLAIN_BROKER_URL", "memory://"))
app.conf.update(
    task_ignore_result=True, worker_prefetch_multiplier=1, broker_connection_retry_on_startup=True
)
engine = create_engine(os.environ.get("PLAIN_DATABASE_URL", "sqlite://"))


@app.task(name="plain.remind")
def remind(obligation_id: int, person_id: int) -> None:
    with Session(engine) as db:
        obligation, person = db.get_one(Obligation, obligation_id), db.get_one(Person, person_id)
        directive = db.get_one(Directive, obligation.directive_id)
        mail = EmailMessage()
        mail["From"], mail["To"] = "dondoc@localhost", person.email
        mail["Subject"] = f"[{directive.code}] {directive.title}"
        facts = {
            "name": person.name,
            "code": directive.code,
            "due": obligation.due_on,
            "text": directive.text,
        }
        mail.set_content(Template(BODY).render(facts))
        mail.add_alternative(f"<p>{Template(BODY).render(facts)}</p>", subtype="html")
        with CLIENT(os.environ["PLAIN_SMTP_HOST"], int(os.environ["PLAIN_SMTP_PORT"])) as relay:
            relay.send_message(mail)


def sweep(night: date) -> int:
    published = 0
    with Session(engine) as db:
        for obligation in db.scalars(
            select(Obligation).where(col(Obligation.status) == ObligationStatus.RUNNING)
        ):
            days = (obligation.due_on - night).days
            if days in RUNGS or obligation.due_on == night - timedelta(days=1):
                clerks = select(Membership).where(
                    col(Membership.organization_id) == obligation.owed_by_id,
                    col(Membership.position) == Position.CLERK,
                )
                for clerk in db.scalars(clerks):
                    remind.delay(obligation.id, clerk.person_id)
                    published += 1
    return published


if __name__ == "__main__":
    began, cpu = time.perf_counter(), time.process_time()
    published = sweep(date.fromisoformat(sys.argv[1]))
    spent = {"seconds": time.perf_counter() - began, "cpu": time.process_time() - cpu}
    print(json.dumps({"published": published, **spent}))
