from __future__ import annotations

import gettext
import io
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_file
from babel.messages.pofile import read_po

from crm.locale import _, catalogue, ngettext, use_language
from crm.locale.catalogue import Catalogue, compile_catalogue, open_catalogue, po_files, slavic_form
from crm.plugin_loading import Plugins

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "crm"
KEYWORDS = {"_": None, "gettext": None, "N_": None, "ngettext": (1, 2)}
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|\{(\w*)[^{}]*\}")

Phrase = str | tuple[str, str]


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    yield
    use_language("en")


def phrases() -> dict[Phrase, list[str]]:
    """Return every phrase of the code and of the templates with the places it stands in."""
    found: dict[Phrase, list[str]] = {}
    for file in sorted(PACKAGE.rglob("*")):
        method = "python" if file.suffix == ".py" else "jinja2.ext:babel_extract" if is_template(file) else ""
        if not method:
            continue
        options = {"silent": "false", "encoding": "utf-8"} if file.suffix != ".py" else {}
        place = file.relative_to(ROOT).as_posix()
        for line, message, _comments, _context in extract_from_file(method, file, KEYWORDS, options=options):
            if message:
                found.setdefault(as_phrase(message), []).append(f"{place}:{line}")
    return found


def is_template(file: Path) -> bool:
    return "templates" in file.parts and file.suffix in {".html", ".txt", ".xml", ".svg", ".ics", ".j2"}


def as_phrase(message: object) -> Phrase:
    return (str(message[0]), str(message[1])) if isinstance(message, tuple | list) else str(message)


def translations(code: str) -> Catalog:
    """Return the merged catalogue of a language; a translation that is there twice may not differ."""
    merged = Catalog(locale=code)
    for path, _time, _size in po_files(code, str(PACKAGE)):
        with open(path, "rb") as file:
            for message in read_po(file, locale=code):
                if message.id and not message.fuzzy and any(strings(message)) and message.id not in merged:
                    merged.add(message.id, message.string)
    return merged


def strings(message: Message) -> list[str]:
    words = message.string or ""
    return [words] if isinstance(words, str) else list(words)


def placeholders(text: str) -> set[str]:
    return {found[0] if found[0].startswith("%") else f"{{{found[1]}}}" for found in PLACEHOLDER.finditer(text)}


def fault(phrase: Phrase, merged: Catalog) -> str:
    """Say what is wrong with the translation of a phrase, nothing where all is well."""
    message = merged.get(phrase)
    if message is None or not all(strings(message)):
        return "no translation"
    wanted = placeholders(phrase if isinstance(phrase, str) else phrase[1])
    if isinstance(phrase, tuple) and len(strings(message)) != 3:
        return f"{len(strings(message))} plural forms instead of 3"
    for words in strings(message):
        if placeholders(words) != wanted:
            return f"other placeholders: {words}"
    return ""


@pytest.mark.parametrize("code", ["ru", "uk"])
def test_every_phrase_is_translated(code: str) -> None:
    merged = translations(code)
    faults: dict[str, list[str]] = {}
    for phrase, places in phrases().items():
        wrong = fault(phrase, merged)
        if wrong:
            file, _colon, line = places[0].partition(":")
            faults.setdefault(file, []).append(f"  {line}: {phrase!r}: {wrong}")
    report = "\n".join(line for file in sorted(faults) for line in (file, *faults[file]))
    assert not faults, f"{sum(map(len, faults.values()))} phrases without {code}:\n{report}"


@pytest.mark.parametrize("code", ["ru", "uk"])
def test_what_each_plugin_is_for_is_translated(code: str) -> None:
    summaries = {plugin.name: plugin.summary for plugin in Plugins(None) if plugin.built_in}
    merged = translations(code)
    assert len(summaries) > 20
    assert [name for name, summary in summaries.items() if fault(summary, merged)] == []


def test_extraction_sees_code_and_templates() -> None:
    found = phrases()
    assert any(place.startswith("crm/settings_check.py") for place in found["A rate is above zero."])
    assert any("/templates/" in place for places in found.values() for place in places)


@pytest.mark.parametrize("code", ["ru", "uk"])
def test_translations_of_a_phrase_agree(code: str) -> None:
    seen: dict[Phrase, tuple[list[str], str]] = {}
    clashes = []
    for path, _time, _size in po_files(code, str(PACKAGE)):
        with open(path, "rb") as file:
            for message in read_po(file, locale=code):
                if not message.id:
                    continue
                words, first = seen.setdefault(as_phrase(message.id), (strings(message), path))
                if words != strings(message):
                    clashes.append(f"{message.id!r}: {words} in {first}, {strings(message)} in {path}")
    assert not clashes, "\n".join(clashes)


def write_po(file: Path, text: str) -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    head = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=UTF-8\\n"\n\n'
    file.write_text(head + text, encoding="utf-8")
    return file


DEALS = """
msgid "deal"
msgstr "сделка"

msgid "{count} deal"
msgid_plural "{count} deals"
msgstr[0] "{count} сделка"
msgstr[1] "{count} сделки"
msgstr[2] "{count} сделок"

#, fuzzy
msgid "lead"
msgstr "свинец"

msgid "empty"
msgstr ""
"""


def test_compiled_catalogue_answers_as_gettext_does(tmp_path: Path) -> None:
    words = "".join(f'\nmsgid "phrase {n}"\nmsgstr "фраза {n}"\n' for n in range(200))
    compiled = compile_catalogue("ru", [str(write_po(tmp_path / "a.po", DEALS + words))])
    ours, theirs = Catalogue(compiled, slavic_form), gettext.GNUTranslations(io.BytesIO(compiled))
    for text in ["deal", "lead", "empty", "nothing", "", *(f"phrase {n}" for n in range(201))]:
        assert ours.gettext(text) == (theirs.gettext(text) if text else "")
    for count in range(130):
        arguments = ("{count} deal", "{count} deals", count)
        assert ours.ngettext(*arguments) == theirs.ngettext(*arguments)
        assert ours.ngettext("one cat", "cats", count) == theirs.ngettext("one cat", "cats", count)
    assert ours.gettext("deal") == "сделка"
    assert ours.gettext("lead") == "lead"


def test_catalogues_of_plugins_are_merged_and_the_first_wins(tmp_path: Path) -> None:
    write_po(tmp_path / "locale" / "ru" / "model.po", 'msgid "deal"\nmsgstr "сделка"\n')
    write_po(tmp_path / "plugins" / "cafe" / "locale" / "ru.po", 'msgid "deal"\nmsgstr "дело"\n')
    write_po(tmp_path / "plugins" / "bar" / "locale" / "ru" / "x.po", 'msgid "bar"\nmsgstr "бар"\n')
    write_po(tmp_path / "plugins" / "bar" / "locale" / "uk.po", 'msgid "bar"\nmsgstr "не той"\n')
    sources = [path for path, _time, _size in po_files("ru", str(tmp_path))]
    assert [Path(path).name for path in sources] == ["model.po", "x.po", "ru.po"]
    merged = Catalogue(compile_catalogue("ru", sources), slavic_form)
    assert (merged.gettext("deal"), merged.gettext("bar")) == ("сделка", "бар")


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "package"
    write_po(folder / "locale" / "ru" / "a.po", DEALS)
    monkeypatch.setattr(catalogue, "LOCALE", str(folder / "locale"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path / "cache"))
    return folder


def cached(package: Path) -> list[Path]:
    return sorted((package.parent / "cache" / "crm").glob("*"))


def test_clone_compiles_once_and_again_after_a_change(package: Path) -> None:
    assert open_catalogue("ru").gettext("deal") == "сделка"
    (first,) = cached(package)
    first.write_bytes(first.read_bytes().replace("сделка\0".encode(), "СДЕЛКА\0".encode(), 1))
    assert open_catalogue("ru").gettext("deal") == "СДЕЛКА"
    write_po(package / "locale" / "ru" / "b.po", 'msgid "new"\nmsgstr "новый"\n')
    assert open_catalogue("ru").gettext("new") == "новый"
    (second,) = cached(package)
    assert second != first


def test_packaged_catalogue_is_preferred(package: Path, tmp_path: Path) -> None:
    source = write_po(tmp_path / "wheel.po", 'msgid "deal"\nmsgstr "из колеса"\n')
    (package / "locale" / "ru.mo").write_bytes(compile_catalogue("ru", [str(source)]))
    assert open_catalogue("ru").gettext("deal") == "из колеса"
    assert cached(package) == []


def test_unwritable_cache_folder_is_done_without(package: Path) -> None:
    (package.parent / "cache").write_text("a file where the folder should be", encoding="utf-8")
    assert open_catalogue("ru").gettext("deal") == "сделка"


def test_damaged_cache_is_compiled_again(package: Path) -> None:
    open_catalogue("ru")
    (kept,) = cached(package)
    kept.write_bytes(b"")
    assert open_catalogue("ru").gettext("deal") == "сделка"


def test_language_without_files_is_english(package: Path) -> None:
    assert open_catalogue("uk").gettext("deal") == "deal"


def test_words_follow_the_current_language() -> None:
    use_language("ru")
    assert _("Check its rights.") == "Проверьте права доступа."
    use_language("uk")
    assert _("Check its rights.") == "Перевірте права доступу."
    use_language("en")
    assert _("Check its rights.") == "Check its rights."
    assert ngettext("one", "many", 2) == "many"


def test_warm_start_imports_no_babel(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path))
    script = (
        "import sys, crm.locale as l\nl.use_language('ru')\n"
        "print(l._('Check its rights.'), 'babel' in sys.modules, 'pathlib' in sys.modules)"
    )
    run = [sys.executable, "-X", "utf8", "-c", script]
    said = [subprocess.check_output(run, cwd=ROOT, encoding="utf-8").split()[-2] for _start in range(2)]
    assert said == ["True", "False"]
