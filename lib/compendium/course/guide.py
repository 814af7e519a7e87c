"""The guide of a course: plan, index of exercises, answers and marking, and the guide's own words.

All but the words of ``course/guide`` is made of what the courses are made of. The page for
everybody, ``docs/teach.md``, has no answer and no rubric; whoever teaches has both.
"""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from compendium.course.books import Book
from compendium.course.exercises import LEVELS, Exercise
from compendium.course.guesses import is_guessed
from compendium.course.marking import marking, marks, shown
from compendium.course.sessions import Course, Session, Syllabus, read_syllabus
from compendium.project import Project

__all__ = ["guide", "page"]

#: Of fewer variants than a class has students, the guide says how many there are.
FEW_VARIANTS = 30
#: Where a link leads, by what it is called in the data: ``SLUG#Heading``, or an exercise's name.
Ways = Mapping[str, str]


def page(project: Project) -> str:
    """Return the page on teaching, as ``docs/teach.md`` has it.

    Parameters
    ----------
    project : Project
        The checkout.

    Returns
    -------
    str
        Markdown, whose links lead to the notebooks of the checkout.

    Raises
    ------
    PlainError
        If a file of ``course/`` is missing, or says what it should not.
    """
    syllabus = read_syllabus(project)
    ways = _in_checkout(syllabus)
    plans = [
        part for course in syllabus.courses for part in _plan(syllabus, course, lambda _: ways)
    ]
    return _composed(project, "Teach with it", [*plans, *_index(syllabus, ways)])


def guide(project: Project, books: Sequence[Book]) -> str:
    """Return the guide of a course, for whoever teaches it.

    Parameters
    ----------
    project : Project
        The checkout.
    books : sequence of Book
        Of all sessions of one course, in their order.

    Returns
    -------
    str
        Markdown, whose links lead to the notebooks beside it.
    """
    syllabus, course = books[0].syllabus, books[0].course

    def beside(session: Session) -> Ways:
        return _beside(session, syllabus)

    made = [
        *_plan(syllabus, course, beside),
        *_answers(books),
        *_marking(books),
        *_index(syllabus, ChainMap(*map(dict, map(beside, course.session)))),
    ]
    return _composed(project, f"{course.title}: a guide for whoever teaches", made)


def _composed(project: Project, title: str, made: Iterable[str]) -> str:
    """Put what is made behind the first of the guide's texts, and the others behind it."""
    places = sorted((project.root / "course" / "guide").glob("*.md"))
    first, *others = [path.read_text("utf8").strip() for path in places] or [""]
    return "\n\n".join(filter(None, [f"# {title}", first, *made, *others])) + "\n"


# Links ---------------------------------------------------------------------------------------


def _in_checkout(syllabus: Syllabus) -> Ways:
    """Lead to the notebook of each source; an exercise to the section that it belongs to."""
    ways = {}
    for slug, material in syllabus.materials.items():
        file = f"../notebooks/{material.notebook.name}"
        for heading in material.sections:
            ways[f"{slug}#{heading}"] = f"{file}#{_anchor(heading)}"
        for own in material.exercises:
            ways[own.id] = f"{file}#{_anchor(own.section)}"
    return ways


def _beside(session: Session, syllabus: Syllabus) -> Ways:
    """Lead to the notebook of a session, which has a heading for each stop and exercise."""
    headings = {stop: stop.partition("#")[2] for stop in session.stops}
    for name in (*session.exercises, *session.home):
        headings[name] = f"{name} {syllabus.exercises[name][0].title}"
    return {key: f"{session.name}.ipynb#{_anchor(words)}" for key, words in headings.items()}


def _anchor(heading: str) -> str:
    """Return how Jupyter calls a heading."""
    return heading.replace(" ", "-")


def _linked(words: str, way: str | None) -> str:
    return f"[{words}]({way})" if way else words


# The plan ------------------------------------------------------------------------------------


def _plan(syllabus: Syllabus, course: Course, ways: Callable[[Session], Ways]) -> Iterator[str]:
    """Yield a course: what its sessions take, then each of them."""
    yield f"## {course.title}\n\n*For*: {course.audience}."
    rows = [
        (
            f"**{session.name}** {session.title}",
            *(session.talk, session.lab, session.discussion),
            sum(syllabus.exercises[name][0].home for name in session.home),
        )
        for session in course.session
    ]
    yield _table(["session", "talk", "lab", "discussion", "at home"], rows)
    for session in course.session:
        yield f"### {session.name}: {session.title}\n\n{_session(syllabus, session, ways(session))}"


def _session(syllabus: Syllabus, session: Session, ways: Ways) -> str:
    told = {
        "After it you can": "; ".join(syllabus.outcomes[name] for name in session.outcomes),
        "Read before it": "; ".join(session.reading),
        "Minutes": f"{session.talk} of talk, {session.lab} of lab, {session.discussion} of "
        "discussion",
        "Sections in its notebook": ", ".join(
            _linked(stop.partition("#")[2], ways[stop]) for stop in session.stops
        ),
        "Done in class": _named(syllabus, session.exercises, "minutes"),
        "At home": _named(syllabus, session.home, "home"),
    }
    return "\n".join(f"* **{what}**: {words}." for what, words in told.items() if words)


def _named(syllabus: Syllabus, names: Iterable[str], place: str) -> str:
    """Return exercises in a line, with the minutes that each takes; the index leads to them."""
    exercises = [syllabus.exercises[name][0] for name in names]
    return ", ".join(
        f"{own.id} {own.title} ({LEVELS[own.level][0]}, {getattr(own, place)})" for own in exercises
    )


# The index -----------------------------------------------------------------------------------


def _index(syllabus: Syllabus, ways: Ways) -> Iterator[str]:
    """Yield how many exercises each level has, then a table of them for each outcome."""
    exercises = [own for own, _ in syllabus.exercises.values()]
    rows = []
    for level, (asks, least, most) in LEVELS.items():
        own = [each for each in exercises if each.level == level]
        counts = len(own), sum(each.minutes for each in own), sum(each.home for each in own)
        rows.append((f"{level}, {asks}", f"{least} to {most}", *counts))
    heads = ["level", "minutes", "exercises", "in class", "at home"]
    yield f"## Exercises\n\n{_table(heads, rows)}"
    where = _sessions(syllabus)
    for name, outcome in syllabus.outcomes.items():
        if found := [own for own in exercises if own.outcome == name]:
            found.sort(key=lambda own: ([*LEVELS].index(own.level), own.minutes + own.home))
            yield (
                f"<details><summary>To {outcome}</summary>\n\n"
                f"{_exercises(found, where, ways)}\n\n</details>"
            )


def _sessions(syllabus: Syllabus) -> Mapping[str, str]:
    """Return the sessions that have each exercise, by its name."""
    found: dict[str, str] = {}
    for course in syllabus.courses:
        for session in course.session:
            for name in (*session.exercises, *session.home):
                found[name] = f"{found[name]}, {session.name}" if name in found else session.name
    return found


def _exercises(exercises: Iterable[Exercise], where: Mapping[str, str], ways: Ways) -> str:
    rows = [
        (
            _linked(f"{own.id} {own.title}", ways.get(own.id)),
            own.level,
            *(own.minutes or "", own.home or "", where.get(own.id, "")),
            own.section,
        )
        for own in exercises
    ]
    return _table(["exercise", "level", "class", "home", "session", "section"], rows)


# For whoever marks ---------------------------------------------------------------------------


def _answers(books: Sequence[Book]) -> Iterator[str]:
    """Yield the right answers, session by session."""
    yield (
        "## Answers\n\nAs `check` compares them: rounded to the last digit that counts. What is "
        "*public* can be found, solution and all. An exercise that is so throughout is practice, "
        "and brings one mark. What is *drawn of* 10 has ten variants and no more: of students with "
        "numbers of their own, some have the same. Where *guesses* says *few*, fewer than 1,000 "
        "find the answer, some by way of a hint, and `check` says when: nbgrader gives full marks "
        "for it all the same, so ask for the way. Where an exercise has a rubric, all "
        "its marks are the rubric's."
    )
    for book in books:
        public = {
            answer.name: answer.counts
            for own, material in book.exercises
            for answer in material.public(own.id)
        }
        rows = [
            (
                answer.name,
                asked.question,
                shown(answer, answer.value),
                f"{brings:g}",
                "public" if answer.counts == public.get(answer.name) else _drawn(own),
                "few" if is_guessed(answer) else "",
                len(answer.wrong) or "",
            )
            for own, _ in book.exercises
            for asked, answer, brings in zip(
                own.answers, book.worked[own.id], marks(own), strict=True
            )
        ]
        if rows:
            heads = ["", "asked", "right", "marks", "for the class", "guesses", "hints"]
            yield f"### Answers of {book.session.name}\n\n{_table(heads, rows)}"


def _drawn(own: Exercise) -> str:
    """Return that an exercise is drawn, and of how many where they are few."""
    return f"drawn of {own.variants}" if own.variants < FEW_VARIANTS else "drawn"


def _marking(books: Sequence[Book]) -> Iterator[str]:
    """Yield the rubrics, each with its marked answers."""
    found = [own for book in books for own, _ in book.exercises if own.rubric]
    if found:
        yield (
            "## Marking\n\nWhat asks for judgement has a rubric. Under it stand answers of ours, "
            "as a good and as a middling student could give them; the table has their marks."
        )
    for own in found:
        yield f"### Marking {own.id}: {own.title} ({own.marks} marks)\n\n{marking(own)}"


def _table(heads: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Return a table in Markdown; what counts stands to the right."""
    rows = list(rows)
    columns = zip(*rows, strict=True)
    counts = [all(isinstance(cell, int) or cell == "" for cell in column) for column in columns]
    rule = ["---:" if right else "---" for right in counts]
    lines = [heads, rule, *[[str(cell).replace("|", r"\|") for cell in row] for row in rows]]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
