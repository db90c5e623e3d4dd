"""The door of tenancy."""

from yui.kernel.tenancy.actions import end_body, open_body
from yui.kernel.tenancy.codes import is_local_government_code, local_government_check_digit
from yui.kernel.tenancy.contracts import (
    BodyKind,
    BodyRef,
    BodyRefused,
    NoActiveBody,
    OtherBodyActive,
    TenancyError,
    UnknownBody,
    WrongRole,
)
from yui.kernel.tenancy.guard import check_role
from yui.kernel.tenancy.models import Body, TenantForeignKey, TenantManager, TenantModel
from yui.kernel.tenancy.operations import AddTenantReference, EnableTenancy, GrantRead, lean_table
from yui.kernel.tenancy.queries import find_body, get_body, list_bodies
from yui.kernel.tenancy.scope import body_scope, current_body, current_body_id, find_current_body

__all__ = [
    "AddTenantReference",
    "Body",
    "BodyKind",
    "BodyRef",
    "BodyRefused",
    "EnableTenancy",
    "GrantRead",
    "NoActiveBody",
    "OtherBodyActive",
    "TenancyError",
    "TenantForeignKey",
    "TenantManager",
    "TenantModel",
    "UnknownBody",
    "WrongRole",
    "body_scope",
    "check_role",
    "current_body",
    "current_body_id",
    "end_body",
    "find_body",
    "find_current_body",
    "get_body",
    "is_local_government_code",
    "lean_table",
    "list_bodies",
    "local_government_check_digit",
    "open_body",
]
