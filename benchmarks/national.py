"""A national set: plans for hundreds of municipalities, made by renaming the real ones.

    python -m benchmarks.national --municipalities 342 --plans 3 --to FOLDER [--project .] [--check]

Each maker of a real plan (a municipality, or a partnership of some) has clones until there are as many
municipalities as asked; each clone makes `--plans` plans that succeed one another. A plan's own IRIs, period,
municipality, and the local partners, policy frameworks and areas (those that only one maker names, and that
belong to some place) are renamed; laws, national partners, topics, target groups and value lists are shared.
What is inferred is renamed in the same way. The same options give the same set.

FOLDER becomes a project that `sdkg.load(FOLDER)` opens; `national.json` in it says what was made of what.
`--check` looks for IRIs that lead nowhere (slow for a large set).
"""

from __future__ import annotations

import argparse
import json
import random
import re
import shutil
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from itertools import product
from pathlib import Path
from zlib import crc32

import pyoxigraph as ox

import sdkg
from sdkg.builder import defined_terms
from sdkg.catalog import compile_queries
from sdkg.name_index import FILE, write_index
from sdkg.namespaces import GRAPH, ID, INFERRED, SD, SKOS, XSD
from sdkg.project import Project
from sdkg.reading import read
from sdkg.store import Manifest, engine_name, open_current

ROOT = Path(__file__).resolve().parents[1]
MARK = "\x01"
NEDERLAND = ID + "gebied/nederland"
TOOI = "https://identifier.overheid.nl/tooi/id/gemeente/"
NOTHING: Mapping[str, str] = {}
LATEST = 2021
FIRST = "Eik Oost West Noord Zuid Groot Klein Nieuw Oud Hoog Laag Berg Bos Heide Duin Meer Brink Linde Zand"
LAST = "veen woude berg dam dijk drecht horst kerk land lo meer oord rade stein veld voort waard wijk zijl"
DANGLING = f"""SELECT DISTINCT ?o {{ ?s ?p ?o FILTER(isIRI(?o) && STRSTARTS(STR(?o), "{ID}"))
                                   FILTER NOT EXISTS {{ ?o ?q ?z }} }}"""


def token(name: str) -> str:
    return f"{MARK}{name}{MARK}"


@dataclass(frozen=True)
class Template:
    """N-Quads with gaps: at odd places the name of what to fill in."""

    parts: tuple[str, ...]
    triples: int

    @classmethod
    def of(cls, lines: list[str]) -> Template:
        return cls(tuple("".join(lines).split(MARK)), len(lines))

    def fill(self, values: Mapping[str, str]) -> str:
        parts = list(self.parts)
        parts[1::2] = [values[name] for name in self.parts[1::2]]
        return "".join(parts)


@dataclass
class Family:
    """A maker of real plans: its municipalities, its plans in order, and how its names become gaps."""

    maker: str
    towns: list[str]
    plans: list[str] = field(default_factory=list)
    names: dict[str, str] = field(default_factory=dict)
    words: dict[str, str] = field(default_factory=dict)
    stated: dict[str, Template] = field(default_factory=dict)
    inferred: dict[str, Template] = field(default_factory=dict)
    elements: dict[str, int] = field(default_factory=dict)
    periods: dict[str, tuple[int, int]] = field(default_factory=dict)
    reference: Template = field(default_factory=lambda: Template.of([]))


class Real:
    """The real plans, read from the store of a project."""

    def __init__(self, project: Project) -> None:
        sdkg.load(project.root)
        store, generation = open_current(project.store_folder)
        self.manifest = Manifest.load(generation)
        self.graphs: dict[str, list[ox.Quad]] = defaultdict(list)
        self.links: dict[tuple[str, str], list[str]] = defaultdict(list)
        for quad in store:
            self.graphs[iri(quad.graph_name).removeprefix(GRAPH)].append(quad)
            self.links[iri(quad.subject), iri(quad.predicate)].append(iri(quad.object))
        self.homes = {path.stem: path.parent.name for path in project.plan_files}
        self.families = self._families()
        self._find_local()
        self.shared = self._shared()
        for family in self.families:
            self._templates(family)

    def _families(self) -> list[Family]:
        plans = defaultdict(list)
        for plan in sorted(self.homes):
            plans[self.links[ID + plan, SD + "opgesteldDoor"][0]].append(plan)
        made = [Family(maker, sorted(set(self.links[maker, SD + "deelnemer"]))) for maker in plans]
        for family in made:
            family.plans = plans[family.maker]
            family.towns = family.towns or [family.maker]
            family.words |= {self.links[family.maker, SKOS + "prefLabel"][0]: token("N")}
            for number, town in enumerate(family.towns):
                code = self.links[town, SD + "cbsCode"][0]
                family.names |= {town: f"{ID}gemeente/{token(f'T{number}')}"}
                family.names |= {TOOI + code.lower(): TOOI + token(f"T{number}")}
                family.words |= {self.links[town, SKOS + "prefLabel"][0]: token(f"M{number}")}
                family.words |= {code: token(f"C{number}")}
        return sorted(made, key=lambda family: (len(family.towns), family.maker))

    def _find_local(self) -> None:
        """What only one maker names, and is or belongs to a place smaller than the country."""
        seen: dict[str, set[str]] = defaultdict(set)
        of = {plan: family for family in self.families for plan in family.plans}
        for name, quads in self.graphs.items():
            family = of.get(name.rpartition("/")[2])
            for quad in quads if family and name.startswith("instances/") else ():
                for thing in (iri(quad.subject), iri(quad.object)):
                    seen[thing].add(family.maker if family else "")
        for family, _ in product(self.families, range(2)):
            for thing, makers in seen.items():
                if makers == {family.maker} and thing not in family.names and self._is_local(thing, family):
                    family.names[thing] = f"{thing}-{token('S')}"

    def _is_local(self, thing: str, family: Family) -> bool:
        folder = thing.removeprefix(ID).partition("/")[0]
        if folder == "gebied":
            return True
        places = {*self.links[thing, SD + "werktIn"], *self.links[thing, SD + "kaderVan"]}
        near = (p in family.names or p.startswith(ID + "gebied/") for p in places - {NEDERLAND})
        return folder in ("partner", "kader") and any(near)

    def _shared(self) -> list[str]:
        """The lines that all share; what names something local becomes a template of its family."""
        owner = {name: family for family in self.families for name in family.names}
        lines: dict[str, list[str]] = defaultdict(list)
        for name, quads in self.graphs.items():
            if name.rpartition("/")[2] in self.homes:
                continue
            for quad in quads:
                owners = [owner[t] for t in map(iri, (quad.subject, quad.object)) if t in owner]
                if not owners:
                    lines[""].append(f"{quad} .\n")
                elif all(other is owners[0] for other in owners):
                    lines[owners[0].maker].append(self._line(quad, owners[0]))
        for family in self.families:
            family.reference = Template.of(lines[family.maker])
        return lines[""]

    def _templates(self, family: Family) -> None:
        for place, plan in enumerate(family.plans):
            own = {other: token(f"P{n - place}") for n, other in enumerate(family.plans) if n <= place}
            later = tuple(ID + other for other in family.plans[place + 1 :])
            start, end = (self.links[ID + plan, SD + name][0] for name in ("geldigVan", "geldigTot"))
            family.periods[plan] = int(start[:4]), int(end[:4])
            stated = self.graphs[f"instances/{self.homes[plan]}/{plan}"]
            for quads, into in ((stated, family.stated), (self.graphs[f"afgeleid/{plan}"], family.inferred)):
                kept = [quad for quad in quads if not iri(quad.object).startswith(later)]
                into[plan] = Template.of([self._line(quad, family, plan, own) for quad in kept])
            family.elements[plan] = len({q.subject for q in stated if iri(q.predicate) == SD + "inPlan"})

    def _line(self, quad: ox.Quad, family: Family, plan: str = "", own: Mapping[str, str] = NOTHING) -> str:
        graph = str(quad.graph_name)
        if plan:
            folder = INFERRED if INFERRED in graph else f"{GRAPH}instances/{token('S')}/"
            graph = f"<{folder}{own[plan]}>"
        is_text = isinstance(quad.object, ox.Literal)
        value = reworded(quad, family, plan) if is_text else renamed(quad.object, family, own)
        return f"{renamed(quad.subject, family, own)} {quad.predicate} {value} {graph} .\n"


def iri(term: object) -> str:
    """The IRI of a node, or the text of a literal."""
    return term.value if isinstance(term, ox.NamedNode | ox.Literal) else ""


def renamed(term: object, family: Family, own: Mapping[str, str]) -> str:
    name = iri(term)
    plan, slash, rest = name.removeprefix(ID).partition("/")
    if name.startswith(ID) and plan in own:
        return f"<{ID}{own[plan]}{slash}{rest}>"
    return f"<{family.names.get(name, name)}>"


def reworded(quad: ox.Quad, family: Family, plan: str) -> str:
    """A literal with other names, and other years in dates and in the plan's own name."""
    text, _, kind = str(quad.object).rpartition('"')
    subject, predicate = iri(quad.subject), iri(quad.predicate)
    named = re.sub(rf"\b({'|'.join(map(re.escape, family.words))})\b", lambda m: family.words[m[0]], text)
    if plan and (predicate == SD + "jaar" or kind == f"^^<{XSD}date>"):
        named = re.sub(r'^"(\d{4})', lambda m: f'"{token("Y" + m[1])}', named).replace("-02-29", "-02-28")
    if subject == ID + plan and predicate in (SKOS + "prefLabel", SKOS + "altLabel"):
        named = re.sub(r"\b20\d\d\b", lambda m: token("Y" + m[0]), named)
    varied = not plan or (crc32(subject.encode()) % 3 == 0 and predicate == SKOS + "prefLabel")
    is_name = predicate in (SKOS + "prefLabel", SKOS + "altLabel") and (plan or subject in family.names)
    return f'{named}{" " + token("N") if is_name and varied and MARK not in named else ""}"{kind}'


@dataclass(frozen=True)
class Plan:
    """A plan that was made: its name, the real plan it was made of, its maker, the years it was moved."""

    slug: str
    source: str
    maker: str
    shift: int


def town_names() -> list[str]:
    names = [first + last for first, last in product(FIRST.split(), LAST.split())]
    random.Random(1).shuffle(names)  # noqa: S311 (the same names every time)
    return names + [f"{name} aan Zee" for name in names]


def makers(families: list[Family], count: int) -> Iterator[tuple[Family, int]]:
    """The families in turn, each with the number of its first municipality, until all are used."""
    number = 1
    while number <= count:
        for family in families:
            if number + len(family.towns) - 1 <= count:
                yield family, number
                number += len(family.towns)


class Maker:
    """A clone of a family: its plans, and what fills the gaps."""

    def __init__(self, family: Family, number: int, plans: int, names: list[str]) -> None:
        self.family, self.number = family, number
        towns = [names[(number + n - 1) % len(names)] for n in range(len(family.towns))]
        alone = len(towns) == 1
        self.values = {"S": f"{'gm' if alone else 'rg'}{number:04}"}
        self.values |= {"N": towns[0] if alone else f"Regio {towns[0]}"}
        for n, town in enumerate(towns):
            self.values |= {f"T{n}": f"gm{number + n:04}", f"C{n}": f"GM{number + n:04}", f"M{n}": town}
        self.plans: list[Plan] = []
        start = LATEST + number % 4
        for k in reversed(range(plans)):
            source = family.plans[k % len(family.plans)]
            first, last = family.periods[source]
            start -= (last - first + 1) if self.plans else 0
            self.plans.insert(0, Plan(f"{self.values['S']}-{start}", source, self.values["S"], start - first))

    def gaps(self, k: int) -> dict[str, str]:
        slugs = {f"P{n - k}": plan.slug for n, plan in enumerate(self.plans)}
        return self.values | slugs | {f"Y{y}": str(y + self.plans[k].shift) for y in range(1900, 2100)}

    def text(self) -> Iterator[str]:
        yield self.family.reference.fill(self.values)
        for k, plan in enumerate(self.plans):
            for templates in (self.family.stated, self.family.inferred):
                yield templates[plan.source].fill(self.gaps(k))

    def examples(self) -> dict[str, str]:
        """What the real things are called here: those of its own, and its plans (first of each kind)."""
        found = {real: Template.of([name]).fill(self.values) for real, name in self.family.names.items()}
        return found | {ID + plan.source: ID + plan.slug for plan in reversed(self.plans)}


def build(project: Project, folder: Path, municipalities: int, plans: int) -> dict[str, object]:
    """Make the set; returns what `national.json` says."""
    real = Real(project)
    names = town_names()
    clones = [Maker(family, number, plans, names) for family, number in makers(real.families, municipalities)]
    generation = folder / ".sdkg" / "generations" / "national"
    shutil.rmtree(folder, ignore_errors=True)
    generation.mkdir(parents=True)

    def chunks() -> Iterator[str]:
        yield "".join(real.shared)
        for done, clone in enumerate(clones, 1):
            yield from clone.text()
            print(f"\r{done} of {len(clones)} makers", end="", file=sys.stderr, flush=True)
        print(file=sys.stderr)

    store = ox.Store(str(generation / "store"))
    lines = folder / "national.nq"
    with lines.open("w", encoding="utf-8") as file:
        file.writelines(chunks())
    store.bulk_load(path=str(lines), lenient=True)
    store.optimize()  # as a build does
    store.flush()
    lines.unlink()
    write_index(generation, store, (iri(graph) for graph in store.named_graphs()))
    real.manifest.save(generation)
    (folder / ".sdkg" / "current").write_text(generation.name, "utf-8")
    take_queries(project, folder)
    summary = summarise(real, clones, municipalities)
    (folder / "national.json").write_text(json.dumps(summary, indent=1), "utf-8")
    return summary


def take_queries(project: Project, folder: Path) -> None:
    """Give a set the saved queries of the project as they are now."""
    shutil.rmtree(folder / "queries", ignore_errors=True)
    shutil.copytree(project.part("queries"), folder / "queries")
    terms = defined_terms(read(project.core_ontology).triples)
    compiled = compile_queries(sorted((folder / "queries").glob("*.rq")), terms)
    (folder / ".sdkg" / "generations" / "national" / "queries.json").write_text(json.dumps(compiled), "utf-8")


def ready(project: Project, folder: Path, municipalities: int, plans: int) -> None:
    """See that a folder holds the set with these options: made if it is not there, else renewed."""
    try:
        told = json.loads((folder / "national.json").read_text("utf-8"))
    except OSError:
        told = {}
    if (told.get("municipalities"), told.get("each")) == (municipalities, plans):
        renew(project, folder)
    else:
        build(project, folder, municipalities, plans)


def renew(project: Project, folder: Path) -> None:
    """Bring a set that was made earlier up to date: its saved queries, and the form of its index of names."""
    take_queries(project, folder)
    store, generation = open_current(Project.at(folder).store_folder)
    manifest = Manifest.load(generation)
    if manifest.engine == engine_name():
        return
    (generation / FILE).unlink(missing_ok=True)
    write_index(generation, store, (iri(graph) for graph in store.named_graphs()))
    replace(manifest, engine=engine_name()).save(generation)


def summarise(real: Real, clones: list[Maker], municipalities: int) -> dict[str, object]:
    made = [(clone.family, plan) for clone in clones for plan in clone.plans]
    own = sum(clone.family.reference.triples for clone in clones)
    first = {clone.family.maker: clone for clone in reversed(clones)}
    return {
        "municipalities": municipalities,
        "each": max(len(clone.plans) for clone in clones),
        "plans": len(made),
        "elements": sum(family.elements[plan.source] for family, plan in made),
        "stated": sum(family.stated[plan.source].triples for family, plan in made),
        "inferred": sum(family.inferred[plan.source].triples for family, plan in made),
        "reference": len(real.shared) + own,
        "sources": dict(Counter(plan.source for _, plan in made)),
        "made": [asdict(plan) for _, plan in made],
        "names": {real: name for clone in first.values() for real, name in clone.examples().items()},
    }


def dangling(folder: Path) -> list[str]:
    """The IRIs of the set that lead nowhere."""
    store, _ = open_current(Project.at(folder).store_folder)
    found = store.query(DANGLING, use_default_graph_as_union=True)
    assert isinstance(found, ox.QuerySolutions)  # noqa: S101 (it is a SELECT)
    return sorted(iri(solution["o"]) for solution in found)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--municipalities", type=int, default=342)
    parser.add_argument("--plans", type=int, default=3)
    parser.add_argument("--to", type=Path, required=True)
    parser.add_argument("--project", type=Path, default=ROOT)
    parser.add_argument("--check", action="store_true")
    given = parser.parse_args()
    summary = build(Project.at(given.project), given.to, given.municipalities, given.plans)
    for name, value in summary.items():
        if isinstance(value, int):
            print(f"{name:14} {value:>12,}")
    lost = dangling(given.to) if given.check else []
    if lost:
        sys.exit(f"{len(lost)} IRIs lead nowhere: {', '.join(lost[:10])}")


if __name__ == "__main__":
    main()
