"""Push and pull against the real server: what comes back, and what goes wrong."""

import threading
import time
from http.server import BaseHTTPRequestHandler, HTTPServer, SimpleHTTPRequestHandler
from itertools import count
from pathlib import Path

import pytest
import spacy
from annotator import Annotator, Cable

from scripts.doccano_pull import doccano_pull
from scripts.doccano_pull import main as pull_command
from scripts.doccano_push import main as push_command
from zh_report_facts.corpus import annotated_files, read_reports
from zh_report_facts.doccano.access import Access
from zh_report_facts.doccano.bridge import pull, push
from zh_report_facts.doccano.examples import from_example
from zh_report_facts.doccano.paragraphs import Paragraph, read_paragraphs
from zh_report_facts.files import InputError
from zh_report_facts.notation import parse_report
from zh_report_facts.report import Report

ROOT = Path(__file__).parents[2]
NUMBERS = count(1)


@pytest.fixture
def name():
    return f"Versuch {next(NUMBERS)} 试验"


@pytest.fixture
def send(server, name):
    """Push some lines of the inline notation; gives the result of the push."""

    def send(*lines, project=name, access=server.access, **options):
        paragraphs = [
            Paragraph("甲", i, parse_report(line, ""), f"key-{i}")
            for i, line in enumerate(lines, 1)
        ]
        return push(paragraphs, project, "# 指南", access, server.folder, **options)

    return send


@pytest.fixture
def fetch(server, name):
    """Pull; gives what came back."""

    def fetch(project=name, **options):
        rows = pull(project, server.access, server.folder, **options)
        return [from_example(row) for row in rows]

    return fetch


@pytest.fixture(scope="module")
def nlp():
    return spacy.blank("zh")


def corpus() -> list[Path]:
    return [ROOT / "corpus" / part for part in ("train", "dev", "test")]


def content(report: Report) -> tuple:
    """What must come back: text, spans, links and roles."""
    entities = report.entities
    facts = {
        (entities[r.quantity], r.role, frozenset(entities[head] for head in r.heads))
        for r in report.relations
    }
    return report.text.encode(), set(entities), facts


def test_the_whole_corpus_comes_back(server, nlp, tmp_path):
    gold = {}
    for path in corpus():
        gold |= {
            Path(report.name).stem: report for _, report in read_reports(annotated_files(path))
        }
    paragraphs = read_paragraphs(corpus(), nlp)
    start = time.monotonic()
    push(paragraphs[:500], "Tempo", "", server.access, server.folder)
    pushed = time.monotonic()
    rows = list(pull("Tempo", server.access, server.folder, unconfirmed=True))
    pulled = time.monotonic()
    assert len(rows) == 500
    print(f"500 paragraphs: push {pushed - start:.0f} s, pull {pulled - pushed:.0f} s")
    assert pushed - start < 60 and pulled - pushed < 60
    # The rest goes into the same project: what is there stays.
    result = push(paragraphs, "Tempo", "", server.access, server.folder)
    assert (result["uploaded"], result["known"]) == (len(paragraphs) - 500, 500)
    arguments = "Tempo", tmp_path, nlp, server.access, server.folder, True
    number, files, faults = doccano_pull(*arguments)
    assert number == len(paragraphs) and not faults
    back = {Path(report.name).stem: report for _, report in read_reports(files)}
    assert back.keys() == gold.keys()
    wrong = [name for name in gold if content(gold[name]) != content(back[name])]
    assert not wrong


def test_pushing_again_uploads_nothing(send, fetch):
    lines = ["[送餐]{P1}[3户]{C>P1}。", "一、总结", "一、总结"]
    assert send(*lines)["uploaded"] == 3
    assert send(*lines)["uploaded"] == 0
    assert send(*lines, "[助浴]{P1}[2次]{C>P1}。") == {
        "project": send(*lines)["project"],
        "uploaded": 1,
        "known": 3,
        "removed": 0,
    }
    assert len(fetch(unconfirmed=True)) == 4


def test_the_most_uncertain_stands_first(server, trained, name):
    texts = ["没有数字。", "邻里食堂新开12家供餐点。", "另有机构若干，投入7万元，合计8.8%。"]
    report = Path(server.folder, "乙.txt")
    report.write_text("\n".join(texts), encoding="utf-8")
    paragraphs = read_paragraphs([report], trained)
    result = push(paragraphs, name, "", server.access, server.folder)
    shown = [e["meta"]["certainty"] for e in Annotator(server.access, result["project"]).examples()]
    wanted = sorted(p.certainty for p in paragraphs)
    assert shown == pytest.approx(wanted, abs=1e-4) and shown[0] < shown[1] < shown[2] == 1.0


def test_an_annotated_copy_in_a_hidden_folder_is_no_report(trained, tmp_path):
    (tmp_path / "甲.txt").write_text("邻里食堂新开12家供餐点。", encoding="utf-8")
    (tmp_path / ".ipynb_checkpoints").mkdir()
    (tmp_path / ".ipynb_checkpoints" / "甲.ann").write_text("[讲座]{P1}。", encoding="utf-8")
    (paragraph,) = read_paragraphs([tmp_path], trained)
    assert paragraph.annotation.text == "邻里食堂新开12家供餐点。"


def test_the_project_has_types_colours_keys_and_the_guideline(server, send, name):
    send("一、总结")
    person = Annotator(server.access, send("一、总结")["project"])
    project = person.here("get", "") if False else person.call("get", f"projects/{person.project}")
    assert project["guideline"] == "# 指南" and project["use_relation"]
    assert project["collaborative_annotation"] and not project["allow_overlapping"]
    spans, relations = person.here("get", "span-types"), person.here("get", "relation-types")
    assert [s["text"] for s in spans] == ["PROGRAM", "ITEM", "COUNT", "MONEY", "PERCENT"]
    assert {r["text"] for r in relations} == {"ACTUAL", "TARGET", "BASELINE", "CHANGE", "STANDARD"}
    for types in (spans, relations):
        assert (
            len({t["background_color"] for t in types})
            == len({t["suffix_key"] for t in types})
            == 5
        )
    # A guideline that was edited reaches annotators at the next push.
    push([], name, "# 新指南", server.access, server.folder)
    assert person.call("get", f"projects/{person.project}")["guideline"] == "# 新指南"


def test_only_what_is_confirmed_comes_back_and_with_its_links(server, send, fetch):
    lines = ["[送餐]{P1}[3户]{C>P1:TARGET}。", "[助浴]{P1}[2次]{C>P1}。"]
    person = Annotator(server.access, send(*lines)["project"])
    # doccano issue 2291: links of unconfirmed documents must not vanish.
    assert [
        len(one.paragraph.annotation.relations[0].heads) for one in fetch(unconfirmed=True)
    ] == [1, 1]
    assert fetch() == []
    person.confirm(person.examples()[1]["id"])
    (one,) = fetch()
    assert one.paragraph.annotation._replace(name="") == parse_report(lines[1], "")


TRAPS = {
    "emoji": "😀[𠮷野镇送餐]{P1}🎉[3户]{C>P1}，[5%]{R:CHANGE}👨‍👩‍👧完",
    "separators": "甲\u2028[3人]{C}\u2029\x85乙\u3000[4人]{C}\x0b\x0c丙\u00a0\ufeff",
    "spaces": "  \u3000[送餐]{P1}[3户]{C>P1}  ",
    "quotes": "\"'\\\\<b>&amp;\t[送餐]{P1}/[3户]{C>P1} \\[x\\]\\{y\\}",
    "long": "甲乙丙丁。" * 1000 + "[送餐]{P1}[3户]{C>P1}",
    "latin": "naïve é ß [送餐]{P1} № ² [3户]{C>P1}",
    "number-like": "1e5",
    "null-like": "null",
    "date-like": "2026-01-01",
    "no spans": "一、总结",
}


def test_every_character_comes_back(send, fetch):
    gold = [parse_report(line, "") for line in TRAPS.values()]
    assert send(*TRAPS.values())["uploaded"] == len(TRAPS)
    back = {one.paragraph.number: one for one in fetch(unconfirmed=True)}
    for number, (trap, report) in enumerate(zip(TRAPS, gold), 1):
        assert back[number].paragraph.annotation._replace(name="") == report, trap
        assert not back[number].faults


def test_windows_line_ends_do_not_shift_offsets(server, trained, name, fetch):
    # doccano issue 2114.
    report = Path(server.folder, "丙.txt")
    report.write_bytes("一、总结\r\n\r\n今年邻里食堂新开12家供餐点。\r\n".encode())
    paragraphs = read_paragraphs([report], trained)
    person = Annotator(
        server.access, push(paragraphs, name, "", server.access, server.folder)["project"]
    )
    for example in person.examples():
        assert "\r" not in example["text"]
    back = {one.paragraph.number: one.paragraph.annotation for one in fetch(unconfirmed=True)}
    assert [back[p.number].entities for p in paragraphs] == [
        p.annotation.entities for p in paragraphs
    ]


def test_what_annotators_did_and_the_guideline_forbids_is_listed(server, send, name, tmp_path, nlp):
    person = Annotator(server.access, send("送餐 3户老人，计划5户", "没有。")["project"])
    project = person.call("get", f"projects/{person.project}")
    person.call("patch", f"projects/{person.project}", **{**project, "allow_overlapping": True})
    person.here("post", "span-types", text="地点", background_color="#000000")
    document = person.examples()[0]["id"]
    a = person.mark(document, 0, 2, "PROGRAM")
    b = person.mark(document, 3, 5, "COUNT")
    c = person.mark(document, 5, 7, "ITEM")
    over, place = person.mark(document, 4, 7, "ITEM"), person.mark(document, 8, 10, "地点")
    space = person.mark(document, 2, 3, "ITEM")
    # Drawn from the head, which says the same.
    person.link(document, a, b, "TARGET")
    odd = person.link(document, a, c, "ACTUAL")
    clash = person.link(document, b, c, "ACTUAL")
    lost = person.link(document, b, over, "TARGET")
    arguments = name, tmp_path, nlp, server.access, server.folder, True
    _, (file,), faults = doccano_pull(*arguments)
    assert {fault.document for fault in faults} == {document}
    assert {fault.item for fault in faults} == {
        *(f"span {i}" for i in (over, place, space)),
        *(f"link {i}" for i in (odd, clash, lost)),
    }
    text = file.read_text("utf-8")
    assert "[送餐]{P1} [3户]{C>P1:TARGET}[老人]{I1}，计划5户\n" in text
    assert all(f"# {fault}" in text for fault in faults)


def test_deleted_spans_take_their_links_along(server, send, fetch):
    person = Annotator(server.access, send("[送餐]{P1}[3户]{C>P1,I1}[老人]{I1}")["project"])
    document = person.examples()[0]["id"]
    spans = {span["start_offset"]: span["id"] for span in person.spans(document)}
    person.here("delete", f"examples/{document}/spans/{spans[0]}")
    person.confirm(document)
    (one,) = fetch()
    assert one.paragraph.annotation._replace(name="") == parse_report(
        "送餐[3户]{C>I1}[老人]{I1}", ""
    )


@pytest.mark.parametrize("whole", [True, False])
def test_a_lost_connection_is_mended_by_running_again(server, send, fetch, whole):
    lines = [f"[送餐]{{P1}}[{i}户]{{C>P1}}。" for i in range(450)]
    # The second of three batches is on its way when the connection breaks.
    cable = Cable(server.access.url, b"/upload HTTP", 2, whole)
    with pytest.raises(InputError, match="connection to doccano was lost; run the command again"):
        send(*lines, access=server.access._replace(url=cable.url))
    result = send(*lines)
    assert 0 < result["uploaded"] <= 250
    back = fetch(unconfirmed=True)
    assert sorted(one.paragraph.key for one in back) == sorted(f"key-{i}" for i in range(1, 451))
    for one in back:
        line = lines[one.paragraph.number - 1]
        assert one.paragraph.annotation._replace(name="") == parse_report(line, "")


def test_copies_and_halves_are_removed_but_nothing_that_was_confirmed(server, send, fetch):
    lines = [f"[送餐]{{P1}}[{i}户]{{C>P1}}。" for i in range(4)]
    person = Annotator(server.access, send(*lines)["project"])
    examples = person.examples()
    # As after a task that died behind the texts, or was tried again.
    for example in examples[:3]:
        person.here("post", "examples", text=example["text"], meta=example["meta"])
    person.clear(examples[3]["id"])
    copies = person.examples()[4:]
    person.confirm(copies[0]["id"])
    person.confirm(copies[1]["id"])
    person.confirm(examples[1]["id"])
    added = person.here("post", "examples", text="补录的一段", meta={})
    assert send(*lines) == {"project": person.project, "uploaded": 1, "known": 3, "removed": 3}
    ids = {example["id"] for example in person.examples()}
    assert ids >= {
        copies[0]["id"],
        copies[1]["id"],
        examples[1]["id"],
        examples[2]["id"],
        added["id"],
    }
    assert not ids & {examples[0]["id"], copies[2]["id"], examples[3]["id"]}
    # Only confirmed copies are left: nothing is removed, above all not everything.
    assert send(*lines)["removed"] == 0
    assert len(person.examples()) == len(ids)


def test_a_wrong_password_is_named(server, send):
    with pytest.raises(InputError, match="does not let admin in"):
        send("一", access=server.access._replace(password="falsch"))


def test_a_server_that_is_not_there_is_named(send):
    with pytest.raises(InputError, match="cannot be reached.*doccano-server"):
        send("一", access=Access("http://127.0.0.1:9", "a", "b"))


class Anything(BaseHTTPRequestHandler):
    """A site that gives its page for every address."""

    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"<html>willkommen</html>")

    do_POST = do_GET

    def log_message(self, *_):
        pass


@pytest.mark.parametrize("handler", [SimpleHTTPRequestHandler, Anything])
def test_a_server_that_is_no_doccano_is_named(send, handler, monkeypatch):
    monkeypatch.setattr(handler, "log_message", lambda *_: None)
    other = HTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=other.serve_forever, daemon=True).start()
    try:
        with pytest.raises(InputError, match="is no doccano server.*check DOCCANO_URL"):
            send("一", access=Access(f"http://127.0.0.1:{other.server_port}", "a", "b"))
    finally:
        other.shutdown()


def test_projects_that_do_not_fit_are_refused(server, send, fetch, name):
    person = Annotator(server.access, 0)
    with pytest.raises(InputError, match="There is no doccano project"):
        fetch()
    kind = {"project_type": "Seq2seq", "resourcetype": "Seq2seqProject"}
    person.call("post", "projects", name=name, description="x", guideline="", tags=[], **kind)
    with pytest.raises(InputError, match="was not made by doccano-push"):
        send("一")
    send("一", project=f"{name} b", independent=True)
    with pytest.raises(InputError, match="choose another name"):
        send("一", project=f"{name} b")
    with pytest.raises(InputError, match="use doccano-agreement"):
        fetch(f"{name} b")
    send("一", project=f"{name} c")
    with pytest.raises(InputError, match="use doccano-pull"):
        fetch(f"{name} c", shared=False)


def test_annotators_cannot_push(server, send):
    person = Annotator(server.access, send("一")["project"]).add_member("zhang")
    with pytest.raises(InputError, match="does not allow zhang"):
        send("一", "二", access=person.access)


def test_the_commands(server, name, tmp_path, trained, monkeypatch, capsys):
    trained.to_disk(tmp_path / "model")
    (tmp_path / "reports").mkdir()
    (tmp_path / "reports" / "丁.txt").write_text("今年邻里食堂新开12家供餐点。", encoding="utf-8")
    monkeypatch.chdir(ROOT)
    arguments = str(tmp_path / "model"), [tmp_path / "reports"], name
    push_command(*arguments, folder=server.folder)
    assert f"{server.access.url}/projects/" in (printed := capsys.readouterr().out)
    assert "1 paragraphs uploaded, 0 were there\n" in printed
    config = ROOT / "configs" / "default.cfg"
    pull_command(tmp_path / "out", name, config, True, server.folder)
    assert capsys.readouterr().out.endswith(
        "1 paragraphs in 1 reports; 0 spans or links to look at\n"
    )
    assert (tmp_path / "out" / "丁.ann").exists()
    with pytest.raises(SystemExit, match="There is no doccano project 没有"):
        pull_command(tmp_path / "out", "没有", config, True, server.folder)
    with pytest.raises(SystemExit, match="there is no such file"):
        push_command(str(tmp_path / "model"), [tmp_path / "nichts.ann"], name, folder=server.folder)
