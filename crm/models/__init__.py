"""Who they are: staff accounts, clients with their addresses, leads."""

from crm.models.client import Client, ClientMerge, Identity, IdentityAlias, Tag
from crm.models.lead import Lead, LeadSource, LeadStage
from crm.models.staff import PALETTE_SIZE, AccessToken, AuditEntry, StaffGroup, User

__all__ = [
    "PALETTE_SIZE",
    "AccessToken",
    "AuditEntry",
    "Client",
    "ClientMerge",
    "Identity",
    "IdentityAlias",
    "Lead",
    "LeadSource",
    "LeadStage",
    "StaffGroup",
    "Tag",
    "User",
]
