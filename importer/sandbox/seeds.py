"""The demonstration account: always the same users, 400 leads, a few deleted leads and four activity types.

Ids come from names (uuid5), so a file made today still fits the sandbox of tomorrow.
"""

import uuid

from importer.sandbox.account import ActivityDataType, ActivityField, ActivityType, Lead, LeadField, Seed, User

NAMESPACE = uuid.UUID("5b0f7a4e-6f0c-5d0a-9a53-1f6f6d1b7c11")
IMPORT_KEY_FIELD = "mx_Custom_15"

_FIRST_NAMES = (
    "Aarav", "Aditi", "Arjun", "Bhavna", "Chetan", "Deepika", "Farhan", "Gauri", "Harish", "Ishita",
    "Jatin", "Kavya", "Lakshmi", "Manoj", "Nisha", "Omkar", "Pooja", "Rahul", "Sneha", "Vikram",
)  # fmt: skip
_LAST_NAMES = (
    "Agarwal", "Bose", "Chopra", "Das", "Fernandes", "Gupta", "Iyer", "Joshi", "Kapoor", "Kulkarni",
    "Mehta", "Menon", "Nair", "Patel", "Pillai", "Rao", "Reddy", "Sharma", "Singh", "Verma",
)  # fmt: skip
_CITIES = ("Bengaluru", "Pune", "Mumbai", "Chennai", "Hyderabad", "Kochi", "Delhi", "Kolkata", "Jaipur", "Indore")
_STAGES = ("Prospect", "Contacted", "Qualified", "Customer", "Lost")


def demo_users() -> tuple[User, ...]:
    """Six users; the first is the administrator whose keys are used, the last is inactive."""
    people = (
        ("Asha", "Menon", "Administrator", True),
        ("Ravi", "Kumar", "Sales_Manager", True),
        ("Meera", "Shah", "Sales_User", True),
        ("Imran", "Khan", "Sales_User", True),
        ("Divya", "Krishnan", "Sales_User", True),
        ("Suresh", "Babu", "Sales_User", False),
    )
    return tuple(
        User(
            id=str(uuid.uuid5(NAMESPACE, f"demo user {first}.{last}")),
            first_name=first,
            last_name=last,
            email=f"{first}.{last}@example.com".lower(),
            role=role,
            active=active,
        )
        for first, last, role, active in people
    )


def demo_lead_fields() -> tuple[LeadField, ...]:
    """The fields of leads; EmailAddress, Phone, Mobile and mx_Customer_Number are unique."""
    return (
        LeadField("FirstName", "First Name"),
        LeadField("LastName", "Last Name"),
        LeadField("EmailAddress", "Email", "Email", unique=True),
        LeadField("Phone", "Phone Number", "Phone", unique=True, max_length=20),
        LeadField("Mobile", "Mobile Number", "Phone", unique=True, max_length=20),
        LeadField("Company", "Company"),
        LeadField("Source", "Lead Source", "Select", options=("Website", "Referral", "Walk-in", "Campaign")),
        LeadField("ProspectStage", "Lead Stage", "Select", options=_STAGES),
        LeadField("mx_City", "City"),
        LeadField("mx_Customer_Number", "Customer Number", unique=True, max_length=50),
        LeadField("mx_KYC", "KYC Documents", "CustomObject"),
    )


def demo_leads(count: int = 400) -> tuple[Lead, ...]:
    """Leads number 1 to `count`; the same number is always the same lead."""
    return tuple(_demo_lead(number) for number in range(1, count + 1))


def _demo_lead(number: int) -> Lead:
    first = _FIRST_NAMES[number % len(_FIRST_NAMES)]
    last = _LAST_NAMES[number // len(_FIRST_NAMES) % len(_LAST_NAMES)]
    return Lead(
        id=str(uuid.uuid5(NAMESPACE, f"demo lead {number}")),
        attributes={
            "FirstName": first,
            "LastName": last,
            "EmailAddress": f"{first}.{last}{number}@example.com".lower(),
            "Phone": f"+91-9{100_000_000 + number * 7_919:09d}",
            "Mobile": f"+91-9{500_000_000 + number * 6_007:09d}",
            "Source": "Website",
            "ProspectStage": _STAGES[number % len(_STAGES)],
            "mx_City": _CITIES[number % len(_CITIES)],
            "mx_Customer_Number": f"{number:07d}",
        },
    )


def deleted_leads(count: int = 5) -> tuple[str, ...]:
    """Ids that are well formed and belong to no lead."""
    return tuple(str(uuid.uuid5(NAMESPACE, f"deleted lead {number}")) for number in range(1, count + 1))


def demo_activity_types() -> tuple[ActivityType, ...]:
    """Types 201 to 204, each with mx_Custom_1 to mx_Custom_15, the last of them the text field "Import key"."""
    return (_store_visit(), _phone_call(), _web_sign_up(), _loan_application())


def demo_seed() -> Seed:
    """The whole demonstration account."""
    return Seed(demo_users(), demo_lead_fields(), demo_leads(), deleted_leads(), demo_activity_types())


def _custom(
    number: int,
    display_name: str,
    data_type: ActivityDataType = "String",
    *,
    mandatory: bool = False,
    options: tuple[str, ...] = (),
) -> ActivityField:
    return ActivityField(f"mx_Custom_{number}", display_name, data_type, mandatory=mandatory, options=options)


_IMPORT_KEY = _custom(15, "Import key")


def _store_visit() -> ActivityType:
    # The fields fit the bodies that pages 000 and 002 show, so that the vendor's examples can be posted as they stand.
    fields = (
        _custom(1, "Store", mandatory=True),
        _custom(2, "Store code"),
        _custom(3, "Visitors", "Number"),
        _custom(4, "Amount", "Number"),
        _custom(5, "Follow-up", "DateTime"),
        _custom(6, "Remarks"),
        _custom(7, "Interested in"),
        _custom(8, "Brochure given", "Boolean"),
        _custom(9, "Campaign"),
        _custom(10, "Stage", "SearchableDropdown", options=("New", "Follow-Up Visit", "Won", "Lost")),
        _custom(11, "Category", "SearchableDropdown", options=("Furniture", "Electronics", "Clothing", "Grocery")),
        _custom(12, "Accompanied by", "ActiveUsers"),
        _custom(13, "Invoice number"),
        _custom(14, "Feedback"),
        _IMPORT_KEY,
    )
    return ActivityType(201, "Store visit", fields, score=10)


def _phone_call() -> ActivityType:
    outcomes = ("Connected", "No Answer", "Busy", "Call Back", "Wrong Number")
    fields = (
        _custom(1, "Number called", mandatory=True),
        _custom(2, "Outcome", "SearchableDropdown", mandatory=True, options=outcomes),
        _custom(3, "Duration in seconds", "Number"),
        _custom(4, "Call back at", "DateTime"),
        _custom(5, "Direction", "SearchableDropdown", options=("Inbound", "Outbound")),
        _custom(6, "Summary"),
        _custom(7, "Agent", "ActiveUsers"),
        _custom(8, "Recorded", "Boolean"),
        _custom(9, "Recording link"),
        _custom(10, "Campaign"),
        _custom(11, "Language"),
        _custom(12, "Attempt", "Number"),
        _custom(13, "Product discussed"),
        _custom(14, "Session"),
        _IMPORT_KEY,
    )
    return ActivityType(202, "Phone call", fields, score=5)


def _web_sign_up() -> ActivityType:
    fields = (
        _custom(1, "Page", mandatory=True),
        _custom(2, "Source", "SearchableDropdown", options=("Search", "Social", "E-mail", "Referral")),
        _custom(3, "Visits before", "Number"),
        _custom(4, "Signed up at", "DateTime"),
        _custom(5, "Newsletter", "Boolean"),
        _custom(6, "Campaign"),
        _custom(7, "Term"),
        _custom(8, "Device", "SearchableDropdown", options=("Phone", "Tablet", "Computer")),
        _custom(9, "Browser"),
        _custom(10, "City"),
        _custom(11, "Coupon"),
        _custom(12, "Birthday", "Date"),
        _custom(13, "Message"),
        _custom(14, "Form"),
        _IMPORT_KEY,
    )
    return ActivityType(203, "Web sign-up", fields, score=15)


def _loan_application() -> ActivityType:
    documents = ("Status", "mx_CustomObject_1", "mx_CustomObject_2", "mx_CustomObject_3", "mx_CustomObject_4")
    fields = (
        _custom(1, "Application number", mandatory=True),
        _custom(2, "Purpose", "SearchableDropdown", mandatory=True, options=("Home", "Car", "Education", "Business")),
        _custom(3, "Amount", "Number", mandatory=True),
        _custom(4, "Applied at", "DateTime"),
        _custom(5, "Term in months", "Number"),
        _custom(6, "Branch"),
        _custom(7, "Officer", "ActiveUsers"),
        _custom(8, "Salaried", "Boolean"),
        _custom(9, "Employer"),
        ActivityField("mx_Custom_10", "KYC documents", "CustomObject", parts=documents),
        _custom(11, "Decision", "SearchableDropdown", options=("Pending", "Approved", "Refused")),
        _custom(12, "Decided on", "Date"),
        _custom(13, "Account number"),
        _custom(14, "Remarks"),
        _IMPORT_KEY,
    )
    return ActivityType(204, "Loan application", fields, score=50)
