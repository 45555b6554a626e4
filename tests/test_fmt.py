"""`sdkg fmt`: the house style, and that it never costs a comment or a statement."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from sdkg import formatting
from sdkg.errors import InputError, ProjectError
from sdkg.export import export
from sdkg.formatting import rewrite, rewrite_bytes, turtle_files
from sdkg.layout import WIDTH, arrange
from sdkg.project import Project
from sdkg.tokens import tokens
from tests.paths import PYTHON, ROOT

HERE = Path("a.ttl")
PREFIXES = "@prefix p: <http://p/> .\n@prefix q: <http://q/> .\n\n"
REAL = subprocess.run(
    ["git", "ls-files", "*.ttl"], cwd=ROOT, capture_output=True, text=True, check=True
).stdout.split()


def comments(text: str) -> list[str]:
    found = tokens(text, HERE)
    return sorted(c for token in found for c in [*token.before, *token.after] if c)


def graph(text: str) -> ox.Dataset:
    dataset = ox.Dataset(ox.Quad(*quad.triple) for quad in ox.parse(text, format=ox.RdfFormat.TURTLE))
    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return dataset


def formatted(body: str) -> str:
    """Some statements in the house style, without the prefixes."""
    return rewrite_bytes((PREFIXES + body).encode(), HERE).after.partition("\n\n")[2]


# ---------------------------------------------------------------- Terminals

TERMINALS = {
    "iri": ["<>", "<http://a/b#c>", r"<http://a/\u00e9>", "<a/%20b>", "<#x>"],
    "name": [
        ":", "p:", "p:a", ":a", "p:a.b", "p:a-b", "p.q:a", "p:0", "p::", "p:a:b", "p:%41", r"p:\~\.", "é:ü",
        "p:a_",
        "p:a\u00b7b", "true:a", "a:b", "prefix:a", "BASE:",
    ],
    "string": ['""', "''", r'"\"\n\u00e9"', "'\"'", '"# no comment"', "'it\"s'"],
    "long": ['"""a\nb"""', '"""a"b""c"""', "'''it's\n'' '''", '"""\\""""', '""""a"""', "''''a'''"],
    "number": ["1", "+1", "-1", "1.5", ".5", "-.5", "1e5", "1.e5", "1.5E-3", ".5e+1"],
    "blank": ["_:a", "_:0", "_:a.b", "_:a-b", "_:é"],
    "word": ["a", "true", "false"],
    "lang": ["@nl", "@nl-NL", "@prefixed", "@base-x"],
    "directive": ["@prefix", "@base", "PREFIX", "prefix", "BASE", "Base"],
    "mark": [".", ";", ",", "[", "]", "(", ")", "^^"],
}  # fmt: skip


@pytest.mark.parametrize(("kind", "text"), [(k, t) for k, texts in TERMINALS.items() for t in texts])
def test_terminals(kind: str, text: str) -> None:
    assert [(token.kind, token.text) for token in tokens(text, HERE)][:-1] == [(kind, text)]


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("p:a.", ["p:a", "."]),
        ("1.", ["1", "."]),
        ("1.5.", ["1.5", "."]),
        ("_:a.", ["_:a", "."]),
        ("true.", ["true", "."]),
        ('"x"^^p:a,"y"@nl;', ['"x"', "^^", "p:a", ",", '"y"', "@nl", ";"]),
        ("p:a#b", ["p:a"]),
        ("<a#b>#c", ["<a#b>"]),
        (r"p:a\#b", [r"p:a\#b"]),
        ('"""a""""b"', ['"""a"""', '"b"']),
        ("+1-2", ["+1", "-2"]),
    ],
)
def test_where_a_token_ends(text: str, parts: list[str]) -> None:
    assert [token.text for token in tokens(text, HERE)][:-1] == parts


@pytest.mark.parametrize(
    "text", ["<a b>", '"a', "p:a {", "<<", '"a\nb"', "%", "p:\\x", "'''a''", r'"\x"', "\ufffe"]
)
def test_what_is_no_token(text: str) -> None:
    with pytest.raises(InputError, match=r"a\.ttl:1:\d+: "):
        tokens(text, HERE)


# ---------------------------------------------------------------- The style

STYLE = {
    "one property a line, a first": ("p:s p:b 1; a p:C.", "p:s\n    a p:C ;\n    p:b 1 .\n"),
    "rdf:type is a": (
        "p:s p:b 1; <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> q:c.",
        "p:s\n    a q:c ;\n    p:b 1 .\n",
    ),
    "spare semicolons go": ("p:s p:b 1;; p:c 2;.", "p:s\n    p:b 1 ;\n    p:c 2 .\n"),
    "a short list stays on a line": ("p:s p:b 1 ,2\n,3; p:c q:x.", "p:s\n    p:b 1, 2, 3 ;\n    p:c q:x .\n"),
    "a statement on one line stays": ("p:s a q:C.\np:t  a q:C  .", "p:s a q:C .\np:t a q:C .\n"),
    "not if it was on more": ("p:s\n  a q:C.", "p:s\n    a q:C .\n"),
    "a line between subjects": (
        "p:s p:b 1; p:c 2.\np:t p:b 1; p:c 2.",
        "p:s\n    p:b 1 ;\n    p:c 2 .\n\np:t\n    p:b 1 ;\n    p:c 2 .\n",
    ),
    "no more than one": ("p:s a q:C.\n\n\n\np:t a q:C .", "p:s a q:C .\n\np:t a q:C .\n"),
    "a long object breaks the list": (
        f'p:s\n p:b "a", "{"b" * 60}"@nl.',
        f'p:s\n    p:b "a",\n        "{"b" * 60}"@nl .\n',
    ),
    "a list that was broken stays so": ("p:s p:b 1,\n 2.", "p:s\n    p:b 1,\n        2 .\n"),
    "brackets": ("p:s\n p:b [p:c 1;a q:D],[].", "p:s\n    p:b [ a q:D ; p:c 1 ], [] .\n"),
    "brackets on more lines": (
        "p:s p:b [\np:c 1; p:d (1 2\n3)].",
        "p:s\n    p:b [\n        p:c 1 ;\n        p:d (\n            1 2\n"
        "            3\n        )\n    ] .\n",
    ),
    "an empty collection": ("p:s p:b ( ).", "p:s p:b () .\n"),
    "a bracket as subject": (
        "[p:b 1] p:c 2; p:d 3. [] p:e 1. [\np:f 2].",
        "[ p:b 1 ]\n    p:c 2 ;\n    p:d 3 .\n\n[] p:e 1 .\n\n[\n    p:f 2\n] .\n",
    ),
    "comments keep their lines": (
        "# top\n\n# of s\np:s # s\n # a\n p:b 1 # b\n ;\n p:c 2 . # c\n# end",
        "# top\n\n# of s\np:s # s\n    # a\n    p:b 1 ; # b\n    p:c 2 . # c\n\n# end\n",
    ),
    "comments in lists": (
        "p:s p:b # b\n 1, # one\n # two\n 2.",
        "p:s\n    p:b # b\n        1, # one\n        # two\n        2 .\n",
    ),
    "comments before a full stop": ("p:s p:b 1 ;\n # no more\n .", "p:s\n    p:b 1\n    # no more\n    .\n"),
    "comments in brackets": (
        "p:s p:b ( # o\n 1 # one\n # c\n ), [ # p\n # q\n ].",
        "p:s\n    p:b ( # o\n        1 # one\n        # c\n    ),\n"
        "        [ # p\n            # q\n        ] .\n",
    ),
    "literals as they were": (
        "p:s p:b '''a\n  # b\n''', 'x'@nl-NL , 01.50, \"1\"^^p:t.",
        "p:s\n    p:b '''a\n  # b\n''',\n        'x'@nl-NL,\n        01.50,\n        \"1\"^^p:t .\n",
    ),
}


@pytest.mark.parametrize("name", STYLE)
def test_style(name: str) -> None:
    given, wanted = STYLE[name]
    assert formatted(given) == wanted
    assert formatted(wanted) == wanted


def test_prefixes() -> None:
    """Sorted and only those used, also those that a query or a comment uses; but not across a comment."""
    text = (
        "# top\n\nPREFIX z: <http://z/>\n@prefix b: <http://b/> .\n\n@prefix c: <http://c/> .\n"
        "@prefix k: <http://k/> . # kept\n# later\n@prefix a: <http://a/> .\n"
        '@prefix u: <http://u/> .\nz:s a:p "SELECT ?x { ?x b:p 1 }" .\n'
    )
    assert arrange(text, HERE) == (
        "# top\n\n@prefix b: <http://b/> .\n@prefix k: <http://k/> . # kept\n@prefix z: <http://z/> .\n"
        '# later\n@prefix a: <http://a/> .\n\nz:s a:p "SELECT ?x { ?x b:p 1 }" .\n'
    )


def test_a_prefix_that_changes_its_meaning_is_left_where_it_is() -> None:
    text = "@prefix b: <http://1/> .\n\nb:s b:p 1 .\n\n@prefix b: <http://2/> .\n@prefix a: <http://3/> .\n"
    assert arrange(text, HERE) == text


def test_long_lines_open_their_brackets() -> None:
    names = " ".join(f"p:item-{i}" for i in range(40))
    given = f"{PREFIXES}p:s a q:C ; p:b ( {names} ), [ p:c [ p:d ( {names} ) ] ] ."
    text = arrange(given, HERE)
    assert max(map(len, text.splitlines())) <= WIDTH
    assert arrange(text, HERE) == text
    assert graph(text) == graph(given)


def test_line_ends_become_those_of_unix() -> None:
    data = b"<urn:a> <urn:b>\r\n 1 .\r\n"
    assert rewrite_bytes(data, HERE).after == "<urn:a>\n    <urn:b> 1 .\n"
    assert arrange("<urn:a> <urn:b> 1 .\r# c\r", HERE) == "<urn:a> <urn:b> 1 .\n\n# c\n"


# ---------------------------------------------------------------- Any Turtle

_PLAIN = ["p:a", "q:b", "<http://x/#y>", "_:n", "[]", "()", "p:a.b", "1", "-1.50", "1e5", "true"]
leaves = st.sampled_from(
    [
        *_PLAIN,
        '"x"',
        '"x"@nl',
        "'y'^^q:t",
        '"""l\n # no comment """',
        f'"{"long" * 16}"',
        '"#"',
        "'''q'''@en-GB",
    ]
)
verbs = st.sampled_from(
    ["p:a", "q:b", "a", "<http://x/#y>", "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"]
)


def joined(many: list[list[str]], *mark: str) -> list[str]:
    return [token for i, part in enumerate(many) for token in [*(mark if i else ()), *part]]


def properties(values: st.SearchStrategy[list[str]]) -> st.SearchStrategy[list[str]]:
    objects = st.lists(values, min_size=1, max_size=3).map(lambda many: joined(many, ","))
    pair = st.tuples(verbs, objects).map(lambda both: [both[0], *both[1]])
    ends = st.lists(st.just(";"), max_size=2)
    return st.tuples(st.lists(pair, min_size=1, max_size=3), ends).map(lambda t: joined(t[0], ";") + t[1])


nodes = st.recursive(
    leaves.map(lambda leaf: [leaf]),
    lambda inner: st.one_of(
        properties(inner).map(lambda body: ["[", *body, "]"]),
        st.lists(inner, max_size=4).map(lambda items: ["(", *joined(items), ")"]),
    ),
    max_leaves=6,
)
subjects = st.one_of(
    st.sampled_from([["p:a"], ["q:b"], ["_:n"], ["<http://x/>"], ["[", "]"]]),
    st.lists(nodes, min_size=1, max_size=2).map(lambda items: ["(", *joined(items), ")"]),
)
statements = st.one_of(
    st.tuples(subjects, properties(nodes)).map(lambda both: [*both[0], *both[1], "."]),
    properties(nodes).map(lambda body: ["[", *body, "]", "."]),
    st.sampled_from(
        [["@prefix", "r:", "<http://r/>", "."], ["BASE", "<http://x/>"], ["prefix", "s:", "<#>"]]
    ),
)
gaps = st.sampled_from([" ", " ", " ", " ", "\n", "\n\n\n", " #", "\n#", "\n\n#", "\r\n"])


@st.composite
def documents(draw: st.DrawFn) -> str:
    """Turtle with any layout, and comments anywhere between two tokens."""
    body = [token for statement in draw(st.lists(statements, max_size=4)) for token in statement]
    text = "@base <http://base/> .\n" + PREFIXES
    for number, token in enumerate(body):
        gap = draw(gaps)
        text += token + (f"{gap} c{number}\n" if gap.endswith("#") else gap)
    return text


@settings(max_examples=120, deadline=None, phases=[Phase.explicit, Phase.reuse, Phase.generate])
@given(documents())
def test_any_turtle(text: str) -> None:
    once = arrange(text, HERE)
    assert comments(once) == comments(text)
    assert graph(once) == graph(text)
    assert arrange(once, HERE) == once
    assert "\n\n\n" not in once
    assert not any(line.endswith(" ") for line in once.splitlines())


# ---------------------------------------------------------------- Files


@pytest.mark.parametrize("name", REAL)
def test_real_files_are_in_the_house_style(name: str) -> None:
    assert not rewrite(ROOT / name).changed, f"Run: sdkg fmt {name}"


def test_an_export_is_in_the_house_style() -> None:
    text = export(Project.at(ROOT), plan=ROOT / "instances/heemstede/heemstede-2025.ttl").decode()
    assert arrange(text, HERE) == text


@pytest.mark.parametrize(
    "wrong", ["<urn:a> <urn:b> 2 . # c\n", "<urn:a> <urn:b> 1 .\n", "<urn:a> <urn:b> # c\n"]
)
def test_a_rewrite_that_would_say_something_else_is_refused(
    wrong: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(formatting, "arrange", lambda _text, _path: wrong)
    with pytest.raises(InputError, match="would change what it says"):
        rewrite_bytes(b"<urn:a> <urn:b> 1 . # c", HERE)


def test_only_files_of_the_project_itself(tmp_path: Path) -> None:
    with pytest.raises(ProjectError, match="Name the files"):
        turtle_files(Project.at(tmp_path))
    (tmp_path / "instances" / "hier").mkdir(parents=True)
    (tmp_path / "instances" / "hier" / "plan.ttl").write_text("")
    assert [path.name for path in turtle_files(Project.at(tmp_path))] == ["plan.ttl"]


def sdkg(*arguments: str, cwd: Path, data: bytes = b"") -> tuple[int, str, str]:
    done = subprocess.run([PYTHON, "-m", "sdkg", *arguments], cwd=cwd, input=data, capture_output=True)
    return done.returncode, done.stdout.decode(), done.stderr.decode()


def test_the_command(tmp_path: Path) -> None:
    good, bad, broken = (tmp_path / name for name in ("good.ttl", "bad.ttl", "broken.ttl"))
    good.write_text("<urn:a> <urn:b> 1 .\n")
    bad.write_text("<urn:a>   <urn:b> 1 . # c\n")
    bad.chmod(0o640)
    broken.write_text("<urn:a> <urn:b> 1 .\n<urn:a> <urn:b> .\n")
    names = ["broken.ttl", "bad.ttl", "good.ttl"]
    assert sdkg("fmt", "--check", "bad.ttl", "good.ttl", cwd=tmp_path)[:2] == (1, "bad.ttl\n")
    code, out, _ = sdkg("fmt", "--diff", "bad.ttl", cwd=tmp_path)
    assert (code, out.count("\n-<urn:a>   "), out.count("\n+<urn:a> <")) == (0, 1, 1)
    assert "   <urn:b>" in bad.read_text()
    code, out, problems = sdkg("fmt", *names, cwd=tmp_path)
    assert (code, out) == (2, "bad.ttl\n")
    assert "Error: broken.ttl:2:" in problems
    assert bad.read_text() == "<urn:a> <urn:b> 1 . # c\n"
    assert bad.stat().st_mode & 0o777 == 0o640
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(names)
    assert sdkg("fmt", "--check", "bad.ttl", "good.ttl", cwd=tmp_path)[:2] == (0, "")
    assert sdkg("fmt", "x.rdf", cwd=tmp_path)[0] == 2


def test_standard_input(tmp_path: Path) -> None:
    assert sdkg("fmt", "-", cwd=tmp_path, data=b"<urn:a> <urn:b> 1.")[:2] == (0, "<urn:a> <urn:b> 1 .\n")
    assert sdkg("fmt", "--check", "-", cwd=tmp_path, data=b"<urn:a> <urn:b> 1.")[0] == 1
    code, out, problems = sdkg("fmt", "-", cwd=tmp_path, data=b"<urn:a> 1.")
    assert (code, out) == (2, "")
    assert "stdin.ttl:1:" in problems
