"""What stands below a partnership's mail: whom to ask."""

from compact.web.frame import Contact

from .rules import named


def foot(of: Contact) -> str:
    """The same as at the foot of a page. Nothing where the partnership has named nobody to ask."""
    ways = ", ".join(named(each) for each in (of.contact_name, of.contact_email, of.contact_phone) if each)
    return f"\nIf you need help, ask {named(of.name)}:\n{ways}\n" if of.name and ways else ""
