"""The users of the account, and whose keys these are."""

from importer.sandbox.account import User
from importer.sandbox.tenant import Tenant
from importer.sandbox.wire import Answer, Call, Json


def user_by_access_key(tenant: Tenant, call: Call) -> Answer:
    """`UserByAccessKey.Get`: the key's user, the account, and its hosts: this one (page user-authentication)."""
    user = tenant.key_user
    return Answer(
        {
            **_user(user),
            "UserId": user.id,
            "OrgShortCode": tenant.settings.org_code,
            "TimeZone": tenant.settings.time_zone,
            "DefaultCountryCode": tenant.settings.country_code,
            "LSQCommonServiceURLs": {"api": call.host, "app": call.host},
        }
    )


def users(tenant: Tenant, call: Call) -> Answer:  # noqa: ARG001 every call has this shape
    """`Users.Get`: all users; StatusCode 0 is active, 1 inactive (page get-users)."""
    return Answer(
        [{**_user(each), "MemberOfGroups": "", "Tag": "", "IsPhoneCallAgent": 0} for each in tenant.seed.users]
    )


def _user(user: User) -> dict[str, Json]:
    return {
        "ID": user.id,
        "FirstName": user.first_name,
        "LastName": user.last_name,
        "EmailAddress": user.email,
        "Role": user.role,
        "StatusCode": 0 if user.active else 1,
    }
