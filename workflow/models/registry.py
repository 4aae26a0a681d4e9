"""Importing this module puts every table into `SQLModel.metadata` (migrations, scratch copies)."""

from sqlalchemy import MetaData
from sqlmodel import SQLModel

from workflow.models.account import (
    Credential,
    OneTimeCode,
    OutsideIdentity,
    RecoveryCode,
    SecondFactor,
    SignIn,
)
from workflow.models.api_token import ApiToken
from workflow.models.attachment import Attachment
from workflow.models.channel_stop import ChannelStop
from workflow.models.checkpoint import Checkpoint, CheckpointMark
from workflow.models.directive import Coordination, Directive, SearchText
from workflow.models.event import Event, Seal
from workflow.models.extension import Extension
from workflow.models.heartbeat import Heartbeat
from workflow.models.house_head import HouseHead
from workflow.models.idempotency_key import IdempotencyKey
from workflow.models.inbound import BounceReport, InboundMail, MailAnswer
from workflow.models.instance import Instance
from workflow.models.job_run import JobRun
from workflow.models.ledger_check import LedgerCheck
from workflow.models.link import AnswerLink, AnswerLinkItem, CalendarFeed, LinkAnswer
from workflow.models.mail_template import MailTemplate
from workflow.models.message import Message
from workflow.models.notice import Notice
from workflow.models.obligation import Obligation
from workflow.models.obligation_past import ObligationPast
from workflow.models.organization import Organization
from workflow.models.pause import SendingPause
from workflow.models.person import Membership, Person
from workflow.models.policy_choice import PolicyChoice
from workflow.models.refusal import MailRefusal
from workflow.models.report_schedule import ReportRecipient, ReportSchedule
from workflow.models.rule_version import RuleVersion
from workflow.models.saved_view import SavedView
from workflow.models.supervision import Conclusion, Supervision
from workflow.models.sweep_run import SweepRun
from workflow.models.webhook import Webhook, WebhookCall

TABLES: tuple[type[SQLModel], ...] = (
    Organization, Person, Membership, RuleVersion, Supervision, Conclusion, Directive, Coordination,
    Obligation, ObligationPast, PolicyChoice, LedgerCheck, Extension, Event, Seal, SweepRun, Notice, Message, Attachment, Heartbeat, SendingPause,
    Credential, SignIn, OneTimeCode, SecondFactor, RecoveryCode, OutsideIdentity, SavedView, SearchText,
    ChannelStop, MailTemplate,
    ApiToken, IdempotencyKey, Webhook, WebhookCall,
    AnswerLink, AnswerLinkItem, LinkAnswer, CalendarFeed,
    InboundMail, BounceReport, MailAnswer, Instance,
    ReportSchedule, ReportRecipient, MailRefusal, JobRun, HouseHead, Checkpoint, CheckpointMark,
)  # fmt: skip


def metadata() -> MetaData:
    return SQLModel.metadata
