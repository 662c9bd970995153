"""Every table, one noun a module. Importing this package makes the metadata whole."""

from storage.models.audit_log import AuditEntry
from storage.models.audits import Audit, AuditDocument
from storage.models.banners import Banner
from storage.models.bot_texts import BotText
from storage.models.cards import Card
from storage.models.catalogue import CatalogueEntry, CatalogueWord, SearchWord
from storage.models.clean_copies import CleanCopy
from storage.models.colleague_links import ColleagueLink
from storage.models.companies import Company, Member
from storage.models.conversation_ratings import ConversationRating
from storage.models.conversation_reads import ConversationRead
from storage.models.conversation_topics import ConversationTopic
from storage.models.conversations import Conversation
from storage.models.crm_links import CrmLink
from storage.models.drafts import Draft, SentFile, TypedAnswer
from storage.models.employees import Absence, Employee
from storage.models.files import File
from storage.models.gates import Gate
from storage.models.grants import Grant
from storage.models.inbox import InboxRow
from storage.models.invitations import Invitation
from storage.models.invoice_links import InvoiceLink
from storage.models.lots import Lot, LotVersion
from storage.models.meetings import Meeting, MeetingAnswer, MeetingSlot
from storage.models.message_translations import MessageTranslation
from storage.models.messages import Message, MessageCopy, MessagePart, MissedReaction
from storage.models.offers import Offer, OfferVersion
from storage.models.open_lines import OpenLine
from storage.models.orders import Order, OrderUpdate
from storage.models.outbox import OutboxRow
from storage.models.people import Consent, Person
from storage.models.portals import AppliedElement, Portal
from storage.models.ready_sets import SetRun, StageRule
from storage.models.relations import ProfileView, Relation
from storage.models.reply_templates import ReplyTemplate
from storage.models.reports import Report
from storage.models.reviews import Review, ReviewReply
from storage.models.robot_waits import RobotWait
from storage.models.settings import Setting

__all__ = [
    "Absence",
    "AppliedElement",
    "Audit",
    "AuditDocument",
    "AuditEntry",
    "Banner",
    "BotText",
    "Card",
    "CatalogueEntry",
    "CatalogueWord",
    "CleanCopy",
    "ColleagueLink",
    "Company",
    "Consent",
    "Conversation",
    "ConversationRating",
    "ConversationRead",
    "ConversationTopic",
    "CrmLink",
    "Draft",
    "Employee",
    "File",
    "Gate",
    "Grant",
    "InboxRow",
    "Invitation",
    "InvoiceLink",
    "Lot",
    "LotVersion",
    "Meeting",
    "MeetingAnswer",
    "MeetingSlot",
    "Member",
    "Message",
    "MessageCopy",
    "MessagePart",
    "MessageTranslation",
    "MissedReaction",
    "Offer",
    "OfferVersion",
    "OpenLine",
    "Order",
    "OrderUpdate",
    "OutboxRow",
    "Person",
    "Portal",
    "ProfileView",
    "Relation",
    "ReplyTemplate",
    "Report",
    "Review",
    "ReviewReply",
    "RobotWait",
    "SearchWord",
    "SentFile",
    "SetRun",
    "Setting",
    "StageRule",
    "TypedAnswer",
]
