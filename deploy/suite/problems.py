"""What every refusal looks like (RFC 9457)."""

import re

from suite.http import PROBLEM, Answer

_FRENCH = re.compile(
    r"\b(le|la|les|un|une|de|du|des|est|pas|ou|et|au|en|votre|ce|cette|pour|dans)\b|[ldnc][’']|[éèàêç]",
    re.IGNORECASE)
_ENGLISH = re.compile(r"\b(the|is|not|and|of|with|was|must|error|failed|invalid)\b", re.IGNORECASE)


def assert_problem(answer: Answer, *statuses: int) -> dict:
    """The problem, once it is one of these statuses and says what a person needs."""
    assert answer.status in statuses, f"expected {statuses}: {answer!r}"
    assert answer.media_type == PROBLEM, f"{answer!r}"
    problem = answer.json
    assert problem["type"].startswith("https://guichet.dev/problems/"), problem
    assert problem["status"] == answer.status, problem
    for sentence in (problem["title"], problem["detail"]):
        assert sentence and not _ENGLISH.search(sentence), f"not a French sentence: {sentence}"
    assert _FRENCH.search(problem["detail"]), f"not a French sentence: {problem['detail']}"
    return problem
