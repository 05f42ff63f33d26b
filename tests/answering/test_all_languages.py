"""The models of all languages from beginning to end: asked in one language, quoted from another."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from conftest import Project, run_cli

from sourcebot.answering.opening import open_service
from sourcebot.config.settings import LanguageConfig
from sourcebot.embedding.exported import open_embedder
from sourcebot.render.wording import attribution
from sourcebot.types import Abstention, Answer

FERRY = """---
title: Night ferry to Skarvik
language: en
---
The night ferry between Dunmore and Skarvik sails again from 4 May 2025. Captain Ruth Adeyemi has been in command since the first crossing. A cabin for two costs 84 euros.
"""
BREWERY = """---
title: Die Brauerei in Altenmoor
language: de
---
Die Klosterbrauerei Altenmoor ist für 3,6 Millionen Euro an eine Genossenschaft verkauft worden. Braumeisterin Johanna Kessel leitet den Betrieb seit 2011.
"""
TEA = """---
title: 云台茶山的春茶
language: zh
---
云台茶山今年的春茶从三月二十六日开始采摘，比去年早了九天。茶山的主人林秀兰说，今年预计可以收获四万公斤茶叶。
"""
ASKED = {
    "Wer leitet die Brauerei in Altenmoor?": ("brewery.md", "Johanna Kessel"),
    "茶山的主人是谁？": ("tea.md", "林秀兰"),
    "Who is the captain of the night ferry?": ("ferry.md", "Ruth Adeyemi"),
    "Wer ist der Kapitän der Nachtfähre nach Skarvik?": ("ferry.md", "Ruth Adeyemi"),
    "Who runs the brewery in Altenmoor?": ("brewery.md", "Johanna Kessel"),
}


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """Return articles in three languages, indexed with the models of English first."""
    made = Project(tmp_path_factory.mktemp("languages"))
    for name, text in {"ferry.md": FERRY, "brewery.md": BREWERY, "tea.md": TEA}.items():
        made.write(name, text)
    made.index(open_embedder(made.config, lambda _: None))
    (made.folder / "config.toml").write_text('[language]\nmodels = "multilingual"\n', "utf-8")
    return made


def test_until_it_is_made_anew_the_old_index_answers(project: Project) -> None:
    """A change of the models costs no answer; then one command embeds everything anew."""
    told: list[str] = []
    service = open_service(project.config, told.append, lambda *_: None)
    assert isinstance(service.ask("When does the night ferry to Skarvik sail again?"), Answer)
    service.close()
    assert any("sourcebot index" in line for line in told)
    ran = run_cli("index", cwd=project.folder)
    assert ran.status == 0
    told.clear()
    open_service(project.config, told.append, lambda *_: None).close()
    assert not told


def test_each_question_finds_its_quote_in_whatever_language(project: Project) -> None:
    """The quote is verbatim, and the attribution names the language where it is another one."""
    project.index(open_embedder(project.config, lambda _: None))
    service = project.service()
    for question, (name, words) in ASKED.items():
        reply, retrieval = service.ask_with_evidence(question)
        quotes = reply.quotes if isinstance(reply, Answer) else reply.nearest
        assert quotes[0].source.path == name, question
        assert words in quotes[0].text, question
        written = (project.sources / name).read_text("utf-8")
        assert quotes[0].span.of(written) == quotes[0].text
        foreign = retrieval.language != quotes[0].source.language
        assert quotes[0].source.foreign is foreign
        assert ("in English" in attribution(quotes[0].source)) is (foreign and name == "ferry.md")


def test_terminal_and_json_say_which_language(project: Project) -> None:
    """What people and programs see of an article in another language."""
    project.index(open_embedder(project.config, lambda _: None))
    question = "Wer ist der Kapitän der Nachtfähre nach Skarvik?"
    shown = run_cli("ask", question, cwd=project.folder)
    assert "· in English ·" in shown.out
    data = json.loads(run_cli("ask", question, "--json", cwd=project.folder).out)
    found = (data["quotes"] or data["nearest"])[0]["source"]
    assert (found["language"], found["foreign"]) == ("en", True)
    assert data["unread"] is None


def test_without_these_models_a_refusal_says_what_is_not_read(project: Project) -> None:
    """With the models of English, a question in another language may be refused, and why."""
    english = replace(project.config, language=LanguageConfig("english"))
    project.index(open_embedder(english, lambda _: None))
    service = open_service(english, lambda _: None, lambda *_: None)
    reply = service.ask("Wie viele Pferde besitzt der Bürgermeister von Altenmoor?")
    assert isinstance(reply, Abstention)
    assert reply.unread == "de"
