"""Takes out of a web page what is hidden and what belongs to the site: menus, footers, adverts."""

import re

from lxml import etree


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Elements that stand inside a line.
INLINE = _words(
    "a abbr acronym b basefont bdi bdo big cite code data dfn em font i img ins kbd label mark o:p "
    "q ruby rb s samp small span strike strong sub sup time tt u var wbr"
)
_HIDDEN = _words(
    "head script style noscript template iframe object svg math canvas audio video map "
    "select button textarea input nav footer aside dialog menu rt rp del"
)
_ROLES = _words("navigation contentinfo complementary search banner menu")
_NAMES = _words(
    "nav navbar navigation menu breadcrumb breadcrumbs crumb crumbs position footer foot sidebar "
    "aside share sharing copyright related recommend comment comments toolbar topbar friendlink "
    "pagination pager login search"
)
_LETTERS = re.compile("[a-z]+")
# Few paragraphs have as many links; where most of the text is links it is a menu.
_LINKS = 3
_LINK_SHARE = 0.6


def _is_invisible(element: etree._Element) -> bool:
    style = element.get("style", "").replace(" ", "").lower()
    return "display:none" in style or "visibility:hidden" in style or "hidden" in element.attrib


class _Size:
    """How much text an element holds, and how much of it in links."""

    text = 0
    in_links = 0
    links = 0
    has_title = False

    def add(self, other: "_Size") -> None:
        self.text += other.text
        self.in_links += other.in_links
        self.links += other.links
        self.has_title |= other.has_title


def remove_furniture(root: etree._Element) -> None:
    """Take out what is hidden or belongs to the site, by role, name, or as a list of links.

    root (etree._Element): the page; changed in place.
    """
    for element in [e for e in root.iter() if e.tag in _HIDDEN or _is_invisible(e)]:
        if element is not root:
            _remove(element)
    total = sum(len(text.strip()) for text in root.itertext())
    furniture = []
    sizes = [_Size()]
    # From the leaves up, in one pass: a page may be 2,000 elements deep.
    for event, element in etree.iterwalk(root, events=("start", "end")):
        if event == "start":
            sizes.append(_Size())
            sizes[-1].text = len((element.text or "").strip())
            continue
        size = sizes.pop()
        if element.tag == "a":
            size.links, size.in_links = 1, size.text
        size.has_title |= element.tag == "h1"
        if _is_furniture(element, size, total):
            furniture.append(element)
        sizes[-1].add(size)
        sizes[-1].text += len((element.tail or "").strip())
    for element in furniture:
        _remove(element)


def _is_furniture(element: etree._Element, size: _Size, total: int) -> bool:
    if element.tag in INLINE or 2 * size.text > total or size.has_title:
        return False
    names = f"{element.get('class', '')} {element.get('id', '')}".lower()
    return (
        (size.links >= _LINKS and size.in_links > _LINK_SHARE * size.text)
        or element.get("role", "").lower() in _ROLES
        or any(word in _NAMES for word in _LETTERS.findall(names))
    )


def _remove(element: etree._Element) -> None:
    """Take an element out but leave the text behind it."""
    parent = element.getparent()
    before = element.getprevious()
    if before is not None:
        before.tail = (before.tail or "") + (element.tail or "")
    else:
        parent.text = (parent.text or "") + (element.tail or "")
    parent.remove(element)
