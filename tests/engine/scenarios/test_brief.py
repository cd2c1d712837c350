from engine.generation.templates import Template, load_template
from engine.scenarios.draws import Drawn
from tests.problems import brief, problem
from tui.services.settings import presets

PLACES = "{definition}|{scope}|{labels}|{context}|{prompt}|{text}|{examples}|{form}|{other}"
DRAWN = Drawn({"industry": "banking", "tone": "curt", "kind": "adjacent"}, ("fern", "violin"))


def template(prompt: str) -> Template:
    return Template(name="t", style="chat", system="For a {context}.", prompt=prompt)


def test_every_place_of_a_template_is_filled() -> None:
    prompt = brief().fill(template(PLACES), DRAWN, problem().example)
    assert prompt.whole
    assert prompt.system == "For a system prompt."
    definition, scope, labels, context, text, drawn, examples, form, other = prompt.user.split("|")
    assert definition == problem().definition
    assert scope.splitlines()[0] == "In scope:"
    assert "Out of scope" not in scope
    assert labels == (
        "- 2 × on-topic: What it is for.\n- 1 × off-topic: Not what the application is for."
    )
    assert (context, text) == ("system prompt", "user prompt")
    assert drawn.splitlines() == [
        "- industry: banking",
        "- tone: curt (as few words as possible)",
        "- kind (of off-topic): adjacent",
        "- seed words: fern, violin",
    ]
    assert "outer islands" in examples
    assert form == '{"system prompt": "…", "on-topic": ["…", "…"], "off-topic": ["…"]}'
    assert other == "{other}"


def test_braces_in_what_is_put_in_stay_as_they_are() -> None:
    found = brief(definition="Asks for {text} or {form}.").fill(template(PLACES), DRAWN, ())
    assert found.user.startswith("Asks for {text} or {form}.|")


def test_a_place_with_nothing_to_say_leaves_no_gap() -> None:
    found = brief(in_scope=(), edge_cases=()).fill(template("A\n\n{scope}\n\n{text}"), DRAWN, ())
    assert found.user.startswith("A\n\n- industry")


def test_the_template_that_comes_along_has_all_places() -> None:
    shipped = load_template(presets() / "templates" / "scenario.toml")  # type: ignore[arg-type]
    found = brief().fill(shipped, DRAWN, problem().example)
    for said in (problem().definition, "In scope:", "2 × on-topic", "- industry: banking",
                 "outer islands", brief().form.skeleton()):  # fmt: skip
        assert said in found.user
    assert "{" not in found.user.replace('{"system prompt"', "")
