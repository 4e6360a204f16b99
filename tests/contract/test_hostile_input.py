"""What nobody should type is refused in one sentence, or kept as a clean value; it is never a bug."""

from __future__ import annotations

import pytest

from tests.command_line import CommandLine

LONG_NUMBER = "1" * 5000


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("deal", "show", LONG_NUMBER), 3),
        (("deal", "add", "Щебень", "--company", LONG_NUMBER), 3),
        (("find", "щебень", "--noun", "nosuch"), 4),
        (("export", "deal", "-o", "/"), 9),
        (("lint", "--write-baseline", "nosuch/lint.json"), 9),
        (("deal", "add", "Щебень", "--probability", "150"), 4),
        (("deal", "add", "Щебень", "--probability=-1"), 4),
        (("deal", "add", "Щебень", "--amount=-5"), 4),
        (("lead", "add", "Василий", "--amount=-5"), 4),
        (("activity", "add", "call", "Уточнить", "--duration=-5"), 4),
        (("deal", "add", "\udcff\udcfe"), 4),
        (("accept", "\udcff", "--dry-run"), 4),
    ],
)
def test_nonsense_is_told_in_a_sentence(line: CommandLine, words: tuple[str, ...], code: int) -> None:
    ended = line(*words, code=code)
    assert ended.out == ""
    assert 1 <= len(ended.err.splitlines()) <= 2
    assert "codec" not in ended.err


def test_an_amount_is_not_taken_below_zero_by_subtraction(line: CommandLine) -> None:
    line("deal", "add", "Щебень", "--amount", "100")
    line("deal", "set", 1, "amount-=101", code=4)
    assert line.show("deal/1")["amount"]["amount"] == "100.00"
    assert line.ids("deal", "list", "--where", "amount > -5") == [1]


def test_control_characters_are_left_out_of_names(line: CommandLine) -> None:
    """A terminal obeys them, and the XML that goes to 1C cannot hold them."""
    line("deal", "add", "\x1b[2JЩебень\x07\x9b 5\n20", "--comment", "a\x08\nb\tc")
    deal = line.show("deal/1")
    assert (deal["title"], deal["comment"]) == ("[2JЩебень 5 20", "a\nb\tc")
    line("deal", "add", "\x01\x02", code=4)


def test_a_closed_stdin_is_an_empty_one(line: CommandLine) -> None:
    line("deal", "add", "Щебень")
    assert line.shell("crm deal move - proposal <&-; echo $?").out == "0\n"


def test_nouns_of_a_search_are_named_in_either_number(line: CommandLine) -> None:
    line("deal", "add", "Щебень")
    assert line("find", "щебень", "--noun", "deals", "--ids").out == "1\n"


def test_moments_of_a_comparison_are_checked_before_anything_is_printed(line: CommandLine) -> None:
    ended = line("diff", "--from", "nosuch", code=4)
    assert (ended.out, "--from" in ended.err) == ("", True)


@pytest.mark.parametrize("sign", [";;", '"', "\n"])
def test_a_delimiter_that_is_none_leaves_the_output_open(line: CommandLine, sign: str) -> None:
    line("deal", "add", "Щебень")
    ended = line("export", "deal", "--delimiter", sign, code=4)
    assert (ended.out, len(ended.err.splitlines())) == ("", 1 + sign.count("\n"))


def test_what_there_is_is_not_always_fields(line: CommandLine) -> None:
    assert "Есть: bash" in line("--lang", "ru", "completion", "tcsh", code=2).err
    assert "--since" in line("log", "--since", "31.02.2026", code=4).err


def test_a_number_in_place_of_a_verb_is_answered_with_show(line: CommandLine) -> None:
    assert "crm deal show 12" in line("deal", 12, code=2).err
    assert "crm deal show deal/12" in line("deal", "deal/12", code=2).err


def test_init_tells_of_an_unknown_language_in_the_language_at_hand(line: CommandLine) -> None:
    ended = line.bare("--lang", "ru", "init", str(line.root / "new"), "--lang", "de", code=4)
    assert "Языка «de» нет" in ended.err
    assert not (line.root / "new").exists()


def test_what_looks_mistyped_is_kept_with_a_warning(line: CommandLine) -> None:
    ended = line("contact", "add", "Иван", "--phone", "abc")
    assert (ended.out, "«abc»" in ended.err) == ("contact/1 Иван\n", True)
    assert "7800000020" in line("company", "add", "Ромашка", "--inn", "7800000020").err
    assert line("company", "add", "Лютик", "--inn", "7800000027", "--phone", "8 916 123-45-67").err == ""
