"""PDF documents: the order in which a page is read, what is a paragraph, and why a document gives nothing."""

import io
import re
import time
from pathlib import Path

import pytest
from pypdf import PdfReader, PdfWriter
from pypdf.generic import ArrayObject, DecodedStreamObject, DictionaryObject, NameObject, NumberObject
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen import canvas

from indexer.formats import pdf, pdf_text, read
from indexer.raw import RUBY, Rejection

HORIZONTAL, VERTICAL = "HeiseiMin-W3", "HeiseiKakuGo-W5"
pdfmetrics.registerFont(UnicodeCIDFont(HORIZONTAL))
pdfmetrics.registerFont(UnicodeCIDFont(VERTICAL, isVertical=True))

TITLE = "中露首脳が北京で会談"
ONE = (
    "中国の習近平指導者とロシアのラブロフ外相が北京で会談し、両国の協力を確認した。両国は外交政策を一致させてきた"
    "長い歴史があり、共同で軍事演習を行ってきた。今回の会談もその流れの中にある。"
)
TWO = (
    "ラブロフ外相は記者会見で、両国の関係はかつてないほど良いと述べ、ウクライナの平和的解決を求める立場を改めて示した。"
    "中国側も対話による解決を支持すると応じている。専門家は、欧米の制裁が続く中で、両国が絆を強めていると分析する。"
)
THREE = "会談は三時間に及び、経済や安全保障の分野での協力についても話し合われた。年内に再び会談する予定だという。"
BODY = f"{ONE}\n\n{TWO}\n\n{THREE}"


@pytest.fixture
def draw(tmp_path):
    """Makes a document: `draw(page, page, …)`, each a function that draws on a canvas."""

    def drawn(*pages, **about) -> Path:
        path = tmp_path / "a.pdf"
        page = canvas.Canvas(str(path), encrypt=about.pop("encrypt", None), pageCompression=0)
        for name, value in about.items():
            getattr(page, f"set{name.capitalize()}")(value)
        for draw_page in pages:
            draw_page(page)
            page.showPage()
        page.save()
        return path

    return drawn


def lines_of(text, chars, indent="　"):
    """The text as a typesetter breaks it."""
    for paragraph in text.split("\n\n"):
        indented = indent + paragraph
        yield from (indented[at : at + chars] for at in range(0, len(indented), chars))


def write_across(page, lines, x=60, y=720, size=10):
    page.setFont(HORIZONTAL, size)
    for number, line in enumerate(lines):
        page.drawString(x, y - 17 * number, line)


def write_down(page, lines, x=490, y=780, size=10):
    page.setFont(VERTICAL, size)
    for number, line in enumerate(lines):
        page.drawString(x - 17 * number, y, line)


def headline(page, text=TITLE, size=20):
    page.setFont(HORIZONTAL, size)
    page.drawString(60, 770, text)


def found_in(path):
    (found,) = read(path, "a.pdf")
    return found


# --- the order of reading -------------------------------------------------------------------------------


def one_column(page):
    headline(page)
    write_across(page, lines_of(BODY, 45))


def two_columns(page):
    headline(page)
    lines = list(lines_of(BODY, 20))
    half = (len(lines) + 1) // 2
    write_across(page, lines[:half])
    write_across(page, lines[half:], x=60 + 20 * 10 + 20)


def two_columns_written_line_by_line(page):
    headline(page)
    lines = list(lines_of(BODY, 20))
    half = (len(lines) + 1) // 2
    for number in range(half):
        write_across(page, lines[number : number + 1], y=720 - 17 * number)
        write_across(page, lines[half + number : half + number + 1], x=280, y=720 - 17 * number)


def vertical(page):
    page.setFont(VERTICAL, 20)
    page.drawString(520, 780, TITLE)
    write_down(page, lines_of(BODY, 40))


def vertical_in_three_rows(page):
    page.setFont(VERTICAL, 20)
    page.drawString(520, 780, TITLE)
    lines = list(lines_of(BODY, 15))
    third = -(-len(lines) // 3)
    for row in range(3):
        write_down(page, lines[row * third : (row + 1) * third], y=780 - row * (15 * 10 + 14))


def vertical_in_rows_written_column_by_column(page):
    page.setFont(VERTICAL, 20)
    page.drawString(520, 780, TITLE)
    lines = list(lines_of(BODY, 15))
    third = -(-len(lines) // 3)
    for column in reversed(range(third)):
        for row in range(3):
            write_down(page, lines[row * third :][:third][column : column + 1], 490 - 17 * column, 780 - row * 164)


def vertical_below_a_headline_across_the_page(page):
    headline(page)
    write_down(page, lines_of(BODY, 40), y=720)


def vertical_character_by_character(page):
    headline(page)
    page.setFont(HORIZONTAL, 10)
    for number, line in enumerate(lines_of(BODY, 40)):
        for at, char in enumerate(line):
            page.drawString(490 - 17 * number, 720 - 11 * at, char)


def vertical_in_a_turned_font(page):
    headline(page)
    page.setFont(HORIZONTAL, 10)
    for number, line in enumerate(lines_of(BODY, 40)):
        page.saveState()
        page.translate(490 - 17 * number, 720)
        page.rotate(-90)
        page.drawString(0, 0, line)
        page.restoreState()


def in_a_form(page):
    page.beginForm("body")
    write_across(page, lines_of(BODY, 45))
    page.endForm()
    headline(page)
    page.doForm("body")


def bold_by_printing_twice(page):
    for shift in (0, 0.3):
        page.setFont(HORIZONTAL, 20)
        page.drawString(60 + shift, 770, TITLE)
    write_across(page, lines_of(BODY, 45))


def apart_by_white_lines(page):
    headline(page)
    y = 720
    for paragraph in BODY.split("\n\n"):
        lines = list(lines_of(paragraph, 45, indent=""))
        write_across(page, lines, y=y)
        y -= 17 * len(lines) + 12


@pytest.mark.parametrize(
    "drawing",
    [
        one_column, two_columns, two_columns_written_line_by_line, vertical, vertical_in_three_rows,
        vertical_in_rows_written_column_by_column, vertical_below_a_headline_across_the_page,
        vertical_character_by_character, vertical_in_a_turned_font, in_a_form, bold_by_printing_twice,
        apart_by_white_lines,
    ],
    ids=lambda drawing: drawing.__name__,
)
def test_a_page_is_read_as_it_is_set(draw, drawing):
    raw = found_in(draw(drawing))
    assert (raw.title, raw.body) == (TITLE, BODY)


def test_a_turned_page_is_read_as_it_is_shown(draw, tmp_path):
    writer = PdfWriter(draw(one_column))
    page = writer.pages[0]
    page[NameObject("/Rotate")] = NumberObject(90)
    page.merge_transformed_page(PdfWriter().add_blank_page(1, 1), (1, 0, 0, 1, 0, 0))
    turned = DecodedStreamObject()
    turned.set_data(b"q 0 1 -1 0 800 0 cm " + page.get_contents().get_data() + b" Q")
    page[NameObject("/Contents")] = writer._add_object(turned)
    writer.write(tmp_path / "turned.pdf")
    raw = found_in(tmp_path / "turned.pdf")
    assert (raw.title, raw.body) == (TITLE, BODY)


def test_an_article_goes_on_from_page_to_page_and_what_pages_repeat_is_left_out(draw):
    lines = list(lines_of(BODY, 20))

    def page_with(number):
        def page(canvas):
            canvas.setFont(HORIZONTAL, 9)
            canvas.drawString(60, 810, f"見本新聞 2024年4月10日 国際面 {number}")
            canvas.drawCentredString(300, 30, f"- {number} -")
            if number == 1:
                headline(canvas)
            write_across(canvas, lines[(number - 1) * 5 : number * 5 if number < 3 else None])

        return page

    raw = found_in(draw(*map(page_with, (1, 2, 3))))
    assert (raw.title, raw.body, raw.published) == (TITLE, BODY, "2024年4月10日")


@pytest.mark.parametrize(("x", "y"), [(300, 30), (60, 420), (300, 815)])
def test_the_number_of_a_vertical_page_is_left_out_wherever_it_stands(draw, x, y):
    def page(page):
        vertical(page)
        page.setFont(HORIZONTAL, 9)
        page.drawString(x, y, "12")

    assert found_in(draw(page)).body == BODY


def test_a_headline_among_the_rows_of_a_vertical_page_is_read_where_it_stands(draw):
    def page(page):
        page.setFont(VERTICAL, 20)
        page.drawString(560, 780, TITLE)
        lines = [list(lines_of(one, 15)) for one in (f"{ONE}\n\n{TWO}", THREE * 3)]
        x = 530
        for part in lines:
            half = -(-len(part) // 2)
            for row in range(2):
                write_down(page, part[row * half :][:half], x=x, y=780 - row * 164)
            x -= 17 * half + 20
            if part is lines[0]:
                page.setFont(VERTICAL, 15)
                page.drawString(x, 780, "共同で軍事演習を行ってきた長い歴史")
                x -= 30

    assert found_in(draw(page)).body == f"{ONE}\n\n{TWO}\n\n## 共同で軍事演習を行ってきた長い歴史\n\n{THREE * 3}"


# --- paragraphs, headings, words ------------------------------------------------------------------------


def test_larger_lines_between_paragraphs_are_headings(draw):
    def page(page):
        headline(page)
        write_across(page, lines_of(ONE, 45), y=720)
        write_across(page, ["協力の歴史"], y=640, size=13)
        write_across(page, lines_of(TWO, 45), y=610)

    assert found_in(draw(page)).body == f"{ONE}\n\n## 協力の歴史\n\n{TWO}"


def test_words_broken_at_the_end_of_a_line_are_joined_and_words_beside_each_other_are_not(draw):
    def page(page):
        page.setFont("Helvetica", 11)
        for number, line in enumerate(["The foreign ministers met in Beijing and con-", "firmed the cooperation of",
                                       "their countries, which has a long history."]):
            page.drawString(60, 720 - 14 * number, line)

    assert found_in(draw(page)).body == (
        "The foreign ministers met in Beijing and confirmed the cooperation of their countries, "
        "which has a long history."
    )


@pytest.mark.parametrize("written", ["両国は 外交政策を 一致させてきた。", "両国は外交政策を一致させてきた。"])
def test_spaces_that_only_set_characters_apart_are_left_out(draw, written):
    raw = found_in(draw(lambda page: (headline(page, "首 脳 が 会 談"), write_across(page, [f"　{written}"]))))
    assert (raw.title, raw.body) == ("首脳が会談", "両国は外交政策を一致させてきた。")


def test_readings_beside_the_characters_are_marked_as_such_in_horizontal_text(draw):
    def page(page):
        write_across(page, ["　習近平指導者とロシアの外相が北京で会談した。", "　両国の協力を確認した。"])
        write_across(page, ["しゅうきんぺい"], x=70, y=730, size=4.3)
        write_across(page, ["ペキン"], x=210, y=730, size=5)

    begin, between, end = RUBY
    assert found_in(draw(page)).body == (
        f"{begin}習近平{between}しゅうきんぺい{end}指導者とロシアの外相が{begin}北京{between}ペキン{end}で会談した。"
        "\n\n両国の協力を確認した。"
    )


def test_readings_beside_the_characters_are_marked_as_such_in_vertical_text(draw):
    def page(page):
        write_down(page, lines_of(f"ロシアの外相が北京で会談した。\n\n{THREE}", 40))
        write_down(page, ["ペキン"], x=498, y=780 - 80 + 2, size=5)

    begin, between, end = RUBY
    assert found_in(draw(page)).body == f"ロシアの外相が{begin}北京{between}ペキン{end}で会談した。\n\n{THREE}"


# --- title and day --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("stated", "title"),
    [
        ("Microsoft Word - 文書1", TITLE),
        ("untitled", TITLE),
        ("見本新聞縮刷版", TITLE),
        ("中露首脳が北京で会談", TITLE),
        ("首脳が北京で会談", "首脳が北京で会談"),
    ],
)
def test_a_stated_title_counts_where_it_is_printed_too(draw, stated, title):
    raw = found_in(draw(one_column, title=stated))
    assert (raw.title, raw.body.endswith(BODY)) == (title, True)


@pytest.mark.parametrize(
    ("stated", "title"),
    [("中露の首脳会談", "中露の首脳会談"), ("文書1", None), ("C:\\原稿\\a.doc", None), ("原稿.docx", None)],
)
def test_where_no_line_is_large_a_stated_title_is_believed_if_it_looks_like_one(draw, stated, title):
    assert found_in(draw(lambda page: write_across(page, lines_of(BODY, 45)), title=stated)).title == title


def test_day_and_paper_are_in_the_line_below_the_title(draw):
    raw = found_in(draw(lambda page: (one_column(page), write_across(page, ["2024年4月10日 見本新聞 国際面"], y=750))))
    assert (raw.published, raw.source, raw.desk, raw.body) == ("2024年4月10日", "見本新聞", "国際", BODY)


def test_the_day_on_which_a_document_was_made_is_not_the_articles(draw):
    raw = found_in(draw(one_column))
    assert raw.published is None
    assert raw.as_of is not None


# --- documents without text -----------------------------------------------------------------------------


def why(path):
    found = found_in(path)
    assert isinstance(found, Rejection), found
    return found.why


def test_pictures_of_pages_are_rejected_with_the_next_step(draw):
    assert re.search(r"without a text layer; recognise it \(OCR\) first", why(draw(lambda page: page.rect(9, 9, 9, 9))))


def test_a_document_with_a_password_is_rejected_by_name(draw):
    assert "password" in why(draw(one_column, encrypt=StandardEncryption("秘密", strength=128)))


def test_a_document_that_is_only_protected_from_changes_is_read(draw):
    raw = found_in(draw(one_column, encrypt=StandardEncryption("", "owner", canModify=0, strength=128)))
    assert (raw.title, raw.body) == (TITLE, BODY)


def test_a_document_whose_table_of_contents_is_damaged_is_mended(draw, tmp_path):
    damaged = re.sub(rb"startxref\s+\d+", b"startxref\n7", draw(one_column).read_bytes())
    (tmp_path / "b.pdf").write_bytes(b"\nHTTP rest\n" + damaged)
    assert found_in(tmp_path / "b.pdf").body == BODY


def test_fonts_that_do_not_say_their_characters_are_named_as_the_cause(draw, tmp_path):
    data = draw(one_column).read_bytes().replace(b"/UniJIS-UCS2-H", b"/Identity-H    ")
    (tmp_path / "b.pdf").write_bytes(data)
    assert "fonts do not say which characters" in why(tmp_path / "b.pdf")


@pytest.mark.parametrize("cut", [9, 500, 2_000])
def test_a_document_that_was_cut_off_is_no_crash(draw, tmp_path, cut):
    (tmp_path / "b.pdf").write_bytes(draw(one_column).read_bytes()[:cut])
    assert why(tmp_path / "b.pdf")


def hostile(change):
    writer = PdfWriter()
    page = writer.add_blank_page(100, 100)
    change(writer, page)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def cyclic_pages(writer, page):
    kids = writer.root_object["/Pages"]["/Kids"]
    kids.append(writer.root_object.raw_get("/Pages"))


def bomb(writer, page):
    stream = DecodedStreamObject()
    stream.set_data(b"0" * 200_000_000)
    page[NameObject("/Contents")] = writer._add_object(stream.flate_encode())


def deep_nesting(writer, page):
    stream = DecodedStreamObject()
    stream.set_data(b"[" * 100_000 + b"]" * 100_000 + b" TJ")
    page[NameObject("/Contents")] = writer._add_object(stream)


def lying_length(writer, page):
    bomb(writer, page)
    page["/Contents"][NameObject("/Length")] = NumberObject(2**40)


def many_instructions(writer, page):
    stream = DecodedStreamObject()
    stream.set_data(b"q Q " * 3_000_000)
    page[NameObject("/Contents")] = writer._add_object(stream)


def form_in_itself(writer, page):
    form = DecodedStreamObject()
    form.set_data(b"/F Do " * 50)
    form |= {NameObject("/Type"): NameObject("/XObject"), NameObject("/Subtype"): NameObject("/Form")}
    reference = writer._add_object(form)
    resources = DictionaryObject({NameObject("/XObject"): DictionaryObject({NameObject("/F"): reference})})
    form[NameObject("/Resources")] = resources
    page[NameObject("/Resources")] = resources
    page[NameObject("/Contents")] = reference


def pages_without_end(writer, page):
    kids = writer.root_object["/Pages"]["/Kids"]
    kids.extend(ArrayObject([kids[0]] * 100_000))
    writer.root_object["/Pages"][NameObject("/Count")] = NumberObject(100_001)


@pytest.mark.parametrize(
    "change", [cyclic_pages, bomb, lying_length, deep_nesting, many_instructions, form_in_itself, pages_without_end],
    ids=lambda change: change.__name__,
)
def test_traps_are_rejected_in_little_time(tmp_path, change):
    (tmp_path / "b.pdf").write_bytes(hostile(change))
    begun = time.monotonic()
    assert why(tmp_path / "b.pdf")
    assert time.monotonic() - begun < 20


def test_reading_ends_where_it_takes_too_long(draw, monkeypatch):
    monkeypatch.setattr(pdf, "MAX_SECONDS", 0.0)
    assert "more than 0 seconds" in why(draw(one_column))


def test_more_pages_than_a_yearbook_are_rejected(draw, monkeypatch):
    monkeypatch.setattr(pdf, "MAX_PAGES", 2)
    assert "more than 2 pages" in why(draw(one_column, one_column, one_column))


@pytest.mark.parametrize("number", ["12", "- 12 -", "12/30", "第3面", "12ページ", "（12）"])
def test_numbers_of_pages_are_told(number):
    assert pdf_text.PAGE_NUMBER.fullmatch(number)


def test_the_reader_of_documents_tells_them_by_content(tmp_path, draw):
    (tmp_path / "a.txt").write_bytes(draw(one_column).read_bytes())
    assert found_in(tmp_path / "a.txt").title == TITLE
    assert len(PdfReader(tmp_path / "a.txt").pages) == 1
