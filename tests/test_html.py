"""The pieces of pages that plugins get (crm.html): what is shown is escaped, what is asked for is there."""

from __future__ import annotations

from markupsafe import Markup

from crm import html

NASTY = '<script>alert("&")</script>'
SAFE = "&lt;script&gt;alert(&#34;&amp;&#34;)&lt;/script&gt;"


def test_a_table_escapes_its_cells_and_titles_and_names_them_for_phones() -> None:
    made = html.table(NASTY, [NASTY, "Sum", ""], [[NASTY, 5, Markup("<b>x</b>")]], ends=(1,))
    assert "<script" not in made
    assert made.count(SAFE) == 4
    assert '<td role="cell" class="end" data-title="Sum">5</td>' in made
    assert '<td role="cell"><b>x</b></td>' in made


def test_a_table_without_rows_says_so() -> None:
    assert "<table" not in html.table("Bank", ["A"], [])


def test_tabs_mark_the_one_that_is_shown() -> None:
    made = html.tabs("Mail", [("/p/a", "All"), ("/p/a?view=in", NASTY)], "/p/a?view=in")
    assert f'<a href="/p/a?view=in" aria-current="page">{SAFE}</a>' in made
    assert '<a href="/p/a">All</a>' in made


def test_pages_lead_to_those_beside_them() -> None:
    assert html.pages((1, 5, 5), "", "") == ""
    made = html.pages((101, 200, 250), "/p/a?page=1", "/p/a?page=3&x=<")
    assert "101-200 of 250" in made
    assert '<a class="button quiet" rel="prev" href="/p/a?page=1">Previous page</a>' in made
    assert 'href="/p/a?page=3&amp;x=&lt;"' in made


def test_a_form_posts_its_values_to_an_action_and_takes_files() -> None:
    made = html.upload("take", NASTY, "Take in", ".xml", {"back": NASTY})
    assert 'action="/do/take" enctype="multipart/form-data"' in made
    assert f'<input type="hidden" name="back" value="{SAFE}">' in made
    assert f'<label for="file-take">{SAFE}</label>' in made
    assert 'accept=".xml"' in made


def test_a_tag_a_link_and_an_empty_state_escape_their_words() -> None:
    made = html.tag(NASTY, "bad", NASTY) + html.link(NASTY, NASTY) + html.nothing(NASTY, NASTY, NASTY)
    assert "<script" not in made
    assert html.joined(["<", Markup("<b>"), 1], ", ") == "&lt;, <b>, 1"
